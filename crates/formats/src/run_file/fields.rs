//! The rows of a run under our own key: their columns by name, without empty ones.

use runstore::model::{
    BaselineRow, CaseRow, Prompt, ResultRow, Role, RunRow, ScoreRow, Suite, TrajectoryRow, TurnRow,
    VerdictRow,
};
use serde::{Deserialize, Serialize};

use super::{json, number};

/// One row, in the shape of the file.
macro_rules! in_file {
    ($name:ident, $row:ty, $shape:literal) => {
        #[doc = concat!("A `", stringify!($row), "` of the file.")]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub(super) struct $name(#[serde(with = $shape)] pub(super) $row);
    };
}

in_file!(InRun, RunRow, "RunShape");
in_file!(InCase, CaseRow, "CaseShape");
in_file!(InScore, ScoreRow, "ScoreShape");
in_file!(InTrajectory, TrajectoryRow, "TrajectoryShape");
in_file!(InTurn, TurnRow, "TurnShape");
in_file!(InResult, ResultRow, "ResultShape");
in_file!(InVerdict, VerdictRow, "VerdictShape");
in_file!(InSuite, Suite, "SuiteShape");
in_file!(InBaseline, BaselineRow, "BaselineShape");
in_file!(InPrompt, Prompt, "PromptShape");

#[derive(Serialize, Deserialize)]
#[serde(remote = "Suite", deny_unknown_fields)]
struct SuiteShape {
    id: String,
    name: String,
    created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BaselineRow", deny_unknown_fields)]
struct BaselineShape {
    name: String,
    set_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Prompt", deny_unknown_fields)]
struct PromptShape {
    id: String,
    name: String,
    version: i64,
    content: String,
    created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RunRow", deny_unknown_fields)]
struct RunShape {
    id: String,
    suite_id: String,
    name: String,
    model: String,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    #[serde(with = "number")]
    started_at: f64,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    finished_at: Option<f64>,
    status: String,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    tags: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    benchmarks: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint_path: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    git: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    scores: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    benchmark_summary: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    owner_pid: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner_host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner_marks: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    heartbeat_at: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CaseRow", deny_unknown_fields)]
struct CaseShape {
    id: String,
    #[serde(with = "number")]
    idx: f64,
    #[serde(with = "json")]
    input: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    tokens_in: Option<f64>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    tokens_out: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    trial: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    benchmark: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    cost_usd: Option<f64>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    started_at: Option<f64>,
    #[serde(default, with = "scores")]
    scores: Vec<ScoreRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ScoreRow", deny_unknown_fields)]
struct ScoreShape {
    id: String,
    scorer_name: String,
    #[serde(with = "number")]
    score: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TrajectoryRow", deny_unknown_fields)]
struct TrajectoryShape {
    benchmark: String,
    idx: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    example_id: Option<String>,
    #[serde(with = "number")]
    reward: f64,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    metrics: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    logs: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    time_seconds: Option<f64>,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    trial: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case_id: Option<String>,
    #[serde(default, with = "turns")]
    turns: Vec<TurnRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TurnRow", deny_unknown_fields)]
struct TurnShape {
    #[serde(with = "role")]
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_parts: bool,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    token_count: Option<f64>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, with = "json::optional", skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Roles by name.
mod role {
    use runstore::model::Role;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(role.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Role, D::Error> {
        let name = String::deserialize(deserializer)?;
        Role::of_name(&name).ok_or_else(|| D::Error::custom(format!("{name:?} is not a role")))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ResultRow", deny_unknown_fields)]
struct ResultShape {
    benchmark: String,
    #[serde(with = "number")]
    score: f64,
    num_examples: i64,
    num_correct: i64,
    num_errors: i64,
    num_truncated: i64,
    #[serde(with = "json")]
    metrics: String,
    #[serde(default, with = "number::optional", skip_serializing_if = "Option::is_none")]
    time_seconds: Option<f64>,
    #[serde(with = "json")]
    pass_at_k: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "VerdictRow", deny_unknown_fields)]
struct VerdictShape {
    id: String,
    baseline_run_id: String,
    decision: String,
    #[serde(with = "number")]
    alpha: f64,
    #[serde(with = "json")]
    scorers: String,
    created_at: i64,
}

/// A list of rows within a row.
macro_rules! list {
    ($module:ident, $row:ident, $in_file:ident, $shape:ident) => {
        mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::{$in_file, $row, $shape};

            struct Borrowed<'r>(&'r $row);

            impl Serialize for Borrowed<'_> {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    $shape::serialize(self.0, serializer)
                }
            }

            pub(super) fn serialize<S: Serializer>(
                rows: &[$row],
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(rows.iter().map(Borrowed))
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Vec<$row>, D::Error> {
                let rows = Vec::<$in_file>::deserialize(deserializer)?;
                Ok(rows.into_iter().map(|$in_file(row)| row).collect())
            }
        }
    };
}

list!(scores, ScoreRow, InScore, ScoreShape);
list!(turns, TurnRow, InTurn, TurnShape);
