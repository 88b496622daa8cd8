//! The shape of a file's tables.

use crate::db::{Connection, Step, Value};
use crate::error::{Code, Result, StoreError};

/// A column as it was declared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    pub declared_type: String,
    pub not_null: bool,
    pub default: Option<String>,
    /// Position in the primary key, from 1; 0 outside it.
    pub key: i64,
    /// Computed from other columns, so it is not copied.
    pub generated: bool,
}

impl Column {
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Returns whether its values are integers where possible.
    pub(crate) fn is_integer(&self) -> bool {
        self.declared_type.to_ascii_uppercase().contains("INT")
    }

    /// Returns whether both have the same declaration, apart from their names.
    pub(super) fn is_like(&self, other: &Column) -> bool {
        self.declared_type.eq_ignore_ascii_case(&other.declared_type)
            && (self.not_null, &self.default, self.key, self.generated)
                == (other.not_null, &other.default, other.key, other.generated)
    }
}

/// Returns the columns of a table; none if there is no such table. A temporary view of [`read_only`](super::read_only)
/// may hide it, so the schema `main` is named, here and below.
pub(crate) fn columns(db: &dyn Connection, table: &str) -> Result<Vec<Column>> {
    db.query_all(
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?, 'main') ORDER BY cid",
        &[table.into()],
        |row| {
            Ok(Column {
                name: row.text(0)?,
                declared_type: row.text(1)?,
                not_null: row.integer(2)? != 0,
                default: row.optional_text(3)?,
                key: row.integer(4)?,
                generated: row.integer(5)? != 0,
            })
        },
    )
}

pub(crate) fn find<'c>(columns: &'c [Column], name: &str) -> Option<&'c Column> {
    columns.iter().find(|column| column.is_called(name))
}

/// A reference to the key of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ForeignKey {
    pub column: String,
    pub parent: String,
    on_delete: String,
}

/// Returns the references to another table's `id`, which `REFERENCES runs` means as well.
pub(super) fn foreign_keys(db: &dyn Connection, table: &str) -> Result<Vec<ForeignKey>> {
    db.query_all(
        "SELECT lower(\"from\"), lower(\"table\"), on_delete FROM pragma_foreign_key_list(?, 'main')
         WHERE COALESCE(lower(\"to\"), 'id') = 'id'",
        &[table.into()],
        |row| {
            Ok(ForeignKey { column: row.text(0)?, parent: row.text(1)?, on_delete: row.text(2)? })
        },
    )
}

/// Returns whether any table refers to this one.
pub(super) fn is_referenced(db: &dyn Connection, table: &str) -> Result<bool> {
    let found = db.query_one(
        "SELECT 1 FROM sqlite_master AS one, pragma_foreign_key_list(one.name, 'main') AS reference
         WHERE one.type = 'table' AND reference.\"table\" = ? COLLATE NOCASE",
        &[table.into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// A named object in a database, and the statement that created it.
pub(super) struct Object {
    pub name: String,
    pub sql: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Index,
    Trigger,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Index => "index",
            Kind::Trigger => "trigger",
        }
    }
}

/// Returns the tables of the file, without SQLite's own.
pub(crate) fn names(db: &dyn Connection) -> Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";
    db.query_all(sql, &[], |row| row.text(0))
}

/// Hands over the name and statement of each table of the file, without SQLite's own.
pub(super) fn each_made(
    db: &dyn Connection,
    each: &mut dyn FnMut(&[u8], &[u8]) -> Step,
) -> Result<()> {
    let sql = "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";
    db.prepare(sql)?.query(&[], &mut |row| match (row.value(0)?, row.value(1)?) {
        (Value::Text(name), Value::Text(sql)) => Ok(each(name, sql)),
        _ => Ok(each(b"", b"")),
    })
}

/// Returns the indexes or triggers of a table, in order of creation.
pub(super) fn attached(db: &dyn Connection, kind: Kind, table: &str) -> Result<Vec<Object>> {
    db.query_all(
        "SELECT name, sql FROM sqlite_master
         WHERE type = ? AND tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid",
        &[kind.name().into(), table.into()],
        |row| Ok(Object { name: row.text(0)?, sql: row.text(1)? }),
    )
}

/// Returns the statement that created an index, `None` when there is no such index.
pub(super) fn index_made_by(db: &dyn Connection, index: &str) -> Result<Option<String>> {
    let sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ? COLLATE NOCASE";
    db.query_one(sql, &[index.into()], |row| row.text(0))
}

/// Returns the statement that created a table, `None` when there is no such table.
///
/// A view, a virtual table or a table without rowids is an error, because nothing here can use it.
pub(crate) fn made_by(db: &dyn Connection, table: &str) -> Result<Option<String>> {
    let found = db.query_one(
        "SELECT list.type, list.wr, made.sql FROM pragma_table_list(?) AS list
         JOIN sqlite_master AS made ON made.name = list.name AND made.type IN ('table', 'view')
         WHERE list.schema = 'main'",
        &[table.into()],
        |row| Ok((row.text(0)?, row.integer(1)? != 0, row.text(2)?)),
    )?;
    match found {
        Some((kind, false, sql)) if kind == "table" => Ok(Some(sql)),
        Some((kind, true, _)) if kind == "table" => Err(not_ours(table, "has no rowids")),
        Some((kind, _, _)) => Err(not_ours(table, &format!("is a {kind}"))),
        None => Ok(None),
    }
}

/// The error for an object that has the name of one of our tables and is something else.
pub(super) fn not_ours(table: &str, why: &str) -> StoreError {
    StoreError::new(
        Code::Schema,
        format!(
            "\"{table}\" is not the table of a run store: it {why}; give the store a file of its own"
        ),
    )
}

/// Quotes a name, whatever characters it has.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns the columns whose values are stored.
pub(super) fn copyable(present: &[Column]) -> impl Iterator<Item = &Column> {
    present.iter().filter(|column| !column.generated)
}

/// Returns a name of the rowid that no column uses.
pub(crate) fn rowid_of(present: &[Column]) -> &'static str {
    let free = ["rowid", "_rowid_", "oid"].into_iter().find(|name| find(present, name).is_none());
    free.unwrap_or("rowid")
}
