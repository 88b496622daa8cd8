//! Text from the store that a terminal would obey, or that would not stay in its place.

use runstore::model::{NewCase, NewRun, NewScore};

use super::fixture::Fixture;
use super::terminal::{Call, call, snapshot};

const HOSTILE: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\r\n\t\0 \u{202e}gnp.exe";

fn fixture() -> Fixture {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("hostile", 1);
    let json = serde_json::to_string(HOSTILE).unwrap();
    let tags = serde_json::to_string(&[HOSTILE]).unwrap();
    fixture.started("run", 1);
    let store = fixture.store();
    store.rename_suite(&suite, HOSTILE).unwrap();
    let run = NewRun {
        id: Some("run"),
        suite_id: &suite,
        name: HOSTILE,
        model: HOSTILE,
        tags: Some(&tags),
        config: Some(&json),
        ..NewRun::default()
    };
    store.create_run(&run).unwrap();
    let case = NewCase {
        id: Some(HOSTILE),
        run_id: "run",
        input: &json,
        output: Some(HOSTILE),
        error: Some(HOSTILE),
        ..NewCase::default()
    };
    store.save_cases([Ok(case)]).unwrap();
    let score = NewScore {
        case_id: HOSTILE,
        scorer_name: HOSTILE,
        reason: Some(HOSTILE),
        ..NewScore::default()
    };
    store.save_scores([Ok(score)]).unwrap();
    store.create_prompt(HOSTILE, HOSTILE).unwrap();
    fixture
}

/// That nothing of it comes through is checked for every call, by [`Call::run_in`].
#[test]
fn hostile_text_is_shown_escaped() {
    let folder = fixture().finish();
    let lines = ["suites", "runs", "cases run", "cases run --full"];
    snapshot("hostile", folder.path(), &lines.map(|line| call(line).with("COLUMNS", "200")));
    let lines =
        ["suites", "runs", "show run", "cases run", "cases run --full", "prompts", "show other"];
    for line in lines {
        for format in ["", " --json"] {
            let call: Call = call(&format!("{line}{format}"));
            call.clone().narrow().run_in(folder.path());
            call.run_in(folder.path());
        }
    }
}

#[test]
fn json_keeps_the_text() {
    let folder = fixture().finish();
    let outcome = call("cases run --json").run_in(folder.path());
    let shown: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let case = &shown["cases"][0];
    for text in [&case["id"], &case["input"], &case["output"], &case["scores"][0]["reason"]] {
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
