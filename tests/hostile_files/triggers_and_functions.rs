//! Code in a file: triggers, and functions that reach beyond it.

use super::read_everything::read_everything;
use super::*;

#[test]
fn functions_that_access_anything_beyond_the_file_are_missing() {
    for call in [
        "load_extension('/tmp/evil.so')",
        "readfile('/etc/passwd')",
        "writefile('/tmp/owned', 'x')",
        "edit('x')",
        "fts3_tokenizer('simple', x'0000000000000000')",
        "sqlite_rename_column('a', 'b', 'c')",
        // These exist, and a connection that trusts the schema lets it use them.
        "(SELECT file FROM pragma_database_list)",
        "(SELECT count(*) FROM pragma_table_list)",
    ] {
        let place = store_file();
        let trigger = format!("CREATE TRIGGER evil AFTER INSERT ON cases BEGIN SELECT {call}; END");
        forge(&place, &trigger);
        let store = open(&place.path).unwrap();
        let error = store.save_cases([Ok(case("second"))]).unwrap_err();
        assert_eq!(error.code, Code::Sqlite, "{call}: {error}");
        assert_eq!(store.count_cases("run").unwrap(), 1, "{call}");
        assert!(read_everything(&store).is_empty(), "{call}");
    }
}

#[test]
fn a_trigger_that_calls_itself_ends() {
    let place = store_file();
    let script = "CREATE TRIGGER again AFTER INSERT ON cases BEGIN
          INSERT INTO scores (id, case_id, scorer_name, score) VALUES (hex(randomblob(16)), NEW.id, 's', 1); END;
        CREATE TRIGGER and_again AFTER INSERT ON scores BEGIN
          INSERT INTO cases (id, run_id, idx, input) VALUES (hex(randomblob(16)), 'run', 1, 'null'); END";
    forge(&place, script);
    let store = open(&place.path).unwrap();
    let outcome = store.save_cases([Ok(case("second"))]);
    // SQLite does not let a trigger fire itself, so the chain ends after a few rows.
    assert!(outcome.is_ok(), "{outcome:?}");
    assert!(store.count_cases("run").unwrap() <= 4);
}

#[test]
fn a_chain_of_triggers_is_no_longer_than_the_limit() {
    let place = store_file();
    let chain: Vec<_> = (0..40)
        .map(|at| {
            format!(
                "CREATE TABLE t{at} (n); CREATE TRIGGER g{at} AFTER INSERT ON t{at} BEGIN INSERT INTO t{} VALUES (1); END",
                at + 1
            )
        })
        .collect();
    let first = "CREATE TRIGGER first AFTER INSERT ON cases BEGIN INSERT INTO t0 VALUES (1); END";
    forge(&place, &format!("{}; CREATE TABLE t40 (n); {first}", chain.join(";")));
    let store = open(&place.path).unwrap();
    let error = store.save_cases([Ok(case("second"))]).unwrap_err();
    assert!(error.message().contains("trigger"), "{error}");
    assert_eq!(store.count_cases("run").unwrap(), 1);
}

#[test]
fn reading_fires_nothing() {
    let place = store_file();
    let endless = "WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless) SELECT count(*) FROM endless";
    for table in ["suites", "runs", "cases", "scores", "prompts"] {
        for change in ["INSERT", "UPDATE", "DELETE"] {
            let name = format!("{change}_{table}");
            forge(
                &place,
                &format!(
                    "CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN SELECT ({endless}); END"
                ),
            );
        }
    }
    let mut opened = vec![open_read_only(&place), open(&place.path)];
    for store in opened.drain(..) {
        assert!(read_everything(&store.unwrap()).is_empty());
    }
}

#[test]
fn the_text_of_the_schema_cannot_be_changed_by_a_trigger() {
    let place = store_file();
    forge(
        &place,
        "CREATE TRIGGER evil AFTER INSERT ON cases BEGIN UPDATE sqlite_master SET sql = 'x'; END",
    );
    let before = support::rows(&place.sqlite(), "SELECT name, sql FROM sqlite_master");
    let store = open(&place.path).unwrap();
    let error = store.save_cases([Ok(case("second"))]).unwrap_err();
    assert!(error.message().contains("sqlite_master may not be modified"), "{error}");
    assert_eq!(support::rows(&place.sqlite(), "SELECT name, sql FROM sqlite_master"), before);
}

/// An index of the full text has tables in which it keeps bytes of its own, and reads them back without much doubt.
#[test]
fn the_shadow_tables_of_an_index_cannot_be_changed_by_a_trigger() {
    let place = store_file();
    forge(
        &place,
        "CREATE VIRTUAL TABLE texts_index USING fts5(text); INSERT INTO texts_index VALUES ('some words');
         CREATE TRIGGER evil AFTER INSERT ON cases BEGIN UPDATE texts_index_data SET block = x'ff00ff'; END",
    );
    let before = support::rows(&place.sqlite(), "SELECT id, block FROM texts_index_data");
    let store = open(&place.path).unwrap();
    let error = store.save_cases([Ok(case("second"))]).unwrap_err();
    assert!(error.message().contains("texts_index_data may not be modified"), "{error}");
    drop(store);
    assert_eq!(support::rows(&place.sqlite(), "SELECT id, block FROM texts_index_data"), before);
}
