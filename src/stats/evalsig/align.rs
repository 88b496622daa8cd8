//! How evalsig pairs two runs.

use std::collections::BTreeMap;

use crate::stats::error::{Result, StatsError};

/// One row of a run of evalsig.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item<'a> {
    /// The item.
    pub item_id: &'a str,
    /// Its score.
    pub score: f64,
    /// The cluster it belongs to, if any.
    pub cluster_id: Option<&'a str>,
    /// The repetition; only 0 is compared.
    pub epoch: i64,
}

/// Two runs, item by item in the order of the ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment<'a> {
    /// The baseline's scores.
    pub baseline: Vec<f64>,
    /// The candidate's scores.
    pub candidate: Vec<f64>,
    /// The baseline's clusters, `__none__` for an item without one; `None` if no item has one.
    pub clusters: Option<Vec<&'a str>>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Returns the items of epoch 0 that both runs have. Of items with one id the last counts.
///
/// # Errors
/// If the runs have no item in common.
pub fn align<'a>(baseline: &[Item<'a>], candidate: &[Item<'a>]) -> Result<Alignment<'a>> {
    let (before, after) = (first_epoch(baseline), first_epoch(candidate));
    let common: Vec<(&Item, &Item)> =
        before.iter().filter_map(|(id, item)| Some((*item, *after.get(id)?))).collect();
    if common.is_empty() {
        let reason = "must have an item in common with baseline";
        return Err(StatsError::Unsuitable { argument: "candidate", reason });
    }
    let coverage = coverage_note(before.len(), after.len(), common.len());
    Ok(Alignment {
        baseline: common.iter().map(|(item, _)| item.score).collect(),
        candidate: common.iter().map(|(_, item)| item.score).collect(),
        clusters: cluster_names(&common),
        notes: coverage.into_iter().chain(mismatch_note(&common)).collect(),
    })
}

/// Returns the items of epoch 0 by id.
fn first_epoch<'a, 'b>(items: &'b [Item<'a>]) -> BTreeMap<&'a str, &'b Item<'a>> {
    items.iter().filter(|item| item.epoch == 0).map(|item| (item.item_id, item)).collect()
}

fn coverage_note(before: usize, after: usize, common: usize) -> Option<String> {
    let coverage = common as f64 / before.max(after) as f64;
    (coverage < 0.95).then(|| {
        format!(
            "item-set coverage is {:.1}% (below 95%); {} items only in candidate, {} only in baseline",
            100.0 * coverage,
            after - common,
            before - common
        )
    })
}

fn mismatch_note(common: &[(&Item, &Item)]) -> Option<String> {
    let mismatches = common.iter().filter(|(a, b)| a.cluster_id != b.cluster_id).count();
    (mismatches > 0).then(|| {
        format!(
            "{mismatches} item(s) have cluster_id mismatch between runs; using baseline's cluster assignment"
        )
    })
}

fn cluster_names<'a>(common: &[(&Item<'a>, &Item<'a>)]) -> Option<Vec<&'a str>> {
    let mut ids = common.iter().map(|(item, _)| item.cluster_id);
    ids.clone()
        .any(|id| id.is_some())
        .then(|| ids.by_ref().map(|id| id.unwrap_or("__none__")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item<'a>(item_id: &'a str, score: f64, cluster_id: Option<&'a str>, epoch: i64) -> Item<'a> {
        Item { item_id, score, cluster_id, epoch }
    }

    #[test]
    fn pairs_by_id_in_order_and_takes_the_last_of_epoch_0() {
        let a = [item("b", 1.0, None, 0), item("a", 2.0, Some("x"), 0), item("a", 9.0, None, 1)];
        let b = [item("a", 3.0, Some("y"), 0), item("b", 4.0, None, 0), item("b", 5.0, None, 0)];
        let alignment = align(&a, &b).unwrap();
        assert_eq!(alignment.baseline, [2.0, 1.0]);
        assert_eq!(alignment.candidate, [3.0, 5.0]);
        assert_eq!(alignment.clusters, Some(vec!["x", "__none__"]));
        assert_eq!(alignment.notes.len(), 1);
    }

    #[test]
    fn nothing_in_common_is_refused() {
        let error = align(&[item("a", 1.0, None, 0)], &[item("a", 1.0, None, 1)]).unwrap_err();
        assert_eq!(error.argument(), "candidate");
    }
}
