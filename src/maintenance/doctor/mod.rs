//! Finds what is wrong with a store, and repairs what can be repaired.

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

/// Options of the doctor.
#[derive(Clone, Copy, Debug)]
pub struct DoctorOptions {
    /// A `running` run is stale when its process has ended, or when its last heartbeat is older than this, in
    /// milliseconds. Default: a day.
    pub stale_after_ms: i64,
    /// Whether to repair what can be repaired safely, and mark runs as `failed` whose process is known to have ended.
    pub fix: bool,
    /// Whether to mark stale runs as `failed`, except those whose process is known to be alive.
    pub fail_stale_runs: bool,
}

impl Default for DoctorOptions {
    fn default() -> Self {
        DoctorOptions { stale_after_ms: STALE_AFTER_MS, fix: false, fail_stale_runs: false }
    }
}

/// The report of [`doctor`]; after a repair, the remaining findings.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DoctorReport {
    /// Whether everything can be read and is consistent. Stale runs and free space do not make a store unhealthy.
    pub healthy: bool,
    /// The messages of SQLite's integrity check.
    pub integrity: Findings<String>,
    /// Rows that refer to a row that does not exist.
    pub dangling: Findings<DanglingRow>,
    /// Differences of the tables and indexes from the expected schema, as text. An older schema is not a difference.
    pub schema: Findings<String>,
    /// Values that should be JSON and are not, and texts of turns that cannot be decompressed or do not match their
    /// hash.
    pub unreadable: Findings<UnreadableValue>,
    /// Runs that are `running`, but do not seem to be.
    pub stale_runs: Findings<StaleRun>,
    /// Disk space of the store.
    pub space: Space,
    /// The repairs, in order.
    pub fixed: Vec<Fix>,
    /// What to do about the remaining findings, as sentences.
    pub advice: Vec<String>,
}

/// Checks a store: integrity, references, schema, unreadable values, runs that never ended, free space. With
/// [`DoctorOptions::fix`], repairs what can be repaired without losing data.
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

/// A damaged page that a check encounters is one more finding; the other checks continue.
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

/// Free space below this share of the file is not mentioned.
const WORTH_A_VACUUM: u64 = 4;

fn advice(report: &DoctorReport) -> Vec<String> {
    let mut advice = Vec::new();
    if !integrity::is_of_indexes(&report.integrity) {
        advice.push(
            "The file is damaged and cannot be repaired in place. Run `runstore doctor --salvage OUT` to copy what can be \
             read into a new store."
                .to_owned(),
        );
    } else if !report.healthy {
        advice.push("Run `runstore doctor --fix` to repair this without losing data.".to_owned());
    }
    advice.extend(advice_on_runs(&report.stale_runs));
    let space = report.space;
    if space.free_bytes > 0 && space.free_bytes * WORTH_A_VACUUM >= space.file_bytes {
        advice.push(format!(
            "Run `runstore vacuum` to return {} bytes to the disk.",
            space.free_bytes
        ));
    }
    advice
}

fn advice_on_runs(stale: &Findings<StaleRun>) -> impl Iterator<Item = String> {
    let any = |wanted: fn(StaleReason) -> bool| stale.first.iter().any(|run| wanted(run.reason));
    let words = [
        (
            any(StaleReason::is_certain),
            "Run `runstore doctor --fix` to mark runs whose process has ended as failed.",
        ),
        (
            any(|reason| reason == StaleReason::Silent),
            "If the silent runs were interrupted, run `runstore doctor --fail-stale-runs` to mark them as failed.",
        ),
        (
            any(|reason| reason == StaleReason::Idle),
            "Some runs are silent although their process is alive: check these processes.",
        ),
    ];
    words.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words.to_owned())
}
