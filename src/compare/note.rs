//! Remarks on a comparison: codes with figures. [`words`](super::words) turns them into sentences.

use serde::Serialize;

use super::missing::{Missing, MissingScores};
use super::reducer::Reducer;
use super::side::{Role, RunReference};

/// A remark.
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
    /// `latest` is not the newest run, because that one did not complete.
    NewerRunIncomplete {
        /// The run to which `latest` refers.
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
    /// Cases count as trials of another because they have the same key, though their numbers do not say that they are trials.
    SharedKeys {
        /// How many.
        cases: usize,
    },
    /// A run has no cases.
    NoCases {
        /// Which of the two.
        role: Role,
        /// The run.
        run: Box<RunReference>,
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
    /// Several trials, or scores of a trial, were reduced to one score.
    Reduced {
        /// The reducer.
        reducer: Reducer,
    },
    /// Scores that are infinite count as missing.
    InfiniteScores {
        /// How many.
        scores: usize,
    },
    /// Cases have another cluster in the candidate; the baseline's is used.
    TornClusters {
        /// How many.
        cases: usize,
    },
    /// Some cases have a cluster, and each of the others counts as one.
    SomeClusters {
        /// Cases with a cluster.
        with: usize,
        /// Cases without.
        without: usize,
    },
    /// All cases of a scorer are in one cluster, so the spread is unknown.
    OneCluster {
        /// The scorer.
        scorer: String,
    },
    /// Many cases, but one run per side: the intervals do not contain how much equal runs differ.
    SingleRuns,
    /// There are too few cases for reliable figures.
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
        /// How they count.
        counted: Missing,
    },
    /// All scores are equal, but not the outputs, as far as they are stored.
    Unseen {
        /// The scorer.
        scorer: String,
        /// Cases scored in both runs.
        cases: usize,
        /// Whether all outputs are stored, so that some are known to differ.
        outputs_stored: bool,
    },
}

/// A fact with its sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note {
    /// The remark.
    #[serde(flatten)]
    pub fact: Fact,
    /// The same in words.
    pub text: String,
}

impl Fact {
    /// Returns the scorer of a fact; `None` for the runs as a whole.
    pub fn scorer(&self) -> Option<&str> {
        match self {
            Fact::OneCluster { scorer }
            | Fact::FewCases { scorer, .. }
            | Fact::MissingScores { scorer, .. }
            | Fact::Unseen { scorer, .. } => Some(scorer),
            _ => None,
        }
    }
}
