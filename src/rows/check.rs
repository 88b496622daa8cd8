//! Checks for values that a store could save but not read back.

use serde::de::IgnoredAny;

use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{CaseRow, RowBatch, RunRow, STATUSES, TrajectoryRow};
use crate::rows::check_thresholds;

/// Checks the values of a batch from outside: JSON columns hold JSON, and required numbers are present.
///
/// # Errors
/// Names the row and the column.
pub fn check_batch(batch: &RowBatch) -> Result<()> {
    match batch {
        RowBatch::Run(head) => {
            check_thresholds(&head.thresholds, &Argument::new("thresholds"))?;
            check_run(&head.run, &head.suite.id)
        }
        RowBatch::Cases(rows) => rows.iter().try_for_each(check_case),
        RowBatch::Trajectories(rows) => rows.iter().try_for_each(check_trajectory),
        RowBatch::Results(rows) => rows.iter().try_for_each(|row| {
            let of = Row("result of benchmark", &row.benchmark);
            of.json("metrics", Some(&row.metrics))?;
            of.json("pass_at_k", Some(&row.pass_at_k))?;
            of.numbers(&[("score", Some(row.score)), ("time_seconds", row.time_seconds)])
        }),
        RowBatch::Verdicts(rows) => rows.iter().try_for_each(|row| {
            let of = Row("verdict", &row.id);
            of.json("scorers", Some(&row.scorers))?;
            of.numbers(&[("alpha", Some(row.alpha))])
        }),
        RowBatch::Baselines(_) | RowBatch::Prompts(_) | RowBatch::End(_) => Ok(()),
    }
}

fn check_run(run: &RunRow, suite_id: &str) -> Result<()> {
    let of = Row("run", &run.id);
    if run.suite_id != suite_id {
        return Err(of.refused(
            "suite_id",
            &format!("is \"{}\", and its suite has the id \"{suite_id}\"", run.suite_id),
        ));
    }
    if !STATUSES.contains(&run.status.as_str()) {
        return Err(of.refused("status", &format!("is \"{}\"", run.status)));
    }
    let texts = [
        ("config", &run.config),
        ("summary", &run.summary),
        ("tags", &run.tags),
        ("metadata", &run.metadata),
        ("benchmarks", &run.benchmarks),
        ("git", &run.git),
        ("scores", &run.scores),
        ("benchmark_summary", &run.benchmark_summary),
    ];
    texts.iter().try_for_each(|(name, json)| of.json(name, json.as_deref()))?;
    of.numbers(&[("started_at", Some(run.started_at)), ("finished_at", run.finished_at)])
}

fn check_case(case: &CaseRow) -> Result<()> {
    let of = Row("case", &case.id);
    of.json("input", Some(&case.input))?;
    of.json("expected", case.expected.as_deref())?;
    of.json("metadata", case.metadata.as_deref())?;
    of.numbers(&[
        ("idx", Some(case.idx)),
        ("latency_ms", case.latency_ms),
        ("tokens_in", case.tokens_in),
        ("tokens_out", case.tokens_out),
        ("trial", case.trial),
        ("cost_usd", case.cost_usd),
        ("started_at", case.started_at),
    ])?;
    case.scores.iter().try_for_each(|score| {
        let of = Row("score", &score.id);
        of.json("metadata", score.metadata.as_deref())?;
        of.numbers(&[("score", Some(score.score))])
    })
}

fn check_trajectory(row: &TrajectoryRow) -> Result<()> {
    let name = format!("{} of benchmark {}", row.idx, row.benchmark);
    let of = Row("trajectory", &name);
    of.json("metrics", row.metrics.as_deref())?;
    of.json("logs", row.logs.as_deref())?;
    of.numbers(&[
        ("reward", Some(row.reward)),
        ("time_seconds", row.time_seconds),
        ("trial", row.trial),
    ])?;
    row.turns.iter().try_for_each(|turn| {
        // Null marks a value that the doctor has set aside.
        let parts = turn.content.as_deref().filter(|text| turn.is_parts && !text.is_empty());
        of.json("content of a turn", parts)?;
        of.object("message of a turn", turn.message.as_deref())?;
        of.json("metadata of a turn", turn.metadata.as_deref())?;
        of.numbers(&[("token_count of a turn", turn.token_count)])
    })
}

/// A row, as errors name it.
struct Row<'r>(&'static str, &'r str);

impl Row<'_> {
    fn json(&self, column: &str, json: Option<&str>) -> Result<()> {
        match json.map(serde_json::from_str::<IgnoredAny>) {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(self.refused(column, &format!("is not JSON: {error}"))),
        }
    }

    fn object(&self, column: &str, json: Option<&str>) -> Result<()> {
        self.json(column, json)?;
        match json.is_none_or(|json| json.trim_start().starts_with('{')) {
            true => Ok(()),
            false => Err(self.refused(column, "is not a JSON object")),
        }
    }

    /// SQLite stores NaN as NULL, which would be read as another value, or as none.
    fn numbers(&self, numbers: &[(&str, Option<f64>)]) -> Result<()> {
        match numbers.iter().find(|(_, number)| number.is_some_and(f64::is_nan)) {
            None => Ok(()),
            Some((column, _)) => Err(self.refused(column, "is NaN")),
        }
    }

    fn refused(&self, column: &str, why: &str) -> StoreError {
        let Row(kind, id) = self;
        StoreError::new(Code::InvalidArgument, format!("{column} of {kind} \"{id}\" {why}"))
    }
}
