//! `result.json`: a BenchmarkResult.

use super::fields::{Fields, Reason, comparable};
use super::line::number;
use super::python_json::{ascii, canonical};
use runstore::model::ResultRow;

/// The content of the file. JSON is canonical.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ResultFile {
    pub(super) name: String,
    score: f64,
    num_examples: u64,
    num_correct: u64,
    num_errors: u64,
    num_truncated: u64,
    metrics: String,
    time_seconds: f64,
    pass_at_k: String,
}

/// Parses the file, and reports changed values.
pub(super) fn read(text: &str, benchmark: &str) -> Result<(ResultFile, Option<String>), Reason> {
    let made = canonical(text)?;
    let fields = Fields::of(&made.json)?;
    let required = |name: &str| match fields.raw(name) {
        Some(_) => fields.count(name),
        None => Err(format!("{name} is missing")),
    };
    fields.raw("score").ok_or("score is missing")?;
    let finite = |name: &str| {
        let number = fields.number(name)?;
        let refused = || format!("{name} is {number}, which a result cannot have");
        number.is_finite().then_some(number).ok_or_else(refused)
    };
    let file = ResultFile {
        name: benchmark.to_owned(),
        score: finite("score")?,
        num_examples: required("num_examples")?,
        num_correct: required("num_correct")?,
        num_errors: fields.count("num_errors")?,
        num_truncated: fields.count("num_truncated")?,
        metrics: fields.numbers("metrics")?,
        time_seconds: finite("time_seconds")?,
        pass_at_k: fields.numbers("pass_at_k")?,
    };
    let name = fields.text("name")?;
    let renamed =
        (name != benchmark).then(|| format!("its name is \"{name}\", its folder's counts"));
    let nans = (made.nans > 0).then(|| format!("NaN became null ({})", made.nans));
    Ok((file, renamed.or(nans)))
}

impl ResultFile {
    /// Returns the content for a result of a store.
    pub(super) fn of(row: &ResultRow) -> Self {
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        ResultFile {
            name: row.benchmark.clone(),
            score: row.score,
            num_examples: count(row.num_examples),
            num_correct: count(row.num_correct),
            num_errors: count(row.num_errors),
            num_truncated: count(row.num_truncated),
            metrics: comparable(&row.metrics),
            // Their files cannot represent a time that was not measured.
            time_seconds: row.time_seconds.unwrap_or_default(),
            pass_at_k: comparable(&row.pass_at_k),
        }
    }

    /// Returns the result to save.
    pub(super) fn as_row(&self) -> ResultRow {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        ResultRow {
            benchmark: self.name.clone(),
            score: self.score,
            num_examples: count(self.num_examples),
            num_correct: count(self.num_correct),
            num_errors: count(self.num_errors),
            num_truncated: count(self.num_truncated),
            metrics: self.metrics.clone(),
            time_seconds: Some(self.time_seconds),
            pass_at_k: self.pass_at_k.clone(),
        }
    }

    pub(super) fn written(&self) -> String {
        let json = format!(
            "{{\n  \"name\": {},\n  \"score\": {},\n  \"num_examples\": {},\n  \"num_correct\": {},\n  \
             \"num_errors\": {},\n  \"num_truncated\": {},\n  \"metrics\": {},\n  \"time_seconds\": {},\n  \
             \"pass_at_k\": {}\n}}",
            serde_json::Value::from(self.name.as_str()),
            number(self.score),
            self.num_examples,
            self.num_correct,
            self.num_errors,
            self.num_truncated,
            self.metrics,
            number(self.time_seconds),
            self.pass_at_k,
        );
        ascii(&json)
    }
}
