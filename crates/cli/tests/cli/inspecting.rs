//! The commands that show the content of a store.

use super::fixture::{Fixture, SECOND};
use super::terminal::{call, everywhere, snapshot};
use runstore::model::{MoreOfCase, NewCase, NewScore, RunStatus};
use runstore::process::Process;
use unicode_width::UnicodeWidthStr;

#[test]
fn suites() {
    let folder = Fixture::new().finish();
    snapshot("suites", folder.path(), &everywhere("suites"));
}

#[test]
fn runs() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("runs");
    calls.extend([
        call("runs --suite rivers"),
        call("runs --model gpt-4 --status completed --limit 1"),
        call("runs --status running --json"),
        call("runs --model none"),
        call("runs").piped(),
        call("runs").piped().with("COLUMNS", "70"),
    ]);
    snapshot("runs", folder.path(), &calls);
}

#[test]
fn lists_of_runs_and_their_history_have_the_same_mean() {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("trials", 1);
    fixture.run(&suite, "trials", "n", "m", 60_000);
    // Two attempts at the first case failed, and the only one at the second passed.
    let case = |id, key, trial| {
        let more = MoreOfCase { key: Some(key), trial, ..MoreOfCase::default() };
        NewCase { id: Some(id), run_id: "trials", input: "1", more, ..NewCase::default() }
    };
    let cases = [case("a", "one", Some(0.0)), case("b", "one", Some(1.0)), case("c", "two", None)];
    fixture.store().save_cases(cases.map(Ok)).unwrap();
    let score =
        |case_id, score| NewScore { case_id, scorer_name: "exact", score, ..NewScore::default() };
    let scores = [score("a", 0.0), score("b", 0.0), score("c", 1.0)];
    fixture.store().save_scores(scores.map(Ok)).unwrap();
    fixture.finish_run("trials", RunStatus::Completed);
    let folder = fixture.finish();
    for command in ["runs", "history --suite trials"] {
        let said = call(command).run_in(folder.path()).stdout;
        assert!(said.contains("0.500") && !said.contains("0.333"), "{command}: {said}");
    }
}

#[test]
fn the_heartbeat_of_runs_that_are_running() {
    let mut fixture = Fixture::new();
    let suite = fixture.suite("live", 1);
    fixture.run(&suite, "alive", "n", "m", 60_000);
    fixture.owned("alive", &Process::this(), 5_000);
    fixture.run(&suite, "ended", "n", "m", 7_200_000);
    let gone = Process { pid: 999_999_999, ..Process::this() };
    fixture.owned("ended", &gone, 3_600_000);
    let folder = fixture.finish();
    let list = call("runs --suite live").run_in(folder.path()).stdout;
    assert!(list.contains("heartbeat") && list.contains("just now"), "{list}");
    assert!(list.contains("1 h ago, process ended"), "{list}");
}

#[test]
fn every_command_that_tells_a_status_tells_that_the_process_has_ended() {
    let mut fixture = Fixture::new();
    let gone = Process { pid: 999_999_999, ..Process::this() };
    for (name, process) in [("alive", &Process::this()), ("ended", &gone)] {
        let suite = fixture.suite(name, 1);
        fixture.finished_run(&suite, &format!("before-{name}"), "before", "m", 7_200_000, 0);
        fixture.run(&suite, name, name, "m", 3_600_000);
        fixture.owned(name, process, 60_000);
        fixture.store().set_baseline(&suite, name, "main").unwrap();
    }
    let folder = fixture.finish();
    let said = |line: &str| {
        let outcome = call(line).run_in(folder.path());
        let all = format!("{} {}", outcome.stdout, outcome.stderr);
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for line in [
        "show RUN",
        "show latest --suite RUN",
        "baseline show --suite RUN",
        "compare before-RUN RUN",
        "compare before-RUN latest --suite RUN",
        "compare baseline latest --suite RUN",
        "gate before-RUN RUN",
    ] {
        let [alive, ended] = ["alive", "ended"].map(|run| said(&line.replace("RUN", run)));
        assert!(ended.contains("running, but its process has ended"), "{line}: {ended}");
        assert!(alive.contains("running") && !alive.contains("has ended"), "{line}: {alive}");
    }
}

#[test]
fn show() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("show broken");
    calls.extend([
        call("show first --suite capitals"),
        call("show nightly"),
        call("show second --threshold 0.9"),
    ]);
    snapshot("show", folder.path(), &calls);
}

#[test]
fn show_counts_a_case_with_several_attempts_once() {
    let folder = tries().finish();
    snapshot("show-attempts", folder.path(), &[call("show tries"), call("show tries").narrow()]);
}

#[test]
fn pass_at_k_says_on_how_many_cases_it_rests() {
    let folder = tries().finish();
    let shown = |line: &str| call(line).run_in(folder.path()).stdout;
    let one = shown("show tries");
    assert!(one.contains("pass@k      1: 0.167, 3: 1.000 (1 of 2 cases)"), "{one}");
    // Beside other models, a figure of few cases is left out.
    let side_by_side = shown("show --suite capitals");
    assert!(
        side_by_side.contains("1: 0.167") && !side_by_side.contains("3: 1.000"),
        "{side_by_side}"
    );
    let json: serde_json::Value = serde_json::from_str(&shown("show tries --json")).unwrap();
    let report = &json["report"];
    assert_eq!(report["passAtKCases"], serde_json::json!({ "1": 2, "3": 1 }));
    assert_eq!(report["passAtK"]["3"], 1.0);
}

/// A run with up to three attempts at a case, one without a score, and little that was measured.
fn tries() -> Fixture {
    let mut fixture = Fixture::empty();
    let suite_id = fixture.suite("capitals", 30);
    fixture.run(&suite_id, SECOND, "tries", "gpt-4", 60_000);
    let store = fixture.store();
    for (idx, (question, scores, latency_ms)) in [
        ("\"Peru?\"", &[1.0] as &[f64], Some(100.0)),
        ("\"Peru?\"", &[0.0], None),
        ("\"Peru?\"", &[0.0, 1.0, 0.5], Some(300.0)),
        ("\"Chad?\"", &[0.0], None),
        ("\"Chad?\"", &[], None),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("try-{idx}");
        let case = NewCase {
            id: Some(&id),
            run_id: SECOND,
            idx: idx as f64,
            input: question,
            latency_ms,
            ..NewCase::default()
        };
        store.save_cases([Ok(case)]).unwrap();
        let score = |score: &f64| NewScore {
            case_id: &id,
            scorer_name: "exact",
            score: *score,
            ..NewScore::default()
        };
        store.save_scores(scores.iter().map(score).map(Ok)).unwrap();
    }
    fixture.finish_run(SECOND, RunStatus::Completed);
    fixture
}

#[test]
fn judges() {
    let mut fixture = Fixture::empty();
    let suite_id = fixture.suite("capitals", 30);
    fixture.run(&suite_id, SECOND, "judged", "gpt-4", 60_000);
    for idx in 0..60 {
        fixture.case(SECOND, idx, Some("Paris"), None);
        let human = f64::from(u8::from(idx % 4 != 0));
        let judge = if idx % 15 == 7 { 1.0 - human } else { human };
        fixture.score(SECOND, idx, "judge", judge, None);
        if idx < 40 {
            fixture.score(SECOND, idx, "human", human, None);
        }
    }
    fixture.finish_run(SECOND, RunStatus::Completed);
    let folder = fixture.finish();
    let calls = [
        call("judges judged --judge judge --human human"),
        call("judges judged --judge judge --human human").narrow(),
        call("judges judged --judge judge --human human --json"),
        call("judges judged --judge judge --human reviewer"),
        call("judges judged --judge judge --human judge"),
    ];
    snapshot("judges", folder.path(), &calls);
}

#[test]
fn cases() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("cases broken");
    calls.extend([
        call("cases second --failed --scorer exact"),
        call("cases second --failed --threshold 0.3 --limit 2").narrow(),
        call("cases broken --errored --unscored"),
        call("cases broken --unscored --scorer similarity --json"),
        call("cases broken --full").narrow(),
        call("cases broken --full --failed").coloured(),
        call("cases nightly"),
    ]);
    snapshot("cases", folder.path(), &calls);
}

#[test]
fn cases_are_found_by_their_content() {
    let folder = Fixture::new().finish();
    let calls = [
        "cases second --search COUNTRY --limit 1",
        "cases second --search 'number 13?'",
        "cases broken --search 'try again'",
        "cases second --search nowhere",
        "cases second --failed --metadata language=fr --scorer exact",
        "cases second --metadata language=en --metadata language=fr",
        "cases second --metadata language.sub=fr",
        "cases second --metadata language",
        "cases second --key capital",
        "cases second --tag hard",
    ];
    snapshot("cases-found", folder.path(), &calls.map(call));
}

#[test]
fn prompts() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("prompts");
    calls.extend(everywhere("prompts judge"));
    calls.extend([
        call("prompts judge --version 1"),
        call("prompts judge --version 7"),
        call("prompts jury"),
    ]);
    snapshot("prompts", folder.path(), &calls);
}

#[test]
fn an_empty_store_is_reported_as_empty() {
    let folder = Fixture::empty().finish();
    let calls =
        ["suites", "runs", "prompts", "show latest", "prompts x", "runs --suite x", "runs --json"];
    snapshot("empty", folder.path(), &calls.map(call));
}

#[test]
fn completions_are_made_for_every_shell() {
    let folder = Fixture::empty().finish();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = call(&format!("completions {shell}")).run_in(folder.path());
        assert_eq!(script.code, 0);
        for word in ["runstore", "suites", "threshold"] {
            assert!(script.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn show_several_runs_and_the_models_of_a_suite_side_by_side() {
    let mut fixture = Fixture::new();
    let capitals = fixture.store().find_suite_by_name("capitals").unwrap().unwrap().id;
    fixture.finished_run(&capitals, RUN_OF_CLAUDE, "third", "claude", 1, 2);
    let folder = fixture.finish();
    let mut calls = everywhere("show --suite capitals");
    calls.extend([
        call("show first second --suite capitals"),
        call("show first nope --suite capitals"),
        call("show"),
    ]);
    snapshot("show-models", folder.path(), &calls);
}

const RUN_OF_CLAUDE: &str = "5e5e5e5e-0000-4000-8000-000000000006";

#[test]
fn help_and_errors_fit_into_80_columns() {
    let folder = Fixture::new().finish();
    let wide = |text: &str| text.lines().find(|line| line.width() > 80).map(str::to_owned);
    let ask = |line: &str| call(line).with("COLUMNS", "80").run_in(folder.path());
    let reference = runstore_cli::reference();
    let commands = reference.lines().filter_map(|line| line.strip_prefix("## runstore "));
    let mut asked = 0;
    for command in commands {
        assert_eq!(wide(&ask(&format!("{command} --help")).stdout), None, "{command}");
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
    for wrong in [
        "show nope",
        "show nope --no-such-option",
        "runs --limit many",
        "prune",
        "gate first second",
    ] {
        let said = ask(wrong).stderr;
        assert!(said.starts_with("error: ") && said.contains("\n hint: "), "{said}");
        assert_eq!(wide(&said), None, "{wrong}");
    }
    // In a log, an error is on one line.
    let said = call("show nope").piped().run_in(folder.path()).stderr;
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn a_scorer_that_scored_nothing_is_refused_by_name() {
    let folder = Fixture::new().finish();
    for command in [
        "cases latest:gpt-4 --scorer exat",
        "history --suite capitals --scorer exat",
        "trend --suite capitals --scorer exat",
    ] {
        let answer = call(command).run_in(folder.path());
        assert_eq!(answer.code, 64, "{command}");
        assert!(answer.stderr.contains("score of \"exat\""), "{command}: {}", answer.stderr);
        assert!(answer.stderr.contains("did you mean exact?"), "{command}: {}", answer.stderr);
    }
}

#[test]
fn on_an_empty_store_every_command_about_a_run_says_what_to_do_first() {
    let folder = Fixture::empty().finish();
    for command in [
        "show latest",
        "cases x",
        "compare a b",
        "gate baseline latest",
        "check latest",
        "report show latest",
    ] {
        let answer = call(command).run_in(folder.path());
        assert_eq!(answer.code, 66, "{command}");
        let words = answer.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains("the store has no run yet; an evaluation that"),
            "{command}: {words}"
        );
    }
    assert!(call("report list").run_in(folder.path()).stdout.contains("The store has no run yet."));
}
