//! The second addon, with functions that few programs need. `bin/runstore.js` loads it for the command, in a process
//! without the first addon; in other processes, its functions exchange packed rows with the first addon through
//! JavaScript.
//!
//! Only one of the two copies of SQLite may open stores in a process: here, only the command opens one.
#![cfg_attr(test, allow(dead_code))] // a test build does not register functions, so they are unused
#![cfg_attr(feature = "node", allow(unsafe_code))] // napi-derive's own code is unsafe

#[cfg(feature = "node")]
mod archive;
#[cfg(feature = "node")]
mod cli;
#[cfg(feature = "node")]
mod entries;
#[cfg(feature = "node")]
mod frame;
#[cfg(feature = "node")]
mod json;
#[cfg(feature = "node")]
mod report;
#[cfg(feature = "node")]
mod shared;
#[cfg(feature = "node")]
mod tinker;
#[cfg(feature = "node")]
mod worker;
