//! runstore: the run store for LLM evaluation suites.
//!
//! The layers, each of which may use only those above it: [`model`], [`error`], [`db`], [`schema`], [`git`], [`process`],
//! [`store`], [`care`], [`stats`], [`compare`], [`results`]; with the feature `cli`, the command; with the feature `node`,
//! the Node-API binding on top.

pub mod care;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod db;
pub mod error;
pub mod git;
pub mod model;
pub mod process;
pub mod results;
pub mod schema;
pub mod stats;
pub mod store;

#[cfg(feature = "node")]
mod binding;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use error::{Code, Result, StoreError};
pub use store::Store;
