//! The cases of two sides, each of one run or several, with the trials of each reduced to one score.

use std::collections::HashMap;

use super::case_side::{Score, Side, mean};
use super::matching::{Matching, Sample};
use super::missing::{Missing, MissingScores, Scale};
use super::options::ComparisonOptions;
use super::paired_scores::PairedScores;
use super::report::{Coverage, OfBoth};
use super::scales::scales;
use super::side_reader::SideReader;
use crate::stats::{Clusters, RunEffects};

/// One case in both sides, or in one.
pub(super) struct PairedCase {
    pub(super) baseline: Option<Side>,
    pub(super) candidate: Option<Side>,
}

impl PairedCase {
    pub(super) fn both(&self) -> Option<(&Side, &Side)> {
        self.baseline.as_ref().zip(self.candidate.as_ref())
    }

    pub(super) fn sides(&self) -> [Option<&Side>; 2] {
        [self.baseline.as_ref(), self.candidate.as_ref()]
    }

    /// Returns the cluster; the baseline's if the runs disagree.
    pub(super) fn cluster(&self) -> Option<&str> {
        self.sides().into_iter().find_map(|side| side.and_then(|side| side.cluster.as_deref()))
    }

    /// Whether a scorer should have scored the case in both runs: the baseline has the case, and the scorer scored it
    /// in one of them. A case that only the candidate has is not missing in the baseline.
    fn is_of(&self, scorer: usize) -> bool {
        let seen = |side: Option<&Side>| side.is_some_and(|side| side.seen(scorer).is_some());
        self.baseline.is_some() && self.sides().into_iter().any(seen)
    }
}

/// The values of missing scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// None: missing scores are left out.
    Seen,
    /// The lowest score for the baseline, the highest for the candidate.
    Rising,
    /// The highest score for the baseline, the lowest for the candidate.
    Falling,
    /// The lowest score for both.
    Lowest,
    /// The highest score for both.
    Highest,
}

impl View {
    /// Returns the view for an estimate: missing scores count as failures, or not at all.
    pub(super) fn of_estimate(missing: Missing, lower_is_better: bool) -> Self {
        match (missing, lower_is_better) {
            (Missing::Worst | Missing::Ignore, _) => View::Seen,
            (Missing::Fail, true) => View::Highest,
            (Missing::Fail, false) => View::Lowest,
        }
    }

    fn of_side(self, side: usize, score: Option<&Score>, scale: Scale) -> Option<f64> {
        let is_high = match self {
            View::Seen => return score.and_then(|score| score.seen),
            View::Lowest => false,
            View::Highest => true,
            View::Rising => side == 1,
            View::Falling => side == 0,
        };
        Some(match (score, is_high) {
            (Some(score), true) => score.highest,
            (Some(score), false) => score.lowest,
            (None, true) => scale.high,
            (None, false) => scale.low,
        })
    }
}

/// All cases of two sides, and the scorers under one numbering.
pub(super) struct Cases {
    pub(super) rows: Vec<PairedCase>,
    /// By name.
    pub(super) scorers: Vec<String>,
    /// Of each scorer.
    pub(super) scales: Vec<Scale>,
    /// Of each scorer: whether scores beyond its scale are known to be impossible.
    is_known: Vec<bool>,
    /// Number of infinite scores, which no mean can contain; they count as missing.
    pub(super) infinite: usize,
    /// Cases that count as trials of another, though nothing says that they are trials.
    pub(super) shared: usize,
}

impl Cases {
    pub(super) fn new(
        sides: [&[Sample]; 2],
        matching: Matching,
        scorers: Vec<String>,
        options: &ComparisonOptions,
    ) -> Self {
        let runs = || sides.into_iter().flatten();
        let scores = || runs().flat_map(|run| run.cases.iter().flat_map(|case| &case.scores));
        let infinite = scores().filter(|(_, score)| !score.is_finite()).count();
        let numbers = sides.map(|runs| numbers(runs, &scorers));
        let scales = scales(sides, &numbers, &scorers, options);
        let [before, after] = numbers;
        let reader =
            |runs, numbers| SideReader { runs, numbers, scales: &scales, reducer: options.reducer };
        let readers = [reader(sides[0], before), reader(sides[1], after)];
        let rows = matching.rows.iter().map(|[before, after]| PairedCase {
            baseline: readers[0].side(before),
            candidate: readers[1].side(after),
        });
        let rows = rows.collect();
        let is_asked =
            |name: &str| options.range.as_ref().is_some_and(|range| range.of(name).is_some());
        let is_known = |(name, scale): (&String, &Scale)| is_asked(name) || scale.is_unit();
        let is_known = scorers.iter().zip(&scales).map(is_known).collect();
        let shared = matching.shared;
        Cases { rows, infinite, shared, scorers, scales, is_known }
    }

    /// Returns the scores of a scorer in the rows that it scored in both runs, or should have.
    pub(super) fn scores(&self, rows: &[&PairedCase], scorer: usize, view: View) -> PairedScores {
        let scale = self.scales[scorer];
        let pairs = self.pairs(rows, |row| {
            if view != View::Seen && !row.is_of(scorer) {
                return None;
            }
            let of = |side: usize| {
                let score = row.sides()[side].map(|side| &side.scores[scorer]);
                view.of_side(side, score, scale)
            };
            let (baseline, candidate) = of(0).zip(of(1))?;
            let is_same = (candidate - baseline).abs() <= scale.rounding();
            Some((baseline, if is_same { baseline } else { candidate }))
        });
        let limits = self.is_known[scorer].then(|| scale.into());
        PairedScores { limits, runs: self.run_effects(rows, scorer), ..pairs }
    }

    /// Returns the scores of the candidate alone: each is its own pair.
    pub(super) fn candidate_scores(&self, scorer: usize) -> PairedScores {
        let rows: Vec<&PairedCase> = self.rows.iter().collect();
        let pairs = self.pairs(&rows, |row| {
            let score = row.candidate.as_ref()?.seen(scorer)?;
            Some((score, score))
        });
        let limits = self.is_known[scorer].then(|| self.scales[scorer].into());
        PairedScores { limits, ..pairs }
    }

    /// Returns the differences between the runs of each side; `None` if both sides have one.
    fn run_effects(&self, rows: &[&PairedCase], scorer: usize) -> Option<RunEffects> {
        let both = rows.iter().filter_map(|row| row.both());
        let sides: Vec<_> =
            both.map(|(one, other)| [one, other].map(|side| &side.scores[scorer])).collect();
        let effects =
            |side: usize| effects(sides.iter().map(|scores| scores[side].by_run.as_slice()));
        let runs = RunEffects { baseline: effects(0), candidate: effects(1) };
        (runs.baseline.len() + runs.candidate.len() > 2).then_some(runs)
    }

    /// Returns the pairs of values from the rows that have both.
    pub(super) fn pairs(
        &self,
        rows: &[&PairedCase],
        of: impl Fn(&PairedCase) -> Option<(f64, f64)>,
    ) -> PairedScores {
        let mut pairs = PairedScores::default();
        let mut clusters = vec![];
        for (at, row) in rows.iter().enumerate() {
            let Some((baseline, candidate)) = of(row) else { continue };
            pairs.baseline.push(baseline);
            pairs.candidate.push(candidate);
            let trials = row.sides().map(|side| side.map_or(0, Side::trials));
            pairs.is_averaged |= trials.into_iter().any(|trials| trials > 1);
            pairs.is_uneven |= row.both().is_some() && trials[0] != trials[1];
            // A case without a cluster is a cluster of its own.
            clusters.push(row.cluster().ok_or(at));
        }
        pairs.clusters = self.are_clustered().then(|| Clusters::from_names(&clusters));
        pairs
    }

    /// Returns the number of missing scores of a scorer in each run.
    pub(super) fn missing(&self, scorer: usize) -> [MissingScores; 2] {
        let mut missing = [MissingScores::default(); 2];
        for row in self.rows.iter().filter(|row| row.is_of(scorer)) {
            for (side, missing) in row.sides().into_iter().zip(&mut missing) {
                let lost = side.map_or(1, |side| side.scores[scorer].missing);
                missing.cases += usize::from(side.is_none_or(|side| side.seen(scorer).is_none()));
                missing.trials += lost;
                missing.errored += lost.min(side.map_or(0, |side| side.errored_trials));
                missing.infinite += side.map_or(0, |side| side.scores[scorer].infinite);
                missing.absent += usize::from(side.is_none());
            }
        }
        missing
    }

    /// Returns whether any case has a cluster.
    pub(super) fn are_clustered(&self) -> bool {
        self.rows.iter().any(|row| row.cluster().is_some())
    }

    /// Returns the number of cases whose cluster differs between the runs.
    pub(super) fn torn_clusters(&self) -> usize {
        let both = self.rows.iter().filter_map(PairedCase::both);
        both.filter(|(one, other)| one.cluster != other.cluster).count()
    }

    pub(super) fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for row in &self.rows {
            match row.sides() {
                [Some(_), Some(_)] => coverage.both += 1,
                [Some(_), None] => coverage.only_baseline += 1,
                [None, _] => coverage.only_candidate += 1,
            }
            count(row.baseline.as_ref(), &mut coverage, |of| &mut of.baseline);
            count(row.candidate.as_ref(), &mut coverage, |of| &mut of.candidate);
        }
        coverage
    }
}

fn count(side: Option<&Side>, coverage: &mut Coverage, of: impl Fn(&mut OfBoth) -> &mut usize) {
    let Some(side) = side else { return };
    *of(&mut coverage.errored) += usize::from(side.errored_trials > 0);
    *of(&mut coverage.errored_trials) += side.errored_trials;
    *of(&mut coverage.unscored) += usize::from(side.scores.iter().all(|one| one.seen.is_none()));
    let most = of(&mut coverage.trials);
    *most = side.trials().max(*most);
}

/// Returns the difference of each run's mean from the mean of all, over cases with a score in several.
pub(super) fn effects<'a>(cases: impl Iterator<Item = &'a [Option<f64>]>) -> Vec<f64> {
    let mut sums: Vec<(f64, usize)> = vec![];
    for by_run in cases {
        // A side of one run.
        sums.resize(by_run.len().max(1), (0.0, 0));
        let Some(center) = mean(by_run.iter().flatten().copied()) else { continue };
        for (sum, score) in sums.iter_mut().zip(by_run) {
            let Some(score) = score else { continue };
            *sum = (sum.0 + score - center, sum.1 + 1);
        }
    }
    sums.into_iter().map(|(sum, count)| if count == 0 { 0.0 } else { sum / count as f64 }).collect()
}

/// Returns, run by run, the number of each of its scorers; `None` for a scorer that is not compared.
fn numbers(runs: &[Sample], scorers: &[String]) -> Vec<Vec<Option<usize>>> {
    let known: HashMap<&str, usize> =
        scorers.iter().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let of_run =
        |run: &Sample| run.scorers.iter().map(|name| known.get(name.as_str()).copied()).collect();
    runs.iter().map(of_run).collect()
}
