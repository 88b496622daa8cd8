//! compare and gate.

use super::fixture::{FIRST, Fixture, SECOND};
use super::terminal::{call, everywhere, snapshot};
use runstore::process::Process;
use runstore::store::refuse;

#[test]
fn compare() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("compare 1a2b3c4 second");
    calls.extend([
        call("compare 1a2b3c4 second --scorer exact --limit 2"),
        call("compare 1a2b3c4 second --lower-is-better similarity --limit 1").coloured(),
        call("compare 1a2b3c4 second --texts --limit 1"),
        call("compare 1a2b3c4 broken"),
        call("compare 1a2b3c4 nightly"),
        call("compare first second --suite capitals"),
        call("compare 1a2b3c4 second --slice-by metadata.language --limit 1"),
        call("compare 1a2b3c4 second --format markdown"),
    ]);
    snapshot("compare", folder.path(), &calls);
}

#[test]
fn gate() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("gate 1a2b3c4 second");
    calls.extend([
        call("gate second 1a2b3c4 --margin exact=0.1 --limit 1"),
        call("gate second 1a2b3c4 --require-improvement 0.05 --scorer similarity").narrow(),
        call("gate 1a2b3c4 second --margin 1"),
        call("gate 1a2b3c4 nightly"),
        call("gate 1a2b3c4 broken --min-coverage 0.01"),
        call("gate 1a2b3c4 second --format markdown"),
        call("gate 1a2b3c4 second --format markdown --limit 1").piped(),
    ]);
    snapshot("gate", folder.path(), &calls);
}

#[test]
fn gate_does_not_advise_to_wait_for_a_process_that_has_ended() {
    let mut fixture = Fixture::new();
    let suite = fixture.suite("live", 1);
    let gone = Process { pid: 999_999_999, ..Process::this() };
    for (id, process) in [("alive", &Process::this()), ("ended", &gone)] {
        fixture.run(&suite, id, "n", "m", 60_000);
        fixture.owned(id, process, 5_000);
    }
    let folder = fixture.finish();
    let said = |candidate: &str| {
        let outcome = call(&format!("gate 1a2b3c4 {candidate}")).run_in(folder.path());
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        outcome.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let alive = said("alive");
    assert!(alive.contains("is still running; wait for it, or"), "{alive}");
    let ended = said("ended");
    assert!(
        ended.contains(
            "did not complete (its status is running, but its process has ended); continue it with"
        ),
        "{ended}"
    );
}

#[test]
fn the_exit_code_is_the_verdict_even_if_the_output_is_closed() {
    let folder = Fixture::new().finish();
    let code = |line: &str| call(line).run_in(folder.path()).code;
    assert_eq!(code("gate 1a2b3c4 second --margin 1"), 0);
    assert_eq!(code("gate 1a2b3c4 1a2b3c4"), 65);
    assert_eq!(code("gate 1a2b3c4 second --scorer similarity"), 1);
    assert_eq!(code("gate 1a2b3c4 second --scorer exact"), 2);
    assert_eq!(code("gate 1a2b3c4 second --scorer exact --json"), 2);
    assert_eq!(
        super::failures::code_when_nobody_reads("gate 1a2b3c4 second --scorer similarity"),
        1
    );
}

#[test]
fn invalid_comparisons_are_refused() {
    let folder = Fixture::new().finish();
    let calls = [
        "compare 1a2b3c4",
        "compare 1a2b3c4 second --alpha 2",
        "compare 1a2b3c4 second --scorer style",
        "compare 1a2b3c4 second --slice-by language",
        "compare 1a2b3c4 second --format markdown --json",
        "gate 1a2b3c4 second --margin much",
        "gate 1a2b3c4 second --margin 0.1 --margin exact=0.2",
        "gate 1a2b3c4 second --margin style=0.2",
        "gate 1a2b3c4 second --min-coverage 2",
        "gate baseline latest",
        "gate 1a2b3c4 1a2b3c4",
        "gate 1a2b3c4 second --slice-by metadata.langauge",
        "gate 1a2b3c4 second --reducer best",
        "gate 1a2b3c4 second --range 5",
        "gate 1a2b3c4 second --gate-slices",
        "gate 1a2b3c4 none",
    ];
    snapshot("compare-refused", folder.path(), &calls.map(call));
}

#[test]
fn runs_of_a_comparison_are_of_one_suite_unless_they_are_named() {
    let mut fixture = Fixture::new();
    for (id, days_ago) in [(FIRST, 4), (SECOND, 2)] {
        let run = fixture.store().get_run(id, &refuse).unwrap().unwrap();
        fixture
            .store()
            .set_baseline(&run.suite_id, id, if id == FIRST { "main" } else { "other" })
            .unwrap();
        fixture.set_baselines(days_ago);
    }
    let folder = fixture.finish();
    let compared = |line: &str| -> [String; 2] {
        let outcome = call(&format!("{line} --json")).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        ["baseline", "candidate"].map(|run| {
            report[run]["name"].as_str().unwrap().to_owned()
                + "/"
                + report[run]["model"].as_str().unwrap()
        })
    };
    assert_eq!(compared("compare baseline latest"), ["first/gpt-4", "second/gpt-4"]);
    assert_eq!(compared("compare baseline:other 1a2b3c4"), ["second/gpt-4", "first/gpt-4"]);
    // The latest run of the baseline's suite, not of all suites: it is the baseline itself.
    assert_eq!(call("compare c0ff latest").run_in(folder.path()).code, 65);
}

#[test]
fn github_gets_a_summary_and_annotations() {
    let folder = Fixture::new().finish();
    let line =
        |line: &str| call(&format!("{line} --github")).with("GITHUB_STEP_SUMMARY", "summary.md");
    let calls = [
        line("gate 1a2b3c4 second --limit 1 --scorer similarity"),
        line("gate 1a2b3c4 second --limit 1 --scorer exact"),
        line("gate 1a2b3c4 second --margin 1 --format markdown"),
        line("compare 1a2b3c4 second --limit 1 --format markdown"),
        call("gate 1a2b3c4 second --margin 1 --limit 1 --github --scorer exact"),
        call("gate 1a2b3c4 second --margin 1 --limit 1 --github")
            .with("GITHUB_STEP_SUMMARY", "missing/summary.md"),
    ];
    snapshot("github", folder.path(), &calls);
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    let titles: Vec<&str> = summary.lines().filter(|line| line.starts_with("###")).collect();
    let expected =
        ["### ❌ REJECT", "### ❔ INCONCLUSIVE", "### ✅ ALLOW", "### Comparison of two runs"];
    assert_eq!(titles, expected);
}
