//! docs/cli.md.

use std::path::Path;

use super::episodes::agents;
use super::fixture::{Fixture, SECOND};
use super::json_keys::commands_with_json;
use super::maintaining::sick;
use super::terminal::call;
use runstore::store::refuse;

#[test]
fn the_document_is_generated_from_the_current_definitions() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");
    if std::env::var_os("RUNSTORE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, runstore_cli::reference()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == runstore_cli::reference(), "run \"npm run docs\"");
}

/// Calls each line with `--json`. `Call::run_in` checks that every key is described.
fn call_all(folder: &Path, lines: &[&str]) {
    for line in lines {
        let outcome = call(&format!("{line} --json")).run_in(folder);
        assert!(outcome.stdout.starts_with(['{', '[']), "{line}: {}", outcome.stderr);
    }
}

/// Calls whose JSON has what that of the transcripts lacks, and commands of whose JSON there is no transcript.
const CALLS: [&str; 29] = [
    "suites unite capitals",
    "show broken",
    "compare 1a2b3c4 broken --texts --slice-by metadata.language",
    "gate 1a2b3c4 second --record",
    "history --suite capitals",
    "trend --suite capitals",
    "calibrate 1a2b3c4 second --suite capitals",
    "verdicts",
    "mde second --drop 0.1",
    "baseline set second",
    "thresholds set exact --pass-floor 0.9 --suite capitals",
    "thresholds rm exact --suite capitals",
    "thresholds clear --suite capitals",
    "report html second --out report.html",
    "report archive second --out run.zip",
    "report save second --run-id second",
    "report import evaluar/results/second.json --store other.db",
    "report delete second --results-dir evaluar/results --yes",
    "report clear --suite rivers --dry-run",
    "report export second --format jsonl --out cases.jsonl",
    "import jsonl cases.jsonl --suite again --model gpt-x --store lines.db",
    "archive push second --to evals",
    "archive list --to evals",
    "archive pull 1a2b3c5e-0000-4000-8000-000000000002 --to evals --store pulled.db",
    "archive verify --to evals",
    "runs rename broken mended",
    "baseline rm --suite capitals",
    "suites delete rivers --dry-run",
    "backup copy.db",
];

#[test]
fn every_key_of_json_is_described() {
    let mut fixture = Fixture::new();
    let run = fixture.store().get_run(SECOND, &refuse).unwrap().unwrap();
    fixture.store().set_baseline(&run.suite_id, SECOND, "main").unwrap();
    fixture.set_baselines(1);
    call_all(fixture.finish().path(), &CALLS);
}

#[test]
fn every_key_of_json_of_trajectories_is_described() {
    let lines = [
        "runs",
        "trajectories nightly",
        "trajectories nightly 1",
        "export tinker out nightly",
        "import tinker out --store new.db",
    ];
    call_all(agents().finish().path(), &lines);
}

#[test]
fn every_key_of_json_of_the_doctor_is_described() {
    let lines = ["doctor --stale 1m", "doctor --salvage out.db", "doctor --fix"];
    call_all(sick().path(), &lines);
}

/// The lines of all transcripts that call the command.
fn transcribed() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots");
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let calls = |text: String| {
        let calls = text.lines().filter_map(|line| line.strip_prefix("$ runstore "));
        calls.map(str::to_owned).collect::<Vec<_>>()
    };
    texts.flat_map(calls).filter(|call| call.contains("--json")).collect()
}

#[test]
fn every_command_with_json_is_called_with_it() {
    let calls: Vec<String> = transcribed().into_iter().chain(CALLS.map(str::to_owned)).collect();
    let is_called = |command: &str| {
        calls.iter().any(|call| {
            call.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    let commands: Vec<&str> = commands_with_json().collect();
    assert!(commands.len() > 40, "{commands:?}");
    let absent: Vec<&str> = commands.into_iter().filter(|command| !is_called(command)).collect();
    assert_eq!(absent, [""; 0], "add a call with --json to a transcript, or to CALLS");
}
