//! Cases together with their scores.

use super::{
    Part, Store,
    cases::{CaseInserter, CaseUpdater},
    ids::given_or_new,
    scores::ScoreInserter,
};
use crate::db::{Connection, Statement, Step};
use crate::error::{Argument, Code, Problem, Result, RowId, RowKind, StoreError};
use crate::model::{NewCase, NewScore};

/// What to do with a result when the run already has a case with its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// It is an error, and nothing is saved.
    #[default]
    Error,
    /// The new case and its scores replace the old case and all of its scores.
    Replace,
    /// The old case and its scores stay; the new ones are dropped.
    Ignore,
}

named!(OnConflict {
    Error = "error",
    Replace = "replace",
    Ignore = "ignore",
});

impl Store {
    /// Saves cases with their scores, all or none, and returns the ids of all cases, also of those that were there.
    ///
    /// The `case_id` of the scores is ignored. When two results have the same id, the later one is treated as if the earlier
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
                let mut made = None;
                let id = given_or_new(case.id, &mut made);
                let saved = saving.save(id, &case, &scores);
                saved.map_err(|error| error.at(Argument::row("results", row)))?;
                ids.push(id.to_owned());
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

    /// Saves one result.
    fn save(&mut self, id: &str, case: &NewCase<'_>, scores: &[NewScore<'_>]) -> Result<()> {
        if self.save_case(id, case)? == Met::Kept {
            return Ok(());
        }
        for (at, score) in scores.iter().enumerate() {
            self.scores
                .insert(&NewScore { case_id: id, ..*score })
                .map_err(|error| error.at(Argument::row("scores", at)))?;
        }
        Ok(())
    }

    fn save_case(&mut self, id: &str, case: &NewCase<'_>) -> Result<Met> {
        // A newly generated id is unique.
        let given = self.known.as_mut().filter(|_| case.id.is_some());
        let met = given.map_or(Ok(Met::Nobody), |known| known.meet(id, case))?;
        if met == Met::Nobody {
            self.cases.insert_as(id, case)?;
        }
        Ok(met)
    }
}

/// The existing case that a result conflicts with.
#[derive(PartialEq)]
enum Met {
    Nobody,
    Replaced,
    Kept,
}

/// Looks up cases that may exist already.
struct KnownCases<'c> {
    run_of: Box<dyn Statement + 'c>,
    delete_scores: Box<dyn Statement + 'c>,
    /// The statement for replacing them.
    update: Option<CaseUpdater<'c>>,
}

impl<'c> KnownCases<'c> {
    fn new(db: &'c dyn Connection, update: Option<CaseUpdater<'c>>) -> Result<Self> {
        Ok(KnownCases {
            run_of: db.prepare("SELECT run_id FROM cases WHERE id = ?")?,
            delete_scores: db.prepare("DELETE FROM scores WHERE case_id = ?")?,
            update,
        })
    }

    fn meet(&mut self, id: &str, case: &NewCase<'_>) -> Result<Met> {
        let mut found = None;
        self.run_of.query(&[id.into()], &mut |row| {
            found = Some(row.text(0)?);
            Ok(Step::Stop)
        })?;
        let Some(run_id) = found else { return Ok(Met::Nobody) };
        if run_id != case.run_id {
            let row = RowId::Elsewhere { kind: RowKind::Case, id: id.to_owned(), run_id };
            return Err(StoreError::of(Code::Constraint, Problem::Duplicate(row)));
        }
        let Some(update) = &mut self.update else { return Ok(Met::Kept) };
        self.delete_scores.execute(&[id.into()])?;
        update.update(id, case)?;
        Ok(Met::Replaced)
    }
}
