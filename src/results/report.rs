//! The report of a run: what its summary says, and what it leaves out.

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::model::{CaseReport, RunReport};
use crate::stats::{Samples, choose_k_values, mean_pass_at_k, quantile};
use crate::store::{ReportCase, ReportCases, Store, Sum};

/// Returns the report of a run; a case passes when its lowest score is at least `threshold`.
pub fn get_run_report(store: &Store, run_id: &str, threshold: f64) -> Result<RunReport> {
    let read = store.report_cases(run_id, None, "getRunReport")?;
    let mut benchmarks: BTreeMap<&str, Vec<&ReportCase>> = BTreeMap::new();
    let mut tags: BTreeMap<&str, Vec<&ReportCase>> = BTreeMap::new();
    for case in &read.cases {
        if let Some(benchmark) = &case.benchmark {
            benchmarks.entry(benchmark).or_default().push(case);
        }
        for tag in &case.tags {
            tags.entry(tag).or_default().push(case);
        }
    }
    let of_groups = |groups: BTreeMap<&str, Vec<&ReportCase>>| {
        let of_group = |(name, cases): (&str, Vec<_>)| {
            (name.to_owned(), report(&cases, &read.scorers, threshold))
        };
        groups.into_iter().map(of_group).collect()
    };
    Ok(RunReport {
        all: report_all(&read, threshold),
        benchmarks: of_groups(benchmarks),
        tags: of_groups(tags),
    })
}

/// Returns what is known of all cases that were read.
pub(super) fn report_all(read: &ReportCases, threshold: f64) -> CaseReport {
    report(&read.cases.iter().collect::<Vec<_>>(), &read.scorers, threshold)
}

/// Returns whether a case passes; `None` without a score.
pub(super) fn passes(case: &ReportCase, threshold: f64) -> Option<bool> {
    let lowest = case.scores.iter().map(|(_, score)| *score).reduce(f64::min);
    lowest.map(|lowest| lowest >= threshold)
}

fn report(cases: &[&ReportCase], scorers: &[String], threshold: f64) -> CaseReport {
    let count =
        |is: &dyn Fn(&ReportCase) -> bool| cases.iter().filter(|case| is(case)).count() as u64;
    let total = |field: &dyn Fn(&ReportCase) -> Option<f64>| {
        let mut sum = Sum::default();
        cases.iter().filter_map(|case| field(case)).for_each(|value| sum.add(value));
        sum.total()
    };
    let examples = examples(cases, threshold);
    let mut latencies: Vec<f64> = cases.iter().filter_map(|case| case.latency_ms).collect();
    latencies.sort_unstable_by(f64::total_cmp);
    let latency = |p| (!latencies.is_empty()).then(|| quantile(&latencies, p));
    CaseReport {
        total_cases: cases.len() as u64,
        pass_count: count(&|case| passes(case, threshold) == Some(true)),
        fail_count: count(&|case| passes(case, threshold) == Some(false)),
        mean_scores: mean_scores(cases, scorers),
        total_latency_ms: total(&|case| case.latency_ms),
        total_tokens_in: total(&|case| case.tokens_in),
        total_tokens_out: total(&|case| case.tokens_out),
        unscored_count: count(&|case| case.scores.is_empty()),
        errored_count: count(&|case| case.is_errored),
        example_count: examples.len() as u64,
        most_trials: examples.iter().map(|example| example.n).max().unwrap_or(0),
        pass_at_k: pass_at_k(&examples),
        latency_p50_ms: latency(0.5),
        latency_p95_ms: latency(0.95),
        total_cost_usd: (cases.iter().any(|case| case.cost_usd.is_some()))
            .then(|| total(&|case| case.cost_usd)),
    }
}

fn mean_scores(cases: &[&ReportCase], scorers: &[String]) -> BTreeMap<String, Option<f64>> {
    let mut sums = vec![Sum::default(); scorers.len()];
    for (scorer, score) in cases.iter().flat_map(|case| &case.scores) {
        if let Some(sum) = sums.get_mut(*scorer) {
            sum.add(*score);
        }
    }
    let scored = scorers.iter().zip(&sums).filter(|(_, sum)| sum.count() > 0);
    scored.map(|(name, sum)| (name.clone(), sum.mean())).collect()
}

/// What tells an example from others: its benchmark, and its key or idx.
#[derive(PartialEq, Eq, Hash)]
enum Example<'a> {
    Key(Option<&'a str>, &'a str),
    Idx(Option<&'a str>, u64),
}

/// Returns the attempts at each example, in the order of the first ones: the order of a sum shows in its last digits.
fn examples(cases: &[&ReportCase], threshold: f64) -> Vec<Samples> {
    let mut places: HashMap<Example<'_>, usize> = HashMap::new();
    let mut examples: Vec<Samples> = Vec::new();
    for case in cases {
        let benchmark = case.benchmark.as_deref();
        let example = match &case.key {
            Some(key) => Example::Key(benchmark, key),
            None => Example::Idx(benchmark, case.idx.to_bits()),
        };
        let place = *places.entry(example).or_insert(examples.len());
        if place == examples.len() {
            examples.push(Samples { n: 0, passed: 0 });
        }
        if let Some(samples) = examples.get_mut(place) {
            samples.n += 1;
            samples.passed += u64::from(passes(case, threshold) == Some(true));
        }
    }
    examples
}

/// Returns the probability that one of k attempts passes, for some k up to the most attempts.
pub(super) fn pass_at_k(examples: &[Samples]) -> BTreeMap<u64, f64> {
    let most = examples.iter().map(|example| example.n).max().unwrap_or(0);
    let ks = if most == 0 { vec![] } else { choose_k_values(most) };
    ks.into_iter().filter_map(|k| Some((k, mean_pass_at_k(examples, k).ok()?))).collect()
}
