//! The command `runstore`: arguments in, text or JSON and an exit code out.
//!
//! [`run`] is the entry point of the native binary, of Node and of tests. It writes only to the streams of its
//! [`Environment`], takes variables and the clock from there, and never ends the process.

mod answer;
mod arguments;
mod colour_wish;
mod commands;
mod environment;
pub mod exporting;
mod failure;
mod github_summary;
mod moment;
mod paths;
mod presets;
mod progress;
mod reference;
mod run_name;
mod run_table;
mod scorer_name;
mod session;
mod spanning;
mod stale_reason;
mod store_file;
mod suite_name;
mod viewing;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use answer::Answer;
pub use arguments::VIEW_HOST;
pub use environment::{Environment, Stream, run_in_process};
pub use failure::Exit;
use failure::Failure;
pub use reference::reference;
pub use viewing::{ViewSource, ViewWish, view_wish};

/// Runs the command with these arguments (without the program's name) and returns the exit code.
///
/// A reader that closes its end of the pipe early is not an error: the exit code stays the same.
///
/// ```
/// use runstore_cli::{Environment, Stream, run};
///
/// let (mut output, mut errors) = (Vec::new(), Vec::new());
/// let environment = Environment {
///     stdout: Stream::new(&mut output, false),
///     stderr: Stream::new(&mut errors, false),
///     width: None,
///     variables: Default::default(),
///     folder: "/".into(),
///     now: 0,
///     input: None,
/// };
/// assert_eq!(run(["mde", "--sd", "0.4", "--cases", "200"].map(Into::into), &environment), 0);
/// drop(environment);
/// assert!(String::from_utf8(output)?.contains("200"));
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: &Environment<'_>) -> u8 {
    let answered = catch_unwind(AssertUnwindSafe(|| commands::answer(arguments, environment)));
    let answered = answered.unwrap_or_else(|_| Err(Failure::bug("it panicked")));
    let delivered = answered.and_then(|answer| deliver(&answer, environment));
    let exit = delivered.unwrap_or_else(|failure| {
        // If stderr is closed, only the exit code is left.
        let _ = environment.stderr.write(&failure.text(environment));
        failure.exit
    });
    exit as u8
}

fn deliver(answer: &Answer, environment: &Environment<'_>) -> Result<Exit, Failure> {
    // If stderr is closed, the answer is still valid.
    let _ = environment.stderr.write(&answer.remarks);
    match environment.stdout.write(&answer.text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Io, format!("cannot write the output: {error}"))
                .hint("check whether the disk is full and where the output goes"))
        }
        _ => Ok(answer.exit),
    }
}
