//! The disk space of a store.

use serde::Serialize;

use crate::db::Connection;
use crate::error::Result;

/// Disk space; for a store in memory, what it would take on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Space {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of the `-wal` file, which contains the newest rows.
    pub wal_bytes: u64,
    /// Free bytes inside the file, which `vacuum` returns to the disk.
    pub free_bytes: u64,
}

impl Space {
    pub(super) fn of(db: &dyn Connection) -> Result<Space> {
        let page = number(db, "PRAGMA page_size")?;
        let file = file_of(db)?;
        let size_of = |path: &str| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        Ok(match file {
            Some(path) => Space {
                file_bytes: size_of(&path),
                wal_bytes: size_of(&format!("{path}-wal")),
                free_bytes: page * number(db, "PRAGMA freelist_count")?,
            },
            None => Space {
                file_bytes: page * number(db, "PRAGMA page_count")?,
                wal_bytes: 0,
                free_bytes: page * number(db, "PRAGMA freelist_count")?,
            },
        })
    }

    /// Returns the bytes of all files of the store.
    pub fn total(&self) -> u64 {
        self.file_bytes + self.wal_bytes
    }
}

/// Returns the bytes of the used pages, as seen by the open transaction.
pub(super) fn used_bytes(db: &dyn Connection) -> Result<u64> {
    let pages = number(db, "PRAGMA page_count")?;
    let free = number(db, "PRAGMA freelist_count")?;
    Ok(number(db, "PRAGMA page_size")? * pages.saturating_sub(free))
}

/// Returns the path of the file, `None` for a store without one.
pub(super) fn file_of(db: &dyn Connection) -> Result<Option<String>> {
    let sql = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let file = db.query_one(sql, &[], |row| row.optional_text(0))?.flatten();
    Ok(file.filter(|path| !path.is_empty()))
}

fn number(db: &dyn Connection, pragma: &str) -> Result<u64> {
    let found = db.query_one(pragma, &[], |row| row.integer(0))?;
    Ok(found.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
}
