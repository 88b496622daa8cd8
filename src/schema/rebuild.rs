//! Replaces a table in an old shape by one in today's shape with the same rows.

use super::definition::{self, with_additions};
use super::orphans::set_aside;
use super::table::{Kind, attached, columns, copyable, find, quoted, rowid_of};
use crate::db::Connection;
use crate::error::Result;

/// Rebuilds a table, which the statement `old` created, and keeps what users added: columns, indexes, and the views
/// that read it. Rows that violate the new constraints are set aside.
///
/// Triggers must be removed before, and foreign keys must not be enforced if anything references the table.
pub(super) fn rebuild(db: &dyn Connection, name: &str, old: &str) -> Result<()> {
    let indexes = attached(db, Kind::Index, name)?;
    let next = format!("runstore_next_{name}");
    run_found(db, &with_additions(name, &next, old)?)?;
    copy_rows(db, name, &next)?;
    let rowid = rowid_of(&columns(db, name)?);
    set_aside(db, name, &format!("{rowid} NOT IN (SELECT {rowid} FROM {next})"))?;
    replace_table(db, name, &next)?;
    for index in
        indexes.iter().filter(|index| !definition::indexes().any(|(ours, _)| ours == index.name))
    {
        run_found(db, &index.sql)?;
    }
    Ok(())
}

/// Runs a statement that was found in the file. Only its first statement counts: SQLite ignores what follows it in the
/// schema, which a forged file could use to attach and change other files.
pub(super) fn run_found(db: &dyn Connection, sql: &str) -> Result<()> {
    db.execute(sql, &[]).map(drop)
}

/// Copies the rows that the other table can hold, with their rowids.
pub(super) fn copy_rows(db: &dyn Connection, from: &str, to: &str) -> Result<()> {
    let (present, taken) = (columns(db, from)?, columns(db, to)?);
    let mut names = vec![rowid_of(&present).to_owned()];
    names.extend(
        copyable(&present)
            .filter(|column| find(&taken, &column.name).is_some())
            .map(|one| quoted(&one.name)),
    );
    let mut values = names.clone();
    // The table is from before prompts had versions.
    if find(&taken, "version").is_some() && find(&present, "version").is_none() {
        names.push("version".to_owned());
        values.push(version_by_age(rowid_of(&present)));
    }
    let rowid = rowid_of(&present);
    db.execute_script(&format!(
        "INSERT OR IGNORE INTO {to} ({}) SELECT {} FROM {from} ORDER BY {rowid}",
        names.join(", "),
        values.join(", ")
    ))
}

/// Returns the expression that numbers the prompts of one name from the oldest.
pub(super) fn version_by_age(rowid: &str) -> String {
    format!("row_number() OVER (PARTITION BY name ORDER BY created_at, {rowid})")
}

/// Drops the old table and renames the new one, without rewriting the views and triggers that name it.
fn replace_table(db: &dyn Connection, name: &str, next: &str) -> Result<()> {
    let before = db.query_one("PRAGMA legacy_alter_table", &[], |row| row.integer(0))?.unwrap_or(0);
    db.execute_script("PRAGMA legacy_alter_table = ON")?;
    let replaced =
        db.execute_script(&format!("DROP TABLE {name}; ALTER TABLE {next} RENAME TO {name};"));
    let restored = db.execute_script(&format!("PRAGMA legacy_alter_table = {before}"));
    replaced.and(restored)
}
