//! Reads from the indexes of a damaged table which rows cannot be read.

use std::collections::BTreeMap;

use super::report::{LostRow, RowidRange};
use crate::db::{Connection, Step, is_damage};
use crate::error::Result;
use crate::maintenance::Findings;
use crate::schema::{columns, find_column, quoted};

/// Returns the rows in the unreadable ranges that the index of the ids contains.
pub(super) fn lost_rows(
    source: &dyn Connection,
    table: &str,
    rowid: &str,
    unreadable: &[RowidRange],
) -> Result<Findings<LostRow>> {
    let mut lost = BTreeMap::new();
    let has_id = find_column(&columns(source, table)?, "id").is_some();
    if has_id && !unreadable.is_empty() {
        for order in ["ASC", "DESC"] {
            collect(source, table, rowid, order, unreadable, &mut lost)?;
        }
    }
    let mut found = Findings::default();
    lost.into_iter().for_each(|(rowid, id)| found.push(LostRow { rowid, id }));
    Ok(found)
}

/// Scans the index from one end as far as it can be read.
fn collect(
    source: &dyn Connection,
    table: &str,
    rowid: &str,
    order: &str,
    unreadable: &[RowidRange],
    lost: &mut BTreeMap<i64, Option<String>>,
) -> Result<()> {
    let (index, name) = (quoted(&format!("sqlite_autoindex_{table}_1")), quoted(table));
    let sql = format!("SELECT {rowid}, id FROM {name} INDEXED BY {index} ORDER BY id {order}");
    let read = source.prepare(&sql).and_then(|mut statement| {
        statement.query(&[], &mut |row| {
            let rowid = row.integer(0)?;
            if unreadable.iter().any(|range| (range.first..=range.last).contains(&rowid)) {
                lost.insert(rowid, row.optional_text(1)?);
            }
            Ok(Step::Next)
        })
    });
    match read {
        Err(error) if is_damage(&error) || is_missing(&error) => Ok(()),
        read => read,
    }
}

/// The index may not exist.
fn is_missing(error: &crate::StoreError) -> bool {
    error.code == crate::Code::Sqlite
}
