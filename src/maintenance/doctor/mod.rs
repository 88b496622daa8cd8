//! What is wrong with a store, and what of it can be repaired.

mod dangling;
mod integrity;
mod repair;
mod stale;
mod unreadable;

use serde::Serialize;

pub use dangling::DanglingRow;
pub use repair::Fix;
pub use stale::StaleRun;
pub use unreadable::UnreadableValue;
pub(super) use unreadable::set_aside;

use super::{Findings, Space, StaleReason};
use crate::Store;
use crate::db::{Connection, snapshot};
use crate::error::{Code, Result};
use crate::model::STALE_AFTER_MS;
use crate::schema;

/// What the doctor looks for, and what it may do.
#[derive(Clone, Copy, Debug)]
pub struct DoctorOptions {
    /// A run that is `running` is stale when its process has ended, and after so long without a heartbeat, in
    /// milliseconds. Default: a day.
    pub stale_after_ms: i64,
    /// Whether to repair what can be repaired safely; runs become `failed` whose process is known to have ended.
    pub fix: bool,
    /// Whether stale runs become `failed`, but for those whose process is known to live.
    pub fail_stale_runs: bool,
}

impl Default for DoctorOptions {
    fn default() -> Self {
        DoctorOptions { stale_after_ms: STALE_AFTER_MS, fix: false, fail_stale_runs: false }
    }
}

/// What [`doctor`] found; after a fix, what is left.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DoctorReport {
    /// Whether everything can be read and fits together. Stale runs and free space are no illness.
    pub healthy: bool,
    /// What SQLite has against the file as a whole, in its words.
    pub integrity: Findings<String>,
    /// Rows that refer to a row that does not exist.
    pub dangling: Findings<DanglingRow>,
    /// How the tables and indexes differ from what they should be, in words. Those of an older schema are as they should
    /// be.
    pub schema: Findings<String>,
    /// Values that should be JSON and are not, and texts of turns that cannot be decompressed, or are others than were saved.
    pub unreadable: Findings<UnreadableValue>,
    /// Runs that are `running`, and do not seem to be.
    pub stale_runs: Findings<StaleRun>,
    /// Room that the store takes.
    pub space: Space,
    /// What was done, in order.
    pub fixed: Vec<Fix>,
    /// What to do about the rest, each a sentence.
    pub advice: Vec<String>,
}

/// Looks a store over: the integrity of the file, references, schema, values that cannot be read, runs that never ended,
/// free space. With [`DoctorOptions::fix`] it repairs what can be repaired without losing anything.
pub fn doctor(store: &Store, options: &DoctorOptions) -> Result<DoctorReport> {
    store.run("doctor", |db| {
        let found = examine(db, options)?;
        if !options.fix && !options.fail_stale_runs {
            return Ok(found);
        }
        let fixed = repair::repair(db, &found, options)?;
        Ok(DoctorReport { fixed, ..examine(db, options)? })
    })
}

fn examine(db: &dyn Connection, options: &DoctorOptions) -> Result<DoctorReport> {
    let mut report = DoctorReport::default();
    let mut is_older = false;
    snapshot(db, || {
        report.integrity = integrity::check(db)?;
        let damage = &mut report.integrity;
        is_older = unless_damaged(schema::is_older(db), damage)?;
        if !is_older {
            report.schema = unless_damaged(drift(db), damage)?;
        }
        report.dangling = unless_damaged(dangling::find(db), damage)?;
        report.unreadable = unless_damaged(unreadable::find(db), damage)?;
        report.stale_runs = unless_damaged(stale::find(db, options.stale_after_ms), damage)?;
        report.space = Space::of(db)?;
        Ok(())
    })?;
    report.healthy = report.integrity.is_empty()
        && report.dangling.is_empty()
        && report.schema.is_empty()
        && report.unreadable.is_empty();
    report.advice = advice(&report);
    if is_older {
        report.advice.push(
            "the schema is older; it is migrated when the file is opened for writing".to_owned(),
        );
    }
    Ok(report)
}

fn drift(db: &dyn Connection) -> Result<Findings<String>> {
    let mut found = Findings::default();
    schema::drift(db)?.into_iter().for_each(|one| found.push(one));
    Ok(found)
}

/// A damaged page that a check runs into is one more finding, and no reason to keep the others to ourselves.
fn unless_damaged<T: Default>(checked: Result<T>, damage: &mut Findings<String>) -> Result<T> {
    match checked {
        Err(error) if error.code == Code::Corrupt => {
            let message = error.message();
            if !damage.first.contains(&message) {
                damage.push(message);
            }
            Ok(T::default())
        }
        checked => checked,
    }
}

/// Free space below this share of the file is not worth a word.
const WORTH_A_VACUUM: u64 = 4;

fn advice(report: &DoctorReport) -> Vec<String> {
    let mut advice = Vec::new();
    if !integrity::is_of_indexes(&report.integrity) {
        advice.push(
            "the file is damaged and cannot be repaired in place: salvage what can be read into a new file".to_owned(),
        );
    } else if !report.healthy {
        advice.push("fix repairs this without losing data".to_owned());
    }
    advice.extend(advice_on_runs(&report.stale_runs));
    let space = report.space;
    if space.free_bytes > 0 && space.free_bytes * WORTH_A_VACUUM >= space.file_bytes {
        advice.push(format!("vacuum returns {} bytes to the disk", space.free_bytes));
    }
    advice
}

fn advice_on_runs(stale: &Findings<StaleRun>) -> impl Iterator<Item = String> {
    let any = |wanted: fn(StaleReason) -> bool| stale.first.iter().any(|run| wanted(run.reason));
    let words = [
        (any(StaleReason::is_certain), "fix marks runs whose process has ended as failed"),
        (
            any(|reason| reason == StaleReason::Silent),
            "if the silent runs were interrupted, mark them as failed",
        ),
        (
            any(|reason| reason == StaleReason::Idle),
            "some runs are silent although their process is alive: check these processes",
        ),
    ];
    words.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words.to_owned())
}
