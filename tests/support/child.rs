//! Parts of a test that need a process of their own: the test binary is run again for one ignored test.

use std::process::{Child, Command, Stdio};

const FILE: &str = "RUNSTORE_TEST_FILE";
const MORE: &str = "RUNSTORE_TEST_MORE";

/// Prepares the ignored test `name` as a process; it finds `file` and `more` by [`task`].
pub fn command(name: &str, file: &str, more: &str) -> Command {
    command_of(std::env::current_exe().unwrap(), name, file, more)
}

/// Prepares it with a copy of the test binary.
pub fn command_of(
    binary: impl AsRef<std::ffi::OsStr>,
    name: &str,
    file: &str,
    more: &str,
) -> Command {
    let mut command = Command::new(binary);
    command.args(["--ignored", "--exact", name, "--nocapture"]).env(FILE, file).env(MORE, more);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

pub fn start(name: &str, file: &str, more: &str) -> Child {
    command(name, file, more).spawn().unwrap()
}

/// Waits for a process and returns what it wrote on standard error, `None` when it succeeded.
pub fn failure(child: Child) -> Option<String> {
    let output = child.wait_with_output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns what a child is to work on; `None` where someone runs the ignored tests by hand.
pub fn task() -> Option<(String, String)> {
    Some((std::env::var(FILE).ok()?, std::env::var(MORE).unwrap_or_default()))
}
