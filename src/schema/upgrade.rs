//! Migrates an older schema of ours, an empty file or a file of `@deepagents/evals` to the newest schema.

use serde::de::IgnoredAny;

use super::definition::{
    FORMER_INDEXES, INDEXES, LEFT_OVER, TABLES, Wanted, column_names, indexes, names, other_checks,
    statement,
};
use super::orphans::set_orphans_aside;
use super::rebuild::{copy_rows, rebuild, run_found};
use super::table::{
    Column, Kind, attached, columns, find, foreign_keys, index_made_by, is_referenced, made_by,
    not_ours, quoted,
};
use super::{ForeignKeys, keywords, number};
use crate::db::{Connection, Step};
use crate::error::{Code, Result, StoreError};

/// JSON columns whose name a user may have used for something else.
const JSON: [(&str, &str); 4] =
    [("runs", "tags"), ("runs", "metadata"), ("cases", "metadata"), ("scores", "metadata")];

/// Runs inside a transaction, after the schema was found to be older.
pub(super) fn to_current(db: &dyn Connection, foreign_keys: ForeignKeys) -> Result<()> {
    if has_none_of_ours(db)? {
        db.execute_script(TABLES)?;
        db.execute_script(INDEXES)?;
    } else {
        migrate(db, foreign_keys)?;
    }
    number::set_current(db)
}

fn has_none_of_ours(db: &dyn Connection) -> Result<bool> {
    for name in names() {
        if made_by(db, name)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn migrate(db: &dyn Connection, foreign_keys: ForeignKeys) -> Result<()> {
    let wanted = Wanted::new()?;
    // A migration must not fire the users' triggers.
    let triggers = take_triggers(db)?;
    for name in names() {
        bring_up_to_date(db, name, &wanted, foreign_keys)?;
    }
    for (left_over, name) in LEFT_OVER {
        take_back(db, left_over, name)?;
    }
    set_orphans_aside(db, &wanted)?;
    keywords::fill(db)?;
    indexes().try_for_each(|(name, sql)| make_index(db, name, sql))?;
    let drop_index = |name| db.execute_script(&format!("DROP INDEX IF EXISTS {name}"));
    FORMER_INDEXES.iter().try_for_each(drop_index)?;
    refuse_dangling(db)?;
    triggers.iter().try_for_each(|sql| run_found(db, sql))
}

/// Creates an index unless it exists as it should be. For large tables this takes a while.
fn make_index(db: &dyn Connection, name: &str, sql: &str) -> Result<()> {
    if index_made_by(db, name)?.as_deref() == Some(sql) {
        return Ok(());
    }
    db.execute_script(&format!("DROP INDEX IF EXISTS {name}; {sql};"))
}

/// Refuses a file whose tables only share the names of ours. Nothing is changed.
pub(super) fn check_tables(db: &dyn Connection) -> Result<()> {
    if has_none_of_ours(db)? {
        return Ok(());
    }
    let wanted = Wanted::new()?;
    names().try_for_each(|name| check_table(db, name, &wanted))?;
    JSON.iter().try_for_each(|(table, column)| check_json(db, table, column))
}

/// Refuses a table, if it exists, that only shares the name of ours.
pub(super) fn check_table(db: &dyn Connection, name: &str, wanted: &Wanted) -> Result<()> {
    match made_by(db, name)? {
        Some(_) => check_columns(name, &columns(db, name)?, wanted),
        None => Ok(()),
    }
}

/// Refuses a table without a column that every row needs.
fn check_columns(name: &str, present: &[Column], wanted: &Wanted) -> Result<()> {
    let is_needed =
        |column: &&Column| column.not_null && column.default.is_none() && column.name != "version";
    if let Some(column) = wanted.missing(name, present)?.iter().find(is_needed) {
        return Err(not_ours(name, &format!("has no column {}", column.name)));
    }
    refuse_computed(name, present)?;
    for key in wanted.columns(name)?.iter().filter(|column| column.key > 0) {
        match find(present, &key.name) {
            None => return Err(not_ours(name, &format!("has no column {}", key.name))),
            Some(theirs) if theirs.is_integer() && !key.is_integer() => {
                return Err(not_ours(name, "has numbers for ids"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Refuses a table in which a column of ours is computed: reading a row would run an expression of a stranger.
fn refuse_computed(name: &str, present: &[Column]) -> Result<()> {
    let is_computed = |ours: &String| find(present, ours).is_some_and(|column| column.generated);
    match column_names(name)?.iter().find(|ours| is_computed(ours)) {
        Some(column) => Err(not_ours(name, &format!("computes its column {column}"))),
        None => Ok(()),
    }
}

/// Refuses a file with the newest version number but other tables than ours: a statement that differs may create a
/// view, a virtual table, or computed columns.
pub(super) fn check_current(db: &dyn Connection) -> Result<()> {
    let tables = "SELECT lower(name), sql FROM sqlite_master WHERE type = 'table'";
    let made = db.query_all(tables, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    for name in names() {
        let ours = statement(name)?.trim_end_matches(';');
        if !made.iter().any(|(table, sql)| table == name && sql == ours) {
            made_by(db, name)?;
            refuse_computed(name, &columns(db, name)?)?;
        }
    }
    Ok(())
}

fn check_json(db: &dyn Connection, table: &str, column: &str) -> Result<()> {
    if find(&columns(db, table)?, column).is_none() {
        return Ok(());
    }
    // SQLite refuses JSON that is nested more than a thousand levels deep.
    let sql = format!(
        "SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND NOT json_valid({column})"
    );
    let mut damaged = None;
    db.prepare(&sql)?.query(&[], &mut |row| {
        if serde_json::from_str::<IgnoredAny>(&row.text(1)?).is_ok() {
            return Ok(Step::Next);
        }
        damaged = Some(row.text(0)?);
        Ok(Step::Stop)
    })?;
    match damaged {
        Some(id) => Err(StoreError::new(
            Code::Schema,
            format!(
                "the column {column} of the table {table} has to hold JSON, which it does not for the id \"{id}\"; \
                 if it is a column of your own, rename it"
            ),
        )),
        None => Ok(()),
    }
}

/// Removes the triggers from our tables and returns the statements that restore them.
fn take_triggers(db: &dyn Connection) -> Result<Vec<String>> {
    let mut taken = Vec::new();
    for name in names() {
        for trigger in attached(db, Kind::Trigger, name)? {
            db.execute_script(&format!("DROP TRIGGER {}", quoted(&trigger.name)))?;
            taken.push(trigger.sql);
        }
    }
    Ok(taken)
}

fn bring_up_to_date(
    db: &dyn Connection,
    name: &str,
    wanted: &Wanted,
    foreign_keys: ForeignKeys,
) -> Result<()> {
    let Some(old) = made_by(db, name)? else {
        return db.execute_script(statement(name)?);
    };
    let present = columns(db, name)?;
    let missing = wanted.missing(name, &present)?;
    let is_outdated =
        is_outdated(db, name, &present, wanted)? || !other_checks(name, &old)?.is_empty();
    if !is_outdated && missing.iter().all(|column| !column.not_null) {
        return add_columns(db, name, &missing);
    }
    if foreign_keys == ForeignKeys::StayOn && is_referenced(db, name)? {
        // A read-only file is reported as such, before the transaction is.
        db.execute_script(&format!("DELETE FROM main.{name} WHERE 0"))?;
        return Err(StoreError::new(
            Code::Schema,
            format!(
                "the table {name} has to be rebuilt, which SQLite does not allow inside a transaction; \
                 open the store before the transaction begins"
            ),
        ));
    }
    rebuild(db, name, &old)
}

/// Returns whether a column or a reference of ours is declared differently today.
fn is_outdated(
    db: &dyn Connection,
    name: &str,
    present: &[Column],
    wanted: &Wanted,
) -> Result<bool> {
    let columns = wanted.columns(name)?;
    let changed = columns
        .iter()
        .any(|ours| find(present, &ours.name).is_some_and(|theirs| !theirs.is_like(ours)));
    let references = foreign_keys(db, name)?;
    Ok(changed || wanted.foreign_keys(name)?.iter().any(|ours| !references.contains(ours)))
}

fn add_columns(db: &dyn Connection, name: &str, missing: &[Column]) -> Result<()> {
    missing.iter().try_for_each(|column| {
        let (column, kind) = (quoted(&column.name), &column.declared_type);
        db.execute_script(&format!("ALTER TABLE main.{name} ADD COLUMN {column} {kind}"))
    })
}

/// Fills an empty table from the one that a migration left behind, which stays.
fn take_back(db: &dyn Connection, left_over: &str, name: &str) -> Result<()> {
    let is_empty = |table: &str| -> Result<bool> {
        Ok(db.query_one(&format!("SELECT 1 FROM {table} LIMIT 1"), &[], |_| Ok(()))?.is_none())
    };
    let is_there = find(&columns(db, left_over)?, "id").is_some();
    if is_there && is_empty(name)? { copy_rows(db, left_over, name) } else { Ok(()) }
}

/// The check before the commit: no reference of ours is dangling. References of users are not checked.
fn refuse_dangling(db: &dyn Connection) -> Result<()> {
    let ours: Vec<_> = names().map(|name| format!("'{name}'")).collect();
    let sql = format!(
        "SELECT rowid, parent FROM pragma_foreign_key_check(?) WHERE parent IN ({})",
        ours.join(", ")
    );
    for name in names() {
        if let Some((row, parent)) =
            db.query_one(&sql, &[name.into()], |row| Ok((row.integer(0)?, row.text(1)?)))?
        {
            return Err(StoreError::new(
                Code::Schema,
                format!(
                    "row {row} of the table {name} refers to a row of {parent} that does not exist"
                ),
            ));
        }
    }
    Ok(())
}
