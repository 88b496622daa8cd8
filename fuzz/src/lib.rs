//! What each fuzz target does with its bytes. Whatever they are, nothing may panic, hang, or break what is asserted here.

mod content;
mod create_table;
mod database;
mod packed;
mod tinker;

pub use content::content;
pub use create_table::create_table;
pub use database::database;
pub use packed::packed;
pub use tinker::tinker;
