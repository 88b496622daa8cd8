//! Stored values that are not JSON. One such value must not prevent the other rows of a list from being read, and must not
//! silently change its row: the reader gets an error that names it.

use std::cell::RefCell;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::error::{Code, Result, StoreError};
use crate::model::{Damage, Readable};

/// Called for each value that is not JSON. Its error stops the reading; otherwise null replaces the value.
pub type OnDamage<'f> = dyn Fn(Damage) -> Result<()> + 'f;

/// Stops the reading.
///
/// # Errors
/// Always: [`Code::Corrupt`], naming the row.
pub fn refuse(damage: Damage) -> Result<()> {
    Err(StoreError::new(Code::Corrupt, damage.to_string()))
}

/// Returns the result of `read`, and the values that it could not read.
pub fn despite_damage<T>(read: impl FnOnce(&OnDamage<'_>) -> Result<T>) -> Result<Readable<T>> {
    let damaged = RefCell::new(Vec::new());
    let readable = read(&|damage| {
        damaged.borrow_mut().push(damage);
        Ok(())
    })?;
    Ok(Readable { readable, damaged: damaged.into_inner() })
}

/// Returns stored JSON; `None` for NULL and the empty text.
pub(super) fn json(
    text: Option<String>,
    (table, id, column): (&'static str, &str, &'static str),
    on: &OnDamage<'_>,
) -> Result<Option<Box<RawValue>>> {
    match text.filter(|text| !text.is_empty()).map(RawValue::from_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(error)) => {
            on(Damage { table, id: id.to_owned(), column, reason: error.to_string() })?;
            Ok(None)
        }
    }
}

/// Returns why a stored text is not JSON; `None` when it is valid. The empty text stands for null.
pub(super) fn damage_of(text: &[u8]) -> Option<String> {
    let checked = serde_json::from_slice::<IgnoredAny>(text);
    checked.err().filter(|_| !text.is_empty()).map(|error| error.to_string())
}
