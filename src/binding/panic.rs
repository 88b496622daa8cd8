//! A panic on purpose: the proof that one becomes an error and does not end the process.

use napi_derive::napi;

/// Panics. Only `__test__/panics.test.mjs` calls it.
#[napi(catch_unwind)]
#[allow(clippy::panic)] // that is what it is for
pub fn provoke_panic() {
    panic!("provoked");
}
