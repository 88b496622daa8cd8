//! Trajectories and their turns.

mod read;
mod texts;
mod write;

pub use read::TrajectoryChunk;
pub(crate) use texts::{TextsInUse, drop_unused};

#[cfg(feature = "fuzzing")]
pub(super) use {read::Position, texts::decompress};
