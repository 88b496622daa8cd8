//! What a reader of a comparison should know: codes with figures. [`words`](super::words) makes sentences of them.

use serde::Serialize;

use super::missing::{Missing, MissingScores, Scale};
use super::reducer::Reducer;
use super::side::{Role, RunReference};

/// What a reader should know.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fact {
    /// A run is not completed.
    Unfinished {
        /// Which of the two.
        role: Role,
        /// The run.
        run: Box<RunReference>,
    },
    /// `latest` is not the newest run: that one did not complete.
    NewerRunIncomplete {
        /// The run that `latest` stands for.
        role: Role,
        /// The newer run.
        run: Box<RunReference>,
    },
    /// The runs belong to different suites.
    DifferentSuites,
    /// Some cases have a key and others not, so cases were paired by their input.
    SomeKeys,
    /// Cases count as trials of another because they have the same input.
    SharedInputs {
        /// How many.
        cases: usize,
    },
    /// No case is in both runs.
    NoCommonCase {
        /// Whether cases were paired by key.
        by_key: bool,
    },
    /// Not all cases are in both runs.
    PartialCoverage {
        /// Cases in both.
        both: usize,
        /// Cases of the larger run.
        of: usize,
    },
    /// Several trials, or scores of a trial, became one score.
    Reduced {
        /// How.
        reducer: Reducer,
    },
    /// Scores that are infinite count as missing.
    InfiniteScores {
        /// How many.
        scores: usize,
    },
    /// Cases are in another cluster in the candidate; the baseline's counts.
    TornClusters {
        /// How many.
        cases: usize,
    },
    /// Some cases have a cluster, and the others count as one each.
    SomeClusters {
        /// Cases with a cluster.
        with: usize,
        /// Cases without.
        without: usize,
    },
    /// All cases of a scorer are in one cluster, which says nothing of the spread.
    OneCluster {
        /// The scorer.
        scorer: String,
    },
    /// Many cases of one run each: how much two equal runs differ is in no interval.
    SingleRuns,
    /// So few cases that no figure can be trusted far.
    FewCases {
        /// The scorer.
        scorer: String,
        /// Cases scored in both runs.
        cases: usize,
    },
    /// Scores are missing.
    MissingScores {
        /// The scorer.
        scorer: String,
        /// In the baseline.
        baseline: MissingScores,
        /// In the candidate.
        candidate: MissingScores,
        /// What counts for them.
        counted: Missing,
    },
    /// All scores are equal, though outputs are not: the scorer does not see what changed.
    Unseen {
        /// The scorer.
        scorer: String,
        /// Cases scored in both runs.
        cases: usize,
    },
    /// Scores go beyond 0 to 1, and the margin is the default, which is made for these.
    DefaultMargin {
        /// The scorer.
        scorer: String,
        /// What its scores span.
        scale: Scale,
        /// The margin.
        margin: f64,
    },
}

/// A fact with its sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note {
    /// What a reader should know.
    #[serde(flatten)]
    pub fact: Fact,
    /// The same in words.
    pub text: String,
}
