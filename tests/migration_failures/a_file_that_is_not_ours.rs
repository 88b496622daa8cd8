//! Files that are refused, and left byte for byte as they were.

use super::*;

/// Opening fails with the code, names the file, and leaves every byte of it, in WAL mode and out of it.
fn is_refused(script: &str, code: Code, expected: &str) {
    for mode in ["WAL", "DELETE"] {
        let place = old_file::make(&[script, &format!("PRAGMA journal_mode = {mode}")]);
        let before = std::fs::read(&place.path).unwrap();
        let error = open(&place.path).err().unwrap();
        assert_eq!(error.code, code, "{mode}: {error}");
        assert!(error.message().contains(expected), "{mode}: {error}");
        assert!(error.message().contains(&place.path), "{mode}: {error}");
        assert!(std::fs::read(&place.path).unwrap() == before, "{mode}: the file was changed");
        assert_eq!(
            std::fs::read_dir(place.folder.path()).unwrap().count(),
            1,
            "{mode}: files were left"
        );
        let read_only = OpenOptions { read_only: true, ..OpenOptions::default() };
        assert_eq!(
            Store::open(&place.path, &read_only).err().map(|error| error.code),
            Some(code),
            "{mode}"
        );
    }
}

#[test]
fn is_refused_when_a_newer_runstore_wrote_it() {
    let newer = schema::VERSION + 1;
    let says = format!("schema {newer}");
    is_refused(&format!("PRAGMA user_version = {newer}"), Code::SchemaTooNew, &says);
    is_refused(
        &format!("{}; PRAGMA user_version = 99", oldest_schema()),
        Code::SchemaTooNew,
        "newer runstore",
    );
    let place = Place::new();
    open(&place.path).unwrap();
    let ours = rows(&place.sqlite(), "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL");
    let ours: Vec<_> = ours.iter().map(|sql| sql.trim_matches('"').replace("\\n", "\n")).collect();
    let theirs = format!("CREATE TABLE of_the_future (id); PRAGMA user_version = {newer}");
    is_refused(&format!("{}; {theirs}", ours.join(";")), Code::SchemaTooNew, &says);
}

#[test]
fn is_refused_when_it_is_not_a_database() {
    for (name, bytes) in [
        ("text", b"run,case,score\n".repeat(100)),
        ("short", b"hello".to_vec()),
        ("cut", b"SQLite format 3\0".to_vec()),
        ("noise", (0..5000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
    ] {
        let place = Place::new();
        std::fs::write(&place.path, &bytes).unwrap();
        let error = open(&place.path).err().unwrap();
        assert_eq!(error.code, Code::NotADatabase, "{name}: {error}");
        assert!(error.message().contains(&place.path), "{name}: {error}");
        assert!(std::fs::read(&place.path).unwrap() == bytes, "{name}: the file was changed");
        assert_eq!(
            std::fs::read_dir(place.folder.path()).unwrap().count(),
            1,
            "{name}: files were left"
        );
    }
}

#[test]
fn is_refused_when_it_only_has_other_tables() {
    is_refused("CREATE TABLE users (id); CREATE TABLE orders (id)", Code::Schema, "users, orders");
    is_refused("CREATE TABLE users (id); PRAGMA user_version = 1", Code::Schema, "users");
    is_refused("CREATE TABLE users (id); PRAGMA user_version = 12", Code::Schema, "users");
}

#[test]
fn is_refused_when_its_tables_only_have_the_names() {
    for (script, expected) in [
        ("CREATE TABLE runs (id INTEGER PRIMARY KEY, km REAL, at TEXT)", "\"runs\""),
        (
            "CREATE TABLE runs (id INTEGER PRIMARY KEY, km REAL); PRAGMA user_version = 1",
            "\"runs\"",
        ),
        (
            "CREATE TABLE prompts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, content TEXT NOT NULL, created_at)",
            "\"prompts\" is not",
        ),
        ("CREATE TABLE baselines (name TEXT, meters REAL)", "\"baselines\" is not"),
        (
            "CREATE TABLE baselines (suite_id INTEGER NOT NULL, name TEXT NOT NULL, run_id TEXT NOT NULL, set_at)",
            "has numbers for ids",
        ),
        ("CREATE VIEW cases AS SELECT 1 AS id", "\"cases\""),
        ("CREATE TABLE t (id); CREATE VIEW runs AS SELECT * FROM t", "its tables are t"),
        ("CREATE VIRTUAL TABLE scores USING fts5(text)", "\"scores\""),
        (
            "CREATE TABLE suites (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER) WITHOUT ROWID",
            "\"suites\"",
        ),
    ] {
        is_refused(script, Code::Schema, expected);
    }
}

#[test]
fn is_refused_when_a_column_of_the_users_is_in_the_way() {
    let script = format!(
        "{}; {ROWS}; ALTER TABLE runs ADD COLUMN tags TEXT; UPDATE runs SET tags = 'a, b' WHERE id = 'run-2'",
        oldest_schema()
    );
    is_refused(&script, Code::Schema, "the column tags of the table runs");
}
