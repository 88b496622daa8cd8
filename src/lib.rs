//! runstore: the run store for LLM evaluation suites.
//!
//! The layers; each may use only the ones before it: [`json`], [`model`], [`error`], [`db`], [`schema`], [`git`],
//! [`process`], [`rows`], [`store`], [`maintenance`], [`stats`], [`compare`], [`scorecard`], [`results`], [`page`];
//! with the feature `node-error`, the error type of Node-API, and with `node`, the binding on top. The crates in
//! `crates/` use this one.

// The modules below use its macro.
#[macro_use]
mod named;

pub mod compare;
pub mod db;
pub mod error;
pub mod git;
pub mod json;
pub mod maintenance;
pub mod model;
pub mod page;
pub mod process;
pub mod results;
pub mod rows;
pub mod schema;
pub mod scorecard;
pub mod stats;
pub mod store;

#[cfg(feature = "node")]
mod binding;
#[cfg(feature = "node-error")]
pub mod node_error;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use error::{Code, Result, StoreError};
pub use store::Store;
