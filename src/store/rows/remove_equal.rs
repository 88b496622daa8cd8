//! Removing a run whose rows were copied, unless it has changed since.

use super::export::RunReading;
use crate::db::Connection;
use crate::error::Result;
use crate::model::RowBatch;
use crate::rows::RowsDigest;
use crate::store::Store;
use crate::store::runs::delete;

impl Store {
    /// Deletes a run if its rows, as [`Self::export_run`] returns them, have this digest, and it has ended. Returns whether it was
    /// deleted. Nobody else can write between the comparison and the deletion.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn delete_equal_run(&self, run_id: &str, digest: &[u8]) -> Result<bool> {
        self.write("deleteRun", |db| {
            let is_equal = digest_of_ended(db, run_id)?.is_some_and(|found| found == digest);
            if is_equal {
                delete(db, run_id)?;
            }
            Ok(is_equal)
        })
    }
}

/// Returns the digest of the rows of a run; `None` if it is running.
fn digest_of_ended(db: &dyn Connection, run_id: &str) -> Result<Option<[u8; 32]>> {
    let (mut reading, mut digest) = (RunReading::of(run_id), RowsDigest::default());
    while let Some(batch) = reading.next(db)? {
        if matches!(&batch, RowBatch::Run(head) if head.run.status == "running") {
            return Ok(None);
        }
        digest.add(&batch)?;
    }
    Ok(Some(digest.finish()))
}
