//! Runs SQLite's integrity check.

use crate::db::{Connection, Step};
use crate::error::{Code, Result};
use crate::maintenance::Findings;

pub(super) fn check(db: &dyn Connection) -> Result<Findings<String>> {
    let mut found = Findings::default();
    let sql = format!("PRAGMA integrity_check({})", Findings::<String>::LISTED);
    let checked = db.prepare(&sql).and_then(|mut statement| {
        statement.query(&[], &mut |row| {
            let line = row.text(0)?;
            if line != "ok" {
                found.push(line);
            }
            Ok(Step::Next)
        })
    });
    // Damage may prevent the check itself from continuing.
    match checked {
        Err(error) if error.code == Code::Corrupt => found.push(error.message()),
        checked => checked?,
    }
    Ok(found)
}

/// Returns whether all findings are in indexes, which can be rebuilt from the tables.
pub(super) fn is_of_indexes(found: &Findings<String>) -> bool {
    found.first.iter().all(|line| {
        line.contains("missing from index ")
            || line.starts_with("wrong # of entries in index ")
            || line.starts_with("non-unique entry in index ")
            || line.starts_with("rowid not at end-of-record for row ")
    })
}
