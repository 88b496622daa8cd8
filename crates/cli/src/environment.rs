//! The environment of the command.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::colour_wish::ColourWish;
use runstore_report::colour::Colours;
use runstore_report::escape::printable;

/// Width of the output when it is not a terminal.
const WIDTH: usize = 120;
/// The minimum width.
const LEAST_WIDTH: usize = 40;

/// The environment of the command. Tests create their own, so that the output does not depend on the machine.
pub struct Environment<'a> {
    /// Receives results.
    pub stdout: Stream<'a>,
    /// Receives errors.
    pub stderr: Stream<'a>,
    /// Width of the terminal; `None` if there is none.
    pub width: Option<usize>,
    /// The environment variables.
    pub variables: BTreeMap<String, OsString>,
    /// The working directory.
    pub folder: PathBuf,
    /// The time, in milliseconds since the epoch.
    pub now: i64,
    /// Reads a line of input; `None` if no person can answer.
    pub input: Option<Box<dyn Fn() -> std::io::Result<String> + 'a>>,
}

/// An output stream.
pub struct Stream<'a> {
    sink: Box<dyn Sink + 'a>,
    pub(super) is_terminal: bool,
}

impl<'a> Stream<'a> {
    /// Creates a stream that writes to `writer`; `is_terminal` means that a person may be reading.
    pub fn new(writer: impl Write + 'a, is_terminal: bool) -> Self {
        Stream { sink: Box::new(RefCell::new(writer)), is_terminal }
    }

    pub(super) fn write(&self, text: &str) -> std::io::Result<()> {
        self.sink.put(text)
    }
}

/// A stream that can be written to while a command runs, for instance by its progress.
trait Sink {
    fn put(&self, text: &str) -> std::io::Result<()>;
}

impl<W: Write> Sink for RefCell<W> {
    fn put(&self, text: &str) -> std::io::Result<()> {
        let mut writer = self.borrow_mut();
        writer.write_all(text.as_bytes())?;
        writer.flush()
    }
}

impl Environment<'_> {
    /// Returns a variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(name).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// Asks a question and returns the answer; `None` if no person can answer.
    pub(super) fn ask(&self, question: &str) -> Option<String> {
        let input = self.input.as_ref()?;
        self.stderr.write(&printable(question)).ok()?;
        input().ok()
    }

    /// Returns the columns of the output: the value of COLUMNS, else those of the terminal.
    pub(super) fn width_of_output(&self) -> usize {
        self.columns(&self.stdout).unwrap_or(WIDTH).max(LEAST_WIDTH)
    }

    /// Returns the columns of errors. In a log, each is one line, so that a search finds it.
    pub(super) fn width_of_errors(&self) -> usize {
        self.columns(&self.stderr).unwrap_or(usize::MAX).max(LEAST_WIDTH)
    }

    fn columns(&self, stream: &Stream<'_>) -> Option<usize> {
        let said = self.variable("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
        said.or(self.width.filter(|_| stream.is_terminal))
    }

    pub(super) fn colours_output(&self, wish: ColourWish) -> Colours {
        wish.colours(self.stdout.is_terminal, |name| self.variable(name))
    }

    /// Errors may occur before `--color` is parsed.
    pub(super) fn colours_errors(&self) -> Colours {
        ColourWish::Auto.colours(self.stderr.is_terminal, |name| self.variable(name))
    }
}

/// Runs the command in the environment of this process.
pub fn run_in_process(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    in_process(|environment| super::run(arguments, environment))
}

/// Runs `work` in the environment of this process.
pub(super) fn in_process<T>(work: impl FnOnce(&Environment<'_>) -> T) -> T {
    let (output, errors) = (std::io::stdout().lock(), std::io::stderr().lock());
    let is_terminal = [output.is_terminal(), errors.is_terminal()];
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
    work(&Environment {
        stdout: Stream::new(Patient(output), is_terminal[0]),
        stderr: Stream::new(Patient(errors), is_terminal[1]),
        width: terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        variables: std::env::vars_os().filter_map(named).collect(),
        folder: std::env::current_dir().unwrap_or_default(),
        now: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        input: (std::io::stdin().is_terminal() && is_terminal[1]).then(|| Box::new(read_line) as _),
    })
}

fn read_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map(|_| line)
}

/// Waits for a slow reader: under Node, a pipe may be non-blocking.
struct Patient<W>(W);

impl<W: Write> Patient<W> {
    fn patiently<T>(
        &mut self,
        mut write: impl FnMut(&mut W) -> std::io::Result<T>,
    ) -> std::io::Result<T> {
        loop {
            match write(&mut self.0) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                done => return done,
            }
        }
    }
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.patiently(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.patiently(|writer| writer.flush())
    }
}
