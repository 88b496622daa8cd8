//! What only whole runs show: lost cases and trials, several scorers, slices, several runs a side. Each pair of runs is
//! written to a store and judged as it is from there.

use runstore::Store;
use runstore::compare::{ComparisonOptions, Decision, GateOptions, GateReport, PerScorer, gate};
use runstore::db::OpenOptions;
use runstore::model::{MoreOfCase, NewCase, NewRun, NewScore, RunStatus};
use runstore::store::{OnConflict, Part};

use super::grid::{LARGE, RESAMPLES};
use super::rates::{Rates, holds, share};
use super::truth::Random;

/// Share of the answers of the baseline that are right.
const RATE: f64 = 0.9;

/// What happens to the runs besides.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Three of a hundred answers of the candidate are lost, whatever they were.
    LostCases,
    /// A quarter of the wrong answers of the candidate are lost.
    LostFailures,
    /// Three of a hundred right answers of the baseline are lost.
    LostPasses,
    /// Each case has three trials, and one of ten is lost in the candidate.
    LostTrials,
    /// Each case has three trials, and half of the wrong ones are lost in the candidate.
    LostFailedTrials,
    /// So many scorers, one of which loses.
    Scorers(usize),
    /// So many slices, which decide.
    Slices(usize),
    /// So many runs a side, whose pass rates differ by a standard deviation of 0.02.
    Runs(usize),
}

/// A kind of suite.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    pub what: What,
    pub n: usize,
    pub margin: f64,
}

/// Returns all situations.
pub fn situations(largest: usize) -> Vec<Situation> {
    let of = |what, sizes: &[usize]| -> Vec<Situation> {
        let fitting = sizes.iter().filter(|n| **n <= largest);
        fitting.map(|n| Situation { what, n: *n, margin: 0.05 }).collect()
    };
    [
        of(What::LostCases, &[100, 300]),
        of(What::LostFailures, &[100, 300]),
        of(What::LostPasses, &[100, 300]),
        of(What::LostTrials, &[100]),
        of(What::LostFailedTrials, &[100]),
        of(What::Scorers(5), &[100]),
        of(What::Scorers(20), &[100]),
        of(What::Slices(5), &[100, 300]),
        of(What::Slices(20), &[300]),
        of(What::Runs(2), &[100]),
        of(What::Runs(3), &[100, 300]),
        of(What::Runs(1), &[300, 1000]),
        of(What::Runs(3), &[1000]),
    ]
    .concat()
}

impl Situation {
    pub fn name(&self) -> String {
        match self.what {
            What::LostCases => "3 % of the candidate's cases lost, at random".to_owned(),
            What::LostFailures => "a quarter of the candidate's failures lost".to_owned(),
            What::LostPasses => "3 % of the baseline's passes lost".to_owned(),
            What::LostTrials => "3 trials, 10 % of the candidate's lost, at random".to_owned(),
            What::LostFailedTrials => {
                "3 trials, half of the candidate's failed ones lost".to_owned()
            }
            What::Scorers(count) => format!("{count} scorers, one loses"),
            What::Slices(count) => format!("{count} slices that decide"),
            What::Runs(1) => "one run a side, runs drift by 0.02".to_owned(),
            What::Runs(count) => format!("{count} runs a side, runs drift by 0.02"),
        }
    }

    /// Returns what the gate says of so many pairs of runs.
    pub fn rates(&self, pairs: usize, seed: u64) -> Rates {
        let mut random = Random::new(seed);
        let mut reports = |loss: f64, margins: &[f64]| -> Vec<Vec<GateReport>> {
            (0..pairs).map(|_| self.reports(loss, margins, &mut random)).collect()
        };
        let margin = self.margin;
        // What slices decide is a loss beyond the margin; with a margin of 0 the whole would lose as well.
        let strict = if matches!(self.what, What::Slices(_)) { margin } else { 0.0 };
        let same = reports(0.0, &[strict, margin]);
        let worse = reports(margin, &[margin]);
        let bad = reports(LARGE * margin, &[margin]);
        let decided = |reports: &[Vec<GateReport>], at: usize, wanted| {
            share(reports.iter().map(|report| report[at].decision == wanted))
        };
        let coverage = |reports: &[Vec<GateReport>], truth| {
            share(reports.iter().map(|report| holds(&report[0].scorers[0], truth)))
        };
        // Scores that are lost for a reason leave others that say something else.
        let is_seen_whole =
            !matches!(self.what, What::LostFailures | What::LostPasses | What::LostFailedTrials);
        let coverages = [coverage(&same, 0.0), coverage(&worse, -margin)];
        let least = coverages.into_iter().flatten().reduce(f64::min);
        Rates {
            name: self.name(),
            n: self.n,
            margin,
            pairs,
            false_allow: decided(&worse, 0, Decision::Allow),
            false_reject: decided(&same, 0, Decision::Reject),
            coverage: least.filter(|_| is_seen_whole),
            allowed_same: decided(&same, 1, Decision::Allow),
            rejected_loss: decided(&bad, 0, Decision::Reject),
            rejected_at_margin: decided(&worse, 0, Decision::Reject),
        }
    }

    /// Returns what the gate says of one pair of sides, at each margin.
    fn reports(&self, loss: f64, margins: &[f64], random: &mut Random) -> Vec<GateReport> {
        let store = Store::open(":memory:", &OpenOptions::default()).expect("a store in memory");
        let suite_id = store.create_suite("suite").expect("a suite").id;
        let runs = if let What::Runs(count) = self.what { count } else { 1 };
        let [before, after] = [0, 1].map(|side| -> Vec<String> {
            let lost = if side == 1 { loss } else { 0.0 };
            (0..runs).map(|_| self.save(&store, &suite_id, side, lost, random)).collect()
        });
        let [before, after] =
            [&before, &after].map(|ids| ids.iter().map(String::as_str).collect::<Vec<_>>());
        let report = |margin: &f64| {
            gate(&store, &before, &after, &self.options(*margin))
                .expect("runs that can be compared")
        };
        margins.iter().map(report).collect()
    }

    fn options(&self, margin: f64) -> GateOptions {
        let is_sliced = matches!(self.what, What::Slices(_));
        let comparison = ComparisonOptions {
            resamples: RESAMPLES,
            max_diffs: 0,
            slice_by: is_sliced.then(|| "metadata.slice".to_owned()),
            ..ComparisonOptions::default()
        };
        GateOptions {
            comparison,
            margin: PerScorer::All(margin),
            gate_slices: is_sliced,
            ..GateOptions::default()
        }
    }

    fn save(
        &self,
        store: &Store,
        suite_id: &str,
        side: usize,
        loss: f64,
        random: &mut Random,
    ) -> String {
        let new = NewRun { suite_id, name: "run", model: "model", ..NewRun::default() };
        let run = store.create_run(&new).expect("a run");
        let drift = if let What::Runs(_) = self.what { 0.02 * random.normal() } else { 0.0 };
        let attempts = self.attempts(side, RATE - loss + drift, random);
        let results = attempts.iter().map(|attempt| {
            let case = NewCase {
                run_id: &run,
                idx: attempt.case as f64,
                input: &attempt.input,
                error: attempt.scores.is_empty().then_some("timeout"),
                more: MoreOfCase {
                    trial: Some(attempt.trial as f64),
                    metadata: attempt.metadata.as_deref(),
                    ..MoreOfCase::default()
                },
                ..NewCase::default()
            };
            let named = attempt.names.iter().zip(&attempt.scores);
            let scores = named.map(|(name, score)| NewScore {
                scorer_name: name,
                score: *score,
                ..NewScore::default()
            });
            Ok((case, scores.collect()))
        });
        store.save_results(Part::WHOLE, OnConflict::Error, results).expect("results");
        store.finish_run(&run, RunStatus::Completed, None).expect("a run that ends");
        run
    }

    fn attempts(&self, side: usize, rate: f64, random: &mut Random) -> Vec<Attempt> {
        let trials = match self.what {
            What::LostTrials | What::LostFailedTrials => 3,
            _ => 1,
        };
        let scorers = if let What::Scorers(count) = self.what { count } else { 1 };
        let names: Vec<String> = (0..scorers).map(|number| format!("scorer {number:02}")).collect();
        let mut attempts = vec![];
        for case in 0..self.n {
            for trial in 0..trials {
                // The first scorer has the rate of the side, all others that of the baseline.
                let score = |number: usize, random: &mut Random| {
                    f64::from(u8::from(random.happens(if number == 0 { rate } else { RATE })))
                };
                let mut scores: Vec<f64> =
                    (0..scorers).map(|number| score(number, random)).collect();
                if random.happens(self.chance_of_loss(side, scores[0] == 1.0)) {
                    scores.clear();
                }
                let slice =
                    if let What::Slices(count) = self.what { Some(case % count) } else { None };
                attempts.push(Attempt {
                    case,
                    trial,
                    input: case.to_string(),
                    metadata: slice.map(|slice| format!("{{\"slice\":{slice}}}")),
                    names: names.clone(),
                    scores,
                });
            }
        }
        attempts
    }

    fn chance_of_loss(&self, side: usize, is_passed: bool) -> f64 {
        match (self.what, side, is_passed) {
            (What::LostCases, 1, _) | (What::LostPasses, 0, true) => 0.03,
            (What::LostFailures, 1, false) => 0.25,
            (What::LostTrials, 1, _) => 0.1,
            (What::LostFailedTrials, 1, false) => 0.5,
            _ => 0.0,
        }
    }
}

struct Attempt {
    case: usize,
    trial: usize,
    input: String,
    metadata: Option<String>,
    names: Vec<String>,
    /// None where it crashed.
    scores: Vec<f64>,
}
