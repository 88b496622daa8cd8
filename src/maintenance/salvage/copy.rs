//! Copies tables from a damaged file, with their declarations.

use super::index::lost_rows;
use super::report::{SalvageReport, SalvagedTable};
use super::scan::Scan;
use crate::db::{Connection, Row, Statement, Step, Value, is_damage};
use crate::error::{Code, Result};
use crate::schema::{columns, quoted, rowid_of};

/// A table of the damaged file, and its CREATE statement.
struct Declared {
    name: String,
    sql: String,
}

pub(super) fn tables(
    source: &dyn Connection,
    target: &dyn Connection,
    report: &mut SalvageReport,
) -> Result<()> {
    for table in declared(source, report)? {
        // Only one statement: the rest of a forged text could attach and change other files.
        if let Err(error) = target.execute(&table.sql, &[]) {
            report.problems.push(format!("the table {} cannot be made: {error}", table.name));
            continue;
        }
        match copy_table(source, target, &table) {
            Ok(salvaged) => report.tables.push(salvaged),
            // A damaged schema may contain anything.
            Err(error) if is_damage(&error) || error.code == Code::Sqlite => {
                report.problems.push(format!("the table {} cannot be read: {error}", table.name));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Returns the ordinary tables of the file, as far as they can be read.
fn declared(source: &dyn Connection, report: &mut SalvageReport) -> Result<Vec<Declared>> {
    let mut found = Vec::new();
    let sql = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid";
    let read = source.prepare(sql).and_then(|mut statement| {
        statement.query(&[], &mut |row| {
            let (kind, name, sql) = (row.text(0)?, row.text(1)?, row.text(2)?);
            let is_ours = name.starts_with("idx_") && kind == "index";
            let upper = sql.to_ascii_uppercase();
            let is_plain = kind == "table"
                && upper.starts_with("CREATE TABLE")
                && !upper.contains("VIRTUAL TABLE");
            if is_plain && !name.starts_with("sqlite_") {
                found.push(Declared { name, sql });
            } else if !is_ours && !name.starts_with("sqlite_") {
                report.problems.push(format!("the {kind} {name} is not taken over"));
            }
            Ok(Step::Next)
        })
    });
    match read {
        Err(error) if is_damage(&error) => {
            report.problems.push(format!("a part of the schema cannot be read: {error}"));
            Ok(found)
        }
        read => read.map(|()| found),
    }
}

fn copy_table(
    source: &dyn Connection,
    target: &dyn Connection,
    table: &Declared,
) -> Result<SalvagedTable> {
    let mut salvaged = SalvagedTable { name: table.name.clone(), ..SalvagedTable::default() };
    let present = columns(source, &table.name)?;
    let rowid = rowid_of(&present);
    let stored = present.iter().filter(|column| !column.generated);
    let names: Vec<String> = stored.map(|column| quoted(&column.name)).collect();
    let (list, quoted_name) = (names.join(", "), quoted(&table.name));
    let places = vec!["?"; names.len() + 1].join(", ");
    let sql = format!("INSERT INTO {quoted_name} ({rowid}, {list}) VALUES ({places})");
    let mut insert = target.prepare(&sql)?;
    let select = format!("SELECT {rowid}, {list} FROM {quoted_name} NOT INDEXED");
    let mut keep = |row: &dyn Row| keep(row, names.len() + 1, &mut *insert, &mut salvaged);
    let mut scan = Scan::new(source, &select, rowid, &mut keep);
    scan.read_all()?;
    let unreadable = scan.unreadable();
    salvaged.lost = lost_rows(source, &table.name, rowid, &unreadable)?;
    salvaged.unreadable = unreadable;
    Ok(salvaged)
}

fn keep(
    row: &dyn Row,
    columns: usize,
    insert: &mut dyn Statement,
    salvaged: &mut SalvagedTable,
) -> Result<()> {
    let values = (0..columns).map(|at| row.value(at)).collect::<Result<Vec<Value<'_>>>>()?;
    match insert.execute(&values) {
        Ok(_) => salvaged.rows += 1,
        Err(error) if error.code == Code::Constraint => {
            let rowid = row.integer(0)?;
            salvaged.refused.push(format!("row {rowid}: {error}"));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
