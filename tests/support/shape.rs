//! A schema in a form in which two files can be compared.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::rows;

/// Returns what SQLite knows of each table of a store: columns, keys, references and indexes.
pub fn of_store(db: &rusqlite::Connection) -> BTreeMap<String, Vec<String>> {
    let ours = include_str!("../../src/schema/tables.sql").lines();
    let ours = ours.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.strip_suffix(" ("));
    ours.map(|table| (table.to_owned(), of_table(db, table))).collect()
}

/// Returns the columns in their order, then the references and indexes sorted, for their order means nothing.
pub fn of_table(db: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut shape = prefixed(
        "column",
        rows(
            db,
            &format!(
                "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('{table}') ORDER BY cid"
            ),
        ),
    );
    let mut references = prefixed(
        "reference",
        rows(
            db,
            &format!(
                "SELECT \"from\", \"table\", \"to\", on_update, on_delete, match
                 FROM pragma_foreign_key_list('{table}')"
            ),
        ),
    );
    references.sort();
    shape.append(&mut references);
    shape.append(&mut indexes(db, table));
    shape
}

fn indexes(db: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut shape = prefixed(
        "index",
        rows(
            db,
            &format!(
                "SELECT one.name, one.\"unique\", one.origin, one.partial, (
                   SELECT group_concat(COALESCE(part.name, 'rowid') || ' ' || part.desc || ' ' || part.coll, ', ')
                   FROM pragma_index_xinfo(one.name) AS part WHERE part.key)
                 FROM pragma_index_list('{table}') AS one"
            ),
        ),
    );
    shape.sort();
    shape
}

fn prefixed(kind: &str, lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| format!("{kind} {line}")).collect()
}

/// Returns the shape of a store that was made today.
pub fn of_new_store() -> &'static BTreeMap<String, Vec<String>> {
    static SHAPE: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    SHAPE.get_or_init(|| {
        let place = super::Place::new();
        super::open(&place.path).unwrap().close().unwrap();
        of_store(&place.sqlite())
    })
}

/// Returns the type and name of everything that is in a file.
pub fn objects(db: &rusqlite::Connection) -> Vec<String> {
    rows(db, "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name")
}
