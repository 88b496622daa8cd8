//! Cases together with their scores.

use super::{
    Part, Store,
    cases::{CaseInserter, CaseUpdater},
    ids::given_or_new,
    scores::ScoreInserter,
};
use crate::db::{Connection, Statement, Step, Value};
use crate::error::{Argument, Code, Problem, Result, RowId, RowKind, StoreError};
use crate::model::{NewCase, NewScore};

/// What to do with a result when the run already has its case: that of its id, or, of a result with a key and without
/// an id, that of its key, trial, `idx` and benchmark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// For an id it is an error, and nothing is saved; results without an id are new.
    #[default]
    Error,
    /// The new case and its scores replace the old case and all of its scores.
    Replace,
    /// The old case and its scores stay; the new ones are dropped.
    Ignore,
}

impl OnConflict {
    /// Adds to an error about a row that exists already what would help.
    pub(super) fn advised(error: StoreError) -> StoreError {
        match error.problem {
            Problem::Duplicate(_) => {
                error.remedied_by(Argument::option("on_conflict"), "can replace it, or keep it")
            }
            _ => error,
        }
    }
}

named!(OnConflict {
    Error = "error",
    Replace = "replace",
    Ignore = "ignore",
});

impl Store {
    /// Saves cases with their scores, all or none, and returns the ids of all cases, also of those that were there.
    ///
    /// The `case_id` of the scores is ignored. When two results are of the same case, the later one is treated as if the earlier
    /// one had been saved before.
    ///
    /// # Errors
    /// If a case with the id exists: in this run with [`OnConflict::Error`], or in another run.
    pub fn save_results<'a>(
        &self,
        part: Part,
        on_conflict: OnConflict,
        results: impl IntoIterator<Item = Result<(NewCase<'a>, Vec<NewScore<'a>>)>>,
    ) -> Result<Vec<String>> {
        self.write_part("saveResults", part, |db| {
            let mut saving = ResultSaver::new(db, on_conflict)?;
            let mut ids = Vec::new();
            let mut run_before = "";
            for (result, row) in results.into_iter().zip(part.first_row..) {
                let (case, scores) = result?;
                if case.run_id != run_before {
                    self.heartbeat(db, case.run_id)?;
                    run_before = case.run_id;
                }
                let saved = saving.save(&case, &scores);
                ids.push(saved.map_err(|error| error.at(Argument::row("results", row)))?);
            }
            Ok(ids)
        })
    }
}

struct ResultSaver<'c> {
    cases: CaseInserter<'c>,
    scores: ScoreInserter<'c>,
    known: Option<KnownCases<'c>>,
}

impl<'c> ResultSaver<'c> {
    fn new(db: &'c dyn Connection, on_conflict: OnConflict) -> Result<Self> {
        let known = match on_conflict {
            OnConflict::Error => None,
            OnConflict::Replace => Some(KnownCases::new(db, Some(CaseUpdater::new(db)?))?),
            OnConflict::Ignore => Some(KnownCases::new(db, None)?),
        };
        Ok(ResultSaver { cases: CaseInserter::new(db)?, scores: ScoreInserter::new(db)?, known })
    }

    /// Saves one result, and returns the id of its case.
    fn save(&mut self, case: &NewCase<'_>, scores: &[NewScore<'_>]) -> Result<String> {
        let there = self.known.as_mut().map_or(Ok(None), |known| known.find(case))?;
        if let (Some(known), Some(id)) = (&mut self.known, there) {
            if known.replace(&id, case)? {
                self.save_scores(&id, scores)?;
            }
            return Ok(id);
        }
        let mut made = None;
        let id = given_or_new(case.id, &mut made);
        self.cases.insert_as(id, case).map_err(OnConflict::advised)?;
        self.save_scores(id, scores)?;
        Ok(id.to_owned())
    }

    fn save_scores(&mut self, id: &str, scores: &[NewScore<'_>]) -> Result<()> {
        for (at, score) in scores.iter().enumerate() {
            self.scores
                .insert(&NewScore { case_id: id, ..*score })
                .map_err(|error| error.at(Argument::row("scores", at)))?;
        }
        Ok(())
    }
}

/// Looks up cases that may exist already.
struct KnownCases<'c> {
    run_of: Box<dyn Statement + 'c>,
    alike: Box<dyn Statement + 'c>,
    delete_scores: Box<dyn Statement + 'c>,
    /// The statement for replacing them.
    update: Option<CaseUpdater<'c>>,
}

/// The case with an index, key, benchmark and trial, in the order of `idx_cases_run_id`: the first one saved, if there are several. A
/// case without a trial is the first one.
const ALIKE: &str = "SELECT id FROM cases
    WHERE run_id = ? AND idx = ? AND key IS ? AND benchmark IS ? AND ifnull(trial, 0) = ifnull(?, 0)
    ORDER BY run_id, idx, rowid LIMIT 1";

impl<'c> KnownCases<'c> {
    fn new(db: &'c dyn Connection, update: Option<CaseUpdater<'c>>) -> Result<Self> {
        Ok(KnownCases {
            run_of: db.prepare("SELECT run_id FROM cases WHERE id = ?")?,
            alike: db.prepare(ALIKE)?,
            delete_scores: db.prepare("DELETE FROM scores WHERE case_id = ?")?,
            update,
        })
    }

    /// Returns the id of the case that the run already has for a new one.
    fn find(&mut self, case: &NewCase<'_>) -> Result<Option<String>> {
        let Some(id) = case.id else {
            return if case.more.key.is_some() { self.find_alike(case) } else { Ok(None) };
        };
        let run_id = text(&mut *self.run_of, &[id.into()])?;
        match run_id {
            Some(run_id) if run_id != case.run_id => {
                let row = RowId::Elsewhere { kind: RowKind::Case, id: id.to_owned(), run_id };
                Err(StoreError::of(Code::Constraint, Problem::Duplicate(row)))
            }
            run_id => Ok(run_id.map(|_| id.to_owned())),
        }
    }

    fn find_alike(&mut self, case: &NewCase<'_>) -> Result<Option<String>> {
        let more = &case.more;
        let values = [
            case.run_id.into(),
            case.idx.into(),
            Value::optional_text(more.key),
            Value::optional_text(more.benchmark),
            Value::optional_real(more.trial),
        ];
        text(&mut *self.alike, &values)
    }

    /// Replaces a case and deletes its scores; returns false if cases are kept as they are.
    fn replace(&mut self, id: &str, case: &NewCase<'_>) -> Result<bool> {
        let Some(update) = &mut self.update else { return Ok(false) };
        self.delete_scores.execute(&[id.into()])?;
        update.update(id, case)?;
        Ok(true)
    }
}

/// Returns the first column of the first row, if there is one.
fn text(statement: &mut dyn Statement, values: &[Value<'_>]) -> Result<Option<String>> {
    let mut found = None;
    statement.query(values, &mut |row| {
        found = Some(row.text(0)?);
        Ok(Step::Stop)
    })?;
    Ok(found)
}
