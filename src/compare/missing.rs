//! The values of missing scores: of a crashed trial, or of a case that the candidate lacks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Argument, Result, StoreError};
use crate::stats::Limits;

/// The value of a missing score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Missing {
    /// The worst value for the decision: an ALLOW must hold with the worst score of the scale for the candidate and the
    /// best for the baseline, a REJECT with the opposite.
    #[default]
    Worst,
    /// The worst score of the scale, for both runs: a crash is a failure.
    Fail,
    /// None: the case, or the trial, is left out.
    Ignore,
}

named!(Missing {
    Worst = "worst",
    Fail = "fail",
    Ignore = "ignore",
});

/// The lowest and the highest score of a scorer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Scale {
    /// The lowest score.
    pub low: f64,
    /// The highest score.
    pub high: f64,
}

impl From<[f64; 2]> for Scale {
    fn from([low, high]: [f64; 2]) -> Self {
        Scale { low, high }
    }
}

impl From<Scale> for Limits {
    fn from(scale: Scale) -> Self {
        Limits { low: scale.low, high: scale.high }
    }
}

impl From<Scale> for [f64; 2] {
    fn from(scale: Scale) -> Self {
        [scale.low, scale.high]
    }
}

impl Scale {
    /// Returns the scale of the given scores: 0 to 1 if all are within, otherwise their range.
    pub(super) fn of(scores: impl Iterator<Item = f64>) -> Self {
        let widened = |span: Option<Scale>, score| {
            Some(span.map_or(Scale { low: score, high: score }, |span| span.with(score)))
        };
        Scale::around(scores.fold(None, widened))
    }

    /// Returns the scale of scores with this range.
    pub(super) fn around(span: Option<Scale>) -> Self {
        match span {
            Some(span) if span.low < 0.0 || span.high > 1.0 => span,
            _ => Scale { low: 0.0, high: 1.0 },
        }
    }

    /// Returns the same, widened by a score.
    pub(super) fn with(self, score: f64) -> Self {
        Scale { low: self.low.min(score), high: self.high.max(score) }
    }

    /// Whether scores may lie outside 0 to 1, in which case margins are not percentage points.
    pub fn is_unit(&self) -> bool {
        self.low >= 0.0 && self.high <= 1.0
    }

    /// Returns the difference below which two scores are equal, because it results from floating-point addition.
    pub(super) fn rounding(&self) -> f64 {
        1e-9 * (self.high - self.low).max(self.low.abs()).max(self.high.abs())
    }
}

/// The scale of all scorers, or of each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum ScalePerScorer {
    /// Of all scorers.
    All(Scale),
    /// By scorer; the scales of others are derived from their scores.
    Each(BTreeMap<String, Scale>),
}

impl ScalePerScorer {
    pub(super) fn of(&self, scorer: &str) -> Option<Scale> {
        match self {
            ScalePerScorer::All(scale) => Some(*scale),
            ScalePerScorer::Each(scales) => scales.get(scorer).copied(),
        }
    }

    pub(super) fn names(&self) -> Vec<&String> {
        match self {
            ScalePerScorer::All(_) => vec![],
            ScalePerScorer::Each(scales) => scales.keys().collect(),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let scales: Vec<&Scale> = match self {
            ScalePerScorer::All(scale) => vec![scale],
            ScalePerScorer::Each(scales) => scales.values().collect(),
        };
        let is_sound = |scale: &&Scale| {
            scale.low < scale.high && scale.low.is_finite() && scale.high.is_finite()
        };
        match scales.into_iter().find(|scale| !is_sound(scale)) {
            Some(Scale { low, high }) => {
                let given = format!("[{low}, {high}]");
                let expected = "[lowest, highest], two finite numbers";
                Err(StoreError::value(Argument::option("range"), expected, given))
            }
            None => Ok(()),
        }
    }
}

/// The number of missing scores of a scorer in one run, among the compared cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingScores {
    /// Cases without any scored trial that it should have scored.
    pub cases: usize,
    /// Trials without a score, including those of these cases.
    pub trials: usize,
    /// The trials among them that have an error.
    pub errored: usize,
    /// The trials among them whose score is infinite, which no mean can contain.
    pub infinite: usize,
    /// Cases among them that the run does not have at all.
    pub absent: usize,
}

impl MissingScores {
    /// Returns the trials that were run and have no score.
    pub(super) fn attempts(&self) -> usize {
        self.trials.saturating_sub(self.absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_the_range_of_the_scores_unless_they_are_within_0_and_1() {
        let scale = |scores: &[f64]| <[f64; 2]>::from(Scale::of(scores.iter().copied()));
        assert_eq!(scale(&[]), [0.0, 1.0]);
        assert_eq!(scale(&[0.4, 0.6]), [0.0, 1.0]);
        assert_eq!(scale(&[1.0, 5.0]), [1.0, 5.0]);
        assert_eq!(scale(&[-1.0, 0.5]), [-1.0, 0.5]);
    }
}
