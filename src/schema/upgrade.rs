//! From version 0, an empty file or one of `@deepagents/evals`, to the newest schema.

use super::table::{Column, attached, cascades, columns, exists, quoted};
use super::{Enforcement, INDEXES, TABLES, VERSION, is_current};
use crate::db::Connection;
use crate::error::{Code, Result, StoreError};

/// The tables, each after those that it refers to.
const NAMES: [&str; 5] = ["suites", "runs", "cases", "scores", "prompts"];

/// Runs inside a transaction; whoever waited for it finds the work done.
pub(super) fn to_current(db: &dyn Connection, foreign_keys: Enforcement) -> Result<()> {
    if is_current(db)? {
        return Ok(());
    }
    for name in NAMES {
        bring_up_to_date(db, name, foreign_keys)?;
    }
    if foreign_keys != Enforcement::StaysOn {
        set_orphans_aside(db)?;
    }
    recreate_indexes(db)?;
    refuse_dangling(db)?;
    db.execute_script(&format!("PRAGMA user_version = {VERSION}"))
}

fn bring_up_to_date(db: &dyn Connection, name: &str, foreign_keys: Enforcement) -> Result<()> {
    if !exists(db, name)? {
        return db.execute_script(&definition(name)?);
    }
    let present = columns(db, name)?;
    let has = |column: &str| present.iter().any(|one| one.name.eq_ignore_ascii_case(column));
    let outdated = match name {
        "runs" => {
            !present.iter().any(|one| one.name == "suite_id" && one.not_null)
                || !cascades(db, "runs", "suite_id", "suites")?
        }
        "prompts" => !has("version"),
        _ => false,
    };
    if outdated {
        if foreign_keys == Enforcement::StaysOn && name == "runs" {
            return Err(StoreError::new(
                Code::Schema,
                "the table runs has to be rebuilt, which SQLite does not allow inside a transaction; \
                 open the store before the transaction begins",
            ));
        }
        return rebuild(db, name, &present);
    }
    add_missing_columns(db, name)
}

/// Returns the `CREATE TABLE` statement of a table of ours.
fn definition(name: &str) -> Result<String> {
    let start = TABLES.find(&format!("CREATE TABLE {name} ("));
    let text = start.and_then(|start| TABLES.get(start..));
    let statement = text.and_then(|text| text.split_inclusive(");\n\n").next());
    statement
        .map(|text| text.trim().to_owned())
        .ok_or_else(|| StoreError::new(Code::Internal, format!("v1.sql does not define {name}")))
}

/// Returns the columns that a table of ours has: the lines of its definition that begin with a name.
fn wanted_columns(name: &str) -> Result<Vec<Column>> {
    let text = definition(name)?;
    let lines = text.lines().skip(1).map(|line| line.trim_end_matches(','));
    Ok(lines.filter_map(column_of).collect())
}

fn column_of(line: &str) -> Option<Column> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|word| word.starts_with(|letter: char| letter.is_ascii_lowercase()))?;
    Some(Column {
        name: name.to_owned(),
        declared_type: words.next()?.to_owned(),
        not_null: line.contains("NOT NULL"),
        default: None,
        generated: false,
    })
}

fn renamed(definition: &str, from: &str, to: &str) -> String {
    definition.replacen(&format!("CREATE TABLE {from} ("), &format!("CREATE TABLE {} (", quoted(to)), 1)
}

fn add_missing_columns(db: &dyn Connection, name: &str) -> Result<()> {
    for column in missing_columns(db, name)? {
        if column.not_null {
            return Err(StoreError::new(
                Code::Schema,
                format!("the table {name} has no column {}, so it is not that of a run store", column.name),
            ));
        }
        let (column, kind) = (quoted(&column.name), &column.declared_type);
        db.execute_script(&format!("ALTER TABLE {name} ADD COLUMN {column} {kind}"))?;
    }
    Ok(())
}

/// Replaces a table by one of today's shape with the same rows, and keeps what users added to it:
/// columns, indexes, triggers, and views that read it.
fn rebuild(db: &dyn Connection, name: &str, present: &[Column]) -> Result<()> {
    let kept = attached(db, name)?;
    let next = format!("runstore_next_{name}");
    db.execute_script(&renamed(&definition(name)?, name, &next))?;
    let wanted = wanted_columns(name)?;
    for column in present.iter().filter(|one| !wanted.iter().any(|ours| same_name(ours, one))) {
        keep_foreign_column(db, &next, column)?;
    }
    match name {
        "prompts" => copy_prompts(db, &next, present)?,
        _ => copy_runs(db, &next, present)?,
    }
    replace_table(db, name, &next)?;
    for (attached_name, sql) in kept {
        if !is_our_index(&attached_name) {
            db.execute_script(&sql)?;
        }
    }
    Ok(())
}

fn same_name(a: &Column, b: &Column) -> bool {
    a.name.eq_ignore_ascii_case(&b.name)
}

fn keep_foreign_column(db: &dyn Connection, table: &str, column: &Column) -> Result<()> {
    // What a generated column computes is not told by SQLite in a form that can be used again.
    let default = column.default.as_ref().map_or(String::new(), |text| format!(" DEFAULT ({text})"));
    let not_null = if column.not_null && column.default.is_some() { " NOT NULL" } else { "" };
    let (table, name) = (quoted(table), quoted(&column.name));
    let kind = &column.declared_type;
    db.execute_script(&format!("ALTER TABLE {table} ADD COLUMN {name} {kind}{default}{not_null}"))
}

/// Returns the names of the columns that can be copied as they are.
fn copied(present: &[Column]) -> String {
    let names: Vec<String> =
        present.iter().filter(|one| !one.generated).map(|one| quoted(&one.name)).collect();
    names.join(", ")
}

/// Copies the runs that have a suite; the others stay for [`set_orphans_aside`].
fn copy_runs(db: &dyn Connection, next: &str, present: &[Column]) -> Result<()> {
    let (next, names) = (quoted(next), copied(present));
    set_runs_aside(db, &names)?;
    db.execute_script(&format!(
        "INSERT INTO {next} ({names}) SELECT {names} FROM runs
         WHERE suite_id IN (SELECT id FROM suites) ORDER BY rowid"
    ))
}

fn set_runs_aside(db: &dyn Connection, names: &str) -> Result<()> {
    let orphans = "FROM runs WHERE suite_id IS NULL OR suite_id NOT IN (SELECT id FROM suites)";
    set_aside(db, "runs", names, orphans)
}

/// Numbers the versions of each name by age.
fn copy_prompts(db: &dyn Connection, next: &str, present: &[Column]) -> Result<()> {
    let (next, names) = (quoted(next), copied(present));
    db.execute_script(&format!(
        "INSERT INTO {next} ({names}, version)
         SELECT {names}, row_number() OVER (PARTITION BY name ORDER BY created_at, rowid) FROM prompts ORDER BY rowid"
    ))
}

/// Drops the old table and gives its name to the new one, without a look at the views and triggers that name it.
fn replace_table(db: &dyn Connection, name: &str, next: &str) -> Result<()> {
    let before = db.query_one("PRAGMA legacy_alter_table", &[], |row| row.integer(0))?.unwrap_or(0);
    let next = quoted(next);
    db.execute_script("PRAGMA legacy_alter_table = ON")?;
    let replaced =
        db.execute_script(&format!("DROP TABLE {name}; ALTER TABLE {next} RENAME TO {name};"));
    db.execute_script(&format!("PRAGMA legacy_alter_table = {before}"))?;
    replaced
}

/// Moves runs without a suite, cases without a run and scores without a case, which the tables
/// cannot hold, to `orphaned_runs`, `orphaned_cases` and `orphaned_scores`.
fn set_orphans_aside(db: &dyn Connection) -> Result<()> {
    for (table, column, parent) in
        [("runs", "suite_id", "suites"), ("cases", "run_id", "runs"), ("scores", "case_id", "cases")]
    {
        let names = copied(&columns(db, table)?);
        let orphans = format!("FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent} WHERE id IS NOT NULL)");
        set_aside(db, table, &names, &orphans)?;
    }
    Ok(())
}

fn set_aside(db: &dyn Connection, table: &str, names: &str, orphans: &str) -> Result<()> {
    if db.query_one(&format!("SELECT 1 {orphans} LIMIT 1"), &[], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let aside = format!("orphaned_{table}");
    if !exists(db, &aside)? {
        db.execute_script(&format!("CREATE TABLE {aside} AS SELECT {names} FROM {table} LIMIT 0"))?;
    }
    let known = columns(db, &aside)?;
    for column in columns(db, table)?.iter().filter(|one| !one.generated) {
        if !known.iter().any(|one| same_name(one, column)) {
            keep_foreign_column(db, &aside, &Column { default: None, ..column.clone() })?;
        }
    }
    db.execute_script(&format!(
        "INSERT INTO {aside} ({names}) SELECT {names} {orphans} ORDER BY rowid; DELETE {orphans};"
    ))
}

/// Replaces the indexes that carry our names, whatever they index today.
fn recreate_indexes(db: &dyn Connection) -> Result<()> {
    for name in index_names() {
        db.execute_script(&format!("DROP INDEX IF EXISTS {name}"))?;
    }
    db.execute_script(INDEXES)
}

fn index_names() -> impl Iterator<Item = &'static str> {
    INDEXES
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE INDEX "))
        .filter_map(|line| line.split_whitespace().next())
}

fn is_our_index(name: &str) -> bool {
    index_names().any(|ours| ours == name)
}

/// A last look before the commit: nothing of ours refers to what is not there.
fn refuse_dangling(db: &dyn Connection) -> Result<()> {
    for name in ["runs", "cases", "scores"] {
        let sql = "SELECT rowid FROM pragma_foreign_key_check(?) LIMIT 1";
        if let Some(row) = db.query_one(sql, &[name.into()], |row| row.integer(0))? {
            return Err(StoreError::new(
                Code::Schema,
                format!("row {row} of the table {name} refers to a row that does not exist"),
            ));
        }
    }
    Ok(())
}

/// Returns the columns of ours that a table lacks.
pub(super) fn missing_columns(db: &dyn Connection, name: &str) -> Result<Vec<Column>> {
    let present = columns(db, name)?;
    let wanted = wanted_columns(name)?;
    Ok(wanted.into_iter().filter(|ours| !present.iter().any(|one| same_name(ours, one))).collect())
}
