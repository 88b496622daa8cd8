//! The command, for `bin/runstore.js`.

use napi_derive::napi;

/// Runs the command with these arguments on the streams of this process, and returns the exit code.
#[napi(catch_unwind)]
pub fn run_cli(arguments: Vec<String>) -> u32 {
    runstore_cli::run_in_process(arguments.into_iter().map(Into::into)).into()
}
