//! What cannot be written can still be read, also where it is old.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod support;

use std::rc::Rc;

use runstore::compare::{HistoryOptions, history};
use runstore::db::OpenOptions;
use runstore::maintenance::{DoctorOptions, doctor};
use runstore::model::{
    Decision, NewBenchmarkResult, NewCase, NewOutcome, NewRun, NewScore, NewTrajectory, NewVerdict,
    RunBenchmarks, RunChanges, RunQuery, RunStatus, TrajectoryFilter, VerdictFilter,
};
use runstore::results::{ReportOptions, get_benchmark_result, get_run_report};
use runstore::store::{
    Atomic, CaseColumns, CaseQuery, JsonCheck, OnConflict, Part, despite_damage, refuse,
};
use runstore::{Code, Result, Store};
use support::handle::Handle;
use support::old_file::{self, FIRST, REFERENCE, ROWS, SECOND, SuiteReference};
use support::{Place, child, open};

const PROMPTS: &str = "INSERT INTO prompts (id, name, version, content, created_at) VALUES
  ('p-1', 'judge', 1, 'one', 1000), ('p-2', 'judge', 3, 'three', 3000), ('p-3', 'Über', 1, '', 2000);";
const PROMPTS_WITHOUT_VERSIONS: &str = "INSERT INTO prompts (id, name, content, created_at) VALUES
  ('p-2', 'judge', 'two', 3000), ('p-1', 'judge', 'one', 1000), ('p-3', 'Über', '', 2000);";
const ORPHAN: &str = "INSERT INTO runs (id, suite_id, name, model, started_at, status) VALUES
  ('orphan', 'none', 'n', 'small', 1, 'completed');
  INSERT INTO cases (id, run_id, idx, input) VALUES ('orphan-1', 'orphan', 0, '1');";

fn read_only(path: &str) -> Result<Store> {
    Store::open(path, &OpenOptions { read_only: true, ..OpenOptions::default() })
}

/// Old files of several shapes, each with the rows that today's operations show.
fn old_files() -> Vec<(&'static str, Place)> {
    let set_null = old_file::schema_with(SuiteReference::NullableSetNull);
    let no_reference = old_file::schema_with(SuiteReference::NullableWithoutReference);
    let no_versions = old_file::schema_without_versions(&set_null, "TEXT NOT NULL");
    let no_prompts = &REFERENCE[..REFERENCE.find("CREATE TABLE prompts").unwrap()];
    vec![
        ("newest reference", old_file::make(&[REFERENCE, ROWS, PROMPTS])),
        ("our first", old_file::make(&[FIRST, ROWS, PROMPTS])),
        ("our second", old_file::make(&[SECOND, ROWS, PROMPTS])),
        ("set null", old_file::make(&[&set_null, ROWS, PROMPTS, ORPHAN])),
        ("no reference", old_file::make(&[&no_reference, ROWS, PROMPTS, ORPHAN])),
        ("no versions", old_file::make(&[&no_versions, ROWS, PROMPTS_WITHOUT_VERSIONS, ORPHAN])),
        ("no prompts", old_file::make(&[no_prompts, ROWS])),
        (
            "rollback journal",
            old_file::make(&["PRAGMA journal_mode = DELETE", REFERENCE, ROWS, PROMPTS]),
        ),
    ]
}

/// Returns what every reading operation has to say.
fn everything(store: &Store) -> Result<String> {
    use std::fmt::Write;
    let mut said = String::new();
    let mut say = |what: &dyn std::fmt::Debug| writeln!(said, "{what:?}").unwrap();
    say(&store.list_suites()?);
    say(&store.get_suite("suite-a")?);
    say(&store.find_suite_by_name("capitals")?);
    say(&store.list_runs(None, &refuse)?);
    for suite in store.list_suites()? {
        say(&store.list_runs(Some(&suite.id), &refuse)?);
        say(&store.get_latest_completed_run(&suite.id, None, &refuse)?);
        say(&store.get_latest_completed_run(&suite.id, Some("small"), &refuse)?);
        say(&store.latest_completed_runs(&suite.id, None, 9, "history")?);
        say(&store.list_baselines(&suite.id)?);
        say(&store.get_baseline(&suite.id, "main")?);
        say(&history(store, &suite.id, &HistoryOptions::default())?);
    }
    for run in store.list_runs(None, &refuse)?.iter().map(|run| run.id.as_str()).chain(["none"]) {
        say(&store.get_run(run, &refuse)?);
        say(&store.count_cases(run).map_err(|error| error.code));
        say(&despite_damage(|on| store.list_cases(run, &CaseQuery::default(), usize::MAX, on))?);
        say(&store.get_run_summary(run, 0.5)?);
        store.read_cases(run, JsonCheck::Skip, |chunk| {
            say(&chunk);
            Ok(())
        })?;
        store.read_failing_cases(run, JsonCheck::Skip, f64::INFINITY, |chunk| {
            say(&chunk);
            Ok(())
        })?;
        let mut after = None;
        loop {
            let read = store.cases_after(run, JsonCheck::Skip, after.as_ref(), 1);
            let chunk = match read {
                // Of the run that is not there.
                Err(error) if error.code == Code::NotFound => CaseColumns::default(),
                read => read?,
            };
            say(&chunk);
            if chunk.rows() == 0 {
                break;
            }
            after = chunk.last;
        }
    }
    say(&store.list_verdicts(&VerdictFilter::default())?);
    say(&store.query_runs(&RunQuery::default(), &refuse)?);
    say(&store.query_runs(
        &RunQuery { tag: Some("nightly".to_owned()), ..RunQuery::default() },
        &refuse,
    )?);
    for run in store.list_runs(None, &refuse)? {
        say(&get_run_report(store, &run.id, &ReportOptions::default())?);
        say(&store.list_benchmarks(&run.id)?);
        say(&get_benchmark_result(store, &run.id, "b", 0.5)?);
        say(&store.read_summary(&run.id)?);
        say(&store.trajectories_after(&run.id, &TrajectoryFilter::default(), None, 9, "get")?);
        say(&store.get_trajectory(&run.id, "b", 0.0)?);
    }
    say(&store.list_prompts()?);
    say(&store.get_prompt("p-1")?);
    say(&store.get_latest_prompt("judge")?);
    say(&store.get_prompt_version("judge", 1.0)?);
    Ok(said)
}

/// Every operation that writes, with arguments that a store which can be written takes.
fn refusals(store: &Store) -> Vec<(&'static str, Option<Code>)> {
    let run = NewRun { suite_id: "suite-a", name: "n", model: "m", ..NewRun::default() };
    let case = NewCase { run_id: "run-1", input: "1", ..NewCase::default() };
    let score = NewScore { case_id: "case-1", scorer_name: "s", ..NewScore::default() };
    let verdict = NewVerdict {
        baseline_run_id: "run-2".to_owned(),
        candidate_run_id: "run-1".to_owned(),
        decision: Decision::Allow,
        alpha: 0.05,
        scorers: vec![],
    };
    let tags = RunChanges { tags: Some(None), ..RunChanges::default() };
    let empty = || serde_json::from_str("{}").unwrap();
    let result = NewBenchmarkResult {
        benchmark: "b".to_owned(),
        score: 1.0,
        num_examples: 1,
        num_correct: 1,
        num_errors: 0,
        num_truncated: 0,
        metrics: empty(),
        time_seconds: None,
        pass_at_k: empty(),
    };
    let outcome = NewOutcome::default();
    let trajectory = NewTrajectory { benchmark: "b", idx: 0, outcome, turns: vec![] };
    let scores = RunBenchmarks::new();
    let tagged = NewRun { tags: Some("[\"t\"]"), ..run };
    let one = Part { first_row: 0, atomic: Atomic::Statement };
    let code = |error: Option<runstore::StoreError>| error.map(|error| error.code);
    vec![
        ("createSuite", code(store.create_suite("n").err())),
        ("renameSuite", code(store.rename_suite("suite-a", "n").err())),
        ("deleteSuite", code(store.delete_suite("suite-a").err())),
        ("createRun", code(store.create_run(&run).err())),
        ("finishRun", code(store.finish_run("run-1", RunStatus::Failed, None).err())),
        ("renameRun", code(store.rename_run("run-1", "n").err())),
        ("resetRun", code(store.reset_run("run-1").err())),
        ("resumeRun", code(store.resume_run("run-1", None).err())),
        ("deleteRun", code(store.delete_run("run-1").err())),
        ("saveCases", code(store.save_cases([Ok(case)]).err())),
        ("saveCases of one", code(store.save_cases_part(one, [Ok(case)]).err())),
        ("saveScores", code(store.save_scores([Ok(score)]).err())),
        ("saveScores of one", code(store.save_scores_part(one, [Ok(score)]).err())),
        (
            "saveResults",
            code(
                store.save_results(Part::WHOLE, OnConflict::Error, [Ok((case, vec![score]))]).err(),
            ),
        ),
        ("createRun with tags", code(store.create_run(&tagged).err())),
        ("updateRun", code(store.update_run("run-1", &tags).err())),
        ("saveBenchmarkResult", code(store.save_benchmark_result("run-1", &result).err())),
        (
            "finalizeRun",
            code(store.end_with_benchmarks("run-1", RunStatus::Failed, &scores, None).err()),
        ),
        (
            "saveTrajectories",
            code(
                store
                    .save_trajectories(
                        "run-1",
                        Part::WHOLE,
                        OnConflict::Error,
                        [Ok(trajectory.clone())],
                    )
                    .err(),
            ),
        ),
        ("appendTurns", code(store.append_turns("run-1", &trajectory).err())),
        ("setBaseline", code(store.set_baseline("suite-a", "run-1", "main").err())),
        ("recordVerdict", code(store.record_verdict(&verdict).err())),
        ("createPrompt", code(store.create_prompt("judge", "c").err())),
        ("deletePrompt", code(store.delete_prompt("p-1").err())),
    ]
}

fn assert_refuses_to_write(label: &str, store: &Store) {
    for (operation, code) in refusals(store) {
        assert_eq!(code, Some(Code::ReadOnly), "{label}: {operation}");
    }
}

/// What the same file shows after its migration, which is tested elsewhere.
fn after_migration(place: &Place) -> String {
    let copy = place.file("copy.db");
    std::fs::copy(&place.path, &copy).unwrap();
    let said = everything(&open(&copy).unwrap()).unwrap();
    assert!(said.contains("case-1") && said.contains("capitals"));
    said
}

#[test]
fn an_old_file_reads_as_it_would_after_its_migration() {
    for (label, place) in old_files() {
        let expected = after_migration(&place);
        let before = std::fs::read(&place.path).unwrap();
        let store = read_only(&place.path).unwrap();
        assert_eq!(everything(&store).unwrap(), expected, "{label}");
        store.close().unwrap();
        assert!(std::fs::read(&place.path).unwrap() == before, "{label}: the file was changed");
    }
}

#[test]
fn the_doctor_finds_nothing_wrong_with_an_old_schema_and_leaves_it_as_it_is() {
    for (label, place) in old_files() {
        let before = std::fs::read(&place.path).unwrap();
        let store = read_only(&place.path).unwrap();
        let report = doctor(&store, &DoctorOptions::default()).unwrap();
        assert!(report.integrity.is_empty() && report.schema.is_empty(), "{label}: {report:?}");
        // A NUL inside of a text, which SQLite takes for JSON.
        let unreadable: Vec<_> = report.unreadable.first.iter().map(|one| &one.id).collect();
        assert_eq!(unreadable, [&Some("case-5".to_owned())], "{label}");
        assert!(report.advice.iter().any(|one| one.contains("schema is older")), "{label}");
        // Runs without a suite, which some of the files have, are what a migration sets aside.
        let orphans = support::damage(&place.sqlite()).len() as u64;
        assert_eq!(report.dangling.count, orphans, "{label}");
        store.close().unwrap();
        assert_eq!(std::fs::read(&place.path).unwrap(), before, "{label}");
    }
}

#[test]
fn the_doctor_names_what_an_old_file_lacks_of_its_references_and_json() {
    let place = old_file::make(&[FIRST, ROWS, PROMPTS]);
    let damage = "PRAGMA foreign_keys = OFF; UPDATE cases SET input = '{' WHERE rowid = 1;
                  INSERT INTO scores (id, case_id, scorer_name, score) VALUES ('s', 'none', 'n', 1)";
    place.sqlite().execute_batch(damage).unwrap();
    let report = doctor(&read_only(&place.path).unwrap(), &DoctorOptions::default()).unwrap();
    assert_eq!((report.unreadable.count, report.dangling.count, report.healthy), (2, 1, false));
}

#[test]
fn a_current_file_reads_as_ever() {
    for (label, place) in old_files() {
        let expected = after_migration(&place);
        open(&place.path).unwrap().close().unwrap();
        assert_eq!(everything(&read_only(&place.path).unwrap()).unwrap(), expected, "{label}");
    }
}

#[test]
fn writing_is_refused_as_such() {
    for (label, place) in old_files() {
        assert_refuses_to_write(label, &read_only(&place.path).unwrap());
        open(&place.path).unwrap().close().unwrap();
        assert_refuses_to_write(label, &read_only(&place.path).unwrap());
    }
}

#[test]
fn writes_of_others_are_visible() {
    let place = old_file::make(&[REFERENCE, ROWS]);
    let store = read_only(&place.path).unwrap();
    place.sqlite().execute_batch("INSERT INTO suites VALUES ('new', 'new', 1)").unwrap();
    assert!(store.get_suite("new").unwrap().is_some());
    // Another process migrates the file while we read it.
    open(&place.path).unwrap().create_suite("newer").unwrap();
    assert!(store.find_suite_by_name("newer").unwrap().is_some());
    assert_eq!(store.list_runs(None, &refuse).unwrap().len(), 3);
    assert_eq!(store.count_cases("run-1").unwrap(), 3);
}

#[test]
fn a_handle_that_cannot_write_reads_an_old_file() {
    for (label, place) in old_files() {
        let expected = after_migration(&place);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = Rc::new(rusqlite::Connection::open_with_flags(&place.path, flags).unwrap());
        for _ in ["first store", "second store on the same handle"] {
            let store = Store::on_handle(Handle::new(&db), &place.path).unwrap();
            assert_eq!(everything(&store).unwrap(), expected, "{label}");
            assert_refuses_to_write(label, &store);
        }
        db.execute_batch("BEGIN").unwrap();
        let store = Store::on_handle(Handle::new(&db), &place.path).unwrap();
        assert_eq!(everything(&store).unwrap(), expected, "{label}, in a transaction");
    }
}

#[test]
fn temporary_tables_of_the_caller_stay() {
    let place = old_file::make(&[REFERENCE, ROWS]);
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Rc::new(rusqlite::Connection::open_with_flags(&place.path, flags).unwrap());
    db.execute_batch("CREATE TEMP TABLE mine AS SELECT id FROM runs").unwrap();
    Store::on_handle(Handle::new(&db), &place.path).unwrap();
    assert_eq!(support::integer(&db, "SELECT count(*) FROM mine"), 3);
}

#[test]
fn a_file_that_is_not_there_is_not_made() {
    let place = Place::new();
    let error = read_only(&place.path).err().unwrap();
    assert_eq!(error.code, Code::NotFound, "{error}");
    assert!(error.message().contains(&place.path), "{error}");
    assert!(!std::fs::exists(&place.path).unwrap());
}

#[test]
fn an_empty_file_is_no_store_yet() {
    let place = Place::new();
    std::fs::write(&place.path, "").unwrap();
    let error = read_only(&place.path).err().unwrap();
    assert_eq!(error.code, Code::ReadOnly, "{error}");
    assert!(error.message().contains("no tables of a run store"), "{error}");
    assert_eq!(std::fs::read(&place.path).unwrap(), b"");
}

#[cfg(unix)]
mod without_permission {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    #[ignore = "run in a process of its own"]
    fn reads_and_refuses() {
        let Some((path, expected)) = child::task() else { return };
        let expected = std::fs::read_to_string(expected).unwrap();
        let writing = std::fs::OpenOptions::new().append(true).open(&path);
        assert!(writing.is_err(), "the file can be written");
        for (label, store) in [("read-only", read_only(&path)), ("as usual", open(&path))] {
            let store = store.unwrap_or_else(|error| panic!("{label}: {error}"));
            let said = everything(&store).unwrap_or_else(|error| panic!("{label}: {error}"));
            assert!(said == expected, "{label}: reads otherwise");
            assert_refuses_to_write(label, &store);
        }
    }

    fn set_mode(path: impl AsRef<std::path::Path>, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// Reads the file in a process that may not write it; nothing is forbidden to root, so not as root.
    fn is_read(label: &str, place: &Place, mode_of_folder: u32) {
        let expected = place.file("expected");
        std::fs::write(&expected, after_migration(place)).unwrap();
        let binary = place.file("test");
        child::copy_binary(&binary);
        set_mode(&place.path, 0o444);
        set_mode(&place.folder, mode_of_folder);
        let name = "without_permission::reads_and_refuses";
        let failure = child::failure_as_nobody(&binary, name, &place.path, &expected);
        set_mode(&place.folder, 0o755);
        assert!(failure.is_none(), "{label}: {}", failure.unwrap_or_default());
    }

    #[test]
    fn a_file_is_read() {
        for (label, place) in old_files() {
            is_read(&format!("old, {label}"), &place, 0o777);
        }
        let (_, place) = old_files().remove(0);
        open(&place.path).unwrap().close().unwrap();
        is_read("current", &place, 0o777);
    }

    #[test]
    fn a_file_in_a_read_only_folder_can_be_read() {
        for (label, place) in old_files() {
            is_read(&format!("old, {label}"), &place, 0o555);
        }
        let (_, place) = old_files().remove(0);
        open(&place.path).unwrap().close().unwrap();
        is_read("current", &place, 0o555);
    }
}
