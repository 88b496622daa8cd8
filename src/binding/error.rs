//! Errors of Node-API, as errors of the store.

use crate::error::{Code, StoreError};
pub use crate::node_error::{ErrorCode, Result};

/// A failure of Node-API itself.
pub(super) fn internal(error: napi::Error) -> StoreError {
    StoreError::new(Code::Internal, error.reason.clone())
}

/// An exception in a JavaScript function; it is pending, and is passed on unchanged.
pub(super) fn host(error: napi::Error) -> StoreError {
    StoreError::new(Code::Host, error.reason.clone())
}
