//! Trajectories and their turns.

mod case;
mod list;
mod position;
mod read;
mod texts;
mod write;

pub(super) use position::Position;
pub use read::TrajectoryPage;
pub(super) use read::read_batch;
pub(crate) use texts::{TextsInUse, check_text, drop_unused};
pub(super) use write::TrajectoryInserter;

#[cfg(feature = "fuzzing")]
pub(super) use texts::decompress;
