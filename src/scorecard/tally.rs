//! Computes a scorecard from cases, one after the other.

use super::PASSING_SCORE;
use super::card::{Metrics, SampleScorecard, Scorecard};
use super::grade::{Grade, GradeReason};
use super::judge::{judge, judge_run, worst};
use crate::model::{CaseRow, RUNNING, Threshold, Thresholds};
use crate::stats::quantile;
use crate::store::Sum;

/// Metrics other than the means of scorers. A scorer with such a name gets the metric `scorer:NAME`.
pub const FIXED_METRICS: [&str; 14] = [
    "cost_usd",
    "errored",
    "failed",
    "latency_ms",
    "latency_p50_ms",
    "latency_p95_ms",
    "pass_rate",
    "passed",
    "scored_rate",
    "tokens_in",
    "tokens_out",
    "total_cases",
    "unscored",
    "warned",
];

const PREFIX: &str = "scorer:";

/// How many cases of a run pass, among those with a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassCounts {
    /// Those that pass.
    pub passed: u64,
    /// The others.
    pub failed: u64,
}

/// The cases so far. It keeps one number per case.
#[derive(Clone, Debug)]
pub struct Tally {
    thresholds: Thresholds,
    scorers: Vec<Scorer>,
    /// Number of cases by their verdict.
    passed: u64,
    warned: u64,
    failed: u64,
    unscored: u64,
    errored: u64,
    cost_usd: Sum,
    tokens_in: Sum,
    tokens_out: Sum,
    latencies: Vec<f64>,
}

#[derive(Clone, Debug)]
struct Scorer {
    name: String,
    metric: String,
    /// The threshold of a single score.
    threshold: Threshold,
    sum: Sum,
}

impl Tally {
    /// Starts a scorecard with the thresholds of the suite.
    pub fn new(thresholds: Thresholds) -> Self {
        Tally {
            thresholds,
            scorers: vec![],
            passed: 0,
            warned: 0,
            failed: 0,
            unscored: 0,
            errored: 0,
            cost_usd: Sum::default(),
            tokens_in: Sum::default(),
            tokens_out: Sum::default(),
            latencies: vec![],
        }
    }

    /// Adds a case, whose texts are not needed, and returns its own scorecard.
    pub fn add(&mut self, case: &CaseRow) -> SampleScorecard {
        let (metrics, thresholds) = self.add_scores(case);
        let sample = sample(case, metrics, thresholds);
        match sample.card.verdict {
            Grade::Pass => self.passed += 1,
            Grade::Warn => self.warned += 1,
            Grade::Fail => self.failed += 1,
            Grade::None => self.unscored += 1,
        }
        self.errored += u64::from(case.error.is_some());
        let totals = [
            (&mut self.cost_usd, case.cost_usd),
            (&mut self.tokens_in, case.tokens_in),
            (&mut self.tokens_out, case.tokens_out),
        ];
        for (total, value) in totals {
            value.into_iter().for_each(|value| total.add(value));
        }
        self.latencies.extend(case.latency_ms);
        sample
    }

    /// Returns the mean of each scorer that scored the case, and its threshold.
    fn add_scores(&mut self, case: &CaseRow) -> (Metrics, Thresholds) {
        let mut sums: Vec<(usize, Sum)> = vec![];
        for score in &case.scores {
            let at = self.scorer(&score.scorer_name);
            if let Some(scorer) = self.scorers.get_mut(at) {
                scorer.sum.add(score.score);
            }
            match sums.iter_mut().find(|(scorer, _)| *scorer == at) {
                Some((_, sum)) => sum.add(score.score),
                None => {
                    let mut sum = Sum::default();
                    sum.add(score.score);
                    sums.push((at, sum));
                }
            }
        }
        let scored = sums.iter().filter_map(|(at, sum)| Some((self.scorers.get(*at)?, sum)));
        let asked = |(scorer, _): (&Scorer, _)| (scorer.metric.clone(), scorer.threshold);
        let thresholds = scored.clone().map(asked).collect();
        let mean = |(scorer, sum): (&Scorer, &Sum)| Some((scorer.metric.clone(), finite(sum)?));
        (scored.filter_map(mean).collect(), thresholds)
    }

    fn scorer(&mut self, name: &str) -> usize {
        if let Some(known) = self.scorers.iter().position(|scorer| scorer.name == name) {
            return known;
        }
        let metric = metric_of_scorer(name);
        let threshold = limits(&self.thresholds, name);
        self.scorers.push(Scorer { name: name.to_owned(), metric, threshold, sum: Sum::default() });
        self.scorers.len() - 1
    }

    /// Returns the scorecard of all cases; `status` is that of the run.
    pub fn card(&self, status: &str) -> Scorecard {
        let metrics = self.metrics();
        let reasons = match status {
            RUNNING => vec![GradeReason::Unfinished],
            "failed" => vec![GradeReason::RunFailed],
            _ => judge_run(&metrics, &self.thresholds),
        };
        Scorecard {
            verdict: worst(&reasons),
            thresholds: self.thresholds.clone(),
            metrics,
            reasons,
        }
    }

    pub(super) fn pass_counts(&self) -> PassCounts {
        PassCounts { passed: self.passed, failed: self.scored() - self.passed }
    }

    fn scored(&self) -> u64 {
        self.passed + self.warned + self.failed
    }

    fn cases(&self) -> u64 {
        self.scored() + self.unscored
    }

    fn metrics(&self) -> Metrics {
        let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
        let told = |sum: &Sum| (sum.count() > 0).then(|| sum.total());
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable_by(f64::total_cmp);
        let latency = |p| (!latencies.is_empty()).then(|| quantile(&latencies, p));
        let counts = [
            ("total_cases", self.cases()),
            ("passed", self.passed),
            ("warned", self.warned),
            ("failed", self.failed),
            ("errored", self.errored),
            ("unscored", self.unscored),
        ];
        let others = [
            ("pass_rate", share(self.passed, self.scored())),
            ("scored_rate", share(self.scored(), self.cases())),
            ("cost_usd", told(&self.cost_usd)),
            ("tokens_in", told(&self.tokens_in)),
            ("tokens_out", told(&self.tokens_out)),
            ("latency_p50_ms", latency(0.5)),
            ("latency_p95_ms", latency(0.95)),
        ];
        let counts = counts.into_iter().map(|(name, count)| (name.to_owned(), Some(count as f64)));
        let others = others.into_iter().map(|(name, value)| (name.to_owned(), value));
        let means = self.scorers.iter().map(|scorer| (scorer.metric.clone(), finite(&scorer.sum)));
        let all = counts.chain(others).chain(means);
        all.filter_map(|(name, value)| Some((name, value.filter(|it| it.is_finite())?))).collect()
    }
}

/// Returns the mean if it is finite, as JSON requires.
fn finite(sum: &Sum) -> Option<f64> {
    sum.mean().filter(|mean| mean.is_finite())
}

/// Returns whether a metric is the mean of a scorer, not one that every run has.
pub fn is_of_scorer(metric: &str) -> bool {
    !FIXED_METRICS.contains(&metric)
}

/// Returns the threshold of a single score of a scorer.
pub(super) fn limits(thresholds: &Thresholds, scorer: &str) -> Threshold {
    let passing = Threshold { pass_floor: Some(PASSING_SCORE), ..Threshold::default() };
    thresholds.get(&metric_of_scorer(scorer)).copied().unwrap_or(passing)
}

pub(super) fn metric_of_scorer(name: &str) -> String {
    match FIXED_METRICS.contains(&name) || name.starts_with(PREFIX) {
        true => format!("{PREFIX}{name}"),
        false => name.to_owned(),
    }
}

fn sample(case: &CaseRow, mut metrics: Metrics, thresholds: Thresholds) -> SampleScorecard {
    let mut reasons = judge(&metrics, &thresholds);
    if case.scores.is_empty() {
        reasons.push(GradeReason::NoScores);
    }
    let others = [
        ("latency_ms", case.latency_ms),
        ("tokens_in", case.tokens_in),
        ("tokens_out", case.tokens_out),
        ("cost_usd", case.cost_usd),
    ];
    let told = |(name, value): (&str, Option<f64>)| {
        Some((name.to_owned(), value.filter(|it| it.is_finite())?))
    };
    metrics.extend(others.into_iter().filter_map(told));
    let card = Scorecard { verdict: worst(&reasons), metrics, thresholds, reasons };
    SampleScorecard {
        sample_id: sample_id(case),
        case_id: case.id.clone(),
        card,
        errors: case.error.iter().cloned().collect(),
    }
}

/// Identifies a case in the same way for all runs of its suite: by its benchmark, its key or else its idx, and its
/// trial.
pub fn sample_id(case: &CaseRow) -> String {
    let name = case.key.clone().unwrap_or_else(|| case.idx.to_string());
    let benchmark = case.benchmark.iter().map(|benchmark| format!("{benchmark}/"));
    let trial = case.trial.iter().map(|trial| format!("#{trial}"));
    benchmark.chain([name]).chain(trial).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScoreRow;

    fn case(scores: &[(&str, f64)]) -> CaseRow {
        let score = |(name, score): &(&str, f64)| ScoreRow {
            scorer_name: (*name).to_owned(),
            score: *score,
            ..ScoreRow::default()
        };
        CaseRow { scores: scores.iter().map(score).collect(), ..CaseRow::default() }
    }

    #[test]
    fn a_scorer_with_the_name_of_a_metric_does_not_replace_it() {
        let mut tally = Tally::new(Thresholds::new());
        let mut both = case(&[("cost_usd", 1.0), ("scorer:cost_usd", 0.0)]);
        both.cost_usd = Some(0.25);
        tally.add(&both);
        let metrics = tally.card("completed").metrics;
        let of = |name: &str| metrics.get(name).copied();
        assert_eq!(of("cost_usd"), Some(0.25));
        assert_eq!(of("scorer:cost_usd"), Some(1.0));
        assert_eq!(of("scorer:scorer:cost_usd"), Some(0.0));
    }

    #[test]
    fn infinite_scores_are_left_out_of_metrics() {
        let mut tally = Tally::new(Thresholds::new());
        tally.add(&case(&[("log", f64::NEG_INFINITY), ("exact", 1.0)]));
        let metrics = tally.card("completed").metrics;
        assert_eq!(metrics.get("log"), None);
        assert_eq!(metrics.get("exact"), Some(&1.0));
    }

    #[test]
    fn a_case_is_named_as_in_other_runs() {
        let mut one = case(&[]);
        one.idx = 3.0;
        assert_eq!(sample_id(&one), "3");
        one.key = Some("paris".to_owned());
        one.benchmark = Some("capitals".to_owned());
        one.trial = Some(2.0);
        assert_eq!(sample_id(&one), "capitals/paris#2");
    }
}
