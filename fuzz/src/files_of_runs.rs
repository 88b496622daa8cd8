//! Files that are imported: run files, and cases as lines of JSON.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use runstore::db::OpenOptions;
use runstore::model::Suite;
use runstore::rows::RowSink;
use runstore::store::{RowImport, refuse};
use runstore::{Code, Result, Store};
use runstore_formats::jsonl::{self, OfRun};
use runstore_formats::run_file;

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

pub fn run_file(data: &[u8]) {
    import(data, |path, sink| run_file::read_rows(path, &AtomicU64::default(), sink));
}

pub fn jsonl(data: &[u8]) {
    let suite = Suite { id: "suite".to_owned(), name: "suite".to_owned(), created_at: 0 };
    let (run_id, name, model) = ("run".to_owned(), "name".to_owned(), "model".to_owned());
    let of = OfRun { suite, run_id, name, model, now: 0 };
    import(data, |path, sink| jsonl::read_rows(path, &of, &AtomicU64::default(), sink));
}

/// Imports a file. What the store took can be read again; an error has a code, and of its run nothing is left.
fn import(data: &[u8], read: impl FnOnce(&Path, &mut dyn RowSink) -> Result<()>) {
    FOLDER.with(|folder| {
        let path =
            folder.get_or_init(|| tempfile::tempdir().expect("a folder")).path().join("file");
        std::fs::write(&path, data).expect("written");
        let store = Store::open(":memory:", &OpenOptions::default()).expect("a store");
        let read = read(&path, &mut store.row_sink(RowImport::default()));
        if let Err(error) = read {
            assert_ne!(error.code, Code::Internal, "{error}");
        }
        for run in store.list_runs(None, &refuse).expect("what was imported is readable") {
            assert_eq!(run.more.importing, None, "an import that ended leaves no part of a run");
            let mut rows = store.export_run(&run.id);
            while runstore::rows::RowSource::next_batch(&mut rows).expect("rows").is_some() {}
        }
    });
}
