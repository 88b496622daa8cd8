//! check: thresholds and scorecards.

use std::fs;

use runstore::model::{RunStatus, Threshold, Thresholds};
use runstore::store::refuse;

use super::fixture::{BROKEN, FIRST, Fixture, RIVERS, RUNNING};
use super::terminal::{call, everywhere, snapshot};

fn floor(pass: f64, warn: Option<f64>) -> Threshold {
    Threshold { pass_floor: Some(pass), warn_floor: warn, ..Threshold::default() }
}

/// The usual runs, with thresholds that the first one meets half-way.
fn with_thresholds() -> Fixture {
    let fixture = Fixture::new();
    let suite = fixture.store().get_run(FIRST, &refuse).unwrap().unwrap().suite_id;
    let cost = Threshold { pass_ceiling: Some(0.1), ..Threshold::default() };
    let thresholds = Thresholds::from([
        ("exact".to_owned(), floor(0.95, Some(0.85))),
        ("pass_rate".to_owned(), floor(0.5, None)),
        ("cost_usd".to_owned(), cost),
    ]);
    fixture.store().set_thresholds(&suite, &thresholds).unwrap();
    fixture
}

#[test]
fn check() {
    let folder = with_thresholds().finish();
    let mut calls = everywhere("check 1a2b3c4d");
    calls.extend([
        call("check 1a2b3c4d --warn-as-failure").coloured(),
        call("check 1a2b3c5e"),
        call("check 1a2b3c5e --format markdown"),
        call(&format!("check {BROKEN}")),
        call(&format!("check {RUNNING}")),
        call(&format!("check {RIVERS}")),
        call(&format!("check {RIVERS} --json")),
        call("check 1a2b3c4d --github"),
        call("check nothing"),
    ]);
    snapshot("check", folder.path(), &calls);
}

#[test]
fn a_job_of_github_gets_a_summary_and_outputs() {
    let folder = with_thresholds().finish();
    let check = call("check 1a2b3c5e --github")
        .with("GITHUB_STEP_SUMMARY", "summary.md")
        .with("GITHUB_OUTPUT", "output.txt");
    let outcome = check.run_in(folder.path());
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.starts_with("::error title=runstore check%3A FAIL::"),
        "{}",
        outcome.stderr
    );
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(
        read("output.txt"),
        "run_id=1a2b3c5e-0000-4000-8000-000000000002\nverdict=fail\npass_rate=0.725\n"
    );
    let summary = read("summary.md");
    assert!(summary.starts_with("### ❌ FAIL: `second`\n"), "{summary}");
    assert_eq!(summary.matches("| fail |").count(), 11);
}

#[test]
fn markup_in_the_name_of_an_evaluation_is_escaped() {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("s", 1);
    fixture.run(&suite, FIRST, "a`b | <img src=x> \u{1b}[31m\n::error::", "m", 0);
    fixture.case(FIRST, 0, None, Some("| <script> ::error:: \u{202e}\u{1b}[2J"));
    fixture.score(FIRST, 0, "<b>|", 0.0, None);
    fixture.finish_run(FIRST, RunStatus::Completed);
    let thresholds = Thresholds::from([("<b>|".to_owned(), floor(1.0, None))]);
    fixture.store().set_thresholds(&suite, &thresholds).unwrap();
    let folder = fixture.finish();
    let calls = ["check latest", "check latest --format markdown", "check latest --github"];
    snapshot("check-hostile", folder.path(), &calls.map(call));
}
