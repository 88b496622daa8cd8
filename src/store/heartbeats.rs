//! Heartbeats of running runs: the time of the last write, recorded at intervals.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::{Store, now, run_owner};
use crate::db::{Connection, Value};
use crate::error::Result;

/// Interval at which writes record a heartbeat. Recording is a write of its own.
const EVERY: Duration = Duration::from_secs(10);
/// With more runs, all are forgotten: one redundant heartbeat is better than unbounded memory.
const MOST: usize = 1000;
/// To find the run of a case costs a tenth of saving a score. After so many of them it is asked once whether any run needs a
/// heartbeat soon, which costs a step for each run of the file.
const LOOKUPS: u32 = 64;

/// When the last heartbeat of each run was recorded.
#[derive(Default)]
pub(super) struct Heartbeats {
    of_runs: RefCell<FxHashMap<String, Instant>>,
    /// The case that was saved or scored last, and its run.
    last_case: RefCell<Option<(String, Rc<str>)>>,
    /// Cases whose run was looked up since it was last asked whether all runs have a new heartbeat.
    lookups: Cell<u32>,
    /// Until then, all running runs have one: whose scores come does not matter.
    all_fresh_until: Cell<Option<Instant>>,
}

impl Heartbeats {
    /// Returns whether the next heartbeat of a run is due; if so, treats it as recorded.
    fn is_due(&self, run_id: &str, now: Instant) -> bool {
        let mut known = self.of_runs.borrow_mut();
        match known.get_mut(run_id) {
            Some(last) if now.duration_since(*last) < EVERY => false,
            Some(last) => {
                *last = now;
                true
            }
            None => {
                if known.len() >= MOST {
                    known.clear();
                }
                known.insert(run_id.to_owned(), now);
                true
            }
        }
    }

    /// Returns the run of a case; looks it up unless it is the same as last time.
    fn run_of_case(&self, db: &dyn Connection, case_id: &str) -> Result<Option<Rc<str>>> {
        if let Some((_, run_id)) = self.last_case.borrow().as_ref().filter(|(id, _)| id == case_id)
        {
            return Ok(Some(Rc::clone(run_id)));
        }
        self.lookups.set(self.lookups.get() + 1);
        let sql = "SELECT run_id FROM cases WHERE id = ?";
        let found = db.query_one(sql, &[case_id.into()], |row| row.text(0))?;
        let Some(run_id) = found.map(Rc::<str>::from) else { return Ok(None) };
        self.last_case.replace(Some((case_id.to_owned(), Rc::clone(&run_id))));
        Ok(Some(run_id))
    }

    fn are_all_fresh(&self) -> bool {
        self.all_fresh_until.get().is_some_and(|until| Instant::now() < until)
    }

    /// Looks up, at intervals, how long the heartbeats of all running runs stay fresh. Runs that are started or resumed
    /// meanwhile have a current one.
    fn find_all_fresh(&self, db: &dyn Connection) -> Result<()> {
        if self.lookups.get() < LOOKUPS {
            return Ok(());
        }
        self.lookups.set(0);
        let sql = "SELECT min(coalesce(heartbeat_at, 0)) FROM runs WHERE status = 'running'";
        let oldest = db.query_one(sql, &[], |row| row.optional_number(0))?.flatten();
        let now_ms = now();
        let age = u64::try_from(now_ms - oldest.map_or(now_ms, |oldest| oldest as i64));
        let left = age.ok().and_then(|age| EVERY.checked_sub(Duration::from_millis(age)));
        self.all_fresh_until.set(left.map(|left| Instant::now() + left));
        Ok(())
    }

    /// Remembers the run of a saved case: usually, its scores are saved next.
    pub(super) fn saved_case(&self, case_id: &str, run_id: &str) {
        self.last_case.replace(Some((case_id.to_owned(), run_id.into())));
    }

    /// Records that the run has a current heartbeat, written together with it.
    pub(super) fn noted(&self, run_id: &str) {
        self.is_due(run_id, Instant::now());
    }

    /// The recorded heartbeats may have been rolled back.
    pub(super) fn forget(&self) {
        self.of_runs.borrow_mut().clear();
        self.last_case.take();
        self.all_fresh_until.take();
    }
}

impl Store {
    /// Records that this store works on the run. If the owner has ended, this store becomes the owner.
    ///
    /// It is written before the rows: if it fails, they are not saved, and the caller may save them again.
    pub(super) fn heartbeat(&self, db: &dyn Connection, run_id: &str) -> Result<()> {
        match self.heartbeats.is_due(run_id, Instant::now()) {
            true => self.note(db, run_id),
            false => Ok(()),
        }
    }

    /// The same for the run of a case. If the case does not exist, saving the scores reports that.
    pub(super) fn heartbeat_for_case(&self, db: &dyn Connection, case_id: &str) -> Result<()> {
        if self.heartbeats.are_all_fresh() {
            return Ok(());
        }
        if let Some(run_id) = self.heartbeats.run_of_case(db, case_id)? {
            self.heartbeat(db, &run_id)?;
        }
        self.heartbeats.find_all_fresh(db)
    }

    fn note(&self, db: &dyn Connection, run_id: &str) -> Result<()> {
        let owner = run_owner::find(db, run_id, "AND status = 'running'")?;
        let Some(owner) = owner else { return Ok(()) };
        let now = Value::Integer(now());
        // An unknown owner may be a program that does not record itself.
        if owner.is_some_and(|owner| owner.life().is_over()) {
            return run_owner::take(db, run_id, self.open.owner());
        }
        let sql = "UPDATE runs SET heartbeat_at = ? WHERE id = ?";
        db.execute(sql, &[now, run_id.into()]).map(drop)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    use crate::db::OpenOptions;
    use crate::model::{NewCase, NewRun, NewScore};

    /// A store with two running runs, each with a hundred cases whose ids begin with the letter of the run.
    fn two_runs() -> Store {
        let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
        let suite = store.create_suite("s").unwrap();
        for run in ["a", "b"] {
            let new = NewRun {
                id: Some(run),
                suite_id: &suite.id,
                name: "r",
                model: "m",
                ..NewRun::default()
            };
            store.create_run(&new).unwrap();
            for idx in 0..100 {
                let id = format!("{run}{idx}");
                let case = NewCase {
                    id: Some(&id),
                    run_id: run,
                    idx: f64::from(idx),
                    input: "1",
                    ..NewCase::default()
                };
                store.save_cases([Ok(case)]).unwrap();
            }
        }
        store
    }

    fn score(store: &Store, case_id: &str) {
        let score = NewScore { case_id, scorer_name: "exact", score: 1.0, ..NewScore::default() };
        store.save_scores([Ok(score)]).unwrap();
    }

    fn age_heartbeat(store: &Store, run_id: &str) {
        let sql = "UPDATE runs SET heartbeat_at = 1 WHERE id = ?";
        store.run("test", |db| db.execute(sql, &[run_id.into()])).unwrap();
        store.heartbeats.forget();
    }

    fn heartbeat_at(store: &Store, run_id: &str) -> i64 {
        store.get_run_owner(run_id).unwrap().unwrap().heartbeat_at
    }

    #[test]
    fn while_all_runs_have_a_new_heartbeat_no_case_is_looked_up() {
        let store = two_runs();
        for idx in 0..100 {
            score(&store, &format!("a{idx}"));
        }
        assert!(store.heartbeats.are_all_fresh());
        assert_eq!(store.heartbeats.lookups.get(), 0);
    }

    #[test]
    fn a_run_with_an_old_heartbeat_gets_one_with_its_first_score_whatever_came_before() {
        let store = two_runs();
        age_heartbeat(&store, "b");
        for idx in 0..100 {
            score(&store, &format!("a{idx}"));
        }
        assert!(!store.heartbeats.are_all_fresh());
        assert_eq!(heartbeat_at(&store, "b"), 1);
        score(&store, "b0");
        assert!(heartbeat_at(&store, "b") > 1);
    }

    #[test]
    fn a_run_is_due_at_first_and_after_ten_seconds() {
        let heartbeats = Heartbeats::default();
        let start = Instant::now();
        let due = |run: &str, ms| heartbeats.is_due(run, start + Duration::from_millis(ms));
        assert_eq!([due("a", 0), due("a", 1), due("a", 9_999)], [true, false, false]);
        assert_eq!([due("b", 9_999), due("a", 10_000), due("a", 19_999)], [true, true, false]);
        heartbeats.forget();
        assert_eq!([due("a", 20_000), due("a", 20_001)], [true, false]);
    }

    #[test]
    fn no_more_than_a_thousand_runs_are_remembered() {
        let heartbeats = Heartbeats::default();
        let now = Instant::now();
        for run in 0..5000 {
            assert!(heartbeats.is_due(&run.to_string(), now));
            assert!(heartbeats.of_runs.borrow().len() <= MOST);
        }
        assert!(!heartbeats.is_due("4999", now));
    }
}
