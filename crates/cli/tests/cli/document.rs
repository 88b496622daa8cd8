//! docs/cli.md.

use std::collections::BTreeSet;

use serde_json::Value;

use super::episodes::agents;
use super::fixture::{Fixture, SECOND};
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

/// Adds the keys of all objects, except those whose keys are data.
fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                let others = [
                    "config",
                    "tags",
                    "metadata",
                    "meanScores",
                    "input",
                    "logs",
                    "metrics",
                    "pass_at_k",
                    "passAtK",
                ];
                // The keys of cases are a list; those of runs are names of benchmarks.
                let is_by_benchmark = key == "scores" && value.is_object();
                if !others.contains(&key.as_str()) && !is_by_benchmark {
                    collect(value, keys);
                }
            }
        }
        _ => {}
    }
}

/// The words of the JSON block in the section of a command.
fn documented(command: &str) -> BTreeSet<String> {
    documented_as(command, "JSON")
}

fn documented_as(command: &str, title: &str) -> BTreeSet<String> {
    let text = runstore_cli::reference();
    let section =
        text.split("\n## ").find(|section| section.starts_with(&format!("runstore {command}\n")));
    let json =
        section.unwrap().split(&format!("{title}:\n")).nth(1).unwrap().split("```").nth(1).unwrap();
    json.split(|character: char| !character.is_alphanumeric() && character != '_')
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_key_of_the_json_is_documented() {
    let mut fixture = Fixture::new();
    let run = fixture.store().get_run(SECOND, &refuse).unwrap().unwrap();
    fixture.store().set_baseline(&run.suite_id, SECOND, "main").unwrap();
    fixture.set_baselines(1);
    let folder = fixture.finish();
    call("gate 1a2b3c4 second --record").run_in(folder.path());
    let of_run = documented("runs");
    for (command, arguments) in [
        ("suites", ""),
        ("suites unite", "capitals"),
        ("runs", ""),
        ("show", "broken"),
        ("cases", "broken"),
        ("prompts", ""),
        ("compare", "1a2b3c4 broken --texts --slice-by metadata.language"),
        ("gate", "1a2b3c4 second"),
        ("history", "--suite capitals"),
        ("trend", "--suite capitals"),
        ("calibrate", "1a2b3c4 second --suite capitals"),
        ("baseline show", "--suite capitals"),
        ("baseline list", ""),
        ("verdicts", ""),
        ("mde", "second --drop 0.1"),
        ("baseline set", "second"),
        ("baseline rm", "--suite capitals"),
        ("backup", "copy.db"),
        ("merge", "all.db copy.db"),
        ("prune", "--keep 1"),
        ("recover", "--older-than 1m --dry-run"),
        ("vacuum", ""),
    ] {
        let outcome = call(&format!("{command} {arguments} --json")).run_in(folder.path());
        let mut keys = BTreeSet::new();
        collect(&serde_json::from_str(&outcome.stdout).unwrap(), &mut keys);
        assert!(!keys.is_empty(), "{command}: {}", outcome.stderr);
        let mut known = documented(command);
        // These contain what other commands describe.
        if keys.contains("run") || command == "gate" {
            known.extend(of_run.clone());
            known.extend(documented("suites"));
            known.extend(documented("compare"));
        }
        let unknown: Vec<&String> = keys.difference(&known).collect();
        assert!(unknown.is_empty(), "{command}: {unknown:?}");
    }
}

#[test]
fn every_key_of_trajectories_is_documented() {
    let folder = agents().finish();
    for (line, command, title) in [
        ("runs", "runs", "JSON"),
        ("benchmarks nightly", "benchmarks", "JSON"),
        ("trajectories nightly", "trajectories", "JSON"),
        ("trajectories nightly 1", "trajectories", "JSON with IDX"),
        ("export tinker out nightly", "export tinker", "JSON"),
        ("import tinker out --store new.db", "import tinker", "JSON"),
    ] {
        let outcome = call(&format!("{line} --json")).run_in(folder.path());
        let mut keys = BTreeSet::new();
        collect(&serde_json::from_str(&outcome.stdout).unwrap(), &mut keys);
        let mut known = documented_as(command, title);
        if keys.contains("run") {
            known.extend(documented("runs"));
        }
        let unknown: Vec<&String> = keys.difference(&known).collect();
        assert!(!keys.is_empty() && unknown.is_empty(), "{line}: {unknown:?}, {}", outcome.stderr);
    }
}

#[test]
fn every_key_of_the_doctor_is_documented() {
    let folder = sick();
    for (line, title) in [
        ("doctor --stale 1m --json", "JSON"),
        ("doctor --salvage out.db --json", "JSON with --salvage"),
        ("doctor --fix --json", "JSON"),
    ] {
        let outcome = call(line).run_in(folder.path());
        let mut keys = BTreeSet::new();
        collect(&serde_json::from_str(&outcome.stdout).unwrap(), &mut keys);
        let known = documented_as("doctor", title);
        let unknown: Vec<&String> = keys.difference(&known).collect();
        assert!(unknown.is_empty(), "{line}: {unknown:?}");
    }
}
