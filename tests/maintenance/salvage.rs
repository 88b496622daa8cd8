//! What can be read of a damaged file is read, and what cannot is named.

use std::io::{Seek, SeekFrom, Write};

use runstore::Code;
use runstore::maintenance::{SalvageReport, SalvagedTable, salvage};

use super::support::random::{Random, rounds};
use super::*;

/// Overwrites a leaf page of a table in a closed file.
pub fn damage_page_of(path: &str, table: &str, leaf: usize) {
    let page = page_of(path, table, "leaf", leaf);
    overwrite(path, (page - 1) * 4096, &[0xaa; 4096]);
}

fn page_of(path: &str, table: &str, kind: &str, at: usize) -> u64 {
    let db = rusqlite::Connection::open(path).unwrap();
    let sql =
        "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path LIMIT 1 OFFSET ?";
    let page: i64 =
        db.query_row(sql, rusqlite::params![table, kind, at as i64], |row| row.get(0)).unwrap();
    page as u64
}

fn overwrite(path: &str, at: u64, bytes: &[u8]) {
    let mut file = std::fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

/// A closed store of 3 runs, 600 cases and 600 scores.
fn closed_store() -> Place {
    let (store, place) = store_with_runs(3, 200);
    store.create_prompt("judge", "Is it right?").unwrap();
    store.close().unwrap();
    place
}

fn rescue(place: &Place) -> (SalvageReport, rusqlite::Connection) {
    let out = place.file("rescued.db");
    let report = salvage(&place.path, &out).unwrap();
    let db = rusqlite::Connection::open(&out).unwrap();
    assert_eq!(damage(&db), [""; 0]);
    let mut shape = support::shape::of_store(&db);
    shape.retain(|table, _| !table.starts_with("orphaned_"));
    assert_eq!(&shape, support::shape::of_new_store());
    (report, db)
}

fn names_in(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(place.folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn table<'r>(report: &'r SalvageReport, name: &str) -> &'r SalvagedTable {
    report.tables.iter().find(|table| table.name == name).unwrap()
}

#[test]
fn of_a_whole_file_every_row_is_rescued() {
    let place = closed_store();
    let before = content(&place.sqlite());
    let (report, db) = rescue(&place);
    assert_eq!(content(&db), before);
    assert!(report.problems.is_empty(), "{report:?}");
    assert!(
        report.tables.iter().all(|table| table.unreadable.is_empty() && table.refused.is_empty())
    );
    assert_eq!((table(&report, "cases").rows, report.orphaned), (600, 0));
}

#[test]
fn rows_that_are_only_in_the_wal_are_rescued_too() {
    let (store, place) = store_with_runs(1, 5);
    let copy = Place::new();
    for suffix in ["", "-wal"] {
        std::fs::copy(format!("{}{suffix}", place.path), format!("{}{suffix}", copy.path)).unwrap();
    }
    drop(store);
    assert!(std::fs::metadata(format!("{}-wal", copy.path)).unwrap().len() > 4096);
    let (report, _) = rescue(&copy);
    assert_eq!(table(&report, "cases").rows, 5);
}

#[test]
fn all_rows_outside_damaged_leaves_are_rescued_and_the_lost_ones_are_named() {
    let place = closed_store();
    let before = content(&place.sqlite());
    damage_page_of(&place.path, "cases", 2);
    damage_page_of(&place.path, "cases", 9);
    let (report, db) = rescue(&place);
    let cases = table(&report, "cases");
    assert_eq!(cases.rows + cases.lost.count, 600, "{report:?}");
    assert!((5..150).contains(&cases.lost.count), "{report:?}");
    assert_eq!(cases.unreadable.len(), 2, "{report:?}");
    let rescued: Vec<_> = content(&db)[2].clone();
    assert!(rescued.iter().all(|row| before[2].contains(row)));
    let lost: Vec<_> = cases.lost.first.iter().map(|row| row.id.clone().unwrap()).collect();
    assert!(lost.iter().all(|id| !rescued.iter().any(|row| row.starts_with(&format!("\"{id}\"")))));
    // Their scores have nothing to belong to; they are kept apart.
    assert_eq!(report.orphaned, cases.lost.count);
    assert_eq!(count(&db, "orphaned_scores") as u64, cases.lost.count);
    assert_eq!(count(&db, "scores") as u64, cases.rows);
    assert_eq!((count(&db, "suites"), count(&db, "runs"), count(&db, "prompts")), (1, 3, 1));
}

#[test]
fn damaged_indexes_cost_no_row() {
    let place = closed_store();
    let before = content(&place.sqlite());
    for index in [
        "idx_cases_run_id",
        "sqlite_autoindex_cases_1",
        "sqlite_autoindex_scores_1",
        "idx_scores_case_id",
    ] {
        damage_page_of(&place.path, index, 1);
    }
    let (_, db) = rescue(&place);
    assert_eq!(content(&db), before);
}

#[test]
fn a_file_that_lost_its_end_gives_what_is_left() {
    let place = closed_store();
    let length = std::fs::metadata(&place.path).unwrap().len();
    std::fs::File::options()
        .write(true)
        .open(&place.path)
        .unwrap()
        .set_len(length / 4 * 3)
        .unwrap();
    assert!(open(&place.path).is_err_and(|error| error.code == Code::Corrupt));
    let (report, db) = rescue(&place);
    assert_eq!(count(&db, "runs"), 3);
    let cases = table(&report, "cases");
    assert!(cases.rows > 100 && cases.rows < 600, "{report:?}");
}

#[test]
fn values_that_are_not_json_are_set_aside_and_rows_without_a_run_kept_apart() {
    let place = closed_store();
    place
        .sqlite()
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 'r1';
             UPDATE runs SET metadata = '{' WHERE id = 'r2'",
        )
        .unwrap();
    let (report, db) = rescue(&place);
    assert_eq!((report.set_aside, report.orphaned), (1, 400));
    assert_eq!(count(&db, "cases"), 400);
    assert_eq!(rows(&db, "SELECT value FROM damaged_values"), ["\"{\""]);
}

#[test]
fn a_file_of_an_older_schema_becomes_one_of_the_newest() {
    let old = support::old_file::make(&[
        &support::old_file::schema_without_versions(support::old_file::REFERENCE, "TEXT NOT NULL"),
        support::old_file::ROWS,
    ]);
    // Its input holds a bare NUL, which is no JSON.
    old.sqlite().execute("UPDATE cases SET input = 'null' WHERE id = 'case-5'", []).unwrap();
    let before = support::old_file::content(&old.sqlite());
    let (_, db) = rescue(&old);
    assert_eq!(support::old_file::content(&db), before);
}

/// Flips a bit of a declaration, in each copy of it that the file has, and returns its place in the text.
fn flip_in_declaration(path: &str, table: &str, random: &mut Random) -> usize {
    let sql: String = {
        let db = rusqlite::Connection::open(path).unwrap();
        let sql = "SELECT sql FROM sqlite_master WHERE name = ?";
        db.query_row(sql, [table], |row| row.get(0)).unwrap()
    };
    let mut bytes = std::fs::read(path).unwrap();
    let (at, bit) = (random.below(sql.len() as u64) as usize, random.below(8));
    let starts = 0..bytes.len() - sql.len();
    let copies: Vec<_> =
        starts.filter(|start| bytes[*start..].starts_with(sql.as_bytes())).collect();
    assert!(!copies.is_empty());
    copies.iter().for_each(|start| bytes[start + at] ^= 1 << bit);
    std::fs::write(path, bytes).unwrap();
    at
}

#[test]
fn a_bit_that_changed_in_a_declaration_costs_no_row() {
    let (mut random, seed) = Random::new();
    let (store, whole) = store_with_runs(3, 200);
    store.create_prompt("judge", "Is it right?").unwrap();
    add_trajectories(&store, "r0");
    store.close().unwrap();
    let tables: Vec<String> = support::shape::of_new_store().keys().cloned().collect();
    let all = |db: &rusqlite::Connection| -> Vec<Vec<String>> {
        let of_table = |table| rows(db, &format!("SELECT * FROM {table} ORDER BY rowid"));
        tables.iter().map(of_table).collect()
    };
    let before = all(&whole.sqlite());
    for table in &tables {
        for _ in 0..rounds(2) {
            let place = Place::new();
            std::fs::copy(&whole.path, &place.path).unwrap();
            let at = flip_in_declaration(&place.path, table, &mut random);
            let damaged = std::fs::read(&place.path).unwrap();
            let (report, db) = rescue(&place);
            let what = format!("byte {at} of {table}, RUNSTORE_SEED={seed}: {report:?}");
            assert_eq!(all(&db), before, "{what}");
            assert!(report.problems.iter().any(|problem| problem.contains(table)), "{what}");
            assert!(std::fs::read(&place.path).unwrap() == damaged, "{what}");
            assert!(!names_in(&place).iter().any(|name| name.contains("partial")), "{what}");
        }
    }
}

#[test]
fn a_damaged_page_of_the_schema_costs_only_the_tables_that_are_declared_in_it() {
    let (mut random, seed) = Random::new();
    for declaration in [None, Some("suites")] {
        let place = closed_store();
        let page = page_of(&place.path, "sqlite_schema", "leaf", 1);
        if let Some(name) = declaration {
            flip_in_declaration(&place.path, name, &mut random);
        }
        overwrite(&place.path, (page - 1) * 4096, &[0xaa; 4096]);
        let report = salvage(&place.path, &place.file("rescued.db")).unwrap();
        let rows = ["suites", "runs", "cases", "scores"].map(|name| table(&report, name).rows);
        assert_eq!(rows, [1, 3, 600, 600], "{declaration:?}, RUNSTORE_SEED={seed}: {report:?}");
        let problems = report.problems.join("; ");
        assert!(problems.contains("a part of the schema cannot be read"), "{problems}");
    }
}

#[test]
fn a_table_of_an_older_schema_without_a_column_is_kept_apart() {
    let old = support::old_file::make(&[
        &support::old_file::schema_without_versions(support::old_file::REFERENCE, "TEXT NOT NULL"),
        support::old_file::ROWS,
    ]);
    old.sqlite().execute("UPDATE cases SET input = 'null' WHERE id = 'case-5'", []).unwrap();
    let scores = |db: &rusqlite::Connection, table: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    let before = scores(&old.sqlite(), "scores");
    assert!(before > 0);
    old.sqlite()
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET sql = replace(sql, 'scorer_name', 'scorer_namd') WHERE name = 'scores'",
        )
        .unwrap();
    let out = old.file("rescued.db");
    let report = salvage(&old.path, &out).unwrap();
    let db = rusqlite::Connection::open(&out).unwrap();
    assert_eq!((scores(&db, "damaged_scores"), scores(&db, "scores")), (before, 0), "{report:?}");
    assert!(report.problems[0].contains("damaged_scores"), "{report:?}");
}

#[test]
fn the_damaged_file_is_not_changed_and_nothing_is_overwritten() {
    let place = closed_store();
    damage_page_of(&place.path, "scores", 1);
    let before = std::fs::read(&place.path).unwrap();
    rescue(&place);
    assert!(std::fs::read(&place.path).unwrap() == before);
    let again = salvage(&place.path, &place.file("rescued.db")).unwrap_err();
    assert_eq!(again.code, Code::Exists, "{again}");
}

#[test]
fn a_missing_file_and_one_that_is_not_a_database_are_errors_that_leave_nothing() {
    let place = Place::new();
    let out = place.file("out.db");
    std::fs::write(&place.path, "Dear reader, this is no database.".repeat(500)).unwrap();
    assert_eq!(salvage(&place.path, &out).unwrap_err().code, Code::NotADatabase);
    assert_eq!(salvage(&place.file("missing.db"), &out).unwrap_err().code, Code::NotFound);
    assert_eq!(names_in(&place), ["store.db"]);
}

#[test]
fn a_file_of_a_newer_runstore_is_refused_and_leaves_nothing() {
    let place = closed_store();
    place.sqlite().pragma_update(None, "user_version", 1_000).unwrap();
    let refused = salvage(&place.path, &place.file("rescued.db")).unwrap_err();
    assert_eq!(refused.code, Code::SchemaTooNew, "{refused}");
    let names = names_in(&place);
    assert!(names.iter().all(|name| name.starts_with("store.db")), "{names:?}");
}

#[test]
fn a_row_that_a_constraint_refuses_is_named_and_costs_no_other() {
    let place = closed_store();
    place
        .sqlite()
        .execute_batch(
            "CREATE TABLE notes (text); INSERT INTO notes VALUES ('a'), ('b'), ('c');
             PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET sql = 'CREATE TABLE notes (text CHECK (text <> ''b''))' WHERE name = 'notes'",
        )
        .unwrap();
    let out = place.file("rescued.db");
    let report = salvage(&place.path, &out).unwrap();
    let db = rusqlite::Connection::open(&out).unwrap();
    assert_eq!(rows(&db, "SELECT text FROM notes"), ["\"a\"", "\"c\""]);
    assert_eq!(count(&db, "cases"), 600);
    let SalvagedTable { rows, refused, .. } = table(&report, "notes");
    assert_eq!((*rows, refused.count), (2, 1));
    assert!(refused.first[0].starts_with("row 2: "), "{report:?}");
}

#[test]
fn a_forged_schema_cannot_access_other_files() {
    let victim = Place::new();
    victim
        .sqlite()
        .execute_batch("CREATE TABLE secrets (id); INSERT INTO secrets VALUES (1)")
        .unwrap();
    let attach = format!("ATTACH ''{}'' AS victim; DELETE FROM victim.secrets;", victim.path);
    let written = victim.file("written.db");
    for forged in [
        format!("sql = sql || '; {attach}'"),
        format!("sql = '{attach}'"),
        format!("sql = 'VACUUM INTO ''{written}'''"),
    ] {
        let place = closed_store();
        let script = format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET {forged} WHERE name = 'prompts'"
        );
        place.sqlite().execute_batch(&script).unwrap();
        let (report, _) = rescue(&place);
        assert!(report.tables.iter().any(|table| table.name == "cases"), "{forged}");
        assert_eq!(integer(&victim.sqlite(), "SELECT count(*) FROM secrets"), 1, "{forged}");
        assert!(!std::path::Path::new(&written).exists(), "{forged}");
    }
}
