//! The metadata and the expected answers that failed cases have in common, and other cases have less often: values of one key, or
//! of two together.

use std::collections::HashMap;

use serde_json::Value;

use super::options::Field;
use super::searched::Searched;
use crate::error::Result;
use crate::json;
use crate::stats;
use crate::store::{Description, Store};

/// The key of the expected answer among those of the metadata, as where cases are classified.
const EXPECTED: &str = "expected";
/// Bytes of an expected answer that many cases may share.
const LONGEST_EXPECTED: usize = 60;
/// Groups of failed cases that are looked at: those in sight.
const GROUPS: usize = 6;
/// Values per group that are shown.
const VALUES: usize = 3;
/// A key with more values than this identifies cases.
const MOST_VALUES: usize = 200;
/// Keys that are looked at, the first ones: cases may have keys of their own.
const MOST_KEYS: usize = 200;
/// Keys of which also two together are looked at, those with the fewest values.
const PAIRED_KEYS: usize = 12;
/// The fewest failed cases that have something in common.
const FEWEST: usize = 5;
/// The smallest share of the failed cases, less those that got better, that is worth a line; and how many times as frequent a
/// value is among the failed cases as among all, and as among those that got better.
const SHARE: f64 = 0.2;
const TIMES: f64 = 1.5;
/// The probability that a group in which nothing is in common gets a line, over all values that are looked at: half of it for
/// values of one key, half for those of two.
const ALPHA: f64 = 0.01;

/// The rows of a group of failed cases.
#[derive(Default)]
pub(super) struct Outcomes {
    pub(super) failed: Vec<usize>,
    /// On a page of two runs: those that got better instead.
    pub(super) better: Vec<usize>,
}

impl Outcomes {
    /// Returns whether so many failed cases, less so many that got better, are worth a line. Noise makes as many cases better.
    pub(super) fn is_telling(&self, failed: usize, better: usize) -> bool {
        let net = self.failed.len().saturating_sub(self.better.len());
        let [failed, better, net] = [failed, better, net].map(|count| count as f64);
        failed >= TIMES * better && failed - better >= (SHARE * net).max(FEWEST as f64)
    }
}

/// Metadata that failed cases share.
pub(super) struct Shared {
    /// `key=value`, or two of them joined by "and".
    pub(super) text: String,
    /// Number of all cases that have it.
    pub(super) all: usize,
    /// The failed cases that have it.
    pub(super) rows: Vec<usize>,
    /// Number of cases that have it and got better.
    pub(super) better: usize,
}

/// Returns what the cases of each group of rows have in common, the most striking first; nothing of groups that were not looked
/// at, the last ones.
pub(super) fn in_common(
    store: &Store,
    run_id: &str,
    of: &Searched<'_>,
    groups: &[Outcomes],
    operation: &str,
) -> Result<Vec<Vec<Shared>>> {
    let groups = &groups[..groups.len().min(GROUPS)];
    if groups.iter().all(|group| group.failed.len() < FEWEST) {
        return Ok(vec![]);
    }
    let is_in_run = of.table.candidate.ids.iter().map(|ids| !ids.is_empty()).collect();
    let mut seen = Seen::new(is_in_run);
    let [has_metadata, has_expected] =
        [Field::Metadata, Field::Expected].map(|field| !of.options.leaves_out(field));
    store.each_description(
        run_id,
        operation,
        &mut |Description { case_id, metadata, expected }| {
            if let Some((row, _)) = of.places.get(case_id) {
                let [metadata, expected] =
                    [metadata.filter(|_| has_metadata), expected.filter(|_| has_expected)];
                seen.add(*row, metadata.unwrap_or_default(), expected.unwrap_or_default());
            }
        },
    )?;
    let values = Values::of(seen);
    if values.keys.is_empty() {
        return Ok(vec![]);
    }
    Ok(groups.iter().map(|group| values.shared(group)).collect())
}

/// The values of each key, with the rows that have them. Only the first trial of a case counts.
struct Seen {
    is_in_run: Vec<bool>,
    is_read: Vec<bool>,
    keys: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl Seen {
    fn new(is_in_run: Vec<bool>) -> Self {
        Seen { is_read: vec![false; is_in_run.len()], is_in_run, keys: HashMap::new() }
    }

    fn add(&mut self, row: usize, metadata: &[u8], expected: &[u8]) {
        if std::mem::replace(&mut self.is_read[row], true) {
            return;
        }
        let known: Option<HashMap<String, Value>> = json::read(metadata).ok();
        let mut known = known.unwrap_or_default();
        if expected.len() <= LONGEST_EXPECTED
            && let Ok(expected) = json::read(expected)
        {
            known.entry(EXPECTED.to_owned()).or_insert(expected);
        }
        for (key, value) in known {
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
}

/// The keys that do not identify cases, those with the fewest values first.
struct Values {
    is_in_run: Vec<bool>,
    keys: Vec<Key>,
    tables: Vec<Table>,
    /// The logarithms of the probabilities below which values of one key, and of two, are no accident. Bonferroni's correction:
    /// with a hundred values, one has by chance what one in a hundred has.
    ln_limits: [f64; 2],
}

struct Key {
    /// `key=value`, and the rows that have it.
    values: Vec<(String, Vec<usize>)>,
    /// The number of the value of each row, or `NONE`; empty for keys that are not paired.
    of_rows: Vec<u8>,
}

/// Above all numbers of values.
const NONE: u8 = u8::MAX;
const _: () = assert!(MOST_VALUES < NONE as usize);

impl Key {
    fn new(key: &str, values: HashMap<String, Vec<usize>>) -> Self {
        let told = |(value, rows): (String, Vec<usize>)| (format!("{key}={value}"), rows);
        let mut values: Vec<_> = values.into_iter().map(told).collect();
        values.sort_by(|one, other| one.0.cmp(&other.0));
        Key { values, of_rows: vec![] }
    }

    fn number_rows(&mut self, count: usize) {
        self.of_rows = vec![NONE; count];
        for (number, (_, rows)) in (0..).zip(&self.values) {
            rows.iter().for_each(|row| self.of_rows[*row] = number);
        }
    }
}

/// The values of two keys together.
struct Table {
    keys: [usize; 2],
    /// Number of rows by both values.
    counts: Vec<u32>,
}

impl Table {
    fn new(keys: &[Key], pair: [usize; 2], is_in_run: &[bool]) -> Self {
        let size = pair.map(|key| keys[key].values.len()).iter().product();
        let mut table = Table { keys: pair, counts: vec![0; size] };
        for row in (0..is_in_run.len()).filter(|row| is_in_run[*row]) {
            if let Some(place) = table.place(keys, row) {
                table.counts[place] += 1;
            }
        }
        table
    }

    /// Returns where a row is counted; `None` if it lacks one of the keys.
    fn place(&self, keys: &[Key], row: usize) -> Option<usize> {
        let [first, second] = self.keys.map(|key| keys[key].of_rows[row]);
        let width = keys[self.keys[1]].values.len();
        let has_both = first != NONE && second != NONE;
        has_both.then(|| usize::from(first) * width + usize::from(second))
    }
}

/// Values that may be in common, before it is decided which of them are told.
struct Candidate<'v> {
    ln_p: f64,
    texts: [Option<&'v str>; 2],
    rows: Vec<usize>,
}

impl Values {
    fn of(seen: Seen) -> Self {
        let Seen { is_in_run, keys, .. } = seen;
        let keys = keys.into_iter().filter(|(_, values)| values.len() <= MOST_VALUES);
        let mut keys: Vec<Key> = keys.map(|(key, values)| Key::new(&key, values)).collect();
        keys.sort_by(|one, other| {
            (one.values.len(), &one.values[0].0).cmp(&(other.values.len(), &other.values[0].0))
        });
        let paired = keys.len().min(PAIRED_KEYS);
        keys.iter_mut().take(paired).for_each(|key| key.number_rows(is_in_run.len()));
        let pairs = (0..paired).flat_map(|one| (one + 1..paired).map(move |other| [one, other]));
        let tables: Vec<Table> = pairs.map(|pair| Table::new(&keys, pair, &is_in_run)).collect();
        let looks = [
            keys.iter().map(|key| key.values.len()).sum(),
            tables.iter().map(|table| table.counts.len()).sum::<usize>(),
        ];
        let ln_limits = looks.map(|looks| (ALPHA / 2.0 / looks.max(1) as f64).ln());
        Values { is_in_run, keys, tables, ln_limits }
    }

    fn shared(&self, outcomes: &Outcomes) -> Vec<Shared> {
        let mut group = Group::new(self, outcomes);
        let mut found = vec![];
        while found.len() < VALUES {
            let candidates = self.single(&group).into_iter().chain(self.paired(&group));
            let strongest = candidates.min_by(|one, other| {
                one.ln_p.total_cmp(&other.ln_p).then_with(|| one.texts.cmp(&other.texts))
            });
            let Some(Candidate { texts, rows, .. }) = strongest else { break };
            // What is in common is not told again by values that go along with it.
            group.take_out(&rows);
            let texts: Vec<&str> = texts.into_iter().flatten().collect();
            found.push(Shared {
                text: texts.join(" and "),
                all: rows.len(),
                better: rows.iter().filter(|row| group.is_better[**row]).count(),
                rows: rows.into_iter().filter(|row| group.is_failed[*row]).collect(),
            });
        }
        found
    }

    fn single(&self, group: &Group<'_>) -> Vec<Candidate<'_>> {
        let values = self.keys.iter().flat_map(|key| &key.values);
        let candidates = values.filter_map(|(text, rows)| {
            let ln_p = ln_chance(group.counts(rows), group.totals)?;
            let is_told = ln_p < self.ln_limits[0] && group.is_worth_a_line(rows);
            is_told.then(|| Candidate { ln_p, texts: [Some(text), None], rows: rows.clone() })
        });
        candidates.collect()
    }

    /// Two values together, where each of them says more beside the other.
    fn paired(&self, group: &Group<'_>) -> Vec<Candidate<'_>> {
        let is_told = |counts, than| ln_chance(counts, than).filter(|p| *p < self.ln_limits[1]);
        let mut found = vec![];
        for (table, counts) in self.tables.iter().zip(&group.tables) {
            let [one, other] = table.keys.map(|key| &self.keys[key]);
            for (place, cell) in counts.iter().enumerate() {
                let counts = cell.map(|count| count as usize);
                let Some(ln_p) = is_told(counts, group.totals) else { continue };
                let (first, second) = (place / other.values.len(), place % other.values.len());
                let values = [&one.values[first], &other.values[second]];
                let is_more = |rows: &[usize]| is_told(counts, group.counts(rows)).is_some();
                let has_second = |row: &usize| usize::from(other.of_rows[*row]) == second;
                let rows: Vec<usize> = values[0].1.iter().copied().filter(has_second).collect();
                if values.iter().all(|(_, rows)| is_more(rows)) && group.is_worth_a_line(&rows) {
                    let texts = values.map(|(text, _)| Some(text.as_str()));
                    found.push(Candidate { ln_p, texts, rows });
                }
            }
        }
        found
    }
}

/// A group of failed cases among all cases of the run.
struct Group<'v> {
    values: &'v Values,
    outcomes: &'v Outcomes,
    is_failed: Vec<bool>,
    is_better: Vec<bool>,
    /// The rows that nothing found so far has in common.
    left: Vec<bool>,
    /// Number of failed rows that are left, and of all.
    totals: [usize; 2],
    /// The same by the values of two keys.
    tables: Vec<Vec<[u32; 2]>>,
}

impl<'v> Group<'v> {
    fn new(values: &'v Values, outcomes: &'v Outcomes) -> Self {
        let Outcomes { failed, better } = outcomes;
        let left = values.is_in_run.clone();
        let marked = |rows: &[usize]| {
            let mut marks = vec![false; left.len()];
            rows.iter().for_each(|row| marks[*row] = true);
            marks
        };
        let tables = values.tables.iter().map(|table| {
            let mut counts: Vec<[u32; 2]> = table.counts.iter().map(|all| [0, *all]).collect();
            let places = failed.iter().filter_map(|row| table.place(&values.keys, *row));
            places.for_each(|place| counts[place][0] += 1);
            counts
        });
        Group {
            values,
            outcomes,
            is_failed: marked(failed),
            is_better: marked(better),
            totals: [failed.len(), left.iter().filter(|left| **left).count()],
            tables: tables.collect(),
            left,
        }
    }

    fn take_out(&mut self, rows: &[usize]) {
        for row in rows {
            if !std::mem::replace(&mut self.left[*row], false) {
                continue;
            }
            let taken = [u32::from(self.is_failed[*row]), 1];
            self.totals = [0, 1].map(|at| self.totals[at] - taken[at] as usize);
            for (table, counts) in self.values.tables.iter().zip(&mut self.tables) {
                if let Some(place) = table.place(&self.values.keys, *row) {
                    counts[place] = [0, 1].map(|at| counts[place][at] - taken[at]);
                }
            }
        }
    }

    /// Returns the number of failed cases, and of all, among rows that are left.
    fn counts(&self, rows: &[usize]) -> [usize; 2] {
        rows.iter().filter(|row| self.left[**row]).fold([0, 0], |[failed, all], row| {
            [failed + usize::from(self.is_failed[*row]), all + 1]
        })
    }

    /// Returns whether many cases with a value failed, and clearly fewer got better.
    fn is_worth_a_line(&self, rows: &[usize]) -> bool {
        let count = |marks: &[bool]| rows.iter().filter(|row| marks[**row]).count();
        self.outcomes.is_telling(count(&self.is_failed), count(&self.is_better))
    }
}

/// Returns the logarithm of the probability that chance gives so many of the failed cases a value; `None` if they are few, or
/// hardly more of the failed cases than of all have it.
fn ln_chance([own, with]: [usize; 2], [failed, all]: [usize; 2]) -> Option<f64> {
    let is_over = own as f64 / failed as f64 >= TIMES * with as f64 / all as f64;
    (own >= FEWEST && is_over).then(|| stats::ln_hypergeometric_sf(own, failed, with, all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Generator;

    /// `count` rows, of which every tenth is `sw`; each has an id and a level from 0 to 2.
    fn seen(count: usize) -> Seen {
        let mut seen = Seen::new(vec![true; count]);
        for row in 0..count {
            let language = if row % 10 == 0 { "sw" } else { "en" };
            let metadata = format!(
                r#"{{"language":"{language}","id":"{row}","level":{},"tags":["a"],"more":{{"b":1}}}}"#,
                row % 3
            );
            seen.add(row, metadata.as_bytes(), b"");
        }
        seen
    }

    fn shared(seen: Seen, failed: &[usize], better: &[usize]) -> Vec<Shared> {
        let outcomes = Outcomes { failed: failed.to_vec(), better: better.to_vec() };
        Values::of(seen).shared(&outcomes)
    }

    fn texts(shared: &[Shared]) -> Vec<(&str, usize, usize)> {
        shared.iter().map(|one| (one.text.as_str(), one.rows.len(), one.all)).collect()
    }

    #[test]
    fn a_value_that_most_failed_cases_have_and_few_others_is_found() {
        let failed: Vec<usize> = (0..1000).filter(|row| row % 10 == 0 || row % 97 == 5).collect();
        assert_eq!(texts(&shared(seen(1000), &failed, &[])), [("language=sw", 100, 100)]);
    }

    #[test]
    fn what_all_cases_have_or_chance_explains_is_not() {
        let shared = |failed: &[usize]| shared(seen(1000), failed, &[]);
        assert!(shared(&(0..500).collect::<Vec<_>>()).is_empty());
        assert!(shared(&[1, 2, 13, 27, 45, 99, 104]).is_empty());
        // Too few to tell.
        assert!(shared(&[0, 10, 20]).is_empty());
    }

    #[test]
    fn of_many_rare_values_none_is_in_common_by_chance() {
        // 200 values of five cases each; ten cases failed.
        let mut seen = Seen::new(vec![true; 1000]);
        for row in 0..1000 {
            seen.add(
                row,
                format!(r#"{{"topic":"t{}","level":{}}}"#, row / 5, row % 3).as_bytes(),
                b"",
            );
        }
        let values = Values::of(seen);
        let shared =
            |failed: &[usize]| values.shared(&Outcomes { failed: failed.to_vec(), better: vec![] });
        let mut generator = Generator::from_seed(7);
        let found = (0..300).filter(|_| {
            let mut rows: Vec<usize> = (0..1000).collect();
            (0..10)
                .for_each(|at| rows.swap(at, at + generator.next_below(1000 - at as u32) as usize));
            !shared(&rows[..10]).is_empty()
        });
        // 1 % of 300, and three Monte Carlo errors.
        let found = found.count();
        assert!(found <= 8, "{found}");
        assert_eq!(texts(&shared(&[0, 1, 2, 3, 4, 200, 300, 400, 500, 600])), [("topic=t0", 5, 5)]);
    }

    #[test]
    fn cases_with_keys_of_their_own_hide_nothing_and_take_no_room() {
        let mut seen = Seen::new(vec![true; 1000]);
        for row in 0..1000 {
            let language = if row % 10 == 0 { "sw" } else { "en" };
            let metadata = format!(r#"{{"language":"{language}","key-{row}":true}}"#);
            seen.add(row, metadata.as_bytes(), b"");
        }
        assert_eq!(seen.keys.len(), MOST_KEYS);
        let failed: Vec<usize> = (0..1000).filter(|row| row % 10 == 0).collect();
        assert_eq!(texts(&shared(seen, &failed, &[])), [("language=sw", 100, 100)]);
    }

    /// 3,000 rows: a third of each language, a fifth of each topic, and of each pair of them a fifteenth.
    fn tickets() -> Seen {
        let mut seen = Seen::new(vec![true; 3000]);
        for row in 0..3000 {
            let (language, topic) = (["en", "pt", "sw"][row % 3], row / 3 % 5);
            let metadata = format!(
                r#"{{"language":"{language}","topic":"t{topic}","locale":"{language}-1","all":1}}"#
            );
            seen.add(row, metadata.as_bytes(), b"");
        }
        seen
    }

    fn rows_of(is_one: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..3000).filter(|row| is_one(*row)).collect()
    }

    #[test]
    fn two_values_that_matter_together_are_told_as_one() {
        let is_cause = |row: usize| row % 3 == 1 && row / 3 % 5 == 2;
        // Also where noise makes many more cases worse, and as many better.
        let noise = |from: usize| move |row: usize| !is_cause(row) && row % 7 == from;
        let failed = rows_of(|row| (is_cause(row) && row % 2 == 0) || noise(3)(row));
        let found = shared(tickets(), &failed, &rows_of(noise(4)));
        assert_eq!(texts(&found), [("language=pt and topic=t2", 100, 200)]);
        assert_eq!([failed.len(), rows_of(noise(4)).len()], [500, 400]);
        let failed = rows_of(|row| (is_cause(row) && row % 7 != 0) || row % 41 == 0);
        let found = shared(tickets(), &failed, &[]);
        assert_eq!(texts(&found), [("language=pt and topic=t2", 171, 200)]);
    }

    #[test]
    fn a_value_that_matters_alone_is_told_alone_and_once() {
        // All of one language: neither the locale that goes along with it nor a topic says more.
        let found = shared(tickets(), &rows_of(|row| row % 3 == 1 && row % 4 != 0), &[]);
        assert_eq!(texts(&found), [("language=pt", 750, 1000)]);
        // Two causes, each on its own.
        let failed = rows_of(|row| (row % 3 == 1 || row / 3 % 5 == 2) && row % 4 != 0);
        let found = shared(tickets(), &failed, &[]);
        assert_eq!(texts(&found), [("language=pt", 750, 1000), ("topic=t2", 450, 600)]);
    }

    #[test]
    fn a_value_whose_cases_also_got_better_is_not_told() {
        let half = |from: usize| rows_of(move |row| row % 3 == 1 && row / 3 % 2 == from);
        assert!(shared(tickets(), &half(0), &half(1)).is_empty());
        let some: Vec<usize> = half(1).into_iter().step_by(2).collect();
        let found = shared(tickets(), &half(0), &some);
        assert_eq!((texts(&found), found[0].better), (vec![("language=pt", 500, 1000)], 250));
    }

    #[test]
    fn rows_that_are_not_in_the_run_are_not_counted() {
        let mut seen = seen(1000);
        // All of another language are only in the baseline: nothing is left to compare with.
        seen.is_in_run = (0..1000).map(|row| row % 10 == 0).collect();
        let failed: Vec<usize> = (0..1000).step_by(10).collect();
        assert!(shared(seen, &failed, &[]).is_empty());
    }

    #[test]
    fn expected_answers_are_looked_at_too_if_they_are_short_and_few() {
        let mut seen = Seen::new(vec![true; 1000]);
        for row in 0..1000 {
            let expected = match row % 4 {
                0 => format!("\"{}\"", ["ml", "nl", "pt"][row / 4 % 3]),
                1 => "{".to_owned(),
                2 => format!("\"{}\"", "long ".repeat(20)),
                _ => r#"["ml"]"#.to_owned(),
            };
            let metadata = if row % 100 == 0 { r#"{"expected":"other"}"# } else { "" };
            seen.add(row, metadata.as_bytes(), expected.as_bytes());
        }
        // 84 cases, 4 of which have metadata of this name.
        assert_eq!(seen.keys[EXPECTED].len(), 4);
        let failed: Vec<usize> = (0..1000).step_by(12).collect();
        assert_eq!(texts(&shared(seen, &failed, &[])), [("expected=ml", 80, 80)]);
    }

    #[test]
    fn of_several_trials_the_first_counts_and_metadata_of_another_form_has_no_values() {
        let mut seen = Seen::new(vec![true; 3]);
        for (row, metadata) in [(0, r#"{"a":1}"#), (0, r#"{"a":2}"#), (1, "[1]"), (2, "nonsense")] {
            seen.add(row, metadata.as_bytes(), b"");
        }
        assert_eq!(seen.keys["a"].keys().collect::<Vec<_>>(), ["1"]);
    }
}
