//! State that JavaScript holds while an operation is in progress. It is used on JavaScript's thread, or on another one
//! without blocking JavaScript.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{AsyncTask, Either, ToNapiValue, TypeName};
use napi::{Env, JsError, Task, ValueType, sys};
use runstore::error::{Code, Result, StoreError};

use runstore::node_error::{self, ErrorCode};

/// Bytes that JavaScript receives as a copy in V8's memory. Memory lent to V8 is returned by the event loop, which does
/// not run while one buffer after the other is requested.
pub struct Copied(pub Vec<u8>);

impl ToNapiValue for Copied {
    unsafe fn to_napi_value(env: sys::napi_env, bytes: Self) -> napi::Result<sys::napi_value> {
        let (start, length) = (bytes.0.as_ptr().cast(), bytes.0.len());
        let (mut copy, mut value) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: `env` is the environment of the running call; the bytes outlive the call, which copies them.
        let status =
            unsafe { sys::napi_create_buffer_copy(env, length, start, &mut copy, &mut value) };
        napi::check_status!(status)?;
        Ok(value)
    }
}

impl TypeName for Copied {
    fn type_name() -> &'static str {
        "Buffer"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

/// A value, or a promise of it.
pub(crate) type Returned<T> = Either<Answer<T>, AsyncTask<Work<T>>>;

/// State that one thread uses at a time; `None` once it is finished.
pub(crate) struct Shared<S>(Arc<Mutex<Option<S>>>);

impl<S: Send + 'static> Shared<S> {
    pub(crate) fn new(state: S) -> Self {
        Shared(Arc::new(Mutex::new(Some(state))))
    }

    /// Runs a step with the state.
    pub(crate) fn run<T: ToNapiValue + TypeName + Send + 'static>(
        &self,
        operation: &'static str,
        later: bool,
        work: impl FnOnce(&mut S) -> Result<T> + Send + 'static,
    ) -> node_error::Result<Returned<T>> {
        let state = Arc::clone(&self.0);
        run(operation, later, move || {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            work(state.as_mut().ok_or_else(is_finished)?)
        })
    }

    /// Runs the last step, which consumes the state.
    pub(crate) fn finish<T: ToNapiValue + TypeName + Send + 'static>(
        &self,
        operation: &'static str,
        later: bool,
        work: impl FnOnce(S) -> Result<T> + Send + 'static,
    ) -> node_error::Result<Returned<T>> {
        let state = Arc::clone(&self.0);
        run(operation, later, move || {
            let state = state.lock().unwrap_or_else(PoisonError::into_inner).take();
            work(state.ok_or_else(is_finished)?)
        })
    }

    /// Returns the state, unless it is finished.
    pub(crate) fn take(&self) -> Option<S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Drops the state.
    pub(crate) fn drop_state(&self) {
        drop(self.take());
    }
}

fn is_finished() -> StoreError {
    StoreError::new(Code::Closed, "it has ended: it was completed or aborted before")
}

/// Runs an operation now, or on another thread.
pub(crate) fn run<T: ToNapiValue + TypeName + Send + 'static>(
    operation: &'static str,
    later: bool,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> node_error::Result<Returned<T>> {
    let work = move || guarded(work).map_err(|error| error.during(operation));
    match later {
        true => Ok(Either::B(AsyncTask::new(Work(Some(Box::new(work)))))),
        false => Ok(Either::A(Answer(Ok(work()?)))),
    }
}

/// A panic becomes an error; on another thread, it would end the process.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::new(Code::Internal, "a panic")))
}

/// Work for another thread.
pub struct Work<T>(Option<Box<dyn FnOnce() -> Result<T> + Send>>);

impl<T: ToNapiValue + TypeName + Send + 'static> Task for Work<T> {
    type Output = Result<T>;
    type JsValue = Answer<T>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(self.0.take().map_or_else(|| Err(is_finished()), |work| work()))
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(Answer(output))
    }
}

/// What a promise resolves with: the value, or an Error object, which `lib/connection/queued.js` throws. A rejection by
/// napi would lose the error code.
pub struct Answer<T>(Result<T>);

impl<T: ToNapiValue> ToNapiValue for Answer<T> {
    unsafe fn to_napi_value(env: sys::napi_env, answer: Self) -> napi::Result<sys::napi_value> {
        match answer.0 {
            // SAFETY: `env` is the environment of the running call.
            Ok(value) => unsafe { T::to_napi_value(env, value) },
            Err(error) => {
                let error = napi::Error::<ErrorCode>::from(error);
                // SAFETY: as above.
                Ok(unsafe { JsError::from(error).into_value(env) })
            }
        }
    }
}

impl<T> TypeName for Answer<T> {
    fn type_name() -> &'static str {
        "unknown"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}
