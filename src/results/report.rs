//! The report of a run: its summary, and figures that the summary leaves out.

use std::collections::{BTreeMap, HashMap};

use crate::compare::{Attempt, Reducer, RunCases};
use crate::error::Result;
use crate::model::{CaseReport, RunReport};
use crate::scorecard::Passing;
use crate::stats::{Samples, choose_k_values, mean_pass_at_k, quantile};
use crate::store::{Store, Sum};

/// The options of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportOptions {
    /// When an attempt passes.
    pub passing: Passing,
    /// How several scores of a scorer on one attempt, and the attempts at a case, become one score.
    pub reducer: Reducer,
}

/// Returns the report of a run. Cases are identified, and their scores reduced, as in [`compare`](crate::compare::compare).
pub fn get_run_report(store: &Store, run_id: &str, options: &ReportOptions) -> Result<RunReport> {
    const OPERATION: &str = "getRunReport";
    let run = store.at_one_moment(OPERATION, || RunCases::read(store, run_id, None, OPERATION))?;
    let mut benchmarks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut tags: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, attempt) in run.attempts().iter().enumerate() {
        if let Some(benchmark) = &attempt.benchmark {
            benchmarks.entry(benchmark).or_default().push(at);
        }
        for tag in &attempt.described.tags {
            tags.entry(tag).or_default().push(at);
        }
    }
    let of_groups = |groups: BTreeMap<&str, Vec<usize>>| {
        let of_group = |(name, attempts): (&str, Vec<usize>)| {
            (name.to_owned(), report(&run, &attempts, options))
        };
        groups.into_iter().map(of_group).collect()
    };
    Ok(RunReport {
        all: report_all(&run, options),
        benchmarks: of_groups(benchmarks),
        tags: of_groups(tags),
    })
}

/// Returns the figures of all attempts.
pub(super) fn report_all(run: &RunCases, options: &ReportOptions) -> CaseReport {
    report(run, &(0..run.attempts().len()).collect::<Vec<_>>(), options)
}

/// Returns whether an attempt of a run passes; `None` without a score.
pub(super) fn passes(run: &RunCases, attempt: &Attempt, passing: &Passing) -> Option<bool> {
    let scorers = run.scorers();
    passing.passes(attempt.scores.iter().map(|(scorer, score)| (scorers[*scorer].as_str(), *score)))
}

fn report(run: &RunCases, attempts: &[usize], options: &ReportOptions) -> CaseReport {
    let ReportOptions { passing, reducer } = options;
    let passes = |attempt: &Attempt| passes(run, attempt, passing);
    let rows = || attempts.iter().map(|at| &run.attempts()[*at]);
    let count = |is: &dyn Fn(&Attempt) -> bool| rows().filter(|row| is(row)).count() as u64;
    let total = |field: fn(&Attempt) -> Option<f64>| {
        let mut sum = Sum::default();
        rows().filter_map(field).for_each(|value| sum.add(value));
        (sum.count() > 0).then(|| sum.total())
    };
    let cases = by_case(run, attempts);
    let samples: Vec<Samples> = cases.iter().map(|case| samples(case, &passes)).collect();
    let pass_at_k = pass_at_k(&samples);
    let mut latencies: Vec<f64> = rows().filter_map(|row| row.latency_ms).collect();
    latencies.sort_unstable_by(f64::total_cmp);
    let latency = |p| (!latencies.is_empty()).then(|| quantile(&latencies, p));
    CaseReport {
        total_cases: attempts.len() as u64,
        pass_count: count(&|row| passes(row) == Some(true)),
        fail_count: count(&|row| passes(row) == Some(false)),
        mean_scores: mean_scores(run.scorers(), &cases, *reducer),
        total_latency_ms: total(|row| row.latency_ms),
        total_tokens_in: total(|row| row.tokens_in),
        total_tokens_out: total(|row| row.tokens_out),
        unscored_count: count(&|row| row.scores.is_empty()),
        errored_count: count(&|row| row.is_errored),
        example_count: samples.len() as u64,
        most_trials: samples.iter().map(|case| case.n).max().unwrap_or(0),
        pass_at_k_cases: (pass_at_k.keys())
            .map(|k| (*k, samples.iter().filter(|case| case.n >= *k).count() as u64))
            .collect(),
        pass_at_k,
        latency_p50_ms: latency(0.5),
        latency_p95_ms: latency(0.95),
        total_cost_usd: total(|row| row.cost_usd),
    }
}

/// Returns the attempts at each case, ordered by their first attempt: the order affects the last digits of a sum.
fn by_case<'a>(run: &'a RunCases, attempts: &[usize]) -> Vec<Vec<&'a Attempt>> {
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut cases: Vec<Vec<&Attempt>> = Vec::new();
    for at in attempts {
        let place = *places.entry(run.case_of(*at)).or_insert(cases.len());
        if place == cases.len() {
            cases.push(vec![]);
        }
        cases[place].push(&run.attempts()[*at]);
    }
    cases
}

fn samples(attempts: &[&Attempt], passes: &dyn Fn(&Attempt) -> Option<bool>) -> Samples {
    let passed = attempts.iter().filter(|attempt| passes(attempt) == Some(true));
    Samples { n: attempts.len() as u64, passed: passed.count() as u64 }
}

/// Returns the mean of each scorer over the cases that it scored; `None` if all of its scores are infinite.
fn mean_scores(
    scorers: &[String],
    cases: &[Vec<&Attempt>],
    reducer: Reducer,
) -> BTreeMap<String, Option<f64>> {
    let mut sums: Vec<Option<Sum>> = vec![None; scorers.len()];
    for attempts in cases {
        for (scorer, _) in attempts.iter().flat_map(|attempt| &attempt.scores) {
            sums[*scorer].get_or_insert_default();
        }
        let trials = attempts.iter().map(|attempt| attempt.scores.as_slice());
        for (scorer, score) in reducer.of_case_by_scorer(trials) {
            sums[scorer].get_or_insert_default().add(score);
        }
    }
    let scored = scorers.iter().zip(sums).filter_map(|(name, sum)| Some((name, sum?)));
    scored
        .map(|(name, sum)| (name.clone(), (sum.count() > 0).then(|| sum.mean()).flatten()))
        .collect()
}

/// Returns the probability that one of k attempts passes, for some k up to the most attempts.
pub(super) fn pass_at_k(cases: &[Samples]) -> BTreeMap<u64, f64> {
    let most = cases.iter().map(|case| case.n).max().unwrap_or(0);
    let ks = if most == 0 { vec![] } else { choose_k_values(most) };
    ks.into_iter().filter_map(|k| Some((k, mean_pass_at_k(cases, k).ok()?))).collect()
}
