//! The data of a run for a simple comparison, in one scan: idx and scores of each case, and totals.

use super::Store;
use super::scorer_names::ScorerNames;
use super::summary::{Sum, number};
use crate::db::{OwnedValue, Row, Step, Value};
use crate::error::Result;

/// The scores of a run, case by case.
#[derive(Debug, Default)]
pub struct RunScores {
    /// idx of each case, ascending, and in the order they were saved for equal idx.
    pub idx: Vec<OwnedValue>,
    /// Names of the scorers, in no particular order.
    pub scorers: Vec<String>,
    /// Milliseconds, over all cases.
    pub total_latency_ms: f64,
    /// Tokens read, over all cases.
    pub total_tokens_in: f64,
    /// Tokens written, over all cases.
    pub total_tokens_out: f64,
    /// Index of the scorer in `scorers`, and score, case by case.
    scores: Vec<(usize, f64)>,
    /// The end of each case's scores.
    ends: Vec<usize>,
}

impl RunScores {
    /// Returns the number of cases.
    pub fn cases(&self) -> usize {
        self.idx.len()
    }

    /// Returns the scores of a case in the order they were saved: the scorer's index in [`scorers`](Self::scorers), and
    /// its score. A scorer may occur several times.
    pub fn of_case(&self, case: usize) -> &[(usize, f64)] {
        let start = case.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.scores[start..self.ends[case]]
    }
}

impl Store {
    /// Returns the scores of a run except +∞; errors name `operation`.
    pub fn run_scores(&self, run_id: &str, operation: &str) -> Result<RunScores> {
        // Some handles return only one of two columns with the same name.
        let sql =
            "SELECT c.rowid AS case_rowid, s.rowid AS score_rowid, s.scorer_name, s.score, c.idx,
                     c.latency_ms, c.tokens_in, c.tokens_out
                   FROM cases c LEFT JOIN scores s ON s.case_id = c.id
                   WHERE c.run_id = ? ORDER BY c.idx, c.rowid";
        self.run(operation, |db| {
            let mut reader = Reader::default();
            db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
                reader.add(row)?;
                Ok(Step::Next)
            })?;
            Ok(reader.finish())
        })
    }
}

#[derive(Default)]
struct Reader {
    run: RunScores,
    scorers: ScorerNames,
    current: Option<i64>,
    /// Rowid, scorer and score of the current case; they come in the order of an index.
    pending: Vec<(i64, usize, f64)>,
    latency: Sum,
    tokens_in: Sum,
    tokens_out: Sum,
}

impl Reader {
    fn add(&mut self, row: &dyn Row) -> Result<()> {
        let rowid = row.integer(0)?;
        if self.current != Some(rowid) {
            self.end_case();
            self.current = Some(rowid);
            self.run.idx.push(row.value(4)?.into_owned());
            self.latency.add(number(row.value(5)?));
            self.tokens_in.add(number(row.value(6)?));
            self.tokens_out.add(number(row.value(7)?));
        }
        if let (Some(score), Value::Text(name) | Value::Blob(name)) = (score(row)?, row.value(2)?) {
            let scorer = self.scorers.number(name);
            self.pending.push((row.integer(1)?, scorer, score));
        }
        Ok(())
    }

    /// Ends a case: its scores are put in the order in which they were saved.
    fn end_case(&mut self) {
        if self.current.is_none() {
            return;
        }
        self.pending.sort_unstable_by_key(|(rowid, ..)| *rowid);
        let in_order = self.pending.drain(..).map(|(_, scorer, score)| (scorer, score));
        self.run.scores.extend(in_order);
        self.run.ends.push(self.run.scores.len());
    }

    fn finish(mut self) -> RunScores {
        self.end_case();
        RunScores {
            scorers: self.scorers.into_texts(),
            total_latency_ms: self.latency.total(),
            total_tokens_in: self.tokens_in.total(),
            total_tokens_out: self.tokens_out.total(),
            ..self.run
        }
    }
}

/// Returns the score, `None` for no number and for +∞.
fn score(row: &dyn Row) -> Result<Option<f64>> {
    Ok(match row.value(3)? {
        Value::Real(score) => Some(score),
        Value::Integer(score) => Some(score as f64),
        _ => None,
    }
    .filter(|score| *score < f64::INFINITY))
}
