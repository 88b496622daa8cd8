//! Single values, through the raw interface, because rows consist of hundreds of thousands of them.

use std::ffi::c_char;
use std::ptr::null_mut;

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeName, Uint8Array, ValidateNapiValue};
use napi::{Result, ValueType, check_status, sys};

use crate::db::{OwnedValue, Value};
use crate::model::RunSummary;

/// A JavaScript value that lives as long as the call.
pub(super) type Raw = sys::napi_value;

/// Arguments are on the stack; this many fit easily.
const MOST_ARGUMENTS: usize = 8192;

/// Creates values during one call.
#[derive(Clone, Copy)]
pub(super) struct Maker(pub(super) sys::napi_env);

impl Maker {
    pub(super) fn null(self) -> Result<Raw> {
        let mut value = null_mut();
        // SAFETY: `env` is the environment of the running call, as in all functions of this impl.
        check_status!(unsafe { sys::napi_get_null(self.0, &mut value) })?;
        Ok(value)
    }

    pub(super) fn number(self, number: f64) -> Result<Raw> {
        let mut value = null_mut();
        // SAFETY: as above.
        check_status!(unsafe { sys::napi_create_double(self.0, number, &mut value) })?;
        Ok(value)
    }

    /// Creates a string; invalid UTF-8 becomes U+FFFD.
    pub(super) fn text(self, text: &[u8]) -> Result<Raw> {
        // V8 copies text faster when it is marked as ASCII.
        if text.is_ascii() {
            return self.latin1(text);
        }
        let (start, length) = (text.as_ptr().cast::<c_char>(), text.len() as isize);
        let mut value = null_mut();
        // SAFETY: as above; `text` outlives the call, which copies it.
        check_status!(unsafe { sys::napi_create_string_utf8(self.0, start, length, &mut value) })?;
        Ok(value)
    }

    pub(super) fn latin1(self, text: &[u8]) -> Result<Raw> {
        let (start, length) = (text.as_ptr().cast::<c_char>(), text.len() as isize);
        let mut value = null_mut();
        // SAFETY: as above; `text` outlives the call, which copies it.
        check_status!(unsafe {
            sys::napi_create_string_latin1(self.0, start, length, &mut value)
        })?;
        Ok(value)
    }

    pub(super) fn value(self, value: Value<'_>) -> Result<Raw> {
        match value {
            Value::Null => self.null(),
            Value::Integer(number) => self.number(number as f64),
            Value::Real(number) => self.number(number),
            Value::Text(text) => self.text(text),
            Value::Blob(bytes) => self.bytes(bytes),
        }
    }

    /// Creates a Buffer with a copy in V8's memory, which the garbage collector frees as soon as it is unused. Memory
    /// lent to V8 is returned by the event loop, which does not run while one buffer after the other is passed.
    pub(super) fn copied(self, bytes: &[u8]) -> Result<Raw> {
        let (mut copy, mut value) = (null_mut(), null_mut());
        let (start, length) = (bytes.as_ptr().cast(), bytes.len());
        // SAFETY: as above; `bytes` outlive the call, which copies them.
        check_status!(unsafe {
            sys::napi_create_buffer_copy(self.0, length, start, &mut copy, &mut value)
        })?;
        Ok(value)
    }

    /// Creates a Uint8Array, as node:sqlite does.
    pub(super) fn bytes(self, bytes: &[u8]) -> Result<Raw> {
        self.typed(Uint8Array::from(bytes))
    }

    pub(super) fn typed(self, value: impl ToNapiValue) -> Result<Raw> {
        // SAFETY: as above.
        unsafe { ToNapiValue::to_napi_value(self.0, value) }
    }

    /// Creates an array from values that are created one after the other.
    pub(super) fn array(self, values: impl ExactSizeIterator<Item = Result<Raw>>) -> Result<Raw> {
        let mut array = null_mut();
        // SAFETY: as above.
        check_status!(unsafe {
            sys::napi_create_array_with_length(self.0, values.len(), &mut array)
        })?;
        for (at, value) in values.enumerate() {
            let (at, value) = (at as u32, value?);
            // SAFETY: as above; `array` is the array just made.
            check_status!(unsafe { sys::napi_set_element(self.0, array, at, value) })?;
        }
        Ok(array)
    }

    /// Creates an array by calling `to_array`, a JavaScript `(...values) => values`: one call for all values. Node-API
    /// itself sets each element as slowly as a property of any object.
    pub(super) fn array_of(self, to_array: Raw, values: &[Raw]) -> Result<Raw> {
        if values.len() > MOST_ARGUMENTS {
            return self.array(values.iter().copied().map(Ok));
        }
        let mut array = null_mut();
        let this = self.null()?;
        // SAFETY: as above; `to_array` is an argument of the running call.
        check_status!(unsafe {
            sys::napi_call_function(
                self.0,
                this,
                to_array,
                values.len(),
                values.as_ptr(),
                &mut array,
            )
        })?;
        Ok(array)
    }

    /// Runs `body` with a handle scope, which frees its handles at the end.
    pub(super) fn scope<T>(self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut scope = null_mut();
        // SAFETY: as above; the scope is closed below, after all handles made in it.
        check_status!(unsafe { sys::napi_open_handle_scope(self.0, &mut scope) })?;
        let outcome = body();
        // SAFETY: the scope was opened above, and is closed once.
        check_status!(unsafe { sys::napi_close_handle_scope(self.0, scope) })?;
        outcome
    }
}

/// The fields of a run, created while its row is read, without an intermediate copy.
pub struct Fields {
    pub(super) values: [Raw; 12],
    pub(super) to_array: Raw,
}

impl ToNapiValue for Fields {
    unsafe fn to_napi_value(env: sys::napi_env, fields: Self) -> Result<Raw> {
        Maker(env).array_of(fields.to_array, &fields.values)
    }
}

impl TypeName for Fields {
    fn type_name() -> &'static str {
        "Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

/// Values in one flat array: the fields of one row or of many.
pub struct Flat(pub(super) Vec<OwnedValue>);

impl ToNapiValue for Flat {
    unsafe fn to_napi_value(env: sys::napi_env, flat: Self) -> Result<Raw> {
        let make = Maker(env);
        make.array(flat.0.iter().map(|value| make.value(value.as_value())))
    }
}

impl TypeName for Flat {
    fn type_name() -> &'static str {
        "Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

/// JSON text, which JavaScript parses.
pub struct Json(pub(super) Vec<u8>);

impl ToNapiValue for Json {
    unsafe fn to_napi_value(env: sys::napi_env, json: Self) -> Result<Raw> {
        Maker(env).text(&json.0)
    }
}

impl TypeName for Json {
    fn type_name() -> &'static str {
        "string"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

/// One value from JavaScript.
pub struct Cell(pub(super) OwnedValue);

impl TypeName for Cell {
    fn type_name() -> &'static str {
        "Cell"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Cell {}

impl FromNapiValue for Cell {
    unsafe fn from_napi_value(env: sys::napi_env, raw: Raw) -> Result<Self> {
        let mut kind = 0;
        // SAFETY: `env` and `raw` are those of the running call.
        check_status!(unsafe { sys::napi_typeof(env, raw, &mut kind) })?;
        Ok(Cell(match kind {
            sys::ValueType::napi_undefined | sys::ValueType::napi_null => OwnedValue::Null,
            sys::ValueType::napi_number => {
                // SAFETY: as above.
                OwnedValue::Real(unsafe { f64::from_napi_value(env, raw) }?)
            }
            sys::ValueType::napi_bigint => {
                let (mut number, mut lossless) = (0, false);
                // SAFETY: as above.
                check_status!(unsafe {
                    sys::napi_get_value_bigint_int64(env, raw, &mut number, &mut lossless)
                })?;
                OwnedValue::Integer(number)
            }
            sys::ValueType::napi_string => {
                // SAFETY: as above.
                OwnedValue::Text(unsafe { String::from_napi_value(env, raw) }?.into_bytes())
            }
            // SAFETY: as above.
            _ => OwnedValue::Blob(unsafe { Uint8Array::from_napi_value(env, raw) }?.to_vec()),
        }))
    }
}

/// The six numbers, then name and mean of each scorer.
pub(super) fn summary(summary: RunSummary) -> Flat {
    let mut values: Vec<OwnedValue> = [
        summary.total_cases as f64,
        summary.pass_count as f64,
        summary.fail_count as f64,
        summary.total_latency_ms,
        summary.total_tokens_in,
        summary.total_tokens_out,
    ]
    .map(OwnedValue::Real)
    .into();
    for (name, mean) in summary.mean_scores {
        values.push(OwnedValue::Text(name.into_bytes()));
        values.push(mean.map_or(OwnedValue::Null, OwnedValue::Real));
    }
    Flat(values)
}
