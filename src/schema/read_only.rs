//! An old file that cannot be written can still be read: temporary views show its tables in today's shape.

use super::definition::{Wanted, names};
use super::keywords;
use super::rebuild::version_by_age;
use super::table::{Column, columns, find, made_by, quoted};
use crate::db::Connection;
use crate::error::{Code, Result, StoreError};

/// Creates views on this connection only, which SQLite finds before the tables of the same names.
pub(super) fn complete(db: &dyn Connection) -> Result<()> {
    if made_by(db, "suites")?.is_none() || made_by(db, "runs")?.is_none() {
        return Err(StoreError::new(
            Code::ReadOnly,
            "the file has no tables of a run store, and none can be made because it cannot be written",
        ));
    }
    let wanted = Wanted::new()?;
    names().try_for_each(|name| complete_table(db, name, &wanted))
}

fn complete_table(db: &dyn Connection, name: &str, wanted: &Wanted) -> Result<()> {
    // A store that was opened on this connection before has created the view.
    if is_view(db, name)? {
        return Ok(());
    }
    if made_by(db, name)?.is_none() {
        let of_table = wanted.columns(name)?;
        let nothing: String =
            of_table.iter().map(|column| format!(", NULL AS {}", quoted(&column.name))).collect();
        let nothing = format!("SELECT NULL AS rowid{nothing} LIMIT 0");
        let runs = columns(db, "runs")?;
        return match name == keywords::TABLE && find(&runs, "tags").is_some() {
            true => {
                let tags = keywords::of_tags("main.runs");
                make_view(db, name, &format!("SELECT NULL AS rowid, * FROM ({tags})"))
            }
            false => make_view(db, name, &nothing),
        };
    }
    let missing = wanted.missing(name, &columns(db, name)?)?;
    if missing.is_empty() {
        return Ok(());
    }
    let added: String = missing
        .iter()
        .map(|column| format!(", {} AS {}", value(column), quoted(&column.name)))
        .collect();
    // Runs without a suite are not shown, as after a migration.
    let listed = if name == "runs" { "WHERE suite_id IN (SELECT id FROM main.suites)" } else { "" };
    make_view(db, name, &format!("SELECT rowid AS rowid, *{added} FROM main.{name} {listed}"))
}

fn is_view(db: &dyn Connection, name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM sqlite_temp_master WHERE type = 'view' AND name = ?";
    Ok(db.query_one(sql, &[name.into()], |_| Ok(()))?.is_some())
}

/// Returns the value that rows without the column show.
fn value(column: &Column) -> String {
    match &column.default {
        _ if column.name == "version" => version_by_age("rowid"),
        Some(default) => default.clone(),
        None => "NULL".to_owned(),
    }
}

fn make_view(db: &dyn Connection, name: &str, select: &str) -> Result<()> {
    db.execute_script(&format!("CREATE TEMP VIEW {name} AS {select}"))?;
    // SQLite reports a write to a view as an error in the statement. With a trigger that would change a table, it
    // reports that the file is read-only.
    ["INSERT", "UPDATE", "DELETE"].iter().try_for_each(|change| {
        db.execute_script(&format!(
            "CREATE TEMP TRIGGER runstore_{change}_{name} INSTEAD OF {change} ON {name}
             BEGIN DELETE FROM suites WHERE 0; END"
        ))
    })
}
