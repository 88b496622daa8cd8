//! The comparison among cases that share the value of a field.

use std::collections::BTreeMap;

use super::cases::{Cases, PairedCase, View};
use super::estimate::fault;
use super::options::ComparisonOptions;
use super::paired_scores::mean;
use super::report::{Ends, Slice};
use super::tested::tested;
use crate::error::{Argument, Result, StoreError};
use crate::stats;

/// A field with more values identifies cases, not groups of cases.
const MOST: usize = 1_000;

/// Returns a slice for each value and scorer, by value; empty unless requested.
pub(super) fn slices(cases: &Cases, options: &ComparisonOptions) -> Result<Vec<Slice>> {
    if options.slice_by.is_none() {
        return Ok(vec![]);
    }
    let by_value = by_value(cases);
    if by_value.len() > MOST {
        let expected = format!("a field of at most {MOST} values");
        return Err(StoreError::value(
            Argument::option("slice_by"),
            expected,
            format_args!("one of {}", by_value.len()),
        ));
    }
    let mut slices = vec![];
    for (value, rows) in by_value {
        for (scorer, name) in cases.scorers.iter().enumerate() {
            let lower_is_better = options.lower_is_better.contains(name);
            let view = View::of_estimate(options.missing, lower_is_better);
            let scores = cases.scores(&rows, scorer, view);
            let (Some(baseline_mean), Some(candidate_mean)) =
                (mean(&scores.baseline), mean(&scores.candidate))
            else {
                continue;
            };
            let (estimate, p_value) = tested(&scores, options, lower_is_better)?;
            slices.push(Slice {
                value: value.map(str::to_owned),
                scorer: name.clone(),
                n: scores.baseline.len(),
                baseline_mean,
                candidate_mean,
                delta: scores.delta().unwrap_or_default(),
                interval: estimate.map(|estimate| Ends::from(estimate.interval)),
                p_value,
                p_adjusted: None,
                significant: false,
            });
        }
    }
    correct(&mut slices, options.alpha)?;
    Ok(slices)
}

fn by_value(cases: &Cases) -> BTreeMap<Option<&str>, Vec<&PairedCase>> {
    let mut by_value: BTreeMap<Option<&str>, Vec<&PairedCase>> = BTreeMap::new();
    for row in &cases.rows {
        let Some((baseline, _)) = row.both() else { continue };
        for slice in &baseline.slices {
            by_value.entry(Some(slice)).or_default().push(row);
        }
        if baseline.slices.is_empty() {
            by_value.entry(None).or_default().push(row);
        }
    }
    by_value
}

/// Adjusts the p-values for the number of slices, by Benjamini and Hochberg.
fn correct(slices: &mut [Slice], alpha: f64) -> Result<()> {
    let p_values: Vec<f64> = slices.iter().filter_map(|slice| slice.p_value).collect();
    let adjusted = stats::benjamini_hochberg(&p_values, alpha).map_err(fault)?;
    let tested = slices.iter_mut().filter(|slice| slice.p_value.is_some());
    for (slice, p_adjusted) in tested.zip(adjusted.p_adjusted) {
        slice.p_adjusted = Some(p_adjusted);
        slice.significant = p_adjusted < alpha;
    }
    Ok(())
}
