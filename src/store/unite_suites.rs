//! Merges suites with the same name.

use super::Store;
use super::suites::all_by_name;
use crate::db::Connection;
use crate::error::{Code, Result, StoreError};
use crate::model::UnitedSuites;

impl Store {
    /// Moves the runs of all suites with this name to the newest of them, which [`Store::find_suite_by_name`] returns,
    /// and removes the others. Of two baselines with the same name, the one that was set last stays. Verdicts move with
    /// their runs. The newest suite gets the thresholds of metrics for which it has none.
    ///
    /// # Errors
    /// If there is no suite with this name ([`Code::NotFound`]).
    pub fn unite_suites(&self, name: &str) -> Result<UnitedSuites> {
        self.write("uniteSuites", |db| {
            let mut suites = all_by_name(db, name)?.into_iter();
            let suite = suites.next().ok_or_else(|| {
                StoreError::new(Code::NotFound, format!("there is no suite \"{name}\""))
            })?;
            let mut united = UnitedSuites { suite, removed: Vec::new(), runs: 0 };
            for other in suites {
                united.runs += move_all(db, &other.id, &united.suite.id)?;
                united.removed.push(other.id);
            }
            Ok(united)
        })
    }
}

/// Moves the rows of a suite, and removes the suite; returns its number of runs.
fn move_all(db: &dyn Connection, from: &str, to: &str) -> Result<u64> {
    let both = [to.into(), from.into()];
    let runs = db.execute("UPDATE runs SET suite_id = ? WHERE suite_id = ?", &both)?;
    db.execute("UPDATE verdicts SET suite_id = ? WHERE suite_id = ?", &both)?;
    let older = "DELETE FROM baselines WHERE suite_id = ? AND EXISTS
                   (SELECT 1 FROM baselines AS other WHERE other.suite_id = ? AND other.name = baselines.name
                    AND other.set_at > baselines.set_at)";
    db.execute(older, &both)?;
    db.execute("UPDATE OR IGNORE baselines SET suite_id = ? WHERE suite_id = ?", &both)?;
    db.execute("UPDATE OR IGNORE thresholds SET suite_id = ? WHERE suite_id = ?", &both)?;
    db.execute("DELETE FROM suites WHERE id = ?", &[from.into()])?;
    Ok(runs)
}
