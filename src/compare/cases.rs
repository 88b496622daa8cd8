//! The cases of two runs side by side, with the trials of each averaged.

use super::content::Content;
use super::estimate::PairedScores;
use super::matching::{Matching, Sample, Trials};
use super::report::{Coverage, OfBoth};
use super::usage::KINDS;
use crate::stats::Clusters;
use crate::store::SampledCase;

/// One case in one run: what its trials have in common, and the means of their figures.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) id: String,
    pub(super) idx: f64,
    pub(super) key: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) slice: Option<String>,
    pub(super) trials: usize,
    pub(super) is_errored: bool,
    /// By number of the scorer; the mean over the trials that it scored.
    pub(super) scores: Vec<Option<f64>>,
    /// By [`KINDS`]; the mean over the trials that say.
    pub(super) usage: [Option<f64>; 4],
}

/// One case in both runs, or in one.
pub(super) struct PairedCase {
    pub(super) baseline: Option<Side>,
    pub(super) candidate: Option<Side>,
}

impl PairedCase {
    pub(super) fn both(&self) -> Option<(&Side, &Side)> {
        self.baseline.as_ref().zip(self.candidate.as_ref())
    }

    /// Returns the scores of a scorer that scored the case in both runs.
    pub(super) fn scores(&self, scorer: usize) -> Option<(f64, f64)> {
        let (baseline, candidate) = self.both()?;
        baseline.scores[scorer].zip(candidate.scores[scorer])
    }

    /// Returns the cluster, the baseline's where the runs do not agree.
    pub(super) fn cluster(&self) -> Option<&str> {
        [&self.baseline, &self.candidate]
            .into_iter()
            .find_map(|side| side.as_ref().and_then(|side| side.cluster.as_deref()))
    }
}

/// All cases of two runs, and the scorers under one numbering.
pub(super) struct Cases {
    pub(super) rows: Vec<PairedCase>,
    /// By name.
    pub(super) scorers: Vec<String>,
    /// Scores that are infinite, which no mean can hold; they count as missing.
    pub(super) infinite: usize,
}

impl Cases {
    pub(super) fn new(
        baseline: &Sample,
        candidate: &Sample,
        matching: Matching,
        scorers: Vec<String>,
    ) -> Self {
        let number = |run: &Sample| -> Vec<Option<usize>> {
            run.scorers.iter().map(|name| scorers.iter().position(|known| known == name)).collect()
        };
        let numbers = [number(baseline), number(candidate)];
        let width = scorers.len();
        let rows = matching.rows.into_iter().map(|(before, after)| PairedCase {
            baseline: side(baseline, &before, &numbers[0], width),
            candidate: side(candidate, &after, &numbers[1], width),
        });
        let infinite = |run: &Sample| -> usize {
            run.cases
                .iter()
                .flat_map(|case| &case.scores)
                .filter(|(_, score)| !score.is_finite())
                .count()
        };
        Cases { rows: rows.collect(), infinite: infinite(baseline) + infinite(candidate), scorers }
    }

    /// Returns pairs of figures, from the rows that have both.
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
            pairs.is_averaged |=
                row.both().is_some_and(|(one, other)| one.trials.max(other.trials) > 1);
            // A case without a cluster is one of its own.
            clusters.push(row.cluster().ok_or(at));
        }
        pairs.clusters = self.are_clustered().then(|| Clusters::from_names(&clusters));
        pairs
    }

    /// Returns whether any case belongs to a cluster.
    pub(super) fn are_clustered(&self) -> bool {
        self.rows.iter().any(|row| row.cluster().is_some())
    }

    /// Returns the number of cases whose runs name different clusters.
    pub(super) fn torn_clusters(&self) -> usize {
        let both = self.rows.iter().filter_map(PairedCase::both);
        both.filter(|(one, other)| one.cluster != other.cluster).count()
    }

    pub(super) fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for row in &self.rows {
            match (&row.baseline, &row.candidate) {
                (Some(_), Some(_)) => coverage.both += 1,
                (Some(_), None) => coverage.only_baseline += 1,
                (None, _) => coverage.only_candidate += 1,
            }
            count(row.baseline.as_ref(), &mut coverage, |of| &mut of.baseline);
            count(row.candidate.as_ref(), &mut coverage, |of| &mut of.candidate);
        }
        coverage
    }
}

fn count(side: Option<&Side>, coverage: &mut Coverage, of: impl Fn(&mut OfBoth) -> &mut usize) {
    let Some(side) = side else { return };
    *of(&mut coverage.errored) += usize::from(side.is_errored);
    *of(&mut coverage.unscored) += usize::from(side.scores.iter().all(Option::is_none));
    let most = of(&mut coverage.trials);
    *most = side.trials.max(*most);
}

fn side(run: &Sample, trials: &Trials, numbers: &[Option<usize>], width: usize) -> Option<Side> {
    let cases: Vec<&SampledCase<Content>> = trials.iter().map(|at| &run.cases[*at]).collect();
    let first = cases.first()?;
    let score = |scorer: usize| {
        mean(cases.iter().filter_map(|case| {
            let (_, score) = case.scores.iter().find(|(at, _)| numbers[*at] == Some(scorer))?;
            score.is_finite().then_some(*score)
        }))
    };
    let usage = |of: fn(&SampledCase<Content>) -> Option<f64>| {
        mean(cases.iter().filter_map(|case| of(case)).filter(|value| value.is_finite()))
    };
    Some(Side {
        id: first.id.clone(),
        idx: first.idx,
        key: first.key.clone(),
        cluster: cases.iter().find_map(|case| case.cluster.clone()),
        slice: cases.iter().find_map(|case| case.described.slice.clone()),
        trials: cases.len(),
        is_errored: cases.iter().any(|case| case.is_errored),
        scores: (0..width).map(score).collect(),
        usage: KINDS.map(usage),
    })
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
