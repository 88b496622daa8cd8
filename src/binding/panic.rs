//! Deliberate panics, which show that a panic becomes an error and does not end the process. Releases do not contain
//! them.
#![allow(clippy::panic)] // their purpose is to panic

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
    /// Panics on the store's thread. Only `__test__/panics.test.mjs` calls it.
    #[napi(catch_unwind)]
    pub fn provoke_panic(&self) -> Result<Returned<()>> {
        self.run(|_| panic!("provoked"))
    }
}
