//! check: thresholds and scorecards.

use std::fs;

use runstore::model::{RunStatus, Threshold, Thresholds};
use runstore::process::Process;
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

#[test]
fn without_a_verdict_it_is_said_once_what_is_missing_and_what_to_do() {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("s", 1);
    fixture.run(&suite, FIRST, "done", "m", 60_000);
    fixture.case(FIRST, 0, None, Some("rate limit"));
    fixture.finish_run(FIRST, RunStatus::Completed);
    fixture.run(&suite, "killed", "killed", "m", 60_000);
    fixture.owned("killed", &Process { pid: 999_999_999, ..Process::this() }, 5_000);
    fixture.finished_run(&suite, RIVERS, "scored", "m", 30_000, 0);
    let said = |folder: &std::path::Path, run: &str| {
        let outcome = call(&format!("check {run}")).run_in(folder);
        assert_eq!(outcome.code, 65);
        let all = format!("{} {}", outcome.stdout, outcome.stderr).to_lowercase();
        assert_eq!(all.matches("verdict").count(), 1 + usize::from(all.contains("case  verdict")));
        outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let folder = fixture.finish();
    assert!(said(folder.path(), "done").starts_with(
        "error: no verdict: nothing was scored hint: save scores with saveScores or saveResults; \
         \"runstore cases 1a2b3c4d --errored\" lists what failed"
    ));
    assert!(said(folder.path(), "killed").starts_with(
        "error: no verdict: the status of the run is running, but its process has ended hint: continue it"
    ));
    let scored = said(folder.path(), "scored");
    assert!(
        scored.starts_with("error: no verdict: the suite has no thresholds hint: set one"),
        "{scored}"
    );
    let advice = scored.split('"').nth(1).unwrap().trim_start_matches("runstore ").to_owned();
    assert_eq!(call(&advice).run_in(folder.path()).code, 0, "{advice}");
    assert_eq!(call("check scored").run_in(folder.path()).code, 0);
}
