//! Verdicts.

/// The decision of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Decision {
    /// A loss beyond the margin is ruled out.
    Allow,
    /// There is a loss, which may be beyond the margin.
    Reject,
    /// Neither can be shown.
    Inconclusive,
}

named!(Decision {
    Allow = "ALLOW",
    Reject = "REJECT",
    Inconclusive = "INCONCLUSIVE",
});

/// The verdict on one scorer.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct VerdictScorer {
    /// The scorer.
    pub scorer_name: String,
    /// The decision based on its scores alone.
    pub decision: Decision,
    /// Mean of candidate − baseline, in units of the scores; `None` without common cases.
    pub delta: Option<f64>,
    /// Lower end of the interval of `delta`, of level 1 − alpha.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Two-sided, for no difference.
    pub p_value: Option<f64>,
    /// Names of the test and the interval, for instance `mcnemar_mid_p/tango`.
    pub method: Option<String>,
    /// The accepted loss, in units of the scores.
    pub margin: f64,
    /// Cases that were scored in both runs.
    pub n: u64,
}

/// A verdict to save.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct NewVerdict {
    /// The run that was compared with.
    pub baseline_run_id: String,
    /// The run that was judged.
    pub candidate_run_id: String,
    /// The decision.
    pub decision: Decision,
    /// Probability that an interval misses the true value, between 0 and 1.
    pub alpha: f64,
    /// The verdict on each scorer.
    pub scorers: Vec<VerdictScorer>,
}

/// A saved verdict.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// Unique id.
    pub id: String,
    /// The suite of the candidate.
    pub suite_id: String,
    /// The run that was compared with; it may have been deleted since.
    pub baseline_run_id: String,
    /// The run that was judged.
    pub candidate_run_id: String,
    /// The decision.
    pub decision: Decision,
    /// Probability that an interval misses the true value.
    pub alpha: f64,
    /// The verdict on each scorer.
    pub scorers: Vec<VerdictScorer>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Selects verdicts.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerdictFilter<'a> {
    /// Id of the candidate's suite.
    pub suite_id: Option<&'a str>,
    /// Id of the candidate.
    pub run_id: Option<&'a str>,
    /// Maximum number of verdicts; all when `None`.
    pub limit: Option<u32>,
}
