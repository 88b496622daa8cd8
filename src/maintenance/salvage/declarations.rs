//! Restores the declarations of our tables: a bit that changed in one hides all rows of its table.

use std::path::Path;

use super::report::SalvageReport;
use crate::db::{Bundled, Connection, Step, Value};
use crate::error::Result;
use crate::maintenance::new_file::NewFile;
use crate::schema::declarations;

/// A declaration that differs from ours in at most so many bytes is ours, and damaged.
const MOST_DAMAGED: usize = 32;

/// The declaration of a table of ours in which bytes have changed.
struct Damaged {
    rowid: i64,
    table: &'static str,
    sql: &'static str,
}

/// A copy of the damaged file. Its connection is closed before the file is deleted: fields are dropped in this order.
pub(super) struct Restored {
    pub(super) connection: Bundled,
    _file: NewFile,
}

/// Returns a copy of the file in which the declarations are ours again; `None` if they are undamaged. The file itself
/// is only read.
pub(super) fn restored(
    source: &Bundled,
    out: &Path,
    report: &mut SalvageReport,
) -> Result<Option<Restored>> {
    let damaged = damaged(source)?;
    if damaged.is_empty() {
        return Ok(None);
    }
    let file = NewFile::at(out)?;
    source.copy_damaged_into(file.path()?)?;
    let copy = Bundled::open_damaged(file.path()?, false)?;
    for one in &damaged {
        restore(&copy, one)?;
        report
            .problems
            .push(format!("the declaration of {} was damaged and is restored", one.table));
    }
    drop(copy);
    let connection = Bundled::open_damaged(file.path()?, true)?;
    Ok(Some(Restored { connection, _file: file }))
}

fn restore(copy: &dyn Connection, damaged: &Damaged) -> Result<()> {
    let sql =
        "UPDATE sqlite_master SET type = 'table', name = ?, tbl_name = ?, sql = ? WHERE rowid = ?";
    let table = damaged.table.into();
    copy.execute(sql, &[table, table, damaged.sql.into(), damaged.rowid.into()]).map(drop)
}

fn damaged(source: &dyn Connection) -> Result<Vec<Damaged>> {
    let mut found = Vec::new();
    let sql = "SELECT rowid, CAST(sql AS BLOB), type = 'table' AND name = ?1 AND tbl_name = ?1
               FROM sqlite_master WHERE length(CAST(sql AS BLOB)) = ?2";
    for (table, ours) in declarations() {
        let mut statement = source.prepare(sql)?;
        statement.query(&[(*table).into(), (ours.len() as i64).into()], &mut |row| {
            let Value::Blob(theirs) = row.value(1)? else { return Ok(Step::Next) };
            let changed = changed(theirs, ours.as_bytes());
            let is_whole = changed == 0 && row.integer(2)? != 0;
            if changed <= MOST_DAMAGED && !is_whole {
                found.push(Damaged { rowid: row.integer(0)?, table, sql: ours });
            }
            Ok(Step::Next)
        })?;
    }
    Ok(found)
}

/// Returns in how many bytes two texts of one length differ.
fn changed(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).filter(|(one, other)| one != other).count()
}
