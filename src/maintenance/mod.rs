//! Tools for maintenance and for emergencies.
//!
//! [`doctor`] looks a store over, [`backup`] copies it while others write, [`merge`] makes one store of several,
//! [`prune`] and [`vacuum`] give space back, [`recover_runs`] ends runs whose process has ended before them, [`salvage`]
//! reads what can be read of a damaged file. Each returns a report that serialises to JSON with names in camelCase.

mod backup;
mod doctor;
mod merge;
mod new_file;
mod prune;
mod recover;
mod salvage;
mod space;
mod vacuum;

pub use crate::model::PrunedRun;
pub use crate::store::StaleReason;
pub use backup::{BackupReport, backup};
pub use doctor::{
    DanglingRow, DoctorOptions, DoctorReport, Fix, StaleRun, UnreadableValue, doctor,
};
pub use merge::{Conflict, MergeOptions, MergeReport, MergedFile, TableCount, merge};
pub use new_file::sync_folder;
pub use prune::{PruneOptions, PruneReport, prune};
pub use recover::{RecoverOptions, RecoverReport, RecoveredRun, recover_runs};
pub use salvage::{LostRow, RowidRange, SalvageReport, SalvagedTable, salvage};
pub use space::Space;
pub use vacuum::{VacuumReport, vacuum};

use serde::Serialize;

/// Findings of one kind: their number, and the first ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Findings<T> {
    /// The number of findings.
    pub count: u64,
    /// The first [`Findings::LISTED`] of them.
    pub first: Vec<T>,
}

impl<T> Findings<T> {
    /// Maximum number of findings listed.
    pub const LISTED: usize = 1000;

    /// Adds a finding.
    pub fn push(&mut self, one: T) {
        self.count += 1;
        if self.first.len() < Self::LISTED {
            self.first.push(one);
        }
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<T> Default for Findings<T> {
    fn default() -> Self {
        Findings { count: 0, first: Vec::new() }
    }
}
