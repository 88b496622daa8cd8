//! Giving free space back to the disk.

use serde::Serialize;

use super::Space;
use crate::Store;
use crate::db::Connection;
use crate::error::{Code, Result, StoreError};

/// What [`vacuum`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VacuumReport {
    /// Bytes of all files of the store before.
    pub bytes_before: u64,
    /// Bytes after.
    pub bytes_after: u64,
}

/// Writes the file anew without its free space. Needs as much room again while it works; others who write wait.
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

/// Writes the file anew and the WAL back into it, so that the file becomes smaller now and not some day.
pub(super) fn compact(db: &dyn Connection) -> Result<()> {
    db.execute_script("VACUUM")?;
    // While another connection still reads the old snapshot, the file does not shrink; the next checkpoint shrinks it.
    db.query_one("PRAGMA wal_checkpoint(TRUNCATE)", &[], |_| Ok(())).map(drop)
}
