//! Verdicts.

/// What a gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Decision {
    /// A loss beyond the margin is ruled out.
    Allow,
    /// There is a loss, and it may be beyond the margin.
    Reject,
    /// Neither can be said.
    Inconclusive,
}

named!(Decision {
    Allow = "ALLOW",
    Reject = "REJECT",
    Inconclusive = "INCONCLUSIVE",
});

/// What a gate found for one scorer.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct VerdictScorer {
    /// The scorer.
    pub scorer_name: String,
    /// What its scores alone would decide.
    pub decision: Decision,
    /// Mean of candidate − baseline, in units of the scores; `None` without common cases.
    pub delta: Option<f64>,
    /// Lower end of the interval of `delta`, of level 1 − alpha.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Names of the test and the interval, for instance `mcnemar_mid_p/tango`.
    pub method: Option<String>,
    /// The loss that was acceptable, in units of the scores.
    pub margin: f64,
    /// Cases that were scored in both runs.
    pub n: u64,
}

/// A verdict to be kept.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct NewVerdict {
    /// The run that was compared with.
    pub baseline_run_id: String,
    /// The run that was judged.
    pub candidate_run_id: String,
    /// What was decided.
    pub decision: Decision,
    /// Probability of an interval that misses the truth, between 0 and 1.
    pub alpha: f64,
    /// What was found, scorer by scorer.
    pub scorers: Vec<VerdictScorer>,
}

/// A verdict that was kept.
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
    /// What was decided.
    pub decision: Decision,
    /// Probability of an interval that misses the truth.
    pub alpha: f64,
    /// What was found, scorer by scorer.
    pub scorers: Vec<VerdictScorer>,
    /// Milliseconds since the epoch.
    pub created_at: i64,
}

/// Which verdicts to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerdictFilter<'a> {
    /// Those of candidates of this suite.
    pub suite_id: Option<&'a str>,
    /// Those on this candidate.
    pub run_id: Option<&'a str>,
    /// At most so many; all when `None`.
    pub limit: Option<u32>,
}
