//! Combines the trials of a case to one side of it.

use super::case_side::{KINDS, Score, Side, mean};
use super::content::Content;
use super::matching::{Sample, Trials};
use super::missing::Scale;
use super::reducer::Reducer;
use crate::store::SampledCase;

/// A trial of a case, as one scorer scored it.
#[derive(Clone, Copy)]
struct Scored {
    run: usize,
    score: Option<f64>,
    /// Whether its only scores are infinite.
    is_infinite: bool,
}

pub(super) struct SideReader<'a> {
    pub(super) runs: &'a [Sample],
    /// By run: the number of each of its scorers.
    pub(super) numbers: Vec<Vec<Option<usize>>>,
    /// By number of the scorer.
    pub(super) scales: &'a [Scale],
    pub(super) reducer: Reducer,
}

impl SideReader<'_> {
    /// Returns the combined values of a case; `None` without trials.
    pub(super) fn side(&self, trials: &Trials) -> Option<Side> {
        let cases: Vec<&SampledCase<Content>> =
            trials.iter().map(|at| &self.runs[at.run].cases[at.case]).collect();
        let first = cases.first()?;
        let usage = |of: fn(&SampledCase<Content>) -> Option<f64>| {
            mean(cases.iter().filter_map(|case| of(case)).filter(|value| value.is_finite()))
        };
        let by_scorer = self.by_scorer(trials);
        let scores = by_scorer.iter().zip(self.scales);
        Some(Side {
            id: first.id.clone(),
            idx: first.idx,
            key: first.key.clone(),
            cluster: cases.iter().find_map(|case| case.cluster.clone()),
            slices: first.described.slices.clone(),
            ids: cases.iter().map(|case| case.id.clone()).collect(),
            errored_trials: cases.iter().filter(|case| case.is_errored).count(),
            scores: scores.map(|(trials, scale)| self.score(trials, *scale)).collect(),
            usage: KINDS.map(usage),
        })
    }

    /// Returns the trials by scorer. Each score is read once, however many scorers there are.
    fn by_scorer(&self, trials: &Trials) -> Vec<Vec<Scored>> {
        let unscored =
            trials.iter().map(|at| Scored { run: at.run, score: None, is_infinite: false });
        let mut by_scorer = vec![unscored.collect::<Vec<_>>(); self.scales.len()];
        for (trial, at) in trials.iter().enumerate() {
            let case = &self.runs[at.run].cases[at.case];
            let numbers = &self.numbers[at.run];
            for (own, score) in self.reducer.of_trial_by_scorer(&case.scores) {
                if let Some(scorer) = numbers[own] {
                    by_scorer[scorer][trial].score = Some(score);
                }
            }
            for (own, _) in case.scores.iter().filter(|(_, score)| !score.is_finite()) {
                if let Some(scorer) = numbers[*own] {
                    let trial = &mut by_scorer[scorer][trial];
                    trial.is_infinite = trial.score.is_none();
                }
            }
        }
        by_scorer
    }

    fn score(&self, trials: &[Scored], scale: Scale) -> Score {
        let of_run = |run: usize, missing: Option<f64>| {
            let own = trials.iter().filter(|trial| trial.run == run);
            let mut own: Vec<f64> = own.filter_map(|trial| trial.score.or(missing)).collect();
            self.reducer.of_case(&mut own)
        };
        let runs = self.runs.len();
        let filled = |missing: Option<f64>| mean((0..runs).filter_map(|run| of_run(run, missing)));
        let seen = filled(None);
        let missing = trials.iter().filter(|trial| trial.score.is_none()).count();
        let infinite = trials.iter().filter(|trial| trial.is_infinite).count();
        let with = |score: f64| match (missing, seen) {
            (0, Some(seen)) => seen,
            _ => filled(Some(score)).unwrap_or(score),
        };
        let (lowest, highest) = (with(scale.low), with(scale.high));
        let by_run = (runs > 1).then(|| (0..runs).map(|run| of_run(run, None)).collect());
        let by_run = by_run.unwrap_or_default();
        Score { seen, lowest, highest, missing, infinite, spread: spread(trials), by_run }
    }
}

fn spread(trials: &[Scored]) -> Option<f64> {
    let scores = || trials.iter().filter_map(|trial| trial.score);
    let (low, high) = (scores().reduce(f64::min)?, scores().reduce(f64::max)?);
    (scores().count() > 1).then_some(high - low)
}
