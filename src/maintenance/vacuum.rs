//! Returns free space to the disk.

use serde::Serialize;

use super::Space;
use crate::Store;
use crate::db::Connection;
use crate::error::{Code, Result, StoreError};

/// The result of [`vacuum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VacuumReport {
    /// Bytes of all files of the store before.
    pub bytes_before: u64,
    /// Bytes afterwards.
    pub bytes_after: u64,
}

/// Rewrites the file without its free space. Temporarily needs the same space again; other writers wait.
pub fn vacuum(store: &Store) -> Result<VacuumReport> {
    store.run("vacuum", |db| {
        if db.in_transaction()? {
            return Err(StoreError::new(Code::Busy, "a transaction is open"));
        }
        let before = Space::of(db)?;
        compact(db)?;
        Ok(VacuumReport { bytes_before: before.total(), bytes_after: Space::of(db)?.total() })
    })
}

/// Rewrites the file and checkpoints the WAL, so that the file shrinks immediately.
pub(super) fn compact(db: &dyn Connection) -> Result<()> {
    db.execute_script("VACUUM")?;
    // While another connection reads an old snapshot, the file does not shrink; the next checkpoint shrinks it.
    db.query_one("PRAGMA wal_checkpoint(TRUNCATE)", &[], |_| Ok(())).map(drop)
}
