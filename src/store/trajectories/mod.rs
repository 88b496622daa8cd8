//! Trajectories and their turns.

mod list;
mod position;
mod read;
mod texts;
mod write;

pub use read::TrajectoryChunk;
pub(crate) use texts::{TextsInUse, check_text, drop_unused};

#[cfg(feature = "fuzzing")]
pub(super) use {position::Position, texts::decompress};
