//! Text from the store that a terminal would interpret, or that would break the layout.

use runstore::Store;
use runstore::model::{MoreOfCase, NewCase, NewRun, NewScore, RunStatus};

use super::fixture::Fixture;
use super::terminal::{Call, call, snapshot};

const HOSTILE: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\r\n\t\0 \u{202e}gnp.exe";

/// Two runs of three cases, with such text in all of their fields. Without keys, the cases are trials of one.
fn fixture(has_keys: bool) -> Fixture {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("hostile", 3);
    fixture.store().rename_suite(&suite, HOSTILE).unwrap();
    fixture.store().create_prompt(HOSTILE, HOSTILE).unwrap();
    for (run, days_ago, score) in [("run", 2, 1.0), ("worse", 1, 0.0)] {
        fixture.started(run, days_ago);
        save(fixture.store(), &suite, run, score, has_keys);
        fixture.finish_run(run, RunStatus::Completed);
    }
    fixture
}

fn save(store: &Store, suite_id: &str, run_id: &str, score: f64, has_keys: bool) {
    let json = serde_json::to_string(HOSTILE).unwrap();
    let tags = serde_json::to_string(&[HOSTILE]).unwrap();
    let run = NewRun {
        id: Some(run_id),
        suite_id,
        name: HOSTILE,
        model: HOSTILE,
        tags: Some(&tags),
        config: Some(&json),
        ..NewRun::default()
    };
    store.create_run(&run).unwrap();
    for idx in 0..3 {
        let (id, key) = (format!("{HOSTILE} {run_id} {idx}"), format!("{HOSTILE} {idx}"));
        let case = NewCase {
            id: Some(&id),
            run_id,
            idx: f64::from(idx),
            input: &json,
            output: Some(HOSTILE),
            error: Some(HOSTILE),
            more: MoreOfCase { key: has_keys.then_some(key.as_str()), ..MoreOfCase::default() },
            ..NewCase::default()
        };
        store.save_cases([Ok(case)]).unwrap();
        let score = NewScore {
            case_id: &id,
            scorer_name: HOSTILE,
            score: score * f64::from(idx),
            reason: Some(HOSTILE),
            ..NewScore::default()
        };
        store.save_scores([Ok(score)]).unwrap();
    }
}

/// [`Call::run_in`] checks for every call that none of it is printed unescaped.
#[test]
fn hostile_text_is_shown_escaped() {
    let folder = fixture(false).finish();
    let lines = ["suites", "runs", "cases run", "cases run --full"];
    snapshot("hostile", folder.path(), &lines.map(|line| call(line).with("COLUMNS", "200")));
    let folder = fixture(true).finish();
    let lines = [
        "suites",
        "runs",
        "show run",
        "cases run",
        "cases run --full",
        "prompts",
        "show worse",
        "compare run worse",
        "compare run worse --texts",
        "gate run worse --record",
        "verdicts",
        "history",
        "trend",
        "calibrate run worse",
        "baseline set worse",
        "baseline show",
        "baseline list",
        "mde run",
        "mde run worse",
    ];
    for line in lines {
        for format in ["", " --json"] {
            let call: Call = call(&format!("{line}{format}"));
            for call in [call.clone().narrow(), call] {
                let outcome = call.run_in(folder.path());
                assert!(!outcome.stdout.is_empty(), "{line}: {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn json_keeps_the_text() {
    let folder = fixture(false).finish();
    let outcome = call("cases run --json").run_in(folder.path());
    let shown: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let case = &shown["cases"][0];
    assert_eq!(case["id"].as_str(), Some(format!("{HOSTILE} run 0").as_str()));
    for text in [&case["input"], &case["output"], &case["scores"][0]["reason"]] {
        assert_eq!(text.as_str(), Some(HOSTILE));
    }
}

#[test]
fn hostile_arguments_are_escaped_as_well() {
    let folder = Fixture::new().finish();
    for line in
        [format!("show '{HOSTILE}'"), format!("'{HOSTILE}'"), format!("runs --limit '{HOSTILE}'")]
    {
        assert_ne!(call(&line).run_in(folder.path()).code, 0);
    }
}
