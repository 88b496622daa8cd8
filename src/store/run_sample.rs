//! The data of a run for a statistical comparison: every case with its identity, scores and cost.

use super::Store;
use super::scorer_names::ScorerNames;
use crate::db::{Row, Step, Value};
use crate::error::Result;

/// The cases of a run by idx, and in the order they were saved for equal idx.
#[derive(Debug)]
pub struct RunSample<T> {
    /// The cases.
    pub cases: Vec<SampledCase<T>>,
    /// Names of the scorers, in no particular order.
    pub scorers: Vec<String>,
}

/// One case, without its texts.
#[derive(Debug)]
pub struct SampledCase<T> {
    /// Its id.
    pub id: String,
    /// Its position in the dataset.
    pub idx: f64,
    /// Its name, stable across runs.
    pub key: Option<String>,
    /// The benchmark it belongs to.
    pub benchmark: Option<String>,
    /// The number of the attempt.
    pub trial: Option<f64>,
    /// Its cluster, a group of cases that are not independent.
    pub cluster: Option<String>,
    /// Whether it has an error.
    pub is_errored: bool,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// Index of the scorer in [`RunSample::scorers`], and the score, in the order they were saved. A scorer may occur
    /// several times, and a score may be infinite.
    pub scores: Vec<(usize, f64)>,
    /// The result of `describe` for its texts.
    pub described: T,
}

/// Selects the cases of a run and the texts to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct CasesToRead<'q> {
    /// The run.
    pub run_id: &'q str,
    /// Only cases of this benchmark; all when `None`.
    pub benchmark: Option<&'q str>,
    /// Whether their inputs are read.
    pub input: bool,
    /// Whether their metadata are read.
    pub metadata: bool,
}

/// The texts of a case, JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseTexts<'r> {
    /// `null` unless requested.
    pub input: Option<&'r [u8]>,
    /// `None` unless requested and set.
    pub metadata: Option<&'r [u8]>,
}

/// A case with its texts, for display.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseContent {
    /// JSON.
    pub input: String,
    /// JSON.
    pub expected: Option<String>,
    /// The model's answer.
    pub output: Option<String>,
    /// The error, if there is no answer.
    pub error: Option<String>,
}

// Some handles return only one of two columns with the same name.
const COLUMNS: &str = "c.rowid AS case_rowid, s.rowid AS score_rowid, s.scorer_name, s.score, c.id, c.idx, c.key, c.trial, c.cluster, \
     c.error IS NOT NULL, c.latency_ms, c.tokens_in, c.tokens_out, c.cost_usd, c.benchmark";
const TEXTS: usize = 15;

/// Receives the id of a case, its output, and its error.
type EachOutcome<'a> = dyn FnMut(&str, Option<&[u8]>, Option<&[u8]>) + 'a;

impl Store {
    /// Returns cases and scores of a run; `describe` receives the requested texts; errors name `operation`.
    pub fn sample_run<T>(
        &self,
        what: CasesToRead<'_>,
        operation: &str,
        describe: impl Fn(CaseTexts<'_>) -> T,
    ) -> Result<RunSample<T>> {
        self.sample(what, None, operation, describe)
    }

    /// Returns the first cases of a run, at most `most`, without reading further; otherwise like
    /// [`sample_run`](Self::sample_run).
    pub fn sample_beginning<T>(
        &self,
        what: CasesToRead<'_>,
        most: usize,
        operation: &str,
        describe: impl Fn(CaseTexts<'_>) -> T,
    ) -> Result<RunSample<T>> {
        self.sample(what, Some(most), operation, describe)
    }

    fn sample<T>(
        &self,
        what: CasesToRead<'_>,
        most: Option<usize>,
        operation: &str,
        describe: impl Fn(CaseTexts<'_>) -> T,
    ) -> Result<RunSample<T>> {
        let input = if what.input { "c.input" } else { "NULL AS input" };
        let metadata = if what.metadata { "c.metadata" } else { "NULL AS metadata" };
        let of_benchmark = if what.benchmark.is_some() { "AND c.benchmark = ?" } else { "" };
        let among_first = most.map(|most| {
            format!(
                "AND c.rowid IN (SELECT rowid FROM cases WHERE run_id = ? ORDER BY idx, rowid LIMIT {most})"
            )
        });
        let among_first = among_first.as_deref().unwrap_or_default();
        let sql = format!(
            "SELECT {COLUMNS}, {input}, {metadata} FROM cases c LEFT JOIN scores s ON s.case_id = c.id
             WHERE c.run_id = ? {of_benchmark} {among_first} ORDER BY c.idx, c.rowid"
        );
        let mut parameters: Vec<Value<'_>> = vec![what.run_id.into()];
        parameters.extend(what.benchmark.map(Value::from));
        parameters.extend(most.map(|_| Value::from(what.run_id)));
        self.run(operation, |db| {
            let mut reader = Reader::new(&describe);
            db.prepare(&sql)?.query(&parameters, &mut |row| {
                reader.add(row)?;
                Ok(Step::Next)
            })?;
            Ok(reader.finish())
        })
    }

    /// Returns the number of cases of a run, and the number of those with a key.
    pub fn count_keys(&self, run_id: &str, operation: &str) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), count(key) FROM cases WHERE run_id = ?";
        let counts = |row: &dyn Row| Ok((row.integer(0)? as u64, row.integer(1)? as u64));
        self.run(operation, |db| {
            Ok(db.query_one(sql, &[run_id.into()], counts)?.unwrap_or_default())
        })
    }

    /// Calls `each` with the id, the output and the error of every case of a run.
    pub fn each_outcome(
        &self,
        run_id: &str,
        operation: &str,
        each: &mut EachOutcome<'_>,
    ) -> Result<()> {
        let sql = "SELECT id, output, error FROM cases WHERE run_id = ?";
        self.run(operation, |db| {
            db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
                each(&row.text(0)?, bytes(row, 1)?, bytes(row, 2)?);
                Ok(Step::Next)
            })
        })
    }

    /// Returns the texts of a case.
    pub fn case_content(&self, id: &str, operation: &str) -> Result<Option<CaseContent>> {
        let sql = "SELECT input, expected, output, error FROM cases WHERE id = ?";
        let content = |row: &dyn Row| {
            Ok(CaseContent {
                input: row.text(0)?,
                expected: row.optional_text(1)?,
                output: row.optional_text(2)?,
                error: row.optional_text(3)?,
            })
        };
        self.run(operation, |db| db.query_one(sql, &[id.into()], content))
    }
}

struct Reader<'d, T, D> {
    describe: &'d D,
    cases: Vec<SampledCase<T>>,
    scorers: ScorerNames,
    current: Option<i64>,
    /// Rowid, scorer and score of the current case, in the order of an index.
    pending: Vec<(i64, usize, f64)>,
}

impl<'d, T, D: Fn(CaseTexts<'_>) -> T> Reader<'d, T, D> {
    fn new(describe: &'d D) -> Self {
        Reader {
            describe,
            cases: vec![],
            scorers: ScorerNames::default(),
            current: None,
            pending: vec![],
        }
    }

    fn add(&mut self, row: &dyn Row) -> Result<()> {
        let rowid = row.integer(0)?;
        if self.current != Some(rowid) {
            self.end_case();
            self.current = Some(rowid);
            let case = self.case(row)?;
            self.cases.push(case);
        }
        if let (Some(score), Value::Text(name) | Value::Blob(name)) =
            (row.optional_number(3)?, row.value(2)?)
        {
            let scorer = self.scorers.number(name);
            self.pending.push((row.integer(1)?, scorer, score));
        }
        Ok(())
    }

    fn case(&self, row: &dyn Row) -> Result<SampledCase<T>> {
        let texts = CaseTexts { input: bytes(row, TEXTS)?, metadata: bytes(row, TEXTS + 1)? };
        Ok(SampledCase {
            id: row.text(4)?,
            idx: row.optional_number(5)?.unwrap_or_default(),
            key: row.optional_text(6)?,
            trial: row.optional_number(7)?,
            cluster: row.optional_text(8)?,
            is_errored: row.integer(9)? != 0,
            latency_ms: row.optional_number(10)?,
            tokens_in: row.optional_number(11)?,
            tokens_out: row.optional_number(12)?,
            cost_usd: row.optional_number(13)?,
            benchmark: row.optional_text(14)?,
            scores: vec![],
            described: (self.describe)(texts),
        })
    }

    /// Completes a case: sorts its scores into the order in which they were saved.
    fn end_case(&mut self) {
        self.pending.sort_unstable_by_key(|(rowid, ..)| *rowid);
        let Some(case) = self.cases.last_mut() else { return };
        case.scores.extend(self.pending.drain(..).map(|(_, scorer, score)| (scorer, score)));
    }

    fn finish(mut self) -> RunSample<T> {
        self.end_case();
        RunSample { cases: self.cases, scorers: self.scorers.into_texts() }
    }
}

fn bytes(row: &dyn Row, column: usize) -> Result<Option<&[u8]>> {
    Ok(match row.value(column)? {
        Value::Text(bytes) | Value::Blob(bytes) => Some(bytes),
        _ => None,
    })
}
