//! Errors cross as a code and a message; `lib/errors.js` makes the Error object.

use crate::error::{Code, StoreError};

/// The public code, followed by SQLite's where there is one: `ERR_RUNSTORE_CONSTRAINT 1555`.
pub struct ErrorCode(String);

impl AsRef<str> for ErrorCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<napi::Status> for ErrorCode {
    fn from(status: napi::Status) -> Self {
        ErrorCode(status.as_ref().to_owned())
    }
}

/// Named as napi-derive wants it.
pub type Result<T> = std::result::Result<T, napi::Error<ErrorCode>>;

impl From<StoreError> for napi::Error<ErrorCode> {
    fn from(error: StoreError) -> Self {
        let name = error.code.name();
        let code = error.sqlite.map_or(name.to_owned(), |sqlite| format!("{name} {sqlite}"));
        napi::Error::new(ErrorCode(code), error.message)
    }
}

/// A failure of Node-API itself.
pub(super) fn internal(error: napi::Error) -> StoreError {
    StoreError::new(Code::Internal, error.reason.clone())
}

/// An exception in a function of the façade; it is pending, and goes out as it is.
pub(super) fn host(error: napi::Error) -> StoreError {
    StoreError::new(Code::Host, error.reason.clone())
}
