//! Finds the case that a trajectory belongs to.

use rustc_hash::FxHashMap;

use crate::db::{Connection, Row};
use crate::error::{Argument, Code, Problem, Result, StoreError};
use crate::model::NewOutcome;

/// Finds the cases that trajectories of a run name, by id or by key.
pub(super) struct CaseFinder<'c> {
    db: &'c dyn Connection,
    run_id: &'c str,
    /// The cases of the run by key. There is no index on keys, so all of them are read when the first one is needed.
    by_key: Option<FxHashMap<String, Vec<Keyed>>>,
}

/// A case that has a key.
struct Keyed {
    id: String,
    trial: Option<f64>,
}

impl<'c> CaseFinder<'c> {
    pub(super) fn new(db: &'c dyn Connection, run_id: &'c str) -> Self {
        CaseFinder { db, run_id, by_key: None }
    }

    /// Returns the id of the named case; `None` when none is named.
    ///
    /// # Errors
    /// If the run has no such case, or several.
    pub(super) fn find(&mut self, outcome: &NewOutcome<'_>) -> Result<Option<String>> {
        match (outcome.case_id, outcome.key) {
            (None, None) => Ok(None),
            (Some(id), key) => self.of_id(id, key).map(Some),
            (None, Some(key)) => self.of_key(key, outcome.trial).map(Some),
        }
    }

    fn of_id(&self, id: &str, key: Option<&str>) -> Result<String> {
        let sql = "SELECT run_id, key FROM cases WHERE id = ?";
        let read = |row: &dyn Row| Ok((row.text(0)?, row.optional_text(1)?));
        let refused = |why: String| refused("case_id", Problem::Unsuitable(why));
        match self.db.query_one(sql, &[id.into()], read)? {
            None => Err(refused(format!("is no case of the run: there is none with id \"{id}\""))),
            Some((run_id, _)) if run_id != self.run_id => Err(refused(format!(
                "is a case of another run: \"{id}\" is one of run \"{run_id}\""
            ))),
            Some((_, Some(found))) if key.is_some_and(|key| key != found) => {
                Err(refused(format!("is a case of another key: that of \"{id}\" is \"{found}\"")))
            }
            Some(_) => Ok(id.to_owned()),
        }
    }

    fn of_key(&mut self, key: &str, trial: Option<f64>) -> Result<String> {
        let keyed = match &mut self.by_key {
            Some(keyed) => keyed,
            none => none.insert(keyed_cases(self.db, self.run_id)?),
        };
        let is_meant = |case: &&Keyed| trial.is_none() || case.trial == trial;
        let of_key = keyed.get(key).map_or(&[][..], Vec::as_slice);
        let mut meant = of_key.iter().filter(is_meant);
        let of_trial = trial.map_or(String::new(), |trial| format!(" and trial {trial}"));
        match (meant.next(), meant.count()) {
            (Some(case), 0) => Ok(case.id.clone()),
            (None, _) => {
                let why =
                    format!("is that of no case: the run has none with key \"{key}\"{of_trial}");
                Err(refused("key", Problem::Unsuitable(why)))
            }
            (Some(_), others) => {
                let many = others + 1;
                let why = format!(
                    "is that of {many} cases: name one of those with key \"{key}\"{of_trial} by trial or case_id"
                );
                Err(refused("key", Problem::Unsuitable(why)))
            }
        }
    }
}

fn keyed_cases(db: &dyn Connection, run_id: &str) -> Result<FxHashMap<String, Vec<Keyed>>> {
    let sql = "SELECT key, id, trial FROM cases WHERE run_id = ? AND key IS NOT NULL";
    let keyed = |row: &dyn Row| {
        Ok((row.text(0)?, Keyed { id: row.text(1)?, trial: row.optional_number(2)? }))
    };
    let mut by_key = FxHashMap::<String, Vec<Keyed>>::default();
    for (key, case) in db.query_all(sql, &[run_id.into()], keyed)? {
        by_key.entry(key).or_default().push(case);
    }
    Ok(by_key)
}

fn refused(field: &'static str, problem: Problem) -> StoreError {
    StoreError::of(Code::Constraint, problem).at(Argument::new(field))
}
