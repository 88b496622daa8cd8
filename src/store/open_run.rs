//! Opens a run: resumes an interrupted one, or starts a new one.

use super::Store;
use crate::db::Row;
use crate::error::{Code, Result, StoreError};
use crate::model::{NewRun, OpenedRun, Resume};

const OPERATION: &str = "openRun";

impl Store {
    /// Opens a run of the suite with this name, which is created if necessary; `new.suite_id` is ignored. Resumes the
    /// run that `resume` selects, if possible; otherwise starts a new run. All of it happens, or nothing.
    ///
    /// # Errors
    /// For [`Resume::Run`]: if there is no such run in the suite, or another process is working on it.
    pub fn open_run(&self, suite: &str, new: &NewRun<'_>, resume: Resume<'_>) -> Result<OpenedRun> {
        let suite_id = self.get_or_create_suite_for(OPERATION, suite)?.id;
        let new = NewRun { suite_id: &suite_id, ..*new };
        let opened = |id, resumed| OpenedRun { id, suite_id: suite_id.clone(), resumed };
        self.all_or_nothing(OPERATION, || match resume {
            Resume::Run(id) => {
                self.resume_of_suite(&suite_id, id).map(|()| opened(id.into(), true))
            }
            Resume::Latest => match self.latest_unfinished(&new)? {
                Some(id) if self.is_resumed(&id)? => Ok(opened(id, true)),
                _ => Ok(opened(self.create_run(&new)?, false)),
            },
            Resume::Never => Ok(opened(self.create_run(&new)?, false)),
        })
    }

    fn resume_of_suite(&self, suite_id: &str, id: &str) -> Result<()> {
        let sql = "SELECT 1 FROM runs WHERE id = ? AND suite_id = ?";
        let parameters = [id.into(), suite_id.into()];
        let found = self.run(OPERATION, |db| db.query_one(sql, &parameters, |_| Ok(())))?;
        if found.is_none() {
            let message = format!("{OPERATION}: the suite has no run with id \"{id}\"");
            return Err(StoreError::new(Code::NotFound, message));
        }
        self.resume_run(id, None)
    }

    /// Returns the most recently started run with this suite, name and model, unless it was completed. Runs that were
    /// interrupted earlier are ignored: a later run has replaced them.
    fn latest_unfinished(&self, new: &NewRun<'_>) -> Result<Option<String>> {
        let sql = "SELECT id, status FROM runs WHERE suite_id = ? AND name = ? AND model = ?
                   ORDER BY started_at DESC, rowid DESC LIMIT 1";
        let parameters = [new.suite_id.into(), new.name.into(), new.model.into()];
        let of_row = |row: &dyn Row| Ok((row.text(0)?, row.text(1)?));
        let latest = self.run(OPERATION, |db| db.query_one(sql, &parameters, of_row))?;
        Ok(latest.and_then(|(id, status)| (status != "completed").then_some(id)))
    }

    /// Resumes a run unless another process is or may be working on it.
    fn is_resumed(&self, id: &str) -> Result<bool> {
        match self.resume_run(id, None) {
            Ok(()) => Ok(true),
            Err(error) if error.code == Code::Busy && error.sqlite.is_none() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
