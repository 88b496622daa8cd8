//! The Node-API binding: it turns values of one language into those of the other, and nothing else.
//!
//! The only place that names napi. `lib/connection/direct.js`, `lib/connection/queued.js`, `maintenance.js` and `statistics.js` are its callers;
//! what it hands out is meant for those files.
#![allow(unsafe_code)] // Node-API is a C interface; napi-derive's own code is unsafe as well
#![cfg_attr(test, allow(dead_code))] // a test build does not register functions, so nothing calls them

mod chunk;
mod columns;
mod comparison;
mod damage;
mod driver;
mod error;
mod history;
mod json;
mod maintenance;
mod packed;
mod packed_rows;
mod page;
#[cfg(feature = "provoke-panics")]
mod panic;
mod returned;
mod rows;
mod runs;
mod scorecard;
mod statistics;
mod store;
mod thread;
mod trajectories;
mod values;
mod work;
