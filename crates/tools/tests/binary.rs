//! The command without Node, in a process of its own.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used)] // a failing test is meant to panic

#[path = "../../cli/tests/cli/fixture.rs"]
#[allow(dead_code)] // most of it is for the tests of the command in this process
mod fixture;

use std::io::Read;
use std::process::{Command, Stdio};

use fixture::Fixture;

fn runstore(line: &str, folder: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runstore"));
    command.args(line.split(' ')).current_dir(folder.path());
    for variable in ["RUNSTORE_DB", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

#[test]
fn it_prints_the_same_as_the_function() {
    let folder = Fixture::new().finish();
    let output = runstore("runs --suite rivers", &folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("c0ffee00  rivers"));
    let code = |line: &str| runstore(line, &folder).output().unwrap().status.code();
    assert_eq!(code("gate 1a2b3c4 second"), Some(1));
    assert_eq!(code("show nothing"), Some(66));
    assert_eq!(code("runs --limit x"), Some(64));
}

#[test]
fn a_pipe_that_closes_early_is_not_an_error() {
    let folder = Fixture::new().finish();
    // More than a pipe holds.
    let line = format!(
        "mde --sd 0.4 --json --cases {}",
        (1..6000).map(|n| n.to_string()).collect::<Vec<_>>().join(",")
    );
    let mut child =
        runstore(&line, &folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}
