//! What a page shows of cases: the start of each in one scan, and the full cases that are opened.

use super::Store;
use super::annotations::{Judgement, earlier_judgements};
use crate::db::{Connection, Row, Statement, Step, Value};
use crate::error::Result;

/// The start of a case, and the fields that distinguish its answer.
#[derive(Clone, Copy, Debug)]
pub struct CaseStart<'r> {
    /// Its id.
    pub id: &'r str,
    /// JSON.
    pub input: &'r [u8],
    /// The benchmark it belongs to.
    pub benchmark: Option<&'r [u8]>,
    /// The model's answer.
    pub output: Option<&'r [u8]>,
    /// The error, if there is no answer.
    pub error: Option<&'r [u8]>,
}

impl<'c> From<&'c WholeCase> for CaseStart<'c> {
    fn from(case: &'c WholeCase) -> Self {
        CaseStart {
            id: &case.id,
            input: case.input.as_bytes(),
            benchmark: case.benchmark.as_deref().map(str::as_bytes),
            output: case.output.as_deref().map(str::as_bytes),
            error: case.error.as_deref().map(str::as_bytes),
        }
    }
}

/// What a case is about.
#[derive(Clone, Copy, Debug)]
pub struct Description<'r> {
    /// The case.
    pub case_id: &'r str,
    /// JSON.
    pub metadata: Option<&'r [u8]>,
    /// JSON.
    pub expected: Option<&'r [u8]>,
}

/// An error, or a score with its reason.
#[derive(Clone, Copy, Debug)]
pub struct Remark<'r> {
    /// The case.
    pub case_id: &'r str,
    /// The scorer; `None` for an error.
    pub scorer: Option<&'r str>,
    /// The start of the error or the reason.
    pub text: Option<&'r [u8]>,
}

/// Number of characters of an error or a reason in a [`Remark`].
const REMARK: usize = 400;

/// A case with all of its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WholeCase {
    /// Its id.
    pub id: String,
    /// Its run.
    pub run_id: String,
    /// Its position in the dataset.
    pub idx: f64,
    /// Its name, stable across runs.
    pub key: Option<String>,
    /// The number of the attempt.
    pub trial: Option<f64>,
    /// The benchmark it belongs to.
    pub benchmark: Option<String>,
    /// JSON.
    pub input: String,
    /// JSON.
    pub expected: Option<String>,
    /// The model's answer.
    pub output: Option<String>,
    /// The error, if there is no answer.
    pub error: Option<String>,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// JSON.
    pub metadata: Option<String>,
    /// In the order in which they were saved.
    pub scores: Vec<WholeScore>,
}

/// A score with all of its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeScore {
    /// The scorer.
    pub scorer: String,
    /// The score.
    pub score: f64,
    /// The reason.
    pub reason: Option<String>,
    /// The answer that the scorer extracted.
    pub answer: Option<String>,
    /// Earlier judgements of the same person, latest first.
    pub earlier: Vec<Judgement>,
}

/// Totals of a run over all of its cases. `None` when no case has a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunTotals {
    /// Number of cases; each trial counts.
    pub cases: u64,
    /// Cases with an error.
    pub errored: u64,
    /// Mean over the cases that have a latency, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Sum over the cases that have a value.
    pub tokens_in: Option<f64>,
    /// Sum over the cases that have a value.
    pub tokens_out: Option<f64>,
    /// Sum over the cases that have a value, in US dollars.
    pub cost_usd: Option<f64>,
}

impl Store {
    /// Calls `each` with the start of every case of a run, in no particular order.
    pub fn each_case_start(
        &self,
        run_id: &str,
        operation: &str,
        each: &mut dyn FnMut(CaseStart<'_>),
    ) -> Result<()> {
        let sql = "SELECT id, input, benchmark, output, error FROM cases WHERE run_id = ?";
        self.run(operation, |db| {
            db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
                each(CaseStart {
                    id: &row.text(0)?,
                    input: bytes(row, 1)?.unwrap_or_default(),
                    benchmark: bytes(row, 2)?,
                    output: bytes(row, 3)?,
                    error: bytes(row, 4)?,
                });
                Ok(Step::Next)
            })
        })
    }

    /// Calls `each` with the cases of a run that have metadata or an expected answer.
    pub fn each_description(
        &self,
        run_id: &str,
        operation: &str,
        each: &mut dyn FnMut(Description<'_>),
    ) -> Result<()> {
        let sql = "SELECT id, metadata, expected FROM cases
                   WHERE run_id = ? AND (metadata IS NOT NULL OR expected IS NOT NULL)";
        self.run(operation, |db| {
            db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
                let (metadata, expected) = (bytes(row, 1)?, bytes(row, 2)?);
                each(Description { case_id: &row.text(0)?, metadata, expected });
                Ok(Step::Next)
            })
        })
    }

    /// Calls `each` with the errors of a run and the scores below a threshold, in no particular order.
    pub fn each_remark(
        &self,
        run_id: &str,
        below: f64,
        operation: &str,
        each: &mut dyn FnMut(Remark<'_>),
    ) -> Result<()> {
        let sql = format!(
            "SELECT id AS case_id, NULL AS scorer, substr(error, 1, {REMARK}) AS remark
             FROM cases WHERE run_id = ? AND error IS NOT NULL
             UNION ALL SELECT c.id, s.scorer_name, substr(s.reason, 1, {REMARK})
             FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ? AND s.score < ?"
        );
        self.run(operation, |db| {
            db.prepare(&sql)?.query(&[run_id.into(), run_id.into(), below.into()], &mut |row| {
                let (case_id, scorer) = (row.text(0)?, row.optional_text(1)?);
                each(Remark { case_id: &case_id, scorer: scorer.as_deref(), text: bytes(row, 2)? });
                Ok(Step::Next)
            })
        })
    }

    /// Returns whether a run has scores of a scorer.
    pub fn has_scorer(&self, run_id: &str, scorer: &str, operation: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM cases c JOIN scores s ON s.case_id = c.id
                   WHERE c.run_id = ? AND s.scorer_name = ?)";
        let parameters = [run_id.into(), scorer.into()];
        self.run(operation, |db| {
            Ok(db.query_one(sql, &parameters, |row| row.integer(0))?.unwrap_or_default() != 0)
        })
    }

    /// Returns the totals of a run; errors name `operation`.
    pub fn run_totals(&self, run_id: &str, operation: &str) -> Result<RunTotals> {
        let sql = "SELECT count(*), count(error), avg(latency_ms), sum(tokens_in), sum(tokens_out), sum(cost_usd)
                   FROM cases WHERE run_id = ?";
        let totals = |row: &dyn Row| {
            Ok(RunTotals {
                cases: u64::try_from(row.integer(0)?).unwrap_or_default(),
                errored: u64::try_from(row.integer(1)?).unwrap_or_default(),
                latency_ms: row.optional_number(2)?,
                tokens_in: row.optional_number(3)?,
                tokens_out: row.optional_number(4)?,
                cost_usd: row.optional_number(5)?,
            })
        };
        self.run(operation, |db| {
            Ok(db.query_one(sql, &[run_id.into()], totals)?.unwrap_or_default())
        })
    }

    /// Calls `each` with the cases with these ids, in this order; deleted cases are skipped.
    pub fn each_whole_case<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i str>,
        operation: &str,
        each: &mut dyn FnMut(WholeCase) -> Result<()>,
    ) -> Result<()> {
        self.run(operation, |db| {
            let mut reader = Reader::new(db)?;
            for id in ids {
                if let Some(case) = reader.read(id)? {
                    each(case)?;
                }
            }
            Ok(())
        })
    }
}

struct Reader<'c> {
    case: Box<dyn Statement + 'c>,
    scores: Box<dyn Statement + 'c>,
}

impl<'c> Reader<'c> {
    fn new(db: &'c dyn Connection) -> Result<Self> {
        let case = "SELECT id, run_id, idx, key, trial, benchmark, input, expected, output, error,
                           latency_ms, tokens_in, tokens_out, cost_usd, metadata FROM cases WHERE id = ?";
        let scores = "SELECT scorer_name, score, reason, answer, CASE WHEN scorer_name GLOB 'human:*' THEN metadata END AS said
                      FROM scores WHERE case_id = ? ORDER BY rowid";
        Ok(Reader { case: db.prepare(case)?, scores: db.prepare(scores)? })
    }

    fn read(&mut self, id: &str) -> Result<Option<WholeCase>> {
        let mut found = None;
        self.case.query(&[id.into()], &mut |row| {
            found = Some(case(row)?);
            Ok(Step::Next)
        })?;
        if let Some(case) = &mut found {
            self.scores.query(&[id.into()], &mut |row| {
                case.scores.push(score(row)?);
                Ok(Step::Next)
            })?;
        }
        Ok(found)
    }
}

fn case(row: &dyn Row) -> Result<WholeCase> {
    Ok(WholeCase {
        id: row.text(0)?,
        run_id: row.text(1)?,
        idx: row.optional_number(2)?.unwrap_or_default(),
        key: row.optional_text(3)?,
        trial: row.optional_number(4)?,
        benchmark: row.optional_text(5)?,
        input: row.text(6)?,
        expected: row.optional_text(7)?,
        output: row.optional_text(8)?,
        error: row.optional_text(9)?,
        latency_ms: row.optional_number(10)?,
        tokens_in: row.optional_number(11)?,
        tokens_out: row.optional_number(12)?,
        cost_usd: row.optional_number(13)?,
        metadata: row.optional_text(14)?,
        scores: vec![],
    })
}

fn score(row: &dyn Row) -> Result<WholeScore> {
    Ok(WholeScore {
        scorer: row.text(0)?,
        score: row.optional_number(1)?.unwrap_or(f64::NAN),
        reason: row.optional_text(2)?,
        answer: row.optional_text(3)?,
        earlier: row.optional_text(4)?.map(|text| earlier_judgements(&text)).unwrap_or_default(),
    })
}

fn bytes(row: &dyn Row, column: usize) -> Result<Option<&[u8]>> {
    Ok(match row.value(column)? {
        Value::Text(bytes) | Value::Blob(bytes) => Some(bytes),
        _ => None,
    })
}
