//! The reasons of a gate: codes with figures. [`words`](super::words) turns them into sentences.

use serde::Serialize;

use super::missing::{MissingScores, Scale};
use super::report::OfBoth;
use super::side::{Role, RunReference};

/// The gain of a candidate, in units of the scores, where positive is better: a loss is negative.
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

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Finding {
    /// Every case has the same scores and the same outputs in both runs.
    NothingChanged {
        /// Cases.
        cases: usize,
    },
    /// Every case has the same scores, which the option `equalScores` allows.
    EqualScores {
        /// Cases.
        cases: usize,
    },
    /// A loss beyond the margin is ruled out.
    LossRuledOut {
        /// The difference.
        gain: Gain,
        /// The acceptable loss.
        margin: f64,
        /// Whether there is a loss, within the margin.
        established: bool,
    },
    /// There is a loss, and its estimate is beyond the margin.
    LossBeyondMargin {
        /// The difference.
        gain: Gain,
        /// The acceptable loss.
        margin: f64,
        /// Whether the whole interval is beyond the margin.
        certain: bool,
    },
    /// There is a loss, which may be within the margin or beyond it.
    LossEstablished {
        /// The difference.
        gain: Gain,
        /// The acceptable loss.
        margin: f64,
    },
    /// A loss beyond the margin is possible.
    LossPossible {
        /// The difference.
        gain: Gain,
        /// The acceptable loss.
        margin: f64,
    },
    /// The existing scores would be allowed, but the missing ones could hide a loss, or that the gain is smaller.
    MissingScores {
        /// The difference by the existing scores.
        gain: Gain,
        /// The difference if the missing scores were the worst possible.
        worst: Option<Gain>,
        /// The acceptable loss.
        margin: f64,
        /// The required gain, which then is what the missing scores could hide.
        required: Option<f64>,
        /// What is missing in the baseline.
        baseline: MissingScores,
        /// What is missing in the candidate.
        candidate: MissingScores,
    },
    /// A run has no cases.
    NoCases {
        /// Which of the two.
        role: Role,
        /// The run.
        run: Box<RunReference>,
    },
    /// No case is in both runs.
    NoCommonCase,
    /// Too few cases were scored in both runs.
    LowCoverage {
        /// Cases scored in both.
        scored: usize,
        /// Cases scored in at least one.
        of: usize,
        /// The minimum share of them that must be scored in both runs, by the option `minCoverage`.
        required: f64,
        /// What is missing in the baseline.
        baseline: MissingScores,
        /// What is missing in the candidate.
        candidate: MissingScores,
    },
    /// The candidate is better by at least the required gain.
    GainEstablished {
        /// The difference.
        gain: Gain,
        /// The required gain.
        required: f64,
    },
    /// A gain as large as required is ruled out.
    GainRuledOut {
        /// The difference.
        gain: Gain,
        /// The required gain.
        required: f64,
    },
    /// The required gain is possible, but not established.
    GainPossible {
        /// The difference.
        gain: Gain,
        /// The required gain.
        required: f64,
    },
    /// There are too few cases, or clusters, to estimate the spread.
    TooFew {
        /// Cases scored in both runs.
        cases: usize,
        /// Their clusters, if there are any.
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
        /// The difference.
        gain: Gain,
        /// The acceptable loss.
        margin: f64,
        /// Cases of the slice.
        cases: usize,
        /// Whether it decides: by the option `gateSlices`, if the loss is beyond the margin.
        decides: bool,
    },
    /// No scorer scored a case.
    NoScores {
        /// Cases with an error.
        errored: OfBoth,
    },
}

/// What the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Advice {
    /// More cases would probably settle it.
    MoreCases(Plan),
    /// More clusters would probably settle it.
    MoreClusters(Plan),
    /// Alpha is smaller than usual, which takes more cases.
    LargerAlpha {
        /// The option `alpha`.
        alpha: f64,
        /// The default.
        usual: f64,
    },
    /// Alpha is so large that verdicts are hardly better than chance.
    SmallerAlpha {
        /// The option `alpha`.
        alpha: f64,
        /// The default.
        usual: f64,
    },
    /// A case has more trials in one run than in the other: as many in both would narrow the interval.
    EqualTrials {
        /// The largest number of trials of a case in the baseline.
        baseline: usize,
        /// The largest number of trials of a case in the candidate.
        candidate: usize,
    },
    /// There are too few cases, or clusters, to establish a loss of any size.
    TooFewToProve {
        /// The existing number.
        have: usize,
        /// The minimum number.
        need: usize,
        /// Whether it counts clusters.
        clusters: bool,
    },
    /// The difference between repeated runs alone makes the interval too wide, however many cases there are.
    MoreRuns {
        /// Runs of the baseline.
        baseline: usize,
        /// Runs of the candidate.
        candidate: usize,
    },
    /// The difference is about as large as the limit, and hardly any number of cases distinguishes them.
    WeighMargin {
        /// The limit that is surely met: the lower end of the gain, negative for a loss.
        gain: f64,
    },
    /// With a margin of 0, every possible loss counts.
    GiveMargin {
        /// The default margin.
        margin: f64,
    },
    /// The default margin is meant for scores from 0 to 1, and these lie outside: give one that fits them.
    OwnMargin {
        /// The range of the scores.
        scale: Scale,
        /// The default margin.
        margin: f64,
    },
    /// The margin is as large as the range of the scores, so that it allows any loss: give a smaller one.
    SmallerMargin {
        /// The range of the scores.
        scale: Scale,
        /// The margin.
        margin: f64,
    },
    /// Check that the candidate used what should have changed.
    CheckChange,
    /// Check that the evaluation ran all of its cases: so few say little about others.
    CheckCases {
        /// How many were compared.
        cases: usize,
    },
    /// Read outputs that differ, since the scorer gives them the same score.
    ReviewOutputs,
    /// Look at the attempts that count as failures.
    ReviewFailures {
        /// Attempts without a score, of both runs.
        attempts: usize,
        /// Those of them that have an error.
        errored: usize,
    },
    /// Look at the cases that got worse.
    ReviewCases {
        /// How many.
        cases: usize,
    },
    /// The verdict holds whatever the missing scores are, but look at these attempts.
    ReviewMissing {
        /// Attempts without a score, of both runs.
        attempts: usize,
        /// Those of them that have an error.
        errored: usize,
    },
    /// Look at the cases of a slice that loses, or let slices decide.
    ReviewSlice,
    /// Correct infinite scores, which count as missing.
    CorrectScores {
        /// Attempts with such a score, of both runs.
        attempts: usize,
    },
    /// Give different cases different keys: those with the key of another count as its trials, and are missing as cases.
    DistinctKeys {
        /// Cases with the key of another.
        cases: usize,
    },
    /// Choose a run that has cases.
    ChooseRun,
    /// Run the attempts without a score again.
    RunAgain {
        /// Attempts without a score, of both runs; without infinite scores.
        attempts: usize,
        /// Those of them that have an error.
        errored: usize,
    },
    /// Run the candidate on the cases that it lacks.
    RunAbsent {
        /// Number of cases that it lacks.
        cases: usize,
    },
    /// Score both runs with a scorer that scored only one of them.
    ScoreBoth,
    /// Use the same keys in both runs, or pair by input.
    SameKeys,
    /// Give cases a key, so that they can be paired.
    GiveKeys,
    /// Wait for the run, resume it, or permit that it is unfinished.
    Finish,
}

/// A number of cases, or clusters, that would probably be enough.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// In all, including the existing ones.
    pub total: f64,
    /// In addition to the existing ones.
    pub more: f64,
    /// The assumption.
    pub assuming: Assumption,
    /// In all, if the true difference is the gain that was seen; `None` without a gain, or if `total` assumes it.
    pub total_as_seen: Option<f64>,
}

/// The assumption about the true difference under which a number of cases is enough in 80 of 100 comparisons (see
/// `power`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Assumption {
    /// There is no difference.
    NoDifference,
    /// It equals the estimate.
    AsSeen,
}

/// One reason of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The scorer; `None` for the runs as a whole.
    pub scorer: Option<String>,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// What the user can do.
    pub advice: Vec<Advice>,
    /// The whole sentence, starting with the scorer's name.
    pub text: String,
}
