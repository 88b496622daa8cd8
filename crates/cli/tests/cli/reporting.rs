//! report: runs of the store and of folders of run files.

use std::fs;
use std::path::{Path, PathBuf};

use runstore::model::{Threshold, Thresholds};

use super::fixture::{FIRST, Fixture};
use super::terminal::{call, everywhere, snapshot};

const BY_HAND: &str = "../../tests/fixtures/evaluar/results/run_2026-05-07_14-22.json";

/// The usual runs with a threshold, and a folder with the file that was made by hand.
fn folder() -> tempfile::TempDir {
    let fixture = Fixture::new();
    let suite = fixture.store().get_run(FIRST).unwrap().unwrap().suite_id;
    let floor = Threshold { pass_floor: Some(0.9), warn_floor: Some(0.8), ..Threshold::default() };
    let thresholds = Thresholds::from([("exact".to_owned(), floor)]);
    fixture.store().set_thresholds(&suite, &thresholds).unwrap();
    let folder = fixture.finish();
    let results = folder.path().join("evaluar/results");
    fs::create_dir_all(&results).unwrap();
    let by_hand = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(BY_HAND);
    let copy = results.join("run_2026-05-07_14-22.json");
    fs::copy(by_hand, &copy).unwrap();
    let file = fs::File::options().write(true).open(&copy).unwrap();
    let changed = std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_795_000_000_000);
    file.set_modified(changed).unwrap();
    folder
}

#[test]
fn report_shows_what_there_is() {
    let folder = folder();
    let mut calls = everywhere("report list --results-dir evaluar/results");
    calls.extend([
        call("report list"),
        call("report list --suite rivers --json"),
        call("report show latest --results-dir evaluar/results"),
        call("report show run_ --results-dir evaluar/results --json"),
        call("report show evaluar/results/run_2026-05-07_14-22.json"),
        call("report show 1a2b3c4d"),
        call("report show gone --results-dir evaluar/results"),
        call("report list --results-dir nowhere"),
    ]);
    snapshot("report", folder.path(), &calls);
}

#[test]
fn report_exports_every_format() {
    let folder = folder();
    let calls = [
        "report export 1a2b3c4d --format summary-json",
        "report export 1a2b3c4d --format csv --out out/metrics.csv",
        "report export 1a2b3c4d --format markdown",
        "report export 1a2b3c4d --format junit --out out/junit.xml",
        "report export run_ --format junit --results-dir evaluar/results -o out/by-hand.xml",
        "report export run_ --format csv-cases --results-dir evaluar/results -o cases.csv",
        "report export run_ --format ctrf --results-dir evaluar/results -o out/ctrf.json",
        "report export run_ --format jsonl --results-dir evaluar/results -o out/cases.jsonl",
        "report export run_ --format json --results-dir evaluar/results --out copy.json --json",
        "report export run_ --format pdf --results-dir evaluar/results",
    ];
    snapshot("report-export", folder.path(), &calls.map(call));
    assert!(folder.path().join("out/junit.xml").is_file());
    let by_hand = folder.path().join("evaluar/results/run_2026-05-07_14-22.json");
    assert_eq!(fs::read(folder.path().join("copy.json")).unwrap(), fs::read(by_hand).unwrap());
}

#[test]
fn report_saves_archives_and_imports() {
    let folder = folder();
    let run = |line: &str| {
        let outcome = call(line).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
        outcome.stdout
    };
    run("report save 1a2b3c4d 1a2b3c5e --run-id both");
    assert!(folder.path().join("evaluar/results/both.json").is_file());
    run("report save 1a2b3c4d --run-id first");
    let archive = run("report archive first --results-dir evaluar/results --out first.zip");
    assert!(archive.contains("cases.csv") && archive.contains("first.zip"), "{archive}");
    let refused = call("report archive both --results-dir evaluar/results --out both.zip");
    let refused = refused.run_in(folder.path());
    assert!(refused.stderr.contains("this format takes one run"), "{}", refused.stderr);
    assert!(!folder.path().join("both.zip").exists());
    let imported = run("report import evaluar/results/both.json --store other.db --json");
    assert!(imported.contains("\"cases\": 40"), "{imported}");
    let shown = run("report show 1a2b3c4d --json");
    assert_eq!(run("report show 1a2b3c4d --json --store other.db"), shown);
    let again =
        call("report import evaluar/results/both.json --store other.db").run_in(folder.path());
    assert_eq!(again.code, 65, "{}", again.stderr);
    run("report import evaluar/results/both.json --store other.db --keep-existing");
}

fn files(folder: &Path) -> usize {
    fs::read_dir(folder.join("evaluar/results")).unwrap().count()
}

#[test]
fn report_removes_only_what_was_agreed_to() {
    let folder = folder();
    let in_files = "--results-dir evaluar/results";
    let calls = [
        call(&format!("report delete latest {in_files} --dry-run")),
        call(&format!("report delete latest {in_files}")).piped(),
        call(&format!("report delete latest {in_files}")).answering("n\n"),
        call("report prune --keep 1 --dry-run"),
        call("report prune --keep 1 --dry-run --json"),
        call("report clear").piped(),
        call("report clear --suite rivers").answering("y\n"),
        call("report clear --suite rivers --yes"),
        call("report delete 1a2b3c4d --yes"),
        call("report delete 1a2b3c4d --yes"),
    ];
    snapshot("report-remove", folder.path(), &calls);
    assert_eq!(files(folder.path()), 1);
    let deleted = call(&format!("report delete latest {in_files}")).answering("y\n");
    assert_eq!(deleted.run_in(folder.path()).code, 0);
    assert_eq!(files(folder.path()), 0);
}
