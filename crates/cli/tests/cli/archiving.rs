//! The archive.

use std::path::Path;

use super::fixture::{FIRST, Fixture, RUNNING};
use super::terminal::{call, everywhere, snapshot};

#[test]
fn runs_are_pushed_to_an_archive_and_pulled_back() {
    let folder = Fixture::new().finish();
    snapshot(
        "archive",
        folder.path(),
        &[
            call("archive list"),
            call("archive list --to http://bucket/evals"),
            call("archive list --to evals"),
            call("archive push --to evals --dry-run"),
            call("archive push --to evals 1a2b3c4d"),
            call("archive push --to evals"),
            call("archive push nightly").with("RUNSTORE_ARCHIVE", "evals"),
            call("archive push --to evals --suite nowhere"),
            call("archive list --to evals"),
            call("archive list --to evals").narrow(),
            call("archive list --to evals --suite rivers --since 2026-11-01"),
            call("archive list --to evals --until tomorrow-ish"),
            call("archive verify --to evals"),
            call("archive fold --to evals"),
            call("archive pull --to evals nothing"),
            call(&format!("archive pull --to evals {FIRST}")),
            call(&format!("archive pull --to evals {FIRST} --keep-existing")),
            call(&format!("archive pull --to evals {FIRST} --store new.db")),
            call(&format!("archive delete --to evals {FIRST}")),
            call(&format!("archive delete --to evals {FIRST} --yes")),
            call("archive vacuum --to evals --dry-run"),
            call("archive vacuum --to evals --grace soon"),
            call("archive list --to evals --project other"),
            call("archive list --to evals --project ../other"),
        ],
    );
}

#[test]
fn what_is_damaged_in_an_archive_is_named_with_the_command_that_helps() {
    let folder = Fixture::new().finish();
    call(&format!("archive push --to evals {FIRST}")).run_in(folder.path());
    let project = folder.path().join("evals/default");
    std::fs::write(project.join("manifest.json"), "{").unwrap();
    let calls = [
        call("archive list --to evals"),
        call("archive fold --to evals --rebuild"),
        call("archive verify --to evals"),
    ];
    snapshot("damaged_archive", folder.path(), &calls);
    let bodies = std::fs::read_dir(project.join("_runstore/runs")).unwrap();
    for body in bodies {
        std::fs::write(body.unwrap().path(), "no rows").unwrap();
    }
    let failed = call(&format!("archive pull --to evals {FIRST} --store new.db"));
    let failed = failed.run_in(folder.path()).stderr;
    let failed = failed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(failed.contains("(in _runstore/runs/"), "{failed}");
    assert!(failed.contains("put an intact copy of the file"), "{failed}");
}

#[test]
fn archive_history_shows_means_and_the_verdict_on_each_scorer() {
    let folder = Fixture::new().finish();
    for line in
        ["gate first second --margin 0.05 --suite capitals --record", "archive push --to evals"]
    {
        call(line).run_in(folder.path());
    }
    let line = "archive history --to evals";
    let calls = [
        call(line),
        call(line).narrow(),
        call(line).coloured(),
        call("archive history --to evals --suite capitals --scorer exact --limit 2"),
        call("archive history --to evals --csv --json"),
        call("archive history --to evals --model-id none"),
        call("archive history --to evals --since soon"),
    ];
    snapshot("archive-history", folder.path(), &calls);
}

#[test]
fn csv_and_json_of_a_listing_have_the_same_keys() {
    let folder = Fixture::new().finish();
    call("archive push --to evals").run_in(folder.path());
    let run = |line: &str| call(line).run_in(folder.path()).stdout;
    for (line, list) in [("archive list", "/runs"), ("archive history", "")] {
        let line = format!("{line} --to evals --task-id capitals --metric-name similarity");
        let json: serde_json::Value =
            serde_json::from_str(&run(&format!("{line} --json"))).unwrap();
        let rows = json.pointer(list).unwrap().as_array().unwrap();
        let csv = run(&format!("{line} --csv"));
        let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!((lines.len(), rows.len()), (3, 2));
        let titles: Vec<&str> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(lines[0].len(), titles.len());
        for (cells, row) in lines[1..].iter().zip(rows) {
            for (title, cell) in lines[0].iter().zip(cells) {
                let wanted = match &row[title] {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(*cell, wanted, "{title}");
            }
        }
    }
}

#[test]
fn runs_that_evalsig_wrote_are_listed_and_pulled() {
    let folder = Fixture::empty().finish();
    let fixture = Path::new("../archive/tests/fixtures/evalsig/gsm8k-nightly");
    copy(fixture, &folder.path().join("evals/gsm8k-nightly"));
    let mut calls = everywhere("archive history --to evals --project gsm8k-nightly");
    calls.extend([
        call("archive list --to evals --project gsm8k-nightly"),
        call("archive pull --to evals --project gsm8k-nightly alpha-7b"),
        call("archive pull --to evals --project gsm8k-nightly alpha-7b::gsm8k::001 alpha-7b::gsm8k::002"),
        call("archive pull --to evals --project gsm8k-nightly three"),
        call("compare alpha-7b::gsm8k::001 alpha-7b::gsm8k::002"),
        call("show three-epochs"),
        call("history --suite gsm8k --archive evals --project gsm8k-nightly"),
    ]);
    snapshot("archive-evalsig", folder.path(), &calls);
}

/// Copies a fixture, whose files have their names percent-encoded.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let to =
            to.join(percent_encoding::percent_decode_str(&name).decode_utf8().unwrap().as_ref());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

#[test]
fn push_with_prune_deletes_archived_runs_but_keeps_baselines_and_running_ones() {
    let folder = Fixture::new().finish();
    let run = |line: &str| {
        let outcome = call(line).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
        outcome.stdout
    };
    run(&format!("baseline set {FIRST} --name main"));
    let pushed: serde_json::Value =
        serde_json::from_str(&run("archive push --to evals --prune --json")).unwrap();
    assert_eq!(pushed["unfinished"], serde_json::json!([RUNNING]));
    let left = run("runs --json");
    let pruned = pushed["pruned"].as_array().unwrap();
    assert_eq!(pruned.len(), 3);
    assert!(pruned.iter().all(|id| !left.contains(id.as_str().unwrap())), "{left}");
    assert!(left.contains(FIRST) && left.contains(RUNNING), "{left}");
    let ids: Vec<&str> = pruned.iter().filter_map(|id| id.as_str()).collect();
    run(&format!("archive pull --to evals {}", ids.join(" ")));
    assert!(ids.iter().all(|id| run("runs --json").contains(id)));
}

#[test]
fn sql_prints_a_query_for_each_engine() {
    let folder = Fixture::empty().finish();
    let engines = ["duckdb", "clickhouse", "polars", "spark", "trino", "snowflake", "bigquery"];
    let calls = engines.map(|engine| call(&format!("archive sql --to evals --engine {engine}")));
    snapshot("archive-sql", folder.path(), &calls);
}
