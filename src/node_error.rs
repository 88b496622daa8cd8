//! The error type of functions that Node-API calls. Errors are passed as their data, and as a message with JavaScript's
//! names; `lib/errors.js` creates the Error object. It has a feature of its own, for the second addon, which must not
//! contain the binding.

use crate::error::{JavaScriptError, StoreError};

/// The data of an error as JSON: Node-API has one text for it, beside the message.
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

/// The name that napi-derive requires.
pub type Result<T> = std::result::Result<T, napi::Error<ErrorCode>>;

impl From<StoreError> for napi::Error<ErrorCode> {
    fn from(error: StoreError) -> Self {
        let JavaScriptError { known, message } = JavaScriptError::from(&error);
        napi::Error::new(ErrorCode(known), message)
    }
}
