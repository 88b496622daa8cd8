//! Cursors of pages, which come back from outside: a URL, a form.

use runstore::db::OpenOptions;
use runstore::fuzzing::{cursor_of_runs, cursor_of_trajectories};
use runstore::model::{NewRun, RunQuery, TrajectoryFilter};
use runstore::store::refuse;
use runstore::{Code, Result, Store};

thread_local! {
    static STORE: Store = store().expect("a store in memory");
}

fn store() -> Result<Store> {
    let store = Store::open(":memory:", &OpenOptions::default())?;
    let suite_id = store.create_suite("suite")?.id;
    for name in ["a", "b", "c"] {
        store.create_run(&NewRun { suite_id: &suite_id, name, model: "m", ..NewRun::default() })?;
    }
    Ok(store)
}

pub fn cursor(data: &[u8]) {
    let Ok(cursor) = std::str::from_utf8(data) else { return };
    for read in [cursor_of_runs, cursor_of_trajectories] {
        let Some(written) = answer(read(cursor)) else { continue };
        assert_eq!(read(&written).ok().as_ref(), Some(&written), "{cursor}");
    }
    STORE.with(|store| {
        let query = RunQuery { cursor: Some(cursor.to_owned()), ..RunQuery::default() };
        if let Some(page) = answer(store.query_runs(&query, &refuse)) {
            assert!(page.runs.len() <= 3 && page.cursor.is_none());
        }
        let filter = TrajectoryFilter::default();
        answer(store.trajectories_after("run", &filter, Some(cursor), 5, "getTrajectories"));
    });
}

fn answer<T>(outcome: Result<T>) -> Option<T> {
    outcome.map_err(|error| assert_eq!(error.code, Code::InvalidArgument, "{error}")).ok()
}
