//! A chunk of rows that was read on another thread.

use napi::bindgen_prelude::{ToNapiValue, TypeName, Unknown};
use napi::{Env, JsValue, ValueType, sys};
use napi_derive::napi;

use super::error::{Result, internal};
use super::values::{Maker, Raw};

/// Rows by column, passed as one array.
pub(super) trait Columns: Send {
    /// Makes the array; `to_array` is that of [`Maker::array_of`].
    fn cross(&self, make: Maker, to_array: Raw) -> napi::Result<Raw>;
}

/// The columns, ready to be passed to JavaScript.
pub struct Crossing<'c, C> {
    pub(super) chunk: &'c C,
    pub(super) to_array: Raw,
}

impl<C: Columns> ToNapiValue for Crossing<'_, C> {
    unsafe fn to_napi_value(env: sys::napi_env, crossing: Self) -> napi::Result<Raw> {
        crossing.chunk.cross(Maker(env), crossing.to_array)
    }
}

/// The chunk as JavaScript receives it. Its columns are created on JavaScript's thread, when it requests them.
#[napi]
pub struct NativeChunk {
    columns: Option<Box<dyn Columns>>,
}

impl NativeChunk {
    pub(super) fn new(columns: impl Columns + 'static) -> Self {
        NativeChunk { columns: Some(Box::new(columns)) }
    }
}

#[napi]
impl NativeChunk {
    /// Returns the columns, once: this frees their memory.
    #[napi(catch_unwind)]
    pub fn columns(&mut self, env: Env, to_array: Unknown<'_>) -> Result<Crossed> {
        let make = Maker(env.raw());
        let crossed = match self.columns.take() {
            Some(columns) => columns.cross(make, to_array.raw()),
            None => make.null(),
        };
        Ok(Crossed(crossed.map_err(internal)?))
    }
}

/// Created in the running call.
pub struct Crossed(Raw);

impl ToNapiValue for Crossed {
    unsafe fn to_napi_value(_env: sys::napi_env, crossed: Self) -> napi::Result<Raw> {
        Ok(crossed.0)
    }
}

impl TypeName for Crossed {
    fn type_name() -> &'static str {
        "Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}
