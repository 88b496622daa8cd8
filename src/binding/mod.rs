//! The Node-API binding: it converts values between Rust and JavaScript, and contains no other logic.
//!
//! This is the only module that uses napi. Its callers are `lib/connection/direct.js`, `lib/connection/queued.js`,
//! `maintenance.js` and `statistics.js`; what it exports is meant for those files.
#![allow(unsafe_code)] // Node-API is a C interface; napi-derive's own code is unsafe as well
#![cfg_attr(test, allow(dead_code))] // a test build does not register functions, so they are unused

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
