//! The metadata that failed cases have in common, and other cases have less often.

use std::collections::HashMap;

use serde_json::Value;

use super::options::Field;
use super::searched::Searched;
use crate::error::Result;
use crate::json;
use crate::stats;
use crate::store::Store;

/// Groups of failed cases that are looked at: those in sight.
const GROUPS: usize = 6;
/// Values per group that are shown.
const VALUES: usize = 3;
/// A key with more values than this identifies cases.
const MOST_VALUES: usize = 200;
/// Keys that are looked at, the first ones: cases may have keys of their own.
const MOST_KEYS: usize = 200;
/// The fewest failed cases that can have something in common.
const FEWEST: usize = 5;
/// The smallest share of the failed cases that is worth a line, and how many times as frequent it is among them as among all.
const SHARE: f64 = 0.2;
const TIMES: f64 = 1.5;
/// The probability that a group in which nothing is in common gets a line, over all values that are looked at.
const ALPHA: f64 = 0.01;

/// A value of the metadata that failed cases share.
pub(super) struct Shared {
    /// `key=value`, as in a filter.
    pub(super) text: String,
    /// Number of all cases that have it.
    pub(super) all: usize,
    /// The failed cases that have it.
    pub(super) rows: Vec<usize>,
}

/// Returns what the cases of each group of rows have in common, the most striking first.
pub(super) fn in_common(
    store: &Store,
    run_id: &str,
    of: &Searched<'_>,
    groups: &[Vec<usize>],
    operation: &str,
) -> Result<Vec<Vec<Shared>>> {
    let groups = &groups[..groups.len().min(GROUPS)];
    if of.options.leaves_out(Field::Metadata) || groups.iter().all(|rows| rows.len() < FEWEST) {
        return Ok(vec![]);
    }
    let mut seen = Seen { rows: vec![false; of.table.keys.len()], ..Seen::default() };
    store.each_metadata(run_id, operation, &mut |case_id, metadata| {
        if let Some((row, _)) = of.places.get(case_id) {
            seen.add(*row, metadata);
        }
    })?;
    Ok(groups.iter().map(|rows| seen.shared(rows)).collect())
}

/// The values of each key, with the rows that have them. Only the first trial of a case counts.
#[derive(Default)]
struct Seen {
    rows: Vec<bool>,
    keys: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl Seen {
    fn add(&mut self, row: usize, metadata: &[u8]) {
        if std::mem::replace(&mut self.rows[row], true) {
            return;
        }
        let known: Option<HashMap<String, Value>> = json::read(metadata).ok();
        for (key, value) in known.into_iter().flatten() {
            let text = match value {
                Value::String(text) => text,
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                _ => continue,
            };
            if self.keys.len() >= MOST_KEYS && !self.keys.contains_key(&key) {
                continue;
            }
            let values = self.keys.entry(key).or_default();
            // One more than allowed stays, as a mark that the key has too many.
            if values.len() <= MOST_VALUES {
                values.entry(text).or_default().push(row);
            }
        }
    }

    fn shared(&self, failed: &[usize]) -> Vec<Shared> {
        if failed.len() < FEWEST {
            return vec![];
        }
        let mut is_failed = vec![false; self.rows.len()];
        failed.iter().for_each(|row| is_failed[*row] = true);
        let values = self.keys.iter().filter(|(_, values)| values.len() <= MOST_VALUES);
        let values = values.flat_map(|(key, values)| values.iter().map(move |one| (key, one)));
        let values: Vec<_> = values.collect();
        // Bonferroni's correction: with a hundred values, one has by chance what one in a hundred has.
        let ln_limit = (ALPHA / values.len().max(1) as f64).ln();
        let mut found: Vec<(f64, Shared)> = values
            .into_iter()
            .filter_map(|(key, (value, rows))| {
                let own: Vec<usize> = rows.iter().copied().filter(|row| is_failed[*row]).collect();
                let ln_p = ln_chance(own.len(), failed.len(), rows.len(), self.rows.len())?;
                let text = format!("{key}={value}");
                (ln_p < ln_limit).then_some((ln_p, Shared { text, all: rows.len(), rows: own }))
            })
            .collect();
        found
            .sort_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| a.text.cmp(&b.text)));
        found.into_iter().take(VALUES).map(|(_, shared)| shared).collect()
    }
}

/// Returns the logarithm of the probability that chance gives so many of the failed cases a value; `None` if it is not worth a line.
fn ln_chance(own: usize, failed: usize, with: usize, all: usize) -> Option<f64> {
    let share = own as f64 / failed as f64;
    let is_frequent = share >= SHARE && share >= TIMES * with as f64 / all as f64;
    is_frequent.then(|| stats::ln_hypergeometric_sf(own, failed, with, all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Generator;

    /// `count` rows, of which every tenth is `sw`; each has an id and a level from 0 to 2.
    fn seen(count: usize) -> Seen {
        let mut seen = Seen { rows: vec![false; count], ..Seen::default() };
        for row in 0..count {
            let language = if row % 10 == 0 { "sw" } else { "en" };
            let metadata = format!(
                r#"{{"language":"{language}","id":"{row}","level":{},"tags":["a"],"more":{{"b":1}}}}"#,
                row % 3
            );
            seen.add(row, metadata.as_bytes());
        }
        seen
    }

    fn texts(shared: &[Shared]) -> Vec<(&str, usize, usize)> {
        shared.iter().map(|one| (one.text.as_str(), one.rows.len(), one.all)).collect()
    }

    #[test]
    fn a_value_that_most_failed_cases_have_and_few_others_is_found() {
        let seen = seen(1000);
        let failed: Vec<usize> = (0..1000).filter(|row| row % 10 == 0 || row % 97 == 5).collect();
        assert_eq!(texts(&seen.shared(&failed)), [("language=sw", 100, 100)]);
    }

    #[test]
    fn what_all_cases_have_or_chance_explains_is_not() {
        let seen = seen(1000);
        assert!(seen.shared(&(0..500).collect::<Vec<_>>()).is_empty());
        assert!(seen.shared(&[1, 2, 13, 27, 45, 99, 104]).is_empty());
        // Too few to tell.
        assert!(seen.shared(&[0, 10, 20]).is_empty());
    }

    #[test]
    fn of_many_rare_values_none_is_in_common_by_chance() {
        // 200 values of five cases each; ten cases failed.
        let mut seen = Seen { rows: vec![false; 1000], ..Seen::default() };
        for row in 0..1000 {
            seen.add(row, format!(r#"{{"topic":"t{}"}}"#, row / 5).as_bytes());
        }
        let mut generator = Generator::from_seed(7);
        let found = (0..300).filter(|_| {
            let mut rows: Vec<usize> = (0..1000).collect();
            (0..10)
                .for_each(|at| rows.swap(at, at + generator.next_below(1000 - at as u32) as usize));
            !seen.shared(&rows[..10]).is_empty()
        });
        // 1 % of 300, and three Monte Carlo errors.
        let found = found.count();
        assert!(found <= 8, "{found}");
        assert_eq!(
            texts(&seen.shared(&[0, 1, 2, 3, 100, 200, 300, 400, 500, 600])),
            [("topic=t0", 4, 5)]
        );
    }

    #[test]
    fn cases_with_keys_of_their_own_hide_nothing_and_take_no_room() {
        let mut seen = Seen { rows: vec![false; 1000], ..Seen::default() };
        for row in 0..1000 {
            let language = if row % 10 == 0 { "sw" } else { "en" };
            let metadata = format!(r#"{{"language":"{language}","key-{row}":true}}"#);
            seen.add(row, metadata.as_bytes());
        }
        assert_eq!(seen.keys.len(), MOST_KEYS);
        let failed: Vec<usize> = (0..1000).filter(|row| row % 10 == 0).collect();
        assert_eq!(texts(&seen.shared(&failed)), [("language=sw", 100, 100)]);
    }

    #[test]
    fn of_several_trials_the_first_counts_and_metadata_of_another_form_has_no_values() {
        let mut seen = Seen { rows: vec![false; 3], ..Seen::default() };
        for (row, metadata) in [(0, r#"{"a":1}"#), (0, r#"{"a":2}"#), (1, "[1]"), (2, "nonsense")] {
            seen.add(row, metadata.as_bytes());
        }
        assert_eq!(seen.keys["a"].keys().collect::<Vec<_>>(), ["1"]);
    }
}
