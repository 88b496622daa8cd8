//! The command without Node.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(runstore_cli::run_in_process(std::env::args_os().skip(1)))
}
