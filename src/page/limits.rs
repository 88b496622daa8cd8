//! The limits within which the score of a case passes.

use serde::Serialize;

use super::options::PageOptions;
use crate::compare::CaseTable;
use crate::error::Result;
use crate::model::{Run, Threshold};
use crate::scorecard::{Passing, rounding};
use crate::store::Store;

/// The limits of a scorer; without one, no score is too low, or too high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Limits {
    /// The lowest score that passes, less what adding floating-point numbers may lose.
    pub floor: Option<f64>,
    /// The highest score that passes.
    pub ceiling: Option<f64>,
}

impl Limits {
    /// Returns whether a score fails.
    pub fn fails(self, score: f64) -> bool {
        self.floor.is_some_and(|floor| score < floor)
            || self.ceiling.is_some_and(|ceiling| score > ceiling)
    }

    /// Returns a number above all scores that are too low; no number if scores may be too high.
    pub(super) fn below(self) -> f64 {
        if self.ceiling.is_some() { f64::INFINITY } else { self.floor.unwrap_or(f64::NEG_INFINITY) }
    }
}

/// Returns the limits of the scorers of a table. A scorer whose lower scores are better has none without a threshold.
pub(super) fn limits(
    store: &Store,
    run: &Run,
    table: &CaseTable,
    options: &PageOptions,
    operation: &str,
) -> Result<Vec<Limits>> {
    let passing = Passing::of_run(store, &run.id, operation)?;
    Ok(limits_of(&passing, &table.scorers, options))
}

/// Returns the limits of these scorers by a rule.
pub(super) fn limits_of(
    passing: &Passing,
    scorers: &[String],
    options: &PageOptions,
) -> Vec<Limits> {
    let lower = &options.gate.comparison.lower_is_better;
    let of = |scorer: &String| {
        if lower.contains(scorer) && !passing.names(scorer) {
            return Limits::default();
        }
        let Threshold { pass_floor, pass_ceiling, .. } = passing.limits(scorer);
        match passing {
            Passing::AtLeast(_) => Limits { floor: pass_floor, ceiling: pass_ceiling },
            Passing::Thresholds(_) => Limits {
                floor: pass_floor.map(|floor| floor - rounding(floor)),
                ceiling: pass_ceiling.map(|ceiling| ceiling + rounding(ceiling)),
            },
        }
    };
    scorers.iter().map(of).collect()
}
