//! A name is resolved, and its run read, as of one moment, while another program writes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use runstore::Store;
use runstore::db::OpenOptions;
use runstore::model::{NewRun, RunStatus, Threshold, Thresholds};

use super::fixture::Fixture;
use super::terminal::call;

/// Calls that name `latest`, and then read what it means.
const CALLS: [&str; 18] = [
    "show latest",
    "cases latest",
    "benchmarks latest",
    "trajectories latest",
    "verdicts --run latest",
    "check latest",
    "compare latest latest",
    "gate latest latest",
    "mde latest",
    "mde latest latest",
    "report show latest",
    "report html latest --out page.html",
    "report export latest --format csv --out run.csv",
    "report export latest --format json --out run.json",
    "report archive latest --out run.zip",
    "report save latest --results-dir results",
    "export tinker tinker latest --overwrite",
    "archive --to archive --project p push latest",
];

/// Far more attempts than needed for a name to change its meaning between two steps of a call: one or two were enough.
const TIMES: usize = 8;

/// A store whose latest run has one case.
fn store_of_one_run() -> tempfile::TempDir {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("s", 1);
    let threshold = Threshold { pass_floor: Some(0.5), ..Threshold::default() };
    let thresholds = Thresholds::from([("exact".to_owned(), threshold)]);
    fixture.store().set_thresholds(&suite, &thresholds).unwrap();
    fixture.finish()
}

/// Puts another run in place of the latest one, in one transaction.
fn replace_latest(store: &Store, suite_id: &str, number: u64) {
    let id = |number: u64| format!("{number:08}-run");
    let replace = || {
        let new = id(number);
        let run = NewRun { id: Some(&new), suite_id, name: "n", model: "m", ..NewRun::default() };
        store.create_run(&run)?;
        save_case(store, &new);
        store.finish_run(&new, RunStatus::Completed, None)?;
        number.checked_sub(1).map_or(Ok(()), |last| store.delete_run(&id(last)))
    };
    store.all_or_nothing("replace", replace).unwrap();
}

fn save_case(store: &Store, run_id: &str) {
    use runstore::model::{NewCase, NewScore};
    for idx in 0..3 {
        let case_id = format!("{run_id}-{idx}");
        let case = NewCase {
            id: Some(&case_id),
            run_id,
            idx: f64::from(idx),
            input: "1",
            ..NewCase::default()
        };
        store.save_cases([Ok(case)]).unwrap();
        let score = f64::from(idx % 2);
        let score =
            NewScore { case_id: &case_id, scorer_name: "exact", score, ..NewScore::default() };
        store.save_scores([Ok(score)]).unwrap();
    }
}

fn open(folder: &Path) -> Store {
    let path = folder.join(".evals/store.db");
    Store::open(path.to_str().unwrap(), &OpenOptions::default()).unwrap()
}

#[test]
fn a_name_is_resolved_and_read_at_one_moment() {
    let folder = store_of_one_run();
    let store = open(folder.path());
    let suite_id = store.list_suites().unwrap().remove(0).id;
    replace_latest(&store, &suite_id, 0);
    store.close().unwrap();
    let codes = CALLS.map(|line| call(line).run_in(folder.path()).code);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let store = open(folder.path());
            for number in 1.. {
                replace_latest(&store, &suite_id, number);
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let failed = CALLS.iter().zip(codes).find_map(|(line, code)| {
            let mut outcomes = (0..TIMES).map(|_| call(line).run_in(folder.path()));
            let other = outcomes.find(|outcome| outcome.code != code);
            other.map(|outcome| format!("{line}: {} for {code}\n{}", outcome.code, outcome.stderr))
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(failed, None);
    });
}
