//! Panics on purpose: the proof that one becomes an error and does not end the process. No release has them.
#![allow(clippy::panic)] // that is what they are for

use napi_derive::napi;

use super::error::Result;
use super::returned::Returned;
use super::store::NativeStore;

/// Panics. Only `__test__/panics.test.mjs` calls it.
#[napi(catch_unwind)]
pub fn provoke_panic() {
    panic!("provoked");
}

#[napi]
impl NativeStore {
    /// Panics where the store lives. Only `__test__/panics.test.mjs` calls it.
    #[napi(catch_unwind)]
    pub fn provoke_panic(&self) -> Result<Returned<()>> {
        self.run(|_| panic!("provoked"))
    }
}
