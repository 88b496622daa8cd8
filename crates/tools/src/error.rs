//! Errors are passed in the same way as by the first addon.

use runstore::StoreError;
use runstore::error::JavaScriptError;

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

/// Returns the error that Node-API throws.
pub(crate) fn thrown(error: &StoreError) -> napi::Error<ErrorCode> {
    let JavaScriptError { known, message } = JavaScriptError::from(error);
    napi::Error::new(ErrorCode(known), message)
}

/// The name that napi-derive requires.
pub type Result<T> = std::result::Result<T, napi::Error<ErrorCode>>;
