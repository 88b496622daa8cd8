//! What a file's tables look like.

use crate::db::{Connection, Value};
use crate::error::Result;

/// A column as it was declared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub name: String,
    pub declared_type: String,
    pub not_null: bool,
    pub default: Option<String>,
    /// Computed from other columns, so never copied.
    pub generated: bool,
}

/// Returns the columns of a table; none when there is no such table.
pub(super) fn columns(db: &dyn Connection, table: &str) -> Result<Vec<Column>> {
    db.query_all(
        "SELECT name, type, \"notnull\", dflt_value, hidden FROM pragma_table_xinfo(?) ORDER BY cid",
        &[table.into()],
        |row| {
            Ok(Column {
                name: row.text(0)?,
                declared_type: row.text(1)?,
                not_null: row.integer(2)? != 0,
                default: row.optional_text(3)?,
                generated: row.integer(4)? != 0,
            })
        },
    )
}

/// Returns whether deleting a row of `parent` deletes the rows that refer to it by `column`.
pub(super) fn cascades(db: &dyn Connection, table: &str, column: &str, parent: &str) -> Result<bool> {
    let parameters: [Value<'_>; 3] = [table.into(), column.into(), parent.into()];
    let found = db.query_one(
        "SELECT 1 FROM pragma_foreign_key_list(?)
         WHERE \"from\" = ? COLLATE NOCASE AND \"table\" = ? COLLATE NOCASE AND on_delete = 'CASCADE'",
        &parameters,
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Returns the statements that made the indexes and triggers of a table, in their order.
pub(super) fn attached(db: &dyn Connection, table: &str) -> Result<Vec<(String, String)>> {
    db.query_all(
        "SELECT name, sql FROM sqlite_master
         WHERE tbl_name = ? COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid",
        &[table.into()],
        |row| Ok((row.text(0)?, row.text(1)?)),
    )
}

/// Returns whether the file has a table of this name.
pub(super) fn exists(db: &dyn Connection, table: &str) -> Result<bool> {
    let found = db.query_one(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE",
        &[table.into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Writes a name so that SQLite takes it for a name, whatever is in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
