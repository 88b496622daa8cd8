//! How several scores of one scorer become one: those of a trial, then those of the trials of a case.

use serde::{Deserialize, Serialize};

use crate::stats::quantile;

/// How several scores become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reducer {
    /// Their mean.
    #[default]
    Mean,
    /// The median: the middle one, or the mean of the two middle ones.
    Median,
    /// The most frequent one; of several, the lowest.
    Mode,
    /// The highest: a case passes when one trial does.
    Max,
    /// The lowest: a case passes when all trials do.
    Min,
    /// 1 if at least this many trials of a case score 1 or more, otherwise 0. Several scores of one trial are averaged.
    AtLeast(usize),
}

impl Reducer {
    /// The reducers without a number.
    pub const NAMED: [Reducer; 5] =
        [Reducer::Mean, Reducer::Median, Reducer::Mode, Reducer::Max, Reducer::Min];

    /// Returns the score of one trial; `None` without scores.
    pub fn of_trial(self, scores: &mut [f64]) -> Option<f64> {
        match self {
            Reducer::AtLeast(_) => Reducer::Mean.of_case(scores),
            other => other.of_case(scores),
        }
    }

    /// Returns the score of a case; `None` without trials. It may reorder them.
    pub fn of_case(self, trials: &mut [f64]) -> Option<f64> {
        if trials.is_empty() {
            return None;
        }
        trials.sort_unstable_by(f64::total_cmp);
        Some(match self {
            Reducer::Mean => trials.iter().sum::<f64>() / trials.len() as f64,
            Reducer::Median => quantile(trials, 0.5),
            Reducer::Mode => mode(trials),
            Reducer::Max => trials[trials.len() - 1],
            Reducer::Min => trials[0],
            Reducer::AtLeast(k) => {
                f64::from(trials.iter().filter(|score| **score >= 1.0).count() >= k)
            }
        })
    }
}

impl Reducer {
    /// Returns the scores of one trial by number of the scorer. Infinite scores are ignored.
    pub(crate) fn of_trial_by_scorer(self, scores: &[(usize, f64)]) -> Vec<(usize, f64)> {
        let finite = scores.iter().copied().filter(|(_, score)| score.is_finite());
        by_scorer(finite.collect(), |scores| self.of_trial(scores))
    }

    /// Returns the scores of a case, from those of each of its trials, by number of the scorer.
    pub(crate) fn of_case_by_scorer<'a>(
        self,
        trials: impl Iterator<Item = &'a [(usize, f64)]>,
    ) -> Vec<(usize, f64)> {
        let trials = trials.flat_map(|scores| self.of_trial_by_scorer(scores));
        by_scorer(trials.collect(), |scores| self.of_case(scores))
    }
}

/// Reduces the scores of each scorer. Sorting them first takes hardly longer for hundreds of scorers than for one.
fn by_scorer(
    mut scores: Vec<(usize, f64)>,
    reduce: impl Fn(&mut [f64]) -> Option<f64>,
) -> Vec<(usize, f64)> {
    scores.sort_by_key(|(scorer, _)| *scorer);
    let of_scorers = scores.chunk_by(|(one, _), (other, _)| one == other);
    let reduced = of_scorers.filter_map(|own| {
        let mut values: Vec<f64> = own.iter().map(|(_, score)| *score).collect();
        Some((own[0].0, reduce(&mut values)?))
    });
    reduced.collect()
}

fn mode(sorted: &[f64]) -> f64 {
    let runs = sorted.chunk_by(|one, other| one == other);
    // Of equally frequent scores the first, which is the lowest.
    let longest = runs.rev().max_by_key(|run| run.len());
    longest.map_or(f64::NAN, |run| run[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reducer_by_hand() {
        let of = |reducer: Reducer| reducer.of_case(&mut [1.0, 0.0, 0.5, 1.0]);
        assert_eq!(of(Reducer::Mean), Some(0.625));
        assert_eq!(of(Reducer::Median), Some(0.75));
        assert_eq!(of(Reducer::Mode), Some(1.0));
        assert_eq!(of(Reducer::Max), Some(1.0));
        assert_eq!(of(Reducer::Min), Some(0.0));
        assert_eq!([1, 2, 3].map(|k| of(Reducer::AtLeast(k))), [Some(1.0), Some(1.0), Some(0.0)]);
        assert_eq!(Reducer::Mode.of_case(&mut [1.0, 0.0, 0.0, 1.0]), Some(0.0));
        assert_eq!(Reducer::Mean.of_case(&mut []), None);
    }

    #[test]
    fn scores_of_one_trial_are_averaged_before_trials_are_counted() {
        assert_eq!(Reducer::AtLeast(2).of_trial(&mut [1.0, 1.0]), Some(1.0));
        assert_eq!(Reducer::AtLeast(2).of_case(&mut [1.0]), Some(0.0));
    }

    #[test]
    fn scores_of_a_case_are_reduced_by_trial_and_scorer() {
        let trials: [&[(usize, f64)]; 2] = [&[(1, 1.0), (0, 0.5), (1, 0.0)], &[(1, 1.0)]];
        let reduced = Reducer::Mean.of_case_by_scorer(trials.into_iter());
        assert_eq!(reduced, [(0, 0.5), (1, 0.75)]);
        assert!(Reducer::Mean.of_trial_by_scorer(&[(0, f64::INFINITY)]).is_empty());
    }

    #[test]
    fn the_order_of_the_scores_changes_nothing() {
        let (one, other) = (&mut [0.1, 0.2, 0.3], &mut [0.3, 0.2, 0.1]);
        assert_eq!(Reducer::Mean.of_case(one), Reducer::Mean.of_case(other));
    }
}
