//! One store out of several: every row once, or nothing at all.

use runstore::Code;
use runstore::maintenance::{MergeOptions, MergeReport, merge};
use runstore::model::NewBenchmarkResult;
use runstore::store::refuse;

use super::*;

const PLAIN: MergeOptions = MergeOptions { unite_suites: false };
const UNITED: MergeOptions = MergeOptions { unite_suites: true };

/// A closed store with one suite of its own and one run of two cases.
fn shard(name: &str) -> Place {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    add_suite(&place, &format!("suite of {name}"), "capitals");
    add_run(&store, &format!("suite of {name}"), name, 2);
    store.finish_run(name, RunStatus::Completed, None).unwrap();
    store.create_prompt("judge", "Is it right?").unwrap();
    place
}

fn added(report: &MergeReport, file: usize) -> Vec<(&'static str, u64, u64)> {
    let tables = report.files[file].tables.iter().filter(|table| table.added + table.known > 0);
    tables.map(|table| (table.table, table.added, table.known)).collect()
}

#[test]
fn shards_become_one_store_with_every_row_of_each() {
    let (a, b) = (shard("a"), shard("b"));
    let out = a.file("all/store.db");
    let report = merge(&out, &[&a.path, &b.path], &PLAIN).unwrap();
    assert!(report.written && report.conflicts.is_empty());
    assert_eq!(
        added(&report, 0),
        [("suites", 1, 0), ("runs", 1, 0), ("cases", 2, 0), ("scores", 2, 0), ("prompts", 1, 0)]
    );
    // The same prompt, made by each part for itself.
    assert_eq!(
        added(&report, 1),
        [("suites", 1, 0), ("runs", 1, 0), ("cases", 2, 0), ("scores", 2, 0), ("prompts", 0, 1)]
    );
    let db = rusqlite::Connection::open(&out).unwrap();
    assert_eq!(damage(&db), [""; 0]);
    let (of_a, of_b) = (content(&a.sqlite()), content(&b.sqlite()));
    for (table, rows) in content(&db).into_iter().enumerate().take(4) {
        assert_eq!(rows, [of_a[table].clone(), of_b[table].clone()].concat());
    }
    assert_eq!(content(&db)[4], of_a[4]);
    drop(db);
    assert_eq!(open(&out).unwrap().list_runs(None, &refuse).unwrap().len(), 2);
}

#[test]
fn merging_again_adds_nothing_and_into_a_store_that_exists_only_what_is_new() {
    let (a, b) = (shard("a"), shard("b"));
    let before = content(&a.sqlite());
    merge(&a.path, &[&b.path], &PLAIN).unwrap();
    let once = content(&a.sqlite());
    assert_eq!(once[2].len(), before[2].len() + 2);
    let again = merge(&a.path, &[&b.path], &PLAIN).unwrap();
    assert_eq!(
        added(&again, 0),
        [("suites", 0, 1), ("runs", 0, 1), ("cases", 0, 2), ("scores", 0, 2), ("prompts", 0, 1)]
    );
    assert_eq!(content(&a.sqlite()), once);
}

#[test]
fn conflicts_are_listed_and_nothing_is_written() {
    let (a, b, c) = (shard("a"), shard("b"), shard("c"));
    merge(&b.path, &[&a.path], &PLAIN).unwrap();
    b.sqlite()
        .execute_batch(
            "UPDATE runs SET name = 'renamed', model = 'other' WHERE id = 'a';
             UPDATE scores SET score = 0.75 WHERE id = 'a-1-x';
             UPDATE prompts SET content = 'Is it wrong?';",
        )
        .unwrap();
    let out = a.file("out.db");
    let report = merge(&out, &[&a.path, &c.path, &b.path], &PLAIN).unwrap();
    assert!(!report.written);
    let conflicts: Vec<_> = report
        .conflicts
        .first
        .iter()
        .map(|one| (one.table, one.key.as_str(), one.columns.join(" ")))
        .collect();
    let expected = [
        ("runs", "a", "name model".to_owned()),
        ("scores", "a-1-x", "score".to_owned()),
        ("prompts", "judge/1", "content".to_owned()),
    ];
    assert_eq!(conflicts, expected);
    assert!(report.conflicts.first.iter().all(|one| one.path == b.path));
    assert!(!std::path::Path::new(&out).exists());
    let left = std::fs::read_dir(a.folder.path()).unwrap();
    assert!(
        left.map(|one| one.unwrap().path()).all(|path| !path.to_string_lossy().contains("out.db"))
    );

    let before = content(&c.sqlite());
    assert!(!merge(&c.path, &[&a.path, &b.path], &PLAIN).unwrap().written);
    assert_eq!(content(&c.sqlite()), before);
}

#[test]
fn trajectories_get_numbers_of_their_new_file_and_texts_stay_shared() {
    let (a, b) = (shard("a"), shard("b"));
    for (place, run) in [(&a, "a"), (&b, "b")] {
        let store = open(&place.path).unwrap();
        add_trajectories(&store, run);
        let result = NewBenchmarkResult {
            benchmark: "b".to_owned(),
            score: 1.0,
            num_examples: 2,
            num_correct: 2,
            num_errors: 0,
            num_truncated: 0,
            metrics: serde_json::from_str("{}").unwrap(),
            time_seconds: None,
            pass_at_k: serde_json::from_str("{}").unwrap(),
        };
        store.save_benchmark_result(run, &result).unwrap();
        store.close().unwrap();
    }
    let out = a.file("out.db");
    for (report, known) in [
        (merge(&out, &[&a.path, &b.path], &PLAIN).unwrap(), false),
        (merge(&out, &[&a.path, &b.path], &PLAIN).unwrap(), true),
    ] {
        assert!(report.written, "{:?}", report.conflicts);
        let of_b = added(&report, 1);
        let new = |rows| if known { (0, rows) } else { (rows, 0) };
        for (table, (added, was_known)) in [
            ("benchmark_results", new(1)),
            ("trajectories", new(2)),
            ("texts", (0, 1)),
            ("turns", new(4)),
        ] {
            assert!(of_b.contains(&(table, added, was_known)), "{table}: {of_b:?}");
        }
    }
    let merged = open(&out).unwrap();
    for (place, run) in [(&a, "a"), (&b, "b")] {
        assert_eq!(
            trajectories_of(&merged, run),
            trajectories_of(&open(&place.path).unwrap(), run)
        );
    }
    assert_eq!(damage(&rusqlite::Connection::open(&out).unwrap()), [""; 0]);
}

#[test]
fn suites_of_one_name_can_become_one() {
    let (a, b) = (shard("a"), shard("b"));
    let out = a.file("out.db");
    merge(&out, &[&a.path, &b.path], &UNITED).unwrap();
    let store = open(&out).unwrap();
    assert_eq!(store.list_suites().unwrap().len(), 1);
    let runs = store.list_runs(Some("suite of a"), &refuse).unwrap();
    assert_eq!(runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    // Again, with the runs in another suite than in their own file.
    let again = merge(&out, &[&b.path], &UNITED).unwrap();
    assert_eq!(
        added(&again, 0),
        [("suites", 0, 1), ("runs", 0, 1), ("cases", 0, 2), ("scores", 0, 2), ("prompts", 0, 1)]
    );
}

#[test]
fn an_input_of_an_older_schema_is_read_as_it_is_and_stays_as_it_is() {
    let old = support::old_file::make(&[
        &support::old_file::schema_without_versions(support::old_file::REFERENCE, "TEXT NOT NULL"),
        support::old_file::ROWS,
    ]);
    let before = std::fs::read(&old.path).unwrap();
    let out = old.file("out.db");
    let report = merge(&out, &[&old.path], &PLAIN).unwrap();
    assert!(report.written);
    assert_eq!(
        support::old_file::content(&rusqlite::Connection::open(&out).unwrap()),
        support::old_file::content(&old.sqlite())
    );
    assert!(std::fs::read(&old.path).unwrap() == before);
}

#[test]
fn a_missing_input_the_output_itself_and_no_input_at_all_are_errors() {
    let a = shard("a");
    let out = a.file("out.db");
    let code = |out: &str, inputs: &[&str]| merge(out, inputs, &PLAIN).unwrap_err().code;
    assert_eq!(code(&out, &[&a.path, &a.file("missing.db")]), Code::NotFound);
    assert_eq!(code(&a.path, &[&a.path]), Code::InvalidArgument);
    assert_eq!(code(&out, &[]), Code::InvalidArgument);
    assert!(!std::path::Path::new(&out).exists());
}
