//! benchmarks, trajectories, and the files of tinker.

use std::path::Path;

use runstore::model::{
    Checkpoint, MoreOfCase, MoreOfNewRun, NewBenchmarkResult, NewCase, NewOutcome, NewRun,
    NewTrajectory, NewTurn, Role, RunStatus,
};
use runstore::store::{OnConflict, Part};
use runstore_cli::{Environment, Stream, run};
use serde_json::value::RawValue;

use super::fixture::{FIRST, Fixture, SECOND};
use super::terminal::{NOW, call, everywhere, snapshot};

fn turn<'a>(
    role: Role,
    content: &'a str,
    token_count: f64,
    metadata: Option<&'a str>,
) -> NewTurn<'a> {
    NewTurn {
        role,
        content: Some(content),
        is_parts: content.starts_with('['),
        token_count: Some(token_count),
        metadata,
        message: None,
    }
}

fn trajectory<'a>(
    benchmark: &'a str,
    idx: i64,
    outcome: NewOutcome<'a>,
    turns: Vec<NewTurn<'a>>,
) -> NewTrajectory<'a> {
    NewTrajectory { benchmark, idx, outcome, turns }
}

fn calls_of_tools() -> Vec<NewTurn<'static>> {
    let calls = r#"{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"add","arguments":"{\"a\":1}"}},
        {"id":"call_2","type":"custom"}]}"#;
    let answer = r#"{"tool_call_id":"call_1"}"#;
    vec![
        NewTurn::says(Role::Developer, "Add up."),
        NewTurn { content: None, message: Some(calls), ..NewTurn::says(Role::Assistant, "") },
        NewTurn { message: Some(answer), ..NewTurn::says(Role::Tool, "2") },
        NewTurn {
            content: None,
            message: Some(r#"{"refusal":"No."}"#),
            ..NewTurn::says(Role::Assistant, "")
        },
    ]
}

/// Two runs, one of them with trajectories of two benchmarks.
pub fn agents() -> Fixture {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("agents", 5);
    let checkpoint = Checkpoint { name: Some("step-300".to_owned()), path: None };
    let more = MoreOfNewRun {
        benchmarks: Some(vec!["maze".to_owned(), "sums".to_owned()]),
        checkpoint: Some(checkpoint),
        started_at: Some((NOW - 2 * 24 * 60 * 60_000) as f64),
        label: Some("step-300_20261119_120000_1a2b3c".to_owned()),
        ..MoreOfNewRun::default()
    };
    let new = NewRun {
        id: Some(FIRST),
        suite_id: &suite,
        name: "nightly",
        model: "small",
        tags: Some(r#"["night"]"#),
        more: Some(&more),
        ..NewRun::default()
    };
    fixture.store().create_run(&new).unwrap();
    fixture.run(&suite, SECOND, "alone", "large", 1000);
    let system = "You are in a maze. Say left, right, up or down, and nothing else. ".repeat(40);
    let code = "if wall:\n\treturn 'left' # \u{1b}[31mred\u{1b}[0m\r\n\nelse:\n    anaconda"
        .to_owned()
        + &"a".repeat(150);
    let solved = NewOutcome {
        example_id: Some("maze-7"),
        reward: Some(1.0),
        metrics: Some(r#"{"steps":12,"speed":0.25}"#),
        logs: Some(r#"{"seed":1,"path":["left",{"far":true}]}"#),
        time_seconds: Some(1.25),
        ..NewOutcome::default()
    };
    let late = NewOutcome {
        error: Some("timeout:\n\u{1b}]0;gone\u{7} 30 s"),
        time_seconds: Some(30.0),
        ..NewOutcome::default()
    };
    let rows = [
        trajectory(
            "maze",
            0,
            solved,
            vec![
                turn(Role::System, &system, 640.0, None),
                turn(Role::Environment, "##.#\n#..#", 4.0, Some(r#"{"seed":1}"#)),
                turn(Role::Assistant, &code, 31.0, None),
                turn(
                    Role::Tool,
                    r#"[{"type":"text","text":"東京 is far"},{"type":"image","url":"a.png"}]"#,
                    0.0,
                    None,
                ),
                turn(Role::User, "", 0.0, None),
                turn(Role::Grader, "out", 1.0, None),
            ],
        ),
        trajectory("maze", 1, late, vec![turn(Role::Assistant, "right", 1.0, None)]),
        trajectory("maze", -2, NewOutcome::default(), vec![]),
        trajectory(
            "sums",
            0,
            NewOutcome {
                reward: Some(f64::INFINITY),
                trial: Some(1.0),
                key: Some("add"),
                ..solved
            },
            calls_of_tools(),
        ),
    ];
    let case = NewCase { id: Some("case-1"), run_id: FIRST, input: "1", ..NewCase::default() };
    let more = MoreOfCase { key: Some("add"), trial: Some(1.0), ..MoreOfCase::default() };
    fixture.store().save_cases([Ok(NewCase { more, ..case })]).unwrap();
    fixture
        .store()
        .save_trajectories(FIRST, Part::WHOLE, OnConflict::Error, rows.into_iter().map(Ok))
        .unwrap();
    let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
    let result = NewBenchmarkResult {
        benchmark: "sums".to_owned(),
        score: 0.5,
        num_examples: 1200,
        num_correct: 600,
        num_errors: 0,
        num_truncated: 3,
        metrics: raw(r#"{"carry":0.25}"#),
        time_seconds: Some(95.5),
        pass_at_k: raw(r#"{"1":0.5,"10":0.875,"5":0.75}"#),
    };
    fixture.store().save_benchmark_result(FIRST, &result).unwrap();
    fixture.finish_run(FIRST, RunStatus::Completed);
    fixture
}

#[test]
fn benchmarks() {
    let folder = agents().finish();
    let mut calls = everywhere("benchmarks nightly");
    calls.extend([call("benchmarks alone"), call("benchmarks gone")]);
    snapshot("benchmarks", folder.path(), &calls);
}

#[test]
fn trajectories() {
    let folder = agents().finish();
    let mut calls = everywhere("trajectories nightly");
    calls.extend([
        call("trajectories nightly --benchmark maze --outcome correct"),
        call("trajectories nightly --outcome incorrect"),
        call("trajectories nightly --outcome error --limit 1"),
        call("trajectories nightly --limit 1"),
        call("trajectories nightly --key add --trial 1"),
        call("trajectories nightly --case case-1 --trial 2"),
        call("trajectories nightly --benchmark chess"),
        call("trajectories alone"),
        call("trajectories nightly --outcome lost"),
    ]);
    snapshot("trajectories", folder.path(), &calls);
}

#[test]
fn one_trajectory() {
    let folder = agents().finish();
    let mut calls = everywhere("trajectories nightly 0 --benchmark maze");
    calls.extend([
        call("trajectories nightly 1"),
        call("trajectories nightly -2"),
        call("trajectories nightly 0 --benchmark sums"),
        call("trajectories nightly 0"),
        call("trajectories nightly 9"),
        call("trajectories nightly 1 --benchmark sums"),
        call("trajectories nightly one"),
        call("trajectories nightly --full"),
    ]);
    snapshot("trajectory", folder.path(), &calls);
    let full = call("trajectories nightly 0 --benchmark maze --full").run_in(folder.path()).stdout;
    assert_eq!(full.matches("nothing else.").count(), 40);
    assert!(!full.contains("--full"), "{full}");
}

#[test]
fn runs_are_filtered_by_their_fields() {
    let folder = agents().finish();
    let mut calls = everywhere("runs --tag night");
    calls.extend([
        call("runs --checkpoint step-300 --benchmark sums"),
        call("runs --benchmark chess"),
        call("runs --search STEP"),
        call("runs --search alo --since 1d"),
        call("runs --since 1d --tag night"),
        call("runs --since soon"),
        call("runs --limit 1"),
        call("runs --limit 0"),
    ]);
    snapshot("runs-known", folder.path(), &calls);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A folder with an EvalStore that tinker wrote.
fn evals() -> tempfile::TempDir {
    let folder = Fixture::empty().finish();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/tinker/store");
    copy(Path::new(fixture), &folder.path().join("evals"));
    folder
}

#[test]
fn the_files_of_tinker_are_imported_and_exported() {
    let folder = evals();
    std::fs::remove_dir_all(folder.path().join(".evals")).unwrap();
    let calls = [
        call("import tinker evals"),
        call("import tinker evals"),
        call("runs"),
        call("import tinker evals --store one.db --run step9 --suite mine --json"),
        call("runs --suite mine --store one.db"),
        call("import tinker evals --store one.db --run gone"),
        call("import tinker evals --run ../step9"),
        call("import tinker missing"),
        call("import tinker ''"),
        call("import"),
        call("benchmarks step10_20260301_100700_4462eb"),
        call("export tinker out step9 step10_20260301_100700_4462eb"),
        call("export tinker out step9 step9 --json"),
        call("export tinker other 'not finished é'").narrow(),
        call("export tinker out gone"),
        call("export tinker out"),
    ];
    snapshot("tinker", folder.path(), &calls);
}

#[test]
fn unreadable_files_are_reported() {
    let folder = evals();
    let run = folder.path().join("evals/runs/step10_20260301_100700_4462eb");
    let lines = std::fs::read_to_string(run.join("math/trajectories.jsonl")).unwrap();
    let torn = &lines[..lines.len() - 40];
    std::fs::write(run.join("math/trajectories.jsonl"), torn.replacen("17}", "NaN}", 1)).unwrap();
    std::fs::create_dir(folder.path().join("evals/runs/\u{1b}[31mred")).unwrap();
    std::fs::write(folder.path().join("evals/runs/\u{1b}[31mred/metadata.json"), "{").unwrap();
    let mut calls = vec![call("import tinker evals --strict"), call("runs")];
    calls
        .extend([call("import tinker evals"), call("import tinker evals --store two.db").narrow()]);
    calls.extend([call("import tinker evals --store three.db").coloured()]);
    snapshot("tinker-damaged", folder.path(), &calls);
    std::fs::write(run.join("summary.json"), "{}").unwrap();
    let refused = [
        call("import tinker evals"),
        call("export tinker evals step10_20260301_100700_4462eb"),
        call("export tinker evals step10_20260301_100700_4462eb --overwrite"),
    ];
    snapshot("tinker-refused", folder.path(), &refused);
}

#[test]
fn losses_of_an_export_are_reported() {
    let folder = agents().finish();
    let calls = everywhere("export tinker out nightly alone");
    snapshot("tinker-losses", folder.path(), &calls);
}

pub fn said(line: &str, folder: &Path) -> String {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let environment = Environment {
        stdout: Stream::new(&mut output, false),
        stderr: Stream::new(&mut errors, true),
        width: Some(80),
        variables: Default::default(),
        folder: folder.to_owned(),
        now: NOW,
        input: None,
    };
    assert_eq!(run(line.split(' ').map(Into::into), &environment), 0);
    drop(environment);
    String::from_utf8(errors).unwrap()
}

#[test]
fn long_imports_and_exports_show_their_progress() {
    let folder = Fixture::empty().finish();
    let run = folder.path().join("evals/runs/long");
    std::fs::create_dir_all(run.join("maze")).unwrap();
    let metadata = r#"{"run_id": "long", "model_name": "m", "checkpoint_path": null, "checkpoint_name": null,
                       "benchmarks": ["maze"], "timestamp": "2026-03-01T10:28:00"}"#;
    std::fs::write(run.join("metadata.json"), metadata).unwrap();
    let lines: String =
        (0..2000).map(|idx| format!("{{\"idx\": {idx}, \"benchmark\": \"maze\"}}\n")).collect();
    std::fs::write(run.join("maze/trajectories.jsonl"), lines).unwrap();
    for (line, name) in [("import tinker evals", "import"), ("export tinker out long", "export")] {
        let said = said(line, folder.path());
        let shown: Vec<&str> = said.split('\r').collect();
        assert!(shown.len() > 5, "{said:?}");
        assert!(shown[1].starts_with(&format!("{name} ")), "{said:?}");
        assert_eq!(shown[shown.len() - 3], format!("{name} {} 100%", "█".repeat(30)));
        assert_eq!(shown[shown.len() - 2].trim(), "");
    }
}
