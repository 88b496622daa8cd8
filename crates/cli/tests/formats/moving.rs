//! Runs that are moved into an archive and back: pushed, verified, deleted from the store, and pulled.

use std::sync::Arc;

use proptest::prelude::*;
use runstore::Store;
use runstore::db::OpenOptions;
use runstore::model::{RowBatch, RunChanges, Threshold};
use runstore::rows::copy_rows;
use runstore::store::{RowImport, refuse};
use runstore_archive::{Archive, Options};

use super::random_runs;

/// Opens the archive in a folder anew, so that nothing is remembered from the last step.
fn archive(folder: &std::path::Path) -> Arc<Archive> {
    Archive::open(folder.to_owned(), "project", Options::default()).unwrap()
}

fn rows(store: &Store) -> Vec<RowBatch> {
    let mut rows = Vec::new();
    copy_rows(&mut store.export_run("run"), &mut rows).unwrap();
    rows
}

/// Gives the run what [`random_runs::fill`] leaves out.
fn complete(store: &Store, limit: f64) {
    let suite = store.find_suite_by_name("ü suite").unwrap().unwrap();
    let threshold = Threshold { pass_floor: Some(limit), ..Threshold::default() };
    store.set_thresholds(&suite.id, &[("exact".to_owned(), threshold)].into()).unwrap();
    let label = RunChanges { label: Some(Some("Label ü".to_owned())), ..RunChanges::default() };
    store.update_run("run", &label).unwrap();
}

/// Returns which kinds of batches there are.
fn kinds(rows: &[RowBatch]) -> Vec<&'static str> {
    let kind = |batch: &RowBatch| match batch {
        RowBatch::Run(_) => "run",
        RowBatch::Cases(_) => "cases",
        RowBatch::Trajectories(_) => "trajectories",
        RowBatch::Results(_) => "results",
        RowBatch::Baselines(_) => "baselines",
        RowBatch::Verdicts(_) => "verdicts",
        RowBatch::Prompts(_) => "prompts",
        RowBatch::End(_) => "end",
    };
    rows.iter().map(kind).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_run_that_was_pushed_pruned_and_pulled_is_equal_in_everything(
        run in (random_runs::text(), random_runs::json()),
        cases in random_runs::cases(),
        trajectories in random_runs::trajectories(),
        limit in -1.0..1.0,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let store = Store::open(path.to_str().unwrap(), &OpenOptions::default()).unwrap();
        random_runs::fill(&store, run, &cases, &trajectories);
        complete(&store, limit);
        let before = rows(&store);
        for kind in ["run", "results", "baselines", "verdicts", "prompts", "end"] {
            prop_assert!(kinds(&before).contains(&kind), "{}", kind);
        }
        let evals = folder.path().join("evals");

        let mut writer = archive(&evals).writer();
        copy_rows(&mut store.export_run("run"), &mut writer).unwrap();
        writer.commit().unwrap();

        let digest = archive(&evals).digest_if_held("run", &mut store.export_run("run")).unwrap();
        prop_assert!(digest.is_some(), "the archive has it otherwise");
        prop_assert!(store.delete_equal_run("run", &digest.unwrap()).unwrap());
        prop_assert_eq!(store.list_runs(None, &refuse).unwrap().len(), 0);

        copy_rows(&mut archive(&evals).rows("run").unwrap(), &mut store.row_sink(RowImport::default())).unwrap();
        prop_assert_eq!(super::difference(&rows(&store), &before), None);
        prop_assert!(archive(&evals).holds("run", &mut store.export_run("run")).unwrap());
        let verified = archive(&evals).verify(&mut |_, _| Ok(())).unwrap();
        prop_assert_eq!((verified.problems, verified.unlisted), (vec![], vec![]));
    }
}
