//! What several of the integration tests need.

#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

pub mod child;
pub mod disk;
pub mod figures;
pub mod handle;
pub mod old_file;
pub mod random;
pub mod random_runs;
pub mod shape;

use runstore::Store;
use runstore::db::OpenOptions;

/// Opens a file as most callers do.
pub fn open(path: &str) -> runstore::Result<Store> {
    Store::open(path, &OpenOptions::default())
}

/// A folder that goes away, and the path of a file in it.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub path: String,
}

impl Place {
    pub fn new() -> Place {
        // Locks are of one kind in a process from its first store on; no connection may be open before.
        open(":memory:").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db").to_str().unwrap().to_owned();
        Place { folder, path }
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// Opens the file past the store, with SQLite's own defaults.
    pub fn sqlite(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.path).unwrap()
    }
}

/// Returns the only value of a query as an integer.
pub fn integer(db: &rusqlite::Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Returns the rows of a query, each as SQLite would write its values in a statement.
pub fn rows(db: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    let columns = statement.column_count();
    let written = |row: &rusqlite::Row<'_>| {
        let values = (0..columns).map(|at| match row.get_ref(at).unwrap() {
            rusqlite::types::ValueRef::Null => "NULL".to_owned(),
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            rusqlite::types::ValueRef::Real(number) => format!("{number:?}"),
            rusqlite::types::ValueRef::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
            rusqlite::types::ValueRef::Blob(bytes) => format!("x{bytes:?}"),
        });
        Ok(values.collect::<Vec<_>>().join(", "))
    };
    statement.query_map([], written).unwrap().map(Result::unwrap).collect()
}

/// Returns the number of the schema, wherever it is kept.
pub fn schema_number(db: &rusqlite::Connection) -> i64 {
    let apart = "SELECT count(*) FROM sqlite_master WHERE name = 'runstore_schema'";
    let sql = if integer(db, apart) == 1 {
        "SELECT version FROM runstore_schema"
    } else {
        "PRAGMA user_version"
    };
    integer(db, sql)
}

/// Returns what SQLite has to say against the file as a whole.
pub fn damage(db: &rusqlite::Connection) -> Vec<String> {
    let mut found = rows(db, "PRAGMA integrity_check");
    found.retain(|line| line != "\"ok\"");
    found.extend(rows(db, "PRAGMA foreign_key_check"));
    found
}
