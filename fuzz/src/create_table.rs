//! The text of a `CREATE TABLE`, as a migration takes it apart. SQLite, which accepted the text, has the last word.

use runstore::fuzzing::{column_names, with_additions};
use rusqlite::Connection;
use rusqlite::fallible_iterator::FallibleIterator;

pub fn create_table(data: &[u8]) {
    let Ok(sql) = std::str::from_utf8(data) else { return };
    let parsed = column_names(sql);
    let next = with_additions(sql);
    let db = Connection::open_in_memory().expect("memory");
    if sql.contains('\0') || db.execute(sql, []).is_err() {
        return;
    }
    let Some((table, kept)) = only_table(&db) else { return };
    let columns = columns(&db, &table);
    // SQLite takes this mark for a blank, we for a letter; whatever is between quotes may be written twice.
    let is_plain = !sql.contains('\u{feff}') && !kept.to_uppercase().contains("AS ");
    if is_plain && columns.iter().all(|name| name.chars().all(char::is_alphanumeric)) {
        assert_eq!(parsed.len(), columns.len(), "{kept}: {parsed:?} {columns:?}");
    }
    // Whatever a file says, what is made of it is one statement that makes one table.
    let fresh = Connection::open_in_memory().expect("memory");
    let mut statements = rusqlite::Batch::new(&fresh, &next);
    let mut count = 0;
    while let Ok(Some(mut statement)) = statements.next() {
        let _ = statement.raw_execute();
        count += 1;
    }
    assert!(count <= 1, "{count} statements: {next}");
}

fn only_table(db: &Connection) -> Option<(String, String)> {
    let sql =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'";
    db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).ok()
}

fn columns(db: &Connection, table: &str) -> Vec<String> {
    let mut statement = db.prepare("SELECT name FROM pragma_table_xinfo(?)").expect("a pragma");
    let names = statement.query_map([table], |row| row.get(0)).expect("its rows");
    names.map_while(Result::ok).collect()
}
