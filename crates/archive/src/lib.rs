//! An archive of runs for more than one file can hold: a folder that is a store of evalsig and a table of Delta Lake.
//!
//! ```text
//! {root}/{project}/
//!   _delta_log/00000000000000000000.json    authoritative: the list of files, and a description of their runs
//!   year=2026/month=11/run_id=….parquet     the scores of one scorer in one run, as evalsig and engines read them
//!   _runstore/runs/….cbor.zst               all rows of a run, for import into a store
//!   manifest.json                           derived from the log, for evalsig
//! ```
//!
//! Files in the log are never changed. A commit creates the next entry of the log, if no other commit has created it;
//! otherwise it tries the number after it.

mod archive;
mod body;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod item;
mod log;
mod manifest;
mod names;
mod parquet_file;
mod python_json;
mod query;
mod record;
mod score_file;
mod storage;
mod time;
mod vacuum;
mod verify;
mod writer;

pub use archive::{
    Archive, Comparison, Frame, Items, Options, Rebuilder, RunRows, ScoresAsRun, StagedFrame,
};
pub use body::BodyReader;
pub use item::{Item, Score};
pub use log::Listed;
pub use names::DEFAULT_PROJECT;
pub use query::Query;
pub use record::{ArchivedRun, Decision};
pub use storage::{Location, TIMEOUT};
pub use vacuum::{GRACE_MS, Vacuum};
pub use verify::{Problem, Verification, Verifier};
pub use writer::RunWriter;
