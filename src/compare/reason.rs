//! Why a gate decides as it does: codes with figures. [`words`](super::words) makes sentences of them.

use serde::Serialize;

use super::missing::MissingScores;
use super::side::{Role, RunReference};

/// How much better a candidate is, in units of the scores and turned so that more is better: a loss is negative.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gain {
    /// The estimate.
    pub mean: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Level of the interval.
    pub level: f64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Finding {
    /// Every case has the same scores and the same outputs in both runs.
    NothingChanged {
        /// Cases.
        cases: usize,
    },
    /// Every case has the same scores, which is enough by the option `equalScores`.
    EqualScores {
        /// Cases.
        cases: usize,
    },
    /// A loss beyond the margin is ruled out.
    LossRuledOut {
        /// What is known of the difference.
        gain: Gain,
        /// The loss that is acceptable.
        margin: f64,
        /// Whether there is a loss, within the margin.
        established: bool,
    },
    /// There is a loss, and the estimate of it is beyond the margin.
    LossBeyondMargin {
        /// What is known of the difference.
        gain: Gain,
        /// The loss that is acceptable.
        margin: f64,
        /// Whether all of the interval is beyond the margin.
        certain: bool,
    },
    /// There is a loss, which may be within the margin or beyond it.
    LossEstablished {
        /// What is known of the difference.
        gain: Gain,
        /// The loss that is acceptable.
        margin: f64,
    },
    /// A loss beyond the margin is possible.
    LossPossible {
        /// What is known of the difference.
        gain: Gain,
        /// The loss that is acceptable.
        margin: f64,
    },
    /// What was scored would be allowed, but what is missing could hide a loss.
    MissingScores {
        /// What is known of the difference, as far as there are scores.
        gain: Gain,
        /// What is known of it if the missing scores were as bad as can be.
        worst: Option<Gain>,
        /// The loss that is acceptable.
        margin: f64,
        /// What the baseline lacks.
        baseline: MissingScores,
        /// What the candidate lacks.
        candidate: MissingScores,
    },
    /// No case is in both runs.
    NoCommonCase,
    /// Too few cases were scored in both runs.
    LowCoverage {
        /// Cases scored in both.
        scored: usize,
        /// Cases scored in one at least.
        of: usize,
        /// What the baseline lacks.
        baseline: MissingScores,
        /// What the candidate lacks.
        candidate: MissingScores,
    },
    /// The candidate is better by what was asked for, or more.
    GainEstablished {
        /// What is known of the difference.
        gain: Gain,
        /// The gain that was asked for.
        required: f64,
    },
    /// A gain as large as what was asked for is ruled out.
    GainRuledOut {
        /// What is known of the difference.
        gain: Gain,
        /// The gain that was asked for.
        required: f64,
    },
    /// The gain that was asked for is possible, but not established.
    GainPossible {
        /// What is known of the difference.
        gain: Gain,
        /// The gain that was asked for.
        required: f64,
    },
    /// So few cases, or clusters, say nothing of the spread.
    TooFew {
        /// Cases scored in both runs.
        cases: usize,
        /// Their clusters, when there are any.
        clusters: Option<usize>,
    },
    /// A run is not completed.
    Unfinished {
        /// Which of the two.
        role: Role,
        /// The run.
        run: Box<RunReference>,
    },
    /// Cases that share a value of the field `sliceBy` got worse, beyond chance.
    SliceLoses {
        /// The value; `None` for cases without the field.
        value: Option<String>,
        /// What is known of the difference.
        gain: Gain,
        /// Cases of the slice.
        cases: usize,
        /// Whether it decides, by the option `gateSlices`.
        decides: bool,
    },
    /// No scorer scored a case.
    NoScores,
}

/// What can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Advice {
    /// More cases would probably settle it.
    MoreCases {
        /// In all, those that are there included.
        total: f64,
        /// Beyond those that are there.
        more: f64,
        /// For what this holds.
        assuming: Assumption,
    },
    /// More clusters would probably settle it.
    MoreClusters {
        /// In all, those that are there included.
        total: f64,
        /// Beyond those that are there.
        more: f64,
        /// For what this holds.
        assuming: Assumption,
    },
    /// So few cases, or clusters, cannot prove a loss, however large it is.
    TooFewToProve {
        /// As many as there are.
        have: usize,
        /// As many as it takes at least.
        need: usize,
        /// Whether clusters are counted.
        clusters: bool,
    },
    /// With a margin of 0 no number of cases is enough.
    GiveMargin,
    /// Run again what has no score.
    RunAgain,
    /// Use the same keys in both runs, or pair by input.
    SameKeys,
    /// Give cases a key, by which they are found in both runs.
    GiveKeys,
    /// Wait until the run is done, resume it, or say that it may be unfinished.
    Finish,
}

/// What the true difference has to be for a number of cases to be enough in 80 of 100 comparisons (see `power`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Assumption {
    /// There is none.
    NoDifference,
    /// It is the one that was seen.
    AsSeen,
}

/// One reason of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The scorer that it is about; `None` for the runs as a whole.
    pub scorer: Option<String>,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// What can be done.
    pub advice: Vec<Advice>,
    /// All of it in words, the scorer's name before them.
    pub text: String,
}
