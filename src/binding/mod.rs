//! The Node-API binding: it turns values of one language into those of the other, and nothing else.
//!
//! The only place that names napi. `index.js` is its one caller; what it hands out is meant for that file.
#![allow(unsafe_code)] // Node-API is a C interface; napi-derive's own code is unsafe as well

mod columns;
mod driver;
mod error;
mod store;
mod values;
