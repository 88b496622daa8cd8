//! Cases with scores, as columns.

use super::JsonCheck;
use super::case_columns::{CaseColumns, NumberColumn, TextColumn, WIDTH};
use super::damage::damage_of;
use crate::db::{OwnedValue, Row, Value};
use crate::error::Result;
use crate::model::Damage;

/// The columns that [`ScoreColumns::push`] reads after those of the case, in order.
pub(super) const COLUMNS: &str = "s.rowid AS score_rowid, s.scorer_name, s.score, s.reason, \
     s.metadata AS score_metadata, s.answer";

/// Cases, each with some of its scores.
#[derive(Debug, Default)]
pub struct FailingCases {
    /// The cases.
    pub cases: CaseColumns,
    /// Their scores.
    pub scores: ScoreColumns,
}

impl FailingCases {
    /// Starts a new chunk.
    pub(super) fn begin(&mut self, check: JsonCheck) {
        self.cases.begin(check);
        self.scores.clear();
    }

    /// Adds a score to the last case.
    pub(super) fn push_score(&mut self, row: &dyn Row) -> Result<()> {
        let mut score = PendingScore::of(row)?;
        if let (Some(damaged), Value::Text(text) | Value::Blob(text)) =
            (&mut self.cases.damaged, score.metadata.as_value())
            && let Some(reason) = damage_of(text)
        {
            let id = row.text(0)?;
            damaged.push(Damage { table: "scores", id, column: "metadata", reason });
            score.metadata = OwnedValue::Null;
        }
        self.scores.pending.push(score);
        Ok(())
    }
}

/// Scores, grouped by case.
#[derive(Debug, Default)]
pub struct ScoreColumns {
    /// Number of scores of each case.
    pub counts: Vec<u32>,
    /// Name and reason of each score.
    pub texts: TextColumn,
    /// The scores.
    pub numbers: NumberColumn,
    /// metadata and answer of each score; empty when none has any.
    pub more: Vec<OwnedValue>,
    /// The scores of the current case, in the order of an index.
    pending: Vec<PendingScore>,
}

#[derive(Debug)]
struct PendingScore {
    rowid: i64,
    name: OwnedValue,
    score: OwnedValue,
    reason: OwnedValue,
    metadata: OwnedValue,
    answer: OwnedValue,
}

impl PendingScore {
    fn of(row: &dyn Row) -> Result<Self> {
        Ok(PendingScore {
            rowid: row.integer(WIDTH)?,
            name: row.value(WIDTH + 1)?.into_owned(),
            score: row.value(WIDTH + 2)?.into_owned(),
            reason: row.value(WIDTH + 3)?.into_owned(),
            metadata: row.value(WIDTH + 4)?.into_owned(),
            answer: row.value(WIDTH + 5)?.into_owned(),
        })
    }
}

impl ScoreColumns {
    /// Completes a case: sorts its scores into the order in which they were saved.
    pub(super) fn end_case(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort_unstable_by_key(|score| score.rowid);
        self.counts.push(u32::try_from(pending.len()).unwrap_or(u32::MAX));
        for score in pending.drain(..) {
            self.push_more(&score);
            self.texts.push(score.name.as_value());
            self.texts.push(score.reason.as_value());
            self.numbers.push(score.score.as_value());
        }
        self.pending = pending;
    }

    fn push_more(&mut self, score: &PendingScore) {
        let nothing =
            [&score.metadata, &score.answer].iter().all(|one| one.as_value() == Value::Null);
        if self.more.is_empty() {
            if nothing {
                return;
            }
            self.more.resize(self.numbers.values.len() * 2, OwnedValue::Null);
        }
        self.more.extend([score.metadata.clone(), score.answer.clone()]);
    }

    fn clear(&mut self) {
        self.counts.clear();
        self.texts.clear();
        self.numbers.clear();
        self.more.clear();
    }
}
