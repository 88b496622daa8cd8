//! The result of an operation: a value if the store is on this thread, a promise if it has a thread of its own.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::{Object, ToNapiValue, TypeName};
use napi::{Env, JsDeferred, JsError, JsValue, ValueType, sys};

use super::error::{ErrorCode, internal};
use super::values::Raw;
use crate::error::{Code, Result, StoreError};

/// A value, or a promise of it.
pub enum Returned<T> {
    Value(T),
    Promise(Raw),
}

impl<T: ToNapiValue> ToNapiValue for Returned<T> {
    unsafe fn to_napi_value(env: sys::napi_env, outcome: Self) -> napi::Result<Raw> {
        match outcome {
            // SAFETY: `env` is the environment of the running call.
            Returned::Value(value) => unsafe { T::to_napi_value(env, value) },
            Returned::Promise(promise) => Ok(promise),
        }
    }
}

impl<T> TypeName for Returned<T> {
    fn type_name() -> &'static str {
        "unknown"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

/// What a promise resolves with: the value, or an Error object, which `lib/connection/queued.js` throws. A rejection by
/// napi would lose the error code.
struct Answer<T>(Result<T>);

impl<T: ToNapiValue> ToNapiValue for Answer<T> {
    unsafe fn to_napi_value(env: sys::napi_env, answer: Self) -> napi::Result<Raw> {
        match answer.0 {
            // SAFETY: `env` is the environment in which the promise is resolved.
            Ok(value) => unsafe { T::to_napi_value(env, value) },
            Err(error) => {
                let error = napi::Error::<ErrorCode>::from(error);
                // SAFETY: as above.
                Ok(unsafe { JsError::from(error).into_value(env) })
            }
        }
    }
}

type Resolver<T> = Box<dyn FnOnce(Env) -> napi::Result<Answer<T>>>;

/// A promise that any thread can settle. It keeps the process alive until it is settled, so it must be.
pub(super) struct Deferred<T: ToNapiValue + Send + 'static>(JsDeferred<Answer<T>, Resolver<T>>);

impl<T: ToNapiValue + Send + 'static> Deferred<T> {
    /// Creates a promise.
    pub(super) fn new(env: &Env) -> Result<(Self, Raw)> {
        let made: napi::Result<(_, Object<'_>)> = env.create_deferred();
        let (deferred, promise) = made.map_err(internal)?;
        Ok((Deferred(deferred), promise.raw()))
    }

    /// Settles it.
    pub(super) fn settle(self, outcome: Result<T>) {
        self.0.resolve(Box::new(move |_| Ok(Answer(outcome))));
    }
}

/// Runs `work`; a panic in it becomes an error instead of ending the process.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(StoreError::new(Code::Internal, format!("a panic: {}", message_of(&*panic))))
    })
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
