//! Results of benchmarks.

use serde_json::value::RawValue;

use super::{Store, now};
use crate::db::{Row, Value};
use crate::error::{Argument, Code, Result, RowKind, Step, StoreError};
use crate::model::{BenchmarkResult, NewBenchmarkResult, ResultSource, RunBenchmarks, RunStatus};

const COLUMNS: &str = "run_id, benchmark, score, num_examples, num_correct, num_errors, num_truncated, \
                       metrics, time_seconds, pass_at_k";

fn result(row: &dyn Row) -> Result<BenchmarkResult> {
    let (run_id, benchmark) = (row.text(0)?, row.text(1)?);
    let count = |column| row.integer(column).map(|count| u64::try_from(count).unwrap_or(0));
    let json = |column, name| json(row.text(column)?, name, &run_id, &benchmark);
    let new = NewBenchmarkResult {
        benchmark: benchmark.clone(),
        score: row.optional_number(2)?.unwrap_or_default(),
        num_examples: count(3)?,
        num_correct: count(4)?,
        num_errors: count(5)?,
        num_truncated: count(6)?,
        metrics: json(7, "metrics")?,
        time_seconds: row.optional_number(8)?,
        pass_at_k: json(9, "pass_at_k")?,
    };
    Ok(new.of_run(&run_id, ResultSource::Saved))
}

fn json(text: String, name: &str, run_id: &str, benchmark: &str) -> Result<Box<RawValue>> {
    RawValue::from_string(text).map_err(|error| {
        let of = format!("{name} of benchmark \"{benchmark}\" of run \"{run_id}\"");
        StoreError::new(Code::Corrupt, format!("{of} is not JSON: {error}"))
    })
}

impl Store {
    /// Saves the result of a benchmark; replaces an earlier one.
    ///
    /// # Errors
    /// If a number is not finite, or there is no such run.
    pub fn save_benchmark_result(&self, run_id: &str, new: &NewBenchmarkResult) -> Result<()> {
        // Not an upsert: on a file that cannot be written, a view would refuse it with a misleading error.
        let sql = format!(
            "INSERT OR REPLACE INTO benchmark_results ({COLUMNS})
             SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM runs WHERE id = ?"
        );
        let count = |count: u64| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let parameters = [
            new.benchmark.as_str().into(),
            new.score.into(),
            count(new.num_examples),
            count(new.num_correct),
            count(new.num_errors),
            count(new.num_truncated),
            new.metrics.get().into(),
            Value::optional_real(new.time_seconds),
            new.pass_at_k.get().into(),
            run_id.into(),
        ];
        self.run("saveBenchmarkResult", |db| {
            let numbers = [("score", Some(new.score)), ("time_seconds", new.time_seconds)];
            for (name, number) in numbers {
                if let Some(number) = number.filter(|number| !number.is_finite()) {
                    let field = Argument::new("result").then(Step::Field(name.into()));
                    return Err(StoreError::value(
                        field,
                        "a finite number",
                        crate::error::number(number),
                    ));
                }
            }
            self.heartbeat(db, run_id)?;
            match db.execute(&sql, &parameters)? {
                0 => Err(StoreError::missing(Code::Constraint, RowKind::Run, run_id)),
                _ => Ok(()),
            }
        })
    }

    /// Returns the saved result; errors name `operation`.
    pub fn saved_benchmark_result(
        &self,
        run_id: &str,
        benchmark: &str,
        operation: &str,
    ) -> Result<Option<BenchmarkResult>> {
        let sql =
            format!("SELECT {COLUMNS} FROM benchmark_results WHERE run_id = ? AND benchmark = ?");
        self.run(operation, |db| db.query_one(&sql, &[run_id.into(), benchmark.into()], result))
    }

    /// Returns the sorted names of the benchmarks for which a run has a result, cases or trajectories.
    ///
    /// # Errors
    /// Also if there is no such run.
    pub fn list_benchmarks(&self, run_id: &str) -> Result<Vec<String>> {
        const OPERATION: &str = "listBenchmarks";
        let found = self.benchmarks_of(run_id, OPERATION)?;
        if found.is_empty() {
            self.expect_run(run_id, OPERATION)?;
        }
        Ok(found)
    }

    /// Like [`list_benchmarks`](Self::list_benchmarks); errors name `operation`.
    pub(crate) fn benchmarks_of(&self, run_id: &str, operation: &str) -> Result<Vec<String>> {
        let sql = "SELECT benchmark FROM benchmark_results WHERE run_id = ?
                   UNION SELECT benchmark FROM cases WHERE run_id = ? AND benchmark IS NOT NULL
                   UNION SELECT benchmark FROM trajectories WHERE run_id = ? ORDER BY 1";
        let id = Value::from(run_id);
        self.run(operation, |db| db.query_all(sql, &[id, id, id], |row| row.text(0)))
    }

    /// Returns the combined summary of a run; `None` before it is finalized.
    pub fn read_summary(&self, run_id: &str) -> Result<Option<Box<RawValue>>> {
        let sql =
            "SELECT benchmark_summary FROM runs WHERE id = ? AND benchmark_summary IS NOT NULL";
        self.run("readSummary", |db| {
            let text = db.query_one(sql, &[run_id.into()], |row| row.text(0))?;
            text.map(RawValue::from_string).transpose().map_err(|error| {
                let message = format!("benchmark_summary of run \"{run_id}\" is not JSON: {error}");
                StoreError::new(Code::Corrupt, message)
            })
        })
    }

    /// Ends a run with its scores by benchmark; `summary` is JSON, and `None` keeps an earlier summary.
    pub fn end_with_benchmarks(
        &self,
        run_id: &str,
        status: RunStatus,
        benchmarks: &RunBenchmarks,
        summary: Option<&str>,
    ) -> Result<()> {
        let sql = "UPDATE runs SET status = ?, finished_at = ?, scores = ?, benchmark_summary = ?,
                                   summary = coalesce(?, summary) WHERE id = ?";
        let scores: serde_json::Map<_, _> =
            benchmarks.iter().map(|(name, one)| (name.clone(), one.score.into())).collect();
        let scores = serde_json::Value::Object(scores).to_string();
        let combined = serde_json::to_string(benchmarks)
            .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
        let parameters = [
            status.name().into(),
            now().into(),
            scores.as_str().into(),
            combined.as_str().into(),
            Value::optional_text(summary),
            run_id.into(),
        ];
        self.run("finalizeRun", |db| db.execute(sql, &parameters)).map(drop)
    }
}
