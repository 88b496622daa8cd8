//! report: runs of the store and of folders of run files.

use std::fs;
use std::path::{Path, PathBuf};

use runstore::model::{Threshold, Thresholds};
use runstore::store::refuse;

use super::episodes::said;
use super::fixture::{BROKEN, FIRST, Fixture, RIVERS, RUNNING, SECOND};
use super::terminal::{call, everywhere, snapshot};

const BY_HAND: &str = "../../tests/fixtures/evaluar/results/run_2026-05-07_14-22.json";

/// The usual runs with a threshold, and a folder with the file that was made by hand.
fn folder() -> tempfile::TempDir {
    let fixture = Fixture::new();
    let suite = fixture.store().get_run(FIRST, &refuse).unwrap().unwrap().suite_id;
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
fn report_lists_and_shows_runs() {
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
fn a_run_file_has_the_scorecard_of_the_store() {
    let folder = folder();
    let card = |line: &str| -> serde_json::Value {
        let outcome = call(line).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
        let card: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        ["metrics", "thresholds", "verdict", "reasons"].map(|key| card[key].clone()).into()
    };
    let mut codes = vec![];
    for run in [FIRST, SECOND, BROKEN, RUNNING, RIVERS] {
        assert_eq!(call(&format!("report save {run}")).run_in(folder.path()).code, 0, "{run}");
        let of_store = card(&format!("report show {run} --json"));
        let of_file = card(&format!("report show {run} --results-dir evaluar/results --json"));
        assert_eq!(of_file, of_store, "{run}");
        codes.extend(of_store[3].as_array().unwrap().iter().map(|reason| reason["code"].clone()));
    }
    assert_eq!(codes, ["below_floor", "run_failed", "unfinished", "no_thresholds"]);
    let both = format!("report save {FIRST} {BROKEN} --run-id both");
    assert_eq!(call(&both).run_in(folder.path()).code, 0);
    let calls = [call("report show both --results-dir evaluar/results")];
    snapshot("report-of-several", folder.path(), &calls);
}

#[test]
fn a_gate_shows_the_scorecard_of_the_candidate() {
    let folder = folder();
    let calls = [
        call("gate 1a2b3c4d second --scorer exact --margin 0.5 --limit 1"),
        call("gate 1a2b3c4d second --scorer exact --margin 0.5 --limit 1 --format markdown"),
        call(
            "gate 1a2b3c4d second --more-candidates 77aa --unfinished --scorer exact --margin 0.5 --limit 1",
        ),
    ];
    snapshot("gate-scorecard", folder.path(), &calls);
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
        "report export 1a2b3c4d 1a2b3c5e --format markdown",
        "report export 1a2b3c4d 1a2b3c5e --format csv-cases --out out",
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
    // A file of several runs is as good as their names.
    let both = run("report archive both --results-dir evaluar/results --out both.zip --json");
    let named = run("report archive 1a2b3c4d 1a2b3c5e --out named.zip --json");
    assert_eq!(both.replace("both.zip", "named.zip"), named);
    let imported = run("report import evaluar/results/both.json --store other.db --json");
    assert!(imported.contains("\"cases\": 40"), "{imported}");
    let shown = run("report show 1a2b3c4d --json");
    assert_eq!(run("report show 1a2b3c4d --json --store other.db"), shown);
    let again =
        call("report import evaluar/results/both.json --store other.db").run_in(folder.path());
    assert_eq!(again.code, 65, "{}", again.stderr);
    run("report import evaluar/results/both.json --store other.db --keep-existing");
}

#[test]
fn report_exports_several_runs_to_one_file_if_the_format_allows_it() {
    let folder = folder();
    let export = |runs: &str, format: &str| {
        let line = format!("report export {runs} --format {format} --out out.txt");
        let outcome = call(&line).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
        fs::read_to_string(folder.path().join("out.txt")).unwrap()
    };
    let both = "1a2b3c4d 1a2b3c5e";
    let sheet = export(both, "csv-cases");
    assert!(sheet.starts_with("\u{feff}run_id,model,sample_id,"), "{sheet}");
    let [first, second] = ["1a2b3c4d", "1a2b3c5e"].map(|run| export(run, "csv-cases"));
    assert_eq!(sheet.lines().count(), first.lines().count() + second.lines().count() - 1);
    assert_eq!(export(both, "junit").matches("<testsuite ").count(), 2);
    // A file of several runs names the run in each row.
    fs::write(folder.path().join("both.json"), export(both, "json")).unwrap();
    assert_eq!(export("both.json", "csv-cases"), sheet);
    for format in ["markdown", "ctrf", "summary-json", "job-summary"] {
        let refused = call(&format!("report export {both} --format {format} --out none"));
        let refused = refused.run_in(folder.path());
        assert_eq!(refused.code, 64, "{format}: {}", refused.stderr);
        assert!(refused.stderr.contains("holds one run"), "{}", refused.stderr);
    }
    assert!(!folder.path().join("none").exists());
}

#[test]
fn lines_of_json_are_imported_as_a_run() {
    let folder = folder();
    let calls = [
        "report export 1a2b3c4d --format jsonl --out cases.jsonl",
        "import jsonl cases.jsonl --suite again --model gpt-x --run-id again --store other.db",
        "report show again --store other.db",
        "import jsonl cases.jsonl --suite again --model gpt-x --run-id twice --store other.db",
        "import jsonl gone.jsonl --suite again --model gpt-x --store other.db",
        "import jsonl broken.jsonl --suite again --model gpt-x --store other.db",
        "runs --store other.db",
    ];
    let broken = "\u{feff}{\"input\": 1}\n\n{\"input\": 2, \"scores\": {\"exact\": \"one\"}}\n";
    fs::write(folder.path().join("broken.jsonl"), broken).unwrap();
    snapshot("import-jsonl", folder.path(), &calls.map(call));
    let lines = |run: &str| {
        let outcome = call(run).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{run}: {}", outcome.stderr);
        outcome.stdout
    };
    let again = lines("report export again --format jsonl --store other.db");
    assert_eq!(again, lines("report export 1a2b3c4d --format jsonl"));
}

#[test]
fn thresholds_are_set_shown_and_removed() {
    let folder = folder();
    let mut calls = everywhere("thresholds show --suite capitals");
    calls.extend(
        [
            "thresholds show",
            "thresholds set exat --pass-floor 0.9 --suite capitals",
            "thresholds set exat --pass-floor 0.9 --new --suite capitals",
            "thresholds set pass_rte --pass-floor 0.9 --suite capitals",
            "thresholds set exact --suite capitals",
            "thresholds set exact --pass-floor 0.5 --warn-floor 0.6 --suite capitals",
            "thresholds set exact --warn-ceiling 3 --suite capitals",
            "thresholds set cost_usd --pass-ceiling 2 --warn-ceiling 2.5 --suite capitals --json",
            "thresholds rm cost --suite capitals",
            "thresholds rm cost_usd --suite capitals",
            "thresholds clear --suite capitals",
            "thresholds show --suite capitals",
            "thresholds rm exact --suite capitals",
        ]
        .map(call),
    );
    snapshot("thresholds", folder.path(), &calls);
}

fn files(folder: &Path) -> usize {
    fs::read_dir(folder.join("evaluar/results")).unwrap().count()
}

#[test]
fn report_removes_only_what_was_confirmed() {
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

#[test]
fn an_archive_holds_runs_by_any_of_their_names_and_files() {
    let folder = folder();
    let calls = [
        "report archive latest latest --out none.zip",
        "report archive 1a2b3c4d latest --out none.zip --run-id x",
        "report archive 1a2b3c4d gone --out none.zip",
        "report archive 1a2b3c4d --out none.zip --run-id a/b",
        "report archive run_ latest --results-dir evaluar/results --out none.zip",
        "report save latest latest --run-id twice",
        "report export latest latest --format csv",
    ];
    snapshot("report-archive", folder.path(), &calls.map(call));
    assert!(!folder.path().join("none.zip").exists());
    assert_eq!(files(folder.path()), 1);
    // Not in the snapshot: the ids of scores, and so the hashes, are new each time.
    let archived = |runs: &str| {
        let outcome =
            call(&format!("report archive {runs} --out a.zip --json")).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{runs}: {}", outcome.stderr);
        let answer: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let files = answer["files"].as_array().unwrap();
        (
            answer["runIds"].clone(),
            files.iter().map(|file| file["name"].clone()).collect::<Vec<_>>(),
        )
    };
    let (ids, names) = archived("evaluar/results/run_2026-05-07_14-22.json 1a2b3c4d");
    let [by_hand, first] = ["run_2026-05-07_14-22", FIRST];
    assert_eq!(ids, serde_json::json!([by_hand, first]));
    let parts = ["summary.json", "metrics.csv", "cases.csv", "report.md"].map(str::to_owned);
    let of = |id: &str| {
        let names = [format!("{id}.json")].into_iter().chain(parts.clone());
        names.map(|name| format!("{id}/{name}")).collect::<Vec<_>>()
    };
    assert_eq!(names, [of(by_hand), of(first)].concat());
    let (ids, names) = archived("1a2b3c4d --run-id nightly");
    assert_eq!((ids, &names[0]), (serde_json::json!(["nightly"]), &"nightly.json".into()));
}

/// The names of the progress bars that are shown, without repetitions.
fn bars(line: &str, folder: &Path) -> Vec<String> {
    let said = said(line, folder);
    let shown = said.split('\r').filter(|shown| shown.contains('█') || shown.contains('░'));
    let mut names: Vec<String> =
        shown.filter_map(|bar| Some(bar.split_once(' ')?.0.to_owned())).collect();
    names.dedup();
    names
}

#[test]
fn long_reports_show_their_progress_on_a_terminal() {
    let folder = Fixture::empty().finish();
    let output = "x".repeat(2200);
    let line = |idx| {
        format!(
            "{{\"idx\": {idx}, \"input\": {idx}, \"output\": \"{output}\", \"scores\": {{\"exact\": 1}}}}\n"
        )
    };
    fs::write(folder.path().join("cases.jsonl"), (0..5000).map(line).collect::<String>()).unwrap();
    let files = "--results-dir results";
    let calls = [
        ("import jsonl cases.jsonl --suite s --model m --run-id long", vec!["import"]),
        ("report list", vec!["list"]),
        ("report show long", vec!["read"]),
        ("report html long", vec!["report"]),
        ("report save long --results-dir results", vec!["save"]),
        ("report export long --format csv-cases --out cases.csv", vec!["export"]),
        ("report archive long --out long.zip", vec!["archive", "compress"]),
        (&format!("report list {files}"), vec!["read"]),
        (&format!("report show long {files}"), vec!["read"]),
        (&format!("report export long {files} --format json --out copy.json"), vec!["export"]),
        (&format!("report prune --keep 1 {files} --dry-run"), vec!["read"]),
        ("report import results/long.json --store other.db", vec!["import"]),
        ("report delete long --yes --store other.db", vec!["delete"]),
        ("prune --keep 0", vec!["prune"]),
    ];
    for (line, names) in calls {
        assert_eq!(bars(line, folder.path()), names, "{line}");
    }
    // Into a pipe or a log, nothing of it is written.
    let piped = call(&format!("report show long {files}")).piped().run_in(folder.path());
    assert_eq!((piped.code, piped.stderr.as_str()), (0, ""));
}

#[test]
fn a_page_takes_filters_from_a_file_and_says_what_is_wrong_with_them() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("filters.json", r#"[{"name": "Wrong", "filter": "exact<0.5", "sort": "-cost"}]"#);
    write("misspelt.json", "[\n{\"name\": \"Wrong\", \"query\": \"exact<0.5\"}\n]");
    let made = call("report html 1a2b3c4d --presets filters.json").run_in(folder.path());
    assert_eq!(made.code, 0, "{}", made.stderr);
    let calls = [
        call("report html 1a2b3c4d --presets misspelt.json"),
        call("report html 1a2b3c4d --presets gone.json"),
        call("view --presets misspelt.json"),
    ];
    snapshot("presets", folder.path(), &calls);
}
