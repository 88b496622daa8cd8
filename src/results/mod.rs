//! The results of a run: the report of its cases, and the results of its benchmarks.

mod benchmarks;
mod report;
mod run_rows;

pub use benchmarks::{FinalizeOptions, finalize_run, get_benchmark_result};
pub use report::{ReportOptions, get_run_report};
pub use run_rows::read_run_rows;
