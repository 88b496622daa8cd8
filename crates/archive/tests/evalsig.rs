//! Runs that the real evalsig wrote, into a store: `fixtures/evalsig/expected.json` has what it reads of them itself. Files have
//! their names percent-encoded there, since not every system has such names.
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

use std::fs;
use std::path::Path;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use runstore::model::{CaseRow, RowBatch};
use runstore::rows::{RowSource, copy_rows};
use runstore::store::{RowImport, refuse};
use runstore::{Code, Store};
use runstore_archive::{Archive, Options, Query};
use serde_json::Value;

const FIXTURES: &str = "tests/fixtures/evalsig";
const PROJECTS: [&str; 4] = ["gsm8k-nightly", "odd-values", "with-slash", "written-twice"];

/// A copy of the store of evalsig, with the names that it gave its files.
fn store_of_evalsig() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for project in PROJECTS {
        copy(&Path::new(FIXTURES).join(project), &root.path().join(project));
    }
    root
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let to = to.join(&*percent_decode_str(&name).decode_utf8().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn opened(root: &Path, project: &str) -> Arc<Archive> {
    Archive::open(root.to_owned(), project, Options::default()).unwrap()
}

fn memory() -> Store {
    Store::open(":memory:", &runstore::db::OpenOptions::default()).unwrap()
}

fn pull(archive: &Archive, id: &str, store: &Store) {
    let mut sink = store.row_sink(RowImport::default());
    copy_rows(&mut archive.rows(id).unwrap(), &mut sink).unwrap();
}

fn cases(store: &Store, id: &str) -> Vec<CaseRow> {
    let mut batches = Vec::new();
    copy_rows(&mut store.export_run(id), &mut batches).unwrap();
    let cases = batches.into_iter().filter_map(|batch| match batch {
        RowBatch::Cases(cases) => Some(cases),
        _ => None,
    });
    cases.flatten().collect()
}

/// A number as `expected.json` has it.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value["$float"].as_str().unwrap().parse().unwrap())
}

#[test]
fn every_run_is_pulled_with_all_that_evalsig_reads_of_it() {
    let expected: Value =
        serde_json::from_slice(&fs::read(Path::new(FIXTURES).join("expected.json")).unwrap())
            .unwrap();
    let (root, mut pulled) = (store_of_evalsig(), 0);
    for project in PROJECTS {
        let (archive, store) = (opened(root.path(), project), memory());
        for (id, frame) in expected[project].as_object().unwrap() {
            pull(&archive, id, &store);
            pulled += 1;
            let run = store.get_run(id, &refuse).unwrap().unwrap();
            let suite =
                store.find_suite_by_name(frame["task_id"].as_str().unwrap()).unwrap().unwrap();
            assert_eq!(
                (run.suite_id, run.name.as_str(), run.status.as_str()),
                (suite.id, id.as_str(), "completed")
            );
            assert_eq!(run.model, frame["model_id"].as_str().unwrap());
            let said = run.metadata.unwrap();
            assert!(
                said.get().contains(&format!("\"config_hash\":{}", frame["config_hash"])),
                "{said}"
            );
            let (items, cases) = (frame["items"].as_array().unwrap(), cases(&store, id));
            assert_eq!(cases.len(), items.len(), "{id}");
            for (case, item) in cases.iter().zip(items) {
                check(case, item, frame["metric_name"].as_str().unwrap());
            }
        }
    }
    assert_eq!(pulled, 7);
}

fn check(case: &CaseRow, item: &Value, metric: &str) {
    let name = item["item_id"].as_str();
    assert_eq!(case.key.as_deref(), name);
    assert_eq!(case.input, serde_json::json!(name.unwrap_or_default()).to_string());
    assert_eq!(case.trial, item["epoch"].as_f64());
    assert_eq!(case.cluster.as_deref(), item["cluster_id"].as_str());
    let metadata = case.metadata.as_deref().unwrap_or("{}");
    assert_eq!(serde_json::from_str::<Value>(metadata).unwrap(), item["metadata"]);
    let score = number(&item["score"]);
    match &case.scores[..] {
        [] => assert!(score.is_nan()),
        // SQLite has one zero.
        [one] => assert_eq!((one.score, one.scorer_name.as_str()), (score, metric)),
        _ => panic!("{case:?}"),
    }
}

#[test]
fn what_the_manifest_says_beside_the_scores_is_kept() {
    let (root, store) = (store_of_evalsig(), memory());
    pull(&opened(root.path(), "gsm8k-nightly"), "alpha-7b::gsm8k::002", &store);
    let run = store.get_run("alpha-7b::gsm8k::002", &refuse).unwrap().unwrap();
    let said: Value = serde_json::from_str(run.metadata.unwrap().get()).unwrap();
    let wanted = serde_json::json!({
        "metric_name": "exact_match", "config_hash": "c0ffef", "delta": 0.05, "p_value": 0.031, "verdict": "ALLOW",
        "parent_run_id": "alpha-7b::gsm8k::001",
    });
    assert_eq!(said["evalsig"], wanted);
    // 2026-07-01T00:00:00.25Z
    assert_eq!(run.started_at, 1_782_864_000_250.0);
}

#[test]
fn a_run_of_evalsig_is_the_same_in_every_store_and_is_taken_once() {
    let root = store_of_evalsig();
    let archive = opened(root.path(), "gsm8k-nightly");
    let (one, other) = (memory(), memory());
    pull(&archive, "three-epochs", &one);
    pull(&archive, "three-epochs", &other);
    assert_eq!(cases(&one, "three-epochs"), cases(&other, "three-epochs"));
    let mut sink = one.row_sink(RowImport::default());
    let error = copy_rows(&mut archive.rows("three-epochs").unwrap(), &mut sink).unwrap_err();
    assert_eq!(error.code, Code::Constraint);
}

#[test]
fn a_run_of_evalsig_goes_into_the_suite_of_its_name() {
    let (root, store) = (store_of_evalsig(), memory());
    let archive = opened(root.path(), "gsm8k-nightly");
    let suite = store.create_suite("drop").unwrap();
    let mut rows = archive.rows("three-epochs").unwrap();
    assert_eq!(rows.suite_name(), Some("drop"));
    let import = RowImport { suite_id: Some(suite.id.clone()), ..RowImport::default() };
    copy_rows(&mut rows, &mut store.row_sink(import)).unwrap();
    assert_eq!(store.get_run("three-epochs", &refuse).unwrap().unwrap().suite_id, suite.id);
}

#[test]
fn every_parquet_dialect_is_pulled_alike() {
    let folder = Path::new("tests/fixtures/parquet-variants");
    let mut pulled = Vec::new();
    for dialect in
        ["none", "zstd", "data_page_v2", "plain_no_dictionary", "no_statistics_no_arrow_schema"]
    {
        let root = tempfile::tempdir().unwrap();
        let month = root.path().join("default/year=2026/month=01");
        fs::create_dir_all(&month).unwrap();
        fs::copy(folder.join(format!("{dialect}.parquet")), month.join("run_id=x.parquet"))
            .unwrap();
        let archive = opened(root.path(), "default");
        archive.rebuild(&mut |_, _| Ok(())).unwrap();
        let id = archive.runs(&Query::default()).unwrap().pop().unwrap().run_id;
        let mut rows = archive.rows(&id).unwrap();
        let mut batches = Vec::new();
        while let Some(batch) = rows.next_batch().unwrap() {
            batches.push(batch);
        }
        assert_eq!(rows.progress(), (257, 257), "{dialect}");
        // When the file was copied is when the run began, where nothing else is known.
        pulled.push(batches.split_off(1));
    }
    assert!(pulled.iter().all(|batches| *batches == pulled[0]));
    assert!(matches!(pulled[0].last(), Some(RowBatch::End(counts)) if counts.cases == 257));
}
