//! Values that are passed as JSON, which JavaScript has checked.

use runstore::error::{Code, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn json(value: &impl Serialize) -> runstore::Result<String> {
    serde_json::to_string(value).map_err(unforeseen)
}

pub(crate) fn parsed<T: DeserializeOwned>(json: &str) -> runstore::Result<T> {
    runstore::json::read(json).map_err(unforeseen)
}

pub(crate) fn unforeseen(error: serde_json::Error) -> StoreError {
    StoreError::new(Code::Internal, error.to_string())
}
