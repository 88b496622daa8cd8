//! Trajectories and their turns.

mod case;
mod list;
mod position;
mod read;
mod rows;
mod texts;
mod write;

pub use read::TrajectoryChunk;
pub(super) use rows::read_rows;
pub(crate) use texts::{TextsInUse, check_text, drop_unused};
pub(super) use write::TrajectoryInserter;

#[cfg(feature = "fuzzing")]
pub(super) use {position::Position, texts::decompress};
