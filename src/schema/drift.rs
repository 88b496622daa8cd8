//! Changes to the schema since it was created: by hand, by another program, or by damage.

use super::definition::{Wanted, indexes, names, other_checks};
use super::table::{columns, find, foreign_keys, made_by};
use crate::db::Connection;
use crate::error::Result;

/// Returns a sentence for each difference of the tables and indexes from the newest schema. Additions of users are not
/// differences.
pub(crate) fn drift(db: &dyn Connection) -> Result<Vec<String>> {
    let wanted = Wanted::new()?;
    let mut found = Vec::new();
    for name in names() {
        match made_by(db, name)? {
            Some(made) => {
                table_drift(db, name, &wanted, &mut found)?;
                let others = other_checks(name, &made)?.into_iter();
                found.extend(others.map(|column| format!("{name}.{column} allows other values")));
            }
            None => found.push(format!("there is no table {name}")),
        }
    }
    index_drift(db, &mut found)?;
    Ok(found)
}

fn table_drift(
    db: &dyn Connection,
    name: &str,
    wanted: &Wanted,
    found: &mut Vec<String>,
) -> Result<()> {
    let present = columns(db, name)?;
    for ours in wanted.columns(name)? {
        match find(&present, &ours.name) {
            None => found.push(format!("{name} has no column {}", ours.name)),
            Some(theirs) if !theirs.is_like(&ours) => {
                found.push(format!("{name}.{} is declared otherwise", ours.name));
            }
            Some(_) => {}
        }
    }
    let references = foreign_keys(db, name)?;
    if wanted.foreign_keys(name)?.iter().any(|ours| !references.contains(ours)) {
        found.push(format!("{name} lacks a reference to the table that it belongs to"));
    }
    Ok(())
}

fn index_drift(db: &dyn Connection, found: &mut Vec<String>) -> Result<()> {
    for (name, ours) in indexes() {
        let sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?";
        match db.query_one(sql, &[name.into()], |row| row.text(0))? {
            None => found.push(format!("there is no index {name}")),
            Some(theirs) if theirs != ours => found.push(format!("the index {name} is another")),
            Some(_) => {}
        }
    }
    Ok(())
}
