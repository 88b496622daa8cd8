//! The archive.

use super::fixture::{FIRST, Fixture, RUNNING};
use super::terminal::{call, snapshot};

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
