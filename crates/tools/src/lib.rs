//! The second addon, for what few programs need: `bin/runstore.js` loads it, in a process without the first one.
//!
//! There is one SQLite of ours in a process. Only the command opens a store here; functions that JavaScript calls beside
//! the first addon take and give rows, and open none.
#![cfg_attr(test, allow(dead_code))] // a test build does not register functions, so nothing calls them

#[cfg(feature = "node")]
mod cli;
