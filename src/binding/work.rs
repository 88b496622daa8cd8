//! The messages of a long operation: its progress, and its report at the end.

use super::chunk::Columns;
use super::values::{Json, Maker, Raw};

/// One message.
#[derive(Default)]
pub enum WorkStep {
    /// No message.
    #[default]
    Nothing,
    /// Progress: what is done, and the total.
    Done(f64, f64),
    /// The result, as JSON.
    Report(Json),
}

impl Columns for WorkStep {
    fn cross(&self, make: Maker, _gather: Raw) -> napi::Result<Raw> {
        match self {
            WorkStep::Nothing => make.null(),
            WorkStep::Done(done, total) => {
                make.array([make.number(*done), make.number(*total)].into_iter())
            }
            WorkStep::Report(Json(report)) => make.text(report),
        }
    }
}
