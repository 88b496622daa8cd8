//! A whole file, opened for reading and for writing, and everything read from it.

use std::cell::OnceCell;

use runstore::compare::{compare, compare_runs};
use runstore::db::OpenOptions;
use runstore::model::NewCase;
use runstore::rows::copy_rows;
use runstore::store::{JsonCheck, refuse};
use runstore::{Code, Store, StoreError};

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

pub fn database(data: &[u8]) {
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| tempfile::tempdir().expect("a folder"));
        let path = folder.path().join("store.db");
        for read_only in [true, false] {
            for beside in ["-wal", "-shm", "-journal"] {
                let _ = std::fs::remove_file(format!("{}{beside}", path.display()));
            }
            std::fs::write(&path, data).expect("written");
            open_and_use(&path.display().to_string(), read_only);
        }
    });
}

fn open_and_use(path: &str, read_only: bool) {
    let options = OpenOptions { read_only, ..OpenOptions::default() };
    match Store::open(path, &options) {
        Ok(store) => use_store(&store),
        Err(error) => check(&error),
    }
}

fn use_store(store: &Store) {
    let mut ids = vec!["run".to_owned()];
    let _ = store.list_suites().map_err(|error| check(&error));
    let _ = store.list_prompts().map_err(|error| check(&error));
    match store.list_runs(None, &refuse) {
        Ok(runs) => ids.extend(runs.into_iter().take(3).map(|run| run.id)),
        Err(error) => check(&error),
    }
    for id in &ids {
        let _ = store.read_cases(id, JsonCheck::Skip, |_| Ok(())).map_err(|error| check(&error));
        let _ = store
            .read_failing_cases(id, JsonCheck::Skip, 2.0, |_| Ok(()))
            .map_err(|error| check(&error));
        let _ = store.cases_after(id, JsonCheck::Skip, None, 5).map_err(|error| check(&error));
        let _ = store.get_run_summary(id, 0.5).map_err(|error| check(&error));
        let _ = compare_runs(store, id, id, &Default::default()).map_err(|error| check(&error));
        let _ = compare(store, &[id], &[id], &Default::default()).map_err(|error| check(&error));
        let exported = copy_rows(&mut store.export_run(id), &mut Vec::new());
        let _ = exported.map_err(|error| check(&error));
        let case = NewCase { run_id: id, input: "1", ..NewCase::default() };
        let _ = store.save_cases([Ok(case)]).map_err(|error| check(&error));
    }
}

fn check(error: &StoreError) {
    assert!(error.code != Code::Internal, "{error}");
    assert!(!error.message().is_empty());
}
