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

/// To whom nothing belongs.
#[cfg(unix)]
const NOBODY: u32 = 65534;

/// Runs the ignored test `name` as a user who is bound by the modes of files, not as root;
/// `binary` is where a copy of the test binary may be put. Returns what [`failure`] does.
#[cfg(unix)]
pub fn failure_as_nobody(binary: &str, name: &str, file: &str, more: &str) -> Option<String> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let mut command = command_of(binary, name, file, more);
    if std::fs::metadata(binary).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    assert_eq!(std::fs::metadata(binary).unwrap().permissions().mode() & 0o777, 0o755);
    loop {
        match command.spawn() {
            // Another thread has forked while the copy was being written, and has not yet become another program.
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            spawned => return failure(spawned.unwrap()),
        }
    }
}

/// Copies the test binary to where everybody may run it: its own folder may be closed to others.
#[cfg(unix)]
pub fn copy_binary(to: &str) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::copy(std::env::current_exe().unwrap(), to).unwrap();
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o755)).unwrap();
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
