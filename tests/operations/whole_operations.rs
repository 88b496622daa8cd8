//! Operations of several statements: whichever of them fails, it is as if nothing had been asked for.

use std::cell::Cell;
use std::rc::Rc;

use runstore::model::{NewOutcome, NewTrajectory, NewTurn, Role, RunChanges};
use runstore::results::{FinalizeOptions, finalize_run};
use runstore::store::{OnConflict, Part};
use runstore::{Code, StoreError};

use super::support::figures::{count, tell};
use super::support::handle::Handle;
use super::support::{damage, rows};
use super::*;

/// A store on a handle whose n-th statement from now on fails, once `failing` is set to n.
struct Failing {
    store: Store,
    suite: String,
    db: Rc<rusqlite::Connection>,
    failing: Rc<Cell<usize>>,
}

fn trajectory(idx: i64, text: &str) -> NewTrajectory<'_> {
    let turn = |content| NewTurn::says(Role::Assistant, content);
    let outcome = NewOutcome { reward: Some(1.0), ..NewOutcome::default() };
    NewTrajectory { benchmark: "b", idx, outcome, turns: vec![turn(text), turn("short")] }
}

/// A text that is long enough to be kept apart.
fn long() -> String {
    "a text that many turns share ".repeat(100)
}

impl Failing {
    fn new() -> Failing {
        let db = Rc::new(rusqlite::Connection::open_in_memory().unwrap());
        let failing = Rc::new(Cell::new(0_usize));
        let left = failing.clone();
        let handle = Handle::heard_by(&db, move |sql| {
            let before = left.get();
            left.set(before.saturating_sub(1));
            match before {
                1 => Err(StoreError::new(Code::Internal, format!("injected at: {sql}"))),
                _ => Ok(()),
            }
        });
        let store = Store::on_handle(handle, "memory").unwrap();
        let suite = store.create_suite("suite").unwrap();
        let tags = Some("[\"t\"]");
        let (id, suite_id) = (Some("run"), suite.id.as_str());
        let run = NewRun { id, suite_id, name: "n", model: "m", tags, ..NewRun::default() };
        store.create_run(&run).unwrap();
        save_results(&store, "before").unwrap();
        store
            .save_trajectories("run", Part::WHOLE, OnConflict::Error, [Ok(trajectory(0, &long()))])
            .unwrap();
        Failing { store, suite: suite.id, db, failing }
    }

    /// Every row of every table.
    fn content(&self) -> Vec<(String, Vec<String>)> {
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let tables = rows(&self.db, tables).into_iter();
        let content = |table: String| {
            let found = rows(&self.db, &format!("SELECT * FROM {table} ORDER BY rowid"));
            (table, found)
        };
        tables.map(content).collect()
    }
}

fn save_results(store: &Store, name: &str) -> Result<()> {
    let ids = [0, 1].map(|at| format!("{name}-{at}"));
    let results = ids
        .iter()
        .map(|id| Ok((case(id, 0.0), vec![score(id, "exact", 1.0)?, score(id, "f1", 0.5)?])));
    store.save_results(Part::WHOLE, OnConflict::Error, results).map(drop)
}

/// Is given the store and the id of its suite.
type Operation = dyn Fn(&Store, &str) -> Result<()>;

/// Fails the first statement of an operation, then the second, until there are no more; returns how many there are.
fn fail_each(name: &str, operation: &Operation) -> usize {
    for nth in 1.. {
        let one = Failing::new();
        let before = one.content();
        one.failing.set(nth);
        let done = operation(&one.store, &one.suite);
        let is_met = one.failing.take() == 0;
        let Err(error) = done else {
            assert_ne!(one.content(), before, "{name} did nothing");
            // What was read was read, also where the end of the reading fails.
            if is_met { continue } else { return nth - 1 }
        };
        assert!(error.message().contains("injected at"), "{name}, statement {nth}: {error}");
        assert!(one.db.is_autocommit(), "{name}, statement {nth}: {error}");
        assert_eq!(one.content(), before, "{name}, statement {nth}: {error}");
        assert_eq!(damage(&one.db), [""; 0], "{name}, statement {nth}");
    }
    0
}

#[test]
fn take_effect_completely_or_not_at_all() {
    let end = FinalizeOptions { status: runstore::model::RunStatus::Completed, threshold: 0.5 };
    let tags = RunChanges { tags: Some(Some(vec!["other".to_owned()])), ..RunChanges::default() };
    let tagged =
        NewRun { name: "n", model: "m", tags: Some("[\"a\", \"b\"]"), ..NewRun::default() };
    let operations: [(&str, Box<Operation>); 9] = [
        ("saveResults", Box::new(|store, _| save_results(store, "more"))),
        (
            "createRun",
            Box::new(move |store, suite_id| {
                store.create_run(&NewRun { suite_id, ..tagged }).map(drop)
            }),
        ),
        ("updateRun", Box::new(move |store, _| store.update_run("run", &tags).map(drop))),
        ("finalizeRun", Box::new(move |store, _| finalize_run(store, "run", end).map(drop))),
        (
            "saveTrajectories",
            Box::new(|store, _| {
                let (long, other) = (long(), format!("{} of another", long()));
                let both = [Ok(trajectory(1, &long)), Ok(trajectory(2, &other))];
                store.save_trajectories("run", Part::WHOLE, OnConflict::Error, both).map(drop)
            }),
        ),
        (
            "appendTurns",
            Box::new(|store, _| {
                let other = format!("{} of another", long());
                store.append_turns("run", &trajectory(0, &other)).map(drop)
            }),
        ),
        ("resetRun", Box::new(|store, _| store.reset_run("run"))),
        ("deleteRun", Box::new(|store, _| store.delete_run("run"))),
        ("deleteSuite", Box::new(|store, suite_id| store.delete_suite(suite_id))),
    ];
    let statements = operations.iter().map(|(name, operation)| fail_each(name, operation));
    let each: Vec<_> = statements.collect();
    assert!(each.iter().all(|statements| *statements > 3), "{each:?}");
    tell(format!(
        "{} operations, {}, each of which failed once",
        each.len(),
        count(each.iter().sum(), "statements")
    ));
}
