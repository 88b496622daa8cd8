//! The second addon, for what few programs need. `bin/runstore.js` loads it for the command, in a process without the first
//! one; beside the first one, JavaScript calls functions that take and give packed rows.
//!
//! There is one SQLite of ours in a process: only the command opens a store here.
#![cfg_attr(test, allow(dead_code))] // a test build does not register functions, so nothing calls them
#![cfg_attr(feature = "node", allow(unsafe_code))] // napi-derive's own code is unsafe

#[cfg(feature = "node")]
mod archive;
#[cfg(feature = "node")]
mod cli;
#[cfg(feature = "node")]
mod error;
#[cfg(feature = "node")]
mod json;
#[cfg(feature = "node")]
mod report;
#[cfg(feature = "node")]
mod shared;
#[cfg(feature = "node")]
mod tinker;
