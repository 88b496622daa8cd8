//! Reads cases with their scores, without texts, one by one.

use super::Store;
use crate::db::{Row, Step, Value};
use crate::error::Result;
use crate::model::{CaseRow, ScoreRow};

const SQL: &str =
    "SELECT c.rowid AS case_rowid, s.scorer_name, s.score, c.id, c.idx, c.key, c.benchmark, c.trial, c.error, c.latency_ms,
            c.tokens_in, c.tokens_out, c.cost_usd
     FROM cases c LEFT JOIN scores s ON s.case_id = c.id
     WHERE c.run_id = ? ORDER BY c.idx, c.rowid";

impl Store {
    /// Passes the cases of a run to a callback, by idx and then in the order they were saved.
    pub(crate) fn each_scored_case(
        &self,
        run_id: &str,
        operation: &str,
        each: &mut dyn FnMut(&CaseRow),
    ) -> Result<()> {
        self.run(operation, |db| {
            let mut current: Option<(i64, CaseRow)> = None;
            db.prepare(SQL)?.query(&[run_id.into()], &mut |row| {
                let rowid = row.integer(0)?;
                if current.as_ref().is_none_or(|(known, _)| *known != rowid) {
                    let before = current.replace((rowid, case(row)?));
                    before.iter().for_each(|(_, case)| each(case));
                }
                if let Some((_, case)) = &mut current {
                    case.scores.extend(score(row)?);
                }
                Ok(Step::Next)
            })?;
            current.iter().for_each(|(_, case)| each(case));
            Ok(())
        })
    }
}

fn score(row: &dyn Row) -> Result<Option<ScoreRow>> {
    let (Some(score), Value::Text(name)) = (row.optional_number(2)?, row.value(1)?) else {
        return Ok(None);
    };
    let scorer_name = String::from_utf8_lossy(name).into_owned();
    Ok(Some(ScoreRow { scorer_name, score, ..ScoreRow::default() }))
}

fn case(row: &dyn Row) -> Result<CaseRow> {
    Ok(CaseRow {
        id: row.text(3)?,
        idx: row.optional_number(4)?.unwrap_or_default(),
        key: row.optional_text(5)?,
        benchmark: row.optional_text(6)?,
        trial: row.optional_number(7)?,
        error: row.optional_text(8)?,
        latency_ms: row.optional_number(9)?,
        tokens_in: row.optional_number(10)?,
        tokens_out: row.optional_number(11)?,
        cost_usd: row.optional_number(12)?,
        ..CaseRow::default()
    })
}
