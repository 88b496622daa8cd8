//! A copy of a database, page by page, while others write to it.

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::error::{Code, Result, StoreError};

/// Pages copied between two calls of `each`: 4 MiB, which takes some milliseconds.
const PAGES_A_STEP: i32 = 1024;

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// Pages copied.
    pub done_pages: u64,
    /// Pages of the database.
    pub total_pages: u64,
}

/// Called with the progress of a copy; an error of it ends the copy.
pub type EachStep<'f> = dyn FnMut(CopyProgress) -> Result<()> + 'f;

/// Copies a snapshot into a file that does not exist yet.
///
/// An incomplete copy is useless, so nothing is synced on the way; the caller syncs the result.
pub(super) fn copy(source: &Connection, file: &str, each: &mut EachStep<'_>) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut target = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_EXRESCODE)?;
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    // Without a snapshot, SQLite would start over after each write of another process.
    let own = source.is_autocommit();
    if own {
        source.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")?;
    }
    let copied = step_by_step(source, &mut target, each);
    if own {
        source.execute_batch("COMMIT")?;
    }
    copied?;
    target.close().map_err(|(_, error)| error.into())
}

fn step_by_step(
    source: &Connection,
    target: &mut Connection,
    each: &mut EachStep<'_>,
) -> Result<()> {
    let backup = Backup::new(source, target)?;
    loop {
        let step = backup.step(PAGES_A_STEP)?;
        if matches!(step, StepResult::Busy | StepResult::Locked) {
            return Err(StoreError::new(Code::Busy, "a batch is being saved on this connection"));
        }
        let progress = backup.progress();
        let pages = |count: i32| u64::try_from(count).unwrap_or(0);
        let total_pages = pages(progress.pagecount);
        let done_pages = total_pages.saturating_sub(pages(progress.remaining));
        each(CopyProgress { done_pages, total_pages })?;
        if step == StepResult::Done {
            return Ok(());
        }
    }
}
