//! Scores.

use super::cases::{CHUNK_ROWS, is_full};
use super::score_columns::{self, FailingCases};
use super::{JsonCheck, Part, Store, case_columns, ids::given_or_new};
use crate::db::{Connection, Statement, Step, Value};
use crate::error::{Argument, Result, RowKind, StoreError};
use crate::model::NewScore;

impl Store {
    /// Saves scores, all or none.
    pub fn save_scores<'a>(
        &self,
        scores: impl IntoIterator<Item = Result<NewScore<'a>>>,
    ) -> Result<()> {
        self.save_scores_part(Part::WHOLE, scores)
    }

    /// Saves scores that may be part of a batch.
    pub fn save_scores_part<'a>(
        &self,
        part: Part,
        scores: impl IntoIterator<Item = Result<NewScore<'a>>>,
    ) -> Result<()> {
        self.write_part("saveScores", part, |db| {
            let mut inserter = ScoreInserter::new(db)?;
            let mut case_before = None;
            scores.into_iter().zip(part.first_row..).try_for_each(|(score, row)| {
                let score = score?;
                // Scores of several runs may come in one call.
                if case_before.replace(score.case_id) != Some(score.case_id) {
                    self.heartbeat_for_case(db, score.case_id)?;
                }
                inserter.insert(&score).map_err(|error| error.at(Argument::row("scores", row)))
            })
        })
    }

    /// Passes the cases that have a score below the threshold to a callback in chunks, each with only those scores.
    pub fn read_failing_cases(
        &self,
        run_id: &str,
        check: JsonCheck,
        threshold: f64,
        mut each: impl FnMut(&mut FailingCases) -> Result<()>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT {}, {} FROM cases c CROSS JOIN scores s ON s.case_id = c.id
             WHERE c.run_id = ? AND s.score < ? ORDER BY c.idx, c.rowid",
            case_columns::COLUMNS,
            score_columns::COLUMNS
        );
        self.run("getFailingCases", |db| {
            let mut chunk = FailingCases::default();
            chunk.begin(check);
            let mut current = None;
            db.prepare(&sql)?.query(&[run_id.into(), threshold.into()], &mut |row| {
                let rowid = row.integer(case_columns::ROWID)?;
                if current != Some(rowid) {
                    if current.is_some() {
                        chunk.scores.end_case();
                    }
                    if is_full(&chunk.cases, CHUNK_ROWS) {
                        hand_over(&mut chunk, &mut each)?;
                        chunk.begin(check);
                    }
                    chunk.cases.push(row)?;
                    current = Some(rowid);
                }
                chunk.push_score(row)?;
                Ok(Step::Next)
            })?;
            if current.is_none() {
                return Ok(());
            }
            chunk.scores.end_case();
            hand_over(&mut chunk, &mut each)
        })
    }
}

fn hand_over(
    chunk: &mut FailingCases,
    each: &mut impl FnMut(&mut FailingCases) -> Result<()>,
) -> Result<()> {
    chunk.cases.finished();
    each(chunk)
}

/// Inserts scores one by one.
pub(super) struct ScoreInserter<'c> {
    db: &'c dyn Connection,
    plain: Box<dyn Statement + 'c>,
    /// Prepared when a score sets fields that `@deepagents/evals` does not have.
    full: Option<Box<dyn Statement + 'c>>,
}

impl<'c> ScoreInserter<'c> {
    pub(super) fn new(db: &'c dyn Connection) -> Result<Self> {
        let plain = db.prepare(
            "INSERT INTO scores (id, case_id, scorer_name, score, reason) VALUES (?, ?, ?, ?, ?)",
        )?;
        Ok(ScoreInserter { db, plain, full: None })
    }

    pub(super) fn insert(&mut self, score: &NewScore<'_>) -> Result<()> {
        let mut place = None;
        let id = given_or_new(score.id, &mut place);
        let plain = [
            id.into(),
            score.case_id.into(),
            score.scorer_name.into(),
            score.score.into(),
            Value::optional_text(score.reason),
        ];
        let inserted = if score.metadata.is_none() && score.answer.is_none() {
            self.plain.execute(&plain)
        } else {
            self.insert_full(&plain, score)
        };
        inserted.map(drop).map_err(|error| explain(error, id, score.case_id))
    }

    fn insert_full(&mut self, plain: &[Value<'_>], score: &NewScore<'_>) -> Result<u64> {
        let mut all = plain.to_vec();
        all.extend([Value::optional_text(score.metadata), Value::optional_text(score.answer)]);
        let statement = match &mut self.full {
            Some(statement) => statement,
            none => none.insert(self.db.prepare(
                "INSERT INTO scores (id, case_id, scorer_name, score, reason, metadata, answer)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?),
        };
        statement.execute(&all)
    }
}

fn explain(error: StoreError, id: &str, case_id: &str) -> StoreError {
    error.explained(|| RowKind::Score.of_id(id), || RowKind::Case.of_id(case_id))
}
