//! Reads what can be read of a damaged file.

mod copy;
mod declarations;
mod index;
mod report;
mod scan;

use std::path::Path;

pub use report::{LostRow, RowidRange, SalvageReport, SalvagedTable};

use super::doctor::set_aside;
use super::new_file::NewFile;
use crate::Store;
use crate::db::{Bundled, Connection, OpenOptions, transaction};
use crate::error::{Code, Result, StoreError};
use crate::schema::{self, columns, names, quoted};

/// Reads a damaged file row by row, skipping what cannot be read, and writes a new store to `out`. The damaged file is
/// only read, together with its WAL if there is one.
///
/// The new store is consistent: rows that refer to lost rows are in its tables `orphaned_*`, rows of a table whose
/// declaration lost columns in `damaged_*`, unreadable values in `damaged_values`. Views, triggers and indexes of the user
/// are not copied.
pub fn salvage(path: &str, out: &str) -> Result<SalvageReport> {
    let named = |error: StoreError| error.during("salvage").in_file(path);
    let file = NewFile::at(Path::new(out)).map_err(named)?;
    let source = Bundled::open_damaged(path, true).map_err(named)?;
    let mut report =
        SalvageReport { path: path.to_owned(), out: out.to_owned(), ..SalvageReport::default() };
    let restored = declarations::restored(&source, Path::new(out), &mut report).map_err(named)?;
    let source = restored.as_ref().map_or(&source, |copy| &copy.connection);
    read_into(source, file.path()?, &mut report).map_err(named)?;
    // The tables may have an older schema; they are migrated like those of any old file.
    let store = Store::open(file.path()?, &OpenOptions::default()).map_err(|mut error| {
        // The new file is deleted.
        error.place = None;
        named(error)
    })?;
    report.orphaned = store.run("salvage", count_orphans)?;
    store.close()?;
    file.publish()?;
    Ok(report)
}

fn read_into(source: &dyn Connection, made: &str, report: &mut SalvageReport) -> Result<()> {
    refuse_newer(source)?;
    let target = Bundled::open(made, &OpenOptions::default())?;
    let target: &dyn Connection = &target;
    // A referenced row may follow later, or never.
    target.execute_script("PRAGMA foreign_keys = OFF")?;
    transaction(target, || {
        copy::tables(source, target, report)?;
        if !report.tables.iter().any(|table| table.name == "runs") {
            let message = "nothing of a run store can be read: there is no table runs";
            return Err(StoreError::new(Code::Corrupt, message));
        }
        keep_apart(target, report)?;
        report.set_aside = set_aside(target)?;
        Ok(())
    })?;
    target.finish();
    Ok(())
}

/// Moves the rows of tables of ours that lack a column that every row needs, so that the others can be opened.
fn keep_apart(target: &dyn Connection, report: &mut SalvageReport) -> Result<()> {
    for (name, _) in schema::declarations() {
        if let Err(error) = schema::check_table(target, name) {
            target.execute_script(&format!(
                "CREATE TABLE damaged_{name} AS SELECT * FROM {name}; DROP TABLE {name};"
            ))?;
            report.problems.push(format!("the rows of {name} are in damaged_{name}: {error}"));
        }
    }
    Ok(())
}

fn refuse_newer(source: &dyn Connection) -> Result<()> {
    // If even this cannot be read, it is unknown.
    let version = source.query_one("PRAGMA user_version", &[], |row| row.integer(0));
    match version {
        Ok(Some(version)) if version > schema::VERSION && columns(source, "runs").is_ok() => {
            Err(StoreError::new(
                Code::SchemaTooNew,
                format!(
                    "the file has schema {version}, this runstore knows schemas up to {}",
                    schema::VERSION
                ),
            ))
        }
        Err(error) if error.code == Code::NotADatabase => Err(error),
        _ => Ok(()),
    }
}

fn count_orphans(db: &dyn Connection) -> Result<u64> {
    let mut count = 0;
    for name in names(db)?.iter().filter(|name| name.starts_with("orphaned_")) {
        let sql = format!("SELECT count(*) FROM {}", quoted(name));
        let rows = db.query_one(&sql, &[], |row| row.integer(0))?.unwrap_or(0);
        count += u64::try_from(rows).unwrap_or(0);
    }
    Ok(count)
}
