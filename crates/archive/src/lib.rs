//! An archive of runs that outgrows one file: one folder that is at once a store of evalsig and a table of Delta Lake.
//!
//! ```text
//! {root}/{project}/
//!   _delta_log/00000000000000000000.json    the truth: which files there are, and what is known of their runs
//!   year=2026/month=11/run_id=….parquet     the scores of one scorer in one run, as evalsig and engines read them
//!   _runstore/runs/….cbor.zst               everything of a run, for a store that takes it back
//!   manifest.json                           a view of the log, for evalsig
//! ```
//!
//! Files are never changed once they are in the log. A commit puts the next entry of the log where there is none; whoever
//! comes second takes the number after it.

mod archive;
mod body;
mod item;
mod log;
mod manifest;
mod names;
mod query;
mod record;
mod score_file;
mod storage;
mod time;
mod verify;
mod writer;

pub use archive::{Archive, Comparison, Frame, Items, Options};
pub use body::BodyReader;
pub use item::Item;
pub use query::Query;
pub use record::{ArchivedRun, Decision};
pub use storage::Location;
pub use verify::{Problem, Verification, Verifier};
pub use writer::RunWriter;
