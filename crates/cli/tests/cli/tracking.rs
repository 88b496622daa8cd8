//! history, trend, baselines, verdicts and mde.

use runstore::model::RunStatus;
use runstore::store::refuse;

use super::fixture::{FIRST, Fixture};
use super::terminal::{call, everywhere, snapshot};

/// A suite whose scores drop a little in each of eight runs.
fn drifting() -> Fixture {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("drift", 30);
    for number in 0..8_usize {
        let id = format!("d{number}d{number}d{number}d{number}-0000-4000-8000-00000000000{number}");
        let model = if number % 2 == 0 { "gpt-4" } else { "claude" };
        let days_ago = (8 - number as i64) * 24 * 3_600_000;
        fixture.run(&suite, &id, &format!("night {number}"), model, days_ago);
        for idx in 0..30 {
            let noise = ((idx * 31 + number * 17) % 11) as f64 / 100.0;
            fixture.case(&id, idx, Some("Paris"), None);
            fixture.score(&id, idx, "similarity", 0.8 - 0.012 * number as f64 + noise, None);
            fixture.score(&id, idx, "seconds", 2.0 + noise, None);
        }
        fixture.finish_run(&id, RunStatus::Completed);
        if number == 2 {
            fixture.store().set_baseline(&suite, &id, "main").unwrap();
            fixture.set_baselines(5);
        }
    }
    fixture
}

#[test]
fn history() {
    let folder = drifting().finish();
    let mut calls = everywhere("history --scorer similarity --limit 3");
    calls.extend([
        call("history"),
        call("history --model claude --scorer similarity --since 5d --lower-is-better similarity")
            .coloured(),
        call("history --since 2026-11-20 --scorer seconds"),
        call("history --scorer style"),
        call("history --since lately"),
        call("history --baseline release"),
        call("history --limit 0"),
        call("history --suite rivers"),
    ]);
    snapshot("history", folder.path(), &calls);
}

#[test]
fn trend() {
    let folder = drifting().finish();
    let mut calls = everywhere("trend --scorer similarity");
    calls.extend([
        call("trend --last 4"),
        call("trend --scorer similarity --lower-is-better similarity --last 5").coloured(),
        call("trend --scorer similarity --model none"),
        call("trend --alpha 0"),
        call("trend --last 2"),
    ]);
    snapshot("trend", folder.path(), &calls);
}

/// What a call prints, which has to succeed.
fn told(folder: &std::path::Path, line: &str) -> String {
    let outcome = call(line).run_in(folder);
    assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
    outcome.stdout
}

#[test]
fn history_and_trend_are_the_same_wherever_the_runs_are() {
    let folder = drifting().finish();
    let lines = [
        "history --json",
        "history --json --limit 3 --scorer similarity",
        "history --json --model claude --since 5d",
        "trend --json",
        "trend --json --last 4 --scorer seconds",
    ];
    let whole = lines.map(|line| told(folder.path(), line));
    let with_archive = |line: &str| told(folder.path(), &format!("{line} --archive evals"));
    assert_eq!(lines.map(with_archive), whole, "an empty archive");
    told(folder.path(), "archive push --to evals");
    assert_eq!(lines.map(with_archive), whole, "all runs are in both");
    told(folder.path(), "archive push --to evals --since 6d --until 3d --prune");
    assert_ne!(told(folder.path(), lines[0]), whole[0]);
    assert_eq!(lines.map(with_archive), whole, "some runs are in the archive only");
    told(folder.path(), "archive push --to evals --prune");
    assert_eq!(lines.map(with_archive), whole, "only the baseline is left in the store");
    std::fs::remove_dir_all(folder.path().join(".evals")).unwrap();
    // What the baseline is, only its own run says then.
    for all_runs in [0, 3] {
        assert_eq!(with_archive(lines[all_runs]), whole[all_runs], "there is no store");
    }
}

#[test]
fn history_names_what_is_missing_in_both() {
    let folder = drifting().finish();
    told(folder.path(), "archive push --to evals --prune");
    let calls = [
        call("history --archive --scorer seconds --limit 2").with("RUNSTORE_ARCHIVE", "evals"),
        call("history --archive"),
        call("history --archive http://bucket/evals"),
        call("history --archive evals --suite nowhere"),
        call("history --archive evals --project other --limit 1 --scorer seconds"),
        call("history --archive evals --baseline release"),
        call("trend --project other"),
        call("history --archive evals --store none.db"),
    ];
    snapshot("history-of-both", folder.path(), &calls);
    std::fs::remove_dir_all(folder.path().join(".evals")).unwrap();
    let calls = [
        call("history --archive evals --suite drift --scorer seconds --limit 2"),
        call("history --archive evals --suite nowhere"),
        call("history --archive elsewhere"),
    ];
    snapshot("history-of-an-archive", folder.path(), &calls);
}

#[test]
fn calibrate() {
    let folder = drifting().finish();
    let mut calls = everywhere("calibrate --model gpt-4");
    calls.extend([
        call("calibrate --last 3 --alpha 0.2"),
        call("calibrate --model none"),
        call("calibrate second second"),
        call("calibrate --last 1"),
    ]);
    snapshot("calibrate", folder.path(), &calls);
}

#[test]
fn suites_with_the_same_name_are_merged() {
    let mut fixture = Fixture::new();
    fixture.suite("big rivers", 2);
    fixture.suite("big rivers", 1);
    let folder = fixture.finish();
    let calls = [
        "history --suite 'big rivers'",
        "suites unite 'big rivers'",
        "suites unite 'big rivers' --json",
        "suites unite none",
    ];
    snapshot("unite-suites", folder.path(), &calls.map(call));
}

#[test]
fn one_of_several_suites_must_be_named() {
    let folder = Fixture::new().finish();
    let calls = ["history", "trend", "baseline show", "history --suite rivers --scorer exact"];
    snapshot("several-suites", folder.path(), &calls.map(call));
}

#[test]
fn baselines() {
    let mut fixture = Fixture::new();
    let run = fixture.store().get_run(FIRST, &refuse).unwrap().unwrap();
    fixture.store().set_baseline(&run.suite_id, FIRST, "main").unwrap();
    fixture.set_baselines(4);
    let folder = fixture.finish();
    let mut calls = everywhere("baseline list");
    calls.extend(everywhere("baseline show --suite capitals"));
    calls.extend([
        call("show baseline"),
        call("cases baseline --limit 1"),
        call("baseline list --suite rivers"),
        call("baseline show release --suite capitals"),
        call("show baseline:release"),
        call("baseline set second --name release"),
        call("show baseline:release").narrow(),
        call("baseline set first"),
        call("baseline set second --name ''"),
        call("baseline rm release --suite capitals"),
        call("baseline rm release --suite capitals"),
        call("baseline rm main --suite capitals --json"),
        call("baseline"),
    ]);
    snapshot("baselines", folder.path(), &calls);
}

#[test]
fn set_prints_the_stored_baseline() {
    let folder = Fixture::new().finish();
    let told = |line: &str| -> serde_json::Value {
        serde_json::from_str(&call(line).run_in(folder.path()).stdout).unwrap()
    };
    let mut set = told("baseline set second --json");
    let mut shown = told("baseline show --suite capitals --json");
    for baseline in [&mut set, &mut shown] {
        assert!(baseline["age_ms"].take().as_i64().unwrap() >= 0);
    }
    assert_eq!(set, shown);
}

#[test]
fn verdicts() {
    let folder = Fixture::new().finish();
    assert_eq!(call("gate 1a2b3c4 second --record").run_in(folder.path()).code, 1);
    assert_eq!(call("gate second 1a2b3c4 --record --scorer exact").run_in(folder.path()).code, 0);
    let db = rusqlite::Connection::open(folder.path().join(".evals/store.db")).unwrap();
    let amendment = "UPDATE verdicts SET created_at = 1795262400000 - rowid * 3600000,
                       id = '01980000-0000-7000-8000-00000000000' || rowid";
    db.execute_batch(amendment).unwrap();
    let mut calls = everywhere("verdicts");
    calls.extend([
        call("verdicts --run second"),
        call("verdicts --suite capitals --limit 1"),
        call("verdicts --suite rivers"),
    ]);
    snapshot("verdicts", folder.path(), &calls);
}

#[test]
fn the_standard_deviation_of_a_run_is_computed_from_its_scores() {
    let folder = Fixture::new().finish();
    let outcome =
        call("mde second --scorer exact --cases 400 --drop 0.02 --json").run_in(folder.path());
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let spread = &told["spreads"][0];
    // 32 of 40 are right, and the differences of runs with correlation 0.5 have the sd of one run: √(p(1 − p)·n/(n −
    // 1)).
    let sd = (0.8_f64 * 0.2 * 40.0 / 39.0).sqrt();
    assert!((spread["sd"].as_f64().unwrap() - sd).abs() < 1e-12);
    // statsmodels 0.15.0: TTestPower().solve_power(nobs=400, alpha=0.05, power=0.8) and, of the drop, for nobs.
    let of_400 =
        spread["effects"].as_array().unwrap().iter().find(|each| each["cases"] == 400).unwrap();
    assert!((of_400["mde"].as_f64().unwrap() - 0.140_417_436_8 * sd).abs() < 1e-6);
    assert_eq!(spread["drop"]["cases"], 3222);
}

#[test]
fn mde() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("mde second");
    calls.extend([
        call("mde 1a2b3c4 second --scorer similarity --drop 0.02"),
        call("mde second --correlation 0.9 --cases 40,1000 --scorer exact"),
        call("mde --sd 0.4 --cases 100 --drop 0.02 --json"),
        call("mde"),
        call("mde --sd -1"),
        call("mde --sd 0.4 --alpha 2"),
        call("mde --sd 0.4 --drop 0"),
        call("mde second --correlation 1"),
        call("mde second --scorer style"),
        call("mde nightly"),
    ]);
    snapshot("mde", folder.path(), &calls);
}
