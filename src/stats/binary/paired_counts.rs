//! The 2 × 2 table of paired 0/1 scores.

use crate::stats::check;
use crate::stats::error::{Result, StatsError};

/// How often two runs pass the same cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairedCounts {
    /// Cases that both runs pass.
    pub both: u64,
    /// Cases that only the baseline passes: regressions.
    pub baseline_only: u64,
    /// Cases that only the candidate passes: improvements.
    pub candidate_only: u64,
    /// Cases that neither passes.
    pub neither: u64,
}

impl PairedCounts {
    /// Returns the number of cases.
    pub fn n(&self) -> u64 {
        self.both.saturating_add(self.discordant()).saturating_add(self.neither)
    }

    /// Returns the number of cases that exactly one run passes.
    pub fn discordant(&self) -> u64 {
        self.baseline_only.saturating_add(self.candidate_only)
    }

    /// Returns the difference of the pass rates, candidate − baseline; NaN without cases.
    pub fn delta(&self) -> f64 {
        (self.candidate_only as f64 - self.baseline_only as f64) / self.n() as f64
    }

    /// Returns the table with the runs exchanged.
    pub(super) fn swapped(self) -> Self {
        let PairedCounts { baseline_only, candidate_only, .. } = self;
        PairedCounts { baseline_only: candidate_only, candidate_only: baseline_only, ..self }
    }

    /// Refuses a table without cases.
    pub(super) fn check(&self) -> Result<()> {
        if self.n() > 0 {
            return Ok(());
        }
        Err(StatsError::Unsuitable { argument: "counts", reason: "must count at least one case" })
    }
}

/// Returns the table of two runs' 0/1 scores on the same cases.
///
/// # Errors
/// If the lengths differ, there are no scores, or a score is neither 0 nor 1.
pub fn paired_counts(baseline: &[f64], candidate: &[f64]) -> Result<PairedCounts> {
    check::pairs(baseline, candidate, 1)?;
    binary("baseline", baseline)?;
    binary("candidate", candidate)?;
    let mut counts = PairedCounts::default();
    for (before, after) in baseline.iter().zip(candidate) {
        let count = match (*before == 1.0, *after == 1.0) {
            (true, true) => &mut counts.both,
            (true, false) => &mut counts.baseline_only,
            (false, true) => &mut counts.candidate_only,
            (false, false) => &mut counts.neither,
        };
        *count += 1;
    }
    Ok(counts)
}

fn binary(argument: &'static str, scores: &[f64]) -> Result<()> {
    match scores.iter().position(|score| *score != 0.0 && *score != 1.0) {
        Some(index) => Err(StatsError::NotBinary { argument, index, value: scores[index] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_four_cells() {
        let counts = paired_counts(&[1., 1., 0., 0., 0.], &[1., 0., 1., 1., 0.]).unwrap();
        let expected = PairedCounts { both: 1, baseline_only: 1, candidate_only: 2, neither: 1 };
        assert_eq!(counts, expected);
        assert_eq!((counts.n(), counts.discordant(), counts.delta()), (5, 3, 0.2));
    }

    #[test]
    fn graded_scores_are_refused_with_their_place() {
        let error = paired_counts(&[1.0, 0.0], &[1.0, 0.9]).unwrap_err();
        assert_eq!(error, StatsError::NotBinary { argument: "candidate", index: 1, value: 0.9 });
        assert_eq!(paired_counts(&[], &[]).unwrap_err().argument(), "baseline");
    }
}
