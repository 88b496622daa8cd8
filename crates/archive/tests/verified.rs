//! What an archive must have of a run before the run is deleted from its store.
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use runstore::db::OpenOptions;
use runstore::model::{NewCase, NewRun, NewScore, RowBatch, RunStatus};
use runstore::rows::{RowSource, RowsDigest, copy_rows};
use runstore::{Code, Store};
use runstore_archive::{Archive, ArchivedRun, Options};

fn archive(root: &Path) -> Arc<Archive> {
    Archive::open(root.to_owned(), "default", Options::default()).unwrap()
}

/// A store with finished runs of these names; each case has the score of two scorers.
fn store(runs: &[&str]) -> Store {
    let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
    let suite = store.create_suite("sums").unwrap();
    for run in runs {
        store
            .create_run(&NewRun {
                id: Some(run),
                suite_id: &suite.id,
                name: "nightly",
                model: "m",
                ..NewRun::default()
            })
            .unwrap();
        for (idx, id) in ["a", "b", "c"].map(|case| format!("{run}-{case}")).iter().enumerate() {
            let case = NewCase {
                id: Some(id),
                run_id: run,
                idx: idx as f64,
                input: "1",
                ..NewCase::default()
            };
            store.save_cases([Ok(case)]).unwrap();
            ["exact", "judge"].iter().for_each(|scorer| score(&store, id, scorer, 0.5));
        }
        store.finish_run(run, RunStatus::Completed, None).unwrap();
    }
    store
}

fn score(store: &Store, case: &str, scorer: &str, score: f64) {
    let score = NewScore { case_id: case, scorer_name: scorer, score, ..NewScore::default() };
    store.save_scores([Ok(score)]).unwrap();
}

fn push(archive: &Arc<Archive>, store: &Store, run: &str) -> Vec<ArchivedRun> {
    let mut writer = archive.writer();
    copy_rows(&mut store.export_run(run), &mut writer).unwrap();
    writer.commit().unwrap()
}

fn holds(archive: &Arc<Archive>, store: &Store, run: &str) -> bool {
    archive.holds(run, &mut store.export_run(run)).unwrap()
}

/// Cuts a file in half.
fn cut(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

/// Changes a score in a file without changing its length.
fn change_score(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let of_half = 0.5_f64.to_le_bytes();
    let at = bytes.windows(8).position(|some| some == of_half).unwrap();
    bytes[at..at + 8].copy_from_slice(&0.75_f64.to_le_bytes());
    fs::write(path, bytes).unwrap();
}

fn path(root: &Path, relative: &str) -> PathBuf {
    root.join("default").join(relative)
}

type Damage = fn(&Path);

const DAMAGES: [(&str, Damage); 5] = [
    ("cut", cut),
    ("emptied", |path| fs::write(path, "").unwrap()),
    ("removed", |path| fs::remove_file(path).unwrap()),
    ("overwritten", |path| fs::write(path, "PAR1 something else PAR1").unwrap()),
    ("replaced by a folder", |path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    }),
];

#[test]
fn a_run_with_any_damaged_file_is_not_held_until_it_is_pushed_again() {
    let store = store(&["run"]);
    for file in ["exact", "judge", "rows"] {
        for (what, damage) in DAMAGES {
            let root = tempfile::tempdir().unwrap();
            let archive = archive(root.path());
            let entries = push(&archive, &store, "run");
            assert!(holds(&archive, &store, "run"));
            let damaged = match entries.iter().find(|entry| entry.metric_name == file) {
                Some(entry) => entry.path.clone(),
                None => entries[0].source.clone().unwrap().body,
            };
            damage(&path(root.path(), &damaged));
            assert!(!holds(&archive, &store, "run"), "{file} {what}");
            push(&archive, &store, "run");
            assert!(holds(&archive, &store, "run"), "{file} {what}");
        }
    }
}

#[test]
fn a_changed_score_in_a_parquet_file_is_found() {
    let (store, root) = (store(&["run"]), tempfile::tempdir().unwrap());
    let archive = archive(root.path());
    let entries = push(&archive, &store, "run");
    change_score(&path(root.path(), &entries[1].path));
    assert!(!holds(&archive, &store, "run"));
}

#[test]
fn a_run_whose_files_were_exchanged_is_not_held() {
    let (store, root) = (store(&["one", "other"]), tempfile::tempdir().unwrap());
    let archive = archive(root.path());
    let [one, other] = ["one", "other"].map(|run| push(&archive, &store, run));
    fs::copy(path(root.path(), &other[0].path), path(root.path(), &one[0].path)).unwrap();
    assert!(!holds(&archive, &store, "one"));
    assert!(holds(&archive, &store, "other"));
}

#[test]
fn a_run_is_not_held_by_runs_whose_ids_begin_with_its_own() {
    let (store, root) = (store(&["run-1", "run-10", "run-11"]), tempfile::tempdir().unwrap());
    let archive = archive(root.path());
    ["run-10", "run-11"].iter().for_each(|run| drop(push(&archive, &store, run)));
    assert!(!holds(&archive, &store, "run-1"));
}

#[test]
fn a_run_that_lacks_a_scorer_or_has_another_is_not_held() {
    let (store, root) = (store(&["run"]), tempfile::tempdir().unwrap());
    let archive = archive(root.path());
    push(&archive, &store, "run");
    score(&store, "run-a", "added", 1.0);
    assert!(!holds(&archive, &store, "run"));
    push(&archive, &store, "run");
    assert!(holds(&archive, &store, "run"));
    archive.delete("run::added").unwrap();
    assert!(!holds(&archive, &store, "run"));
}

/// The digest of the rows of a run at this moment.
fn digest(store: &Store, run: &str) -> [u8; 32] {
    let (mut rows, mut digest) = (store.export_run(run), RowsDigest::default());
    while let Some(batch) = rows.next_batch().unwrap() {
        digest.add(&batch).unwrap();
    }
    digest.finish()
}

#[test]
fn a_run_is_deleted_only_if_it_has_the_rows_that_were_compared() {
    type Change = fn(&Store);
    let changes: [(&str, Change); 6] = [
        ("a score is added", |store| score(store, "run-b", "late", 1.0)),
        ("a case is added", |store| {
            let case = NewCase { run_id: "run", idx: 9.0, input: "9", ..NewCase::default() };
            store.save_cases([Ok(case)]).unwrap();
        }),
        ("the run is renamed", |store| store.rename_run("run", "other").unwrap()),
        ("it becomes a baseline", |store| {
            let suite = store.find_suite_by_name("sums").unwrap().unwrap();
            store.set_baseline(&suite.id, "run", "main").unwrap();
        }),
        ("its suite is renamed", |store| {
            let suite = store.find_suite_by_name("sums").unwrap().unwrap();
            store.rename_suite(&suite.id, "other").unwrap();
        }),
        ("its cases are removed", |store| store.reset_run("run").unwrap()),
    ];
    for (what, change) in changes {
        let (store, root) = (store(&["run"]), tempfile::tempdir().unwrap());
        let archive = archive(root.path());
        push(&archive, &store, "run");
        let compared =
            archive.digest_if_held("run", &mut store.export_run("run")).unwrap().unwrap();
        assert_eq!(compared, digest(&store, "run"));
        change(&store);
        let before = batches(&store);
        assert!(!store.delete_equal_run("run", &compared).unwrap(), "{what}");
        assert_eq!(batches(&store), before, "{what}");
    }
    let store = store(&["run"]);
    assert!(store.delete_equal_run("run", &digest(&store, "run")).unwrap());
    assert_eq!(store.delete_equal_run("run", &[0; 32]).unwrap_err().code, Code::NotFound);
}

fn batches(store: &Store) -> Vec<RowBatch> {
    let mut batches = Vec::new();
    copy_rows(&mut store.export_run("run"), &mut batches).unwrap();
    batches
}

#[test]
fn a_running_run_is_not_deleted() {
    let store = store(&[]);
    let suite = store.find_suite_by_name("sums").unwrap().unwrap();
    let new =
        NewRun { id: Some("run"), suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() };
    store.create_run(&new).unwrap();
    assert!(!store.delete_equal_run("run", &digest(&store, "run")).unwrap());
}
