//! Compares runs.
//!
//! Runs are read through [`Store`](crate::Store); the comparison itself has no I/O.
//!
//! [`compare`] estimates the difference between two runs and whether it is more than chance, [`gate`] decides whether
//! the candidate may replace the baseline; [`history`] and [`trend`] follow many runs. [`compare_runs`] is the
//! unchanged comparison of `@deepagents/evals`.

// Only tests may panic.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod calibration;
mod case_side;
mod case_table;
mod cases;
mod comparison;
mod content;
mod diffs;
mod estimate;
mod gate;
mod history;
mod judgement;
mod judges;
mod matching;
mod method;
mod missing;
mod note;
mod notes;
mod numbers;
mod options;
mod outputs;
mod paired_scores;
mod pairing;
mod reason;
mod reducer;
mod report;
mod run_cases;
mod runs;
mod sample_size;
mod scales;
mod scored_run;
mod scorer_comparison;
mod scorers;
mod side;
mod side_reader;
mod slices;
mod spread;
mod tested;
mod trend;
mod usage;
mod verdict;
mod worded;
pub mod words;
mod worst;

pub use calibration::{
    CALIBRATION_RUNS, Calibration, CalibrationOptions, MIN_CALIBRATION_RUNS, ScorerCalibration,
    calibrate,
};
pub use case_table::{CaseTable, TableSide, case_table, first_rows, run_means, scored_table};
pub use comparison::compare;
pub use estimate::Estimate;
pub use gate::{GateReport, ScorerVerdict, gate, gate_scores};
pub use history::{HistoryOptions, HistoryRow, RunDelta, history};
pub use judges::{
    Confusion, Estimated, HumanMean, JudgeAgreement, JudgeOptions, agreement_with_people,
    judge_agreement,
};
pub use method::Method;
pub use missing::{Missing, MissingScores, Scale, ScalePerScorer};
pub use note::{Fact, Note};
pub use options::{
    ComparisonOptions, DEFAULT_MARGIN, DEFAULT_MIN_COVERAGE, EqualScores, GateOptions, PairBy,
    PerScorer,
};
pub use paired_scores::PairedScores;
pub use reason::{Advice, Assumption, Finding, Gain, Plan, Reason};
pub use reducer::Reducer;
pub use report::*;
pub(crate) use run_cases::{Attempt, RunCases};
pub use runs::{Change, CompareOptions, CostDelta, RunComparison, ScorerSummary, compare_runs};
pub use scored_run::ScorerMean;
pub use side::{Role, RunReference};
pub use spread::{Spread, difference_spreads, spreads};
pub use trend::{
    Direction, MIN_TREND_RUNS, TREND_RUNS, Trend, TrendCusum, TrendOptions, TrendPoint, trend,
};

pub use crate::model::Decision;

/// For [`crate::fuzzing`].
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing {
    use super::content::{Content, canonical_text as canonical};
    use super::options::Field;
    use crate::store::CaseTexts;

    /// Returns the canonical form of an input, which is equal for inputs that differ only in formatting; `None` for
    /// invalid JSON.
    pub fn canonical_text(json: &[u8]) -> Option<String> {
        crate::json::read_apart(json).ok().as_ref().map(canonical)
    }

    /// Returns the values that a comparison keeps from the texts of a case.
    pub fn digest_and_slice(
        input: &[u8],
        metadata: Option<&[u8]>,
        field: &str,
    ) -> (u128, Option<String>) {
        let texts = CaseTexts { input: Some(input), metadata };
        let content = Content::of(texts, Field::parse(field).as_ref());
        (content.digest, content.slices.into_iter().next())
    }
}
