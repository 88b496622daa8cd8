//! What each fuzz target does with its bytes. Whatever they are, nothing may panic, hang, or break what is asserted here.

mod content;
mod create_table;
mod cursor;
mod database;
mod git;
mod packed;
mod packed_rows;
mod text;
mod tinker;

pub use content::content;
pub use create_table::create_table;
pub use cursor::cursor;
pub use database::database;
pub use git::git;
pub use packed::packed;
pub use packed_rows::packed_rows;
pub use text::text;
pub use tinker::tinker;
