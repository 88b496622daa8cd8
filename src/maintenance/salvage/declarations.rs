//! Restores the declarations of our tables: a bit that changed in one hides all rows of its table.

use std::path::Path;

use super::report::SalvageReport;
use crate::db::{Bundled, Connection, Step, Value, is_damage};
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

/// Returns a copy of the file in which the declarations are ours again; `None` if they are undamaged, or if the file is
/// too damaged to be copied: then its other tables may be readable. The file itself is only read.
pub(super) fn restored(
    source: &Bundled,
    out: &Path,
    report: &mut SalvageReport,
) -> Result<Option<Restored>> {
    let damaged = damaged(source)?;
    if damaged.is_empty() {
        return Ok(None);
    }
    let tables = damaged.iter().map(|one| one.table).collect::<Vec<_>>().join(", ");
    match restored_copy(source, out, &damaged) {
        Err(error) if is_damage(&error) => {
            let problem =
                format!("the damaged declarations of {tables} cannot be restored: {error}");
            report.problems.push(problem);
            Ok(None)
        }
        copy => {
            report.problems.push(format!("damaged declarations were restored: {tables}"));
            copy.map(Some)
        }
    }
}

fn restored_copy(source: &Bundled, out: &Path, damaged: &[Damaged]) -> Result<Restored> {
    let file = NewFile::at(out)?;
    source.copy_damaged_into(file.path()?)?;
    let copy = Bundled::open_damaged(file.path()?, false)?;
    damaged.iter().try_for_each(|one| restore(&copy, one))?;
    drop(copy);
    let connection = Bundled::open_damaged(file.path()?, true)?;
    Ok(Restored { connection, _file: file })
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
        let parameters = [(*table).into(), (ours.len() as i64).into()];
        let read = source.prepare(sql)?.query(&parameters, &mut |row| {
            let Value::Blob(theirs) = row.value(1)? else { return Ok(Step::Next) };
            let changed = changed(theirs, ours.as_bytes());
            let is_whole = changed == 0 && row.integer(2)? != 0;
            if changed <= MOST_DAMAGED && !is_whole {
                found.push(Damaged { rowid: row.integer(0)?, table, sql: ours });
            }
            Ok(Step::Next)
        });
        // The rest of the schema is read all the same.
        read.or_else(|error| if is_damage(&error) { Ok(()) } else { Err(error) })?;
    }
    Ok(found)
}

/// Returns in how many bytes two texts of one length differ.
fn changed(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).filter(|(one, other)| one != other).count()
}
