//! Failures, and their hints.

use std::io::{Error, ErrorKind, Write};

use runstore_cli::{Environment, Stream, run};

use super::fixture::Fixture;
use super::terminal::{call, snapshot};

#[test]
fn wrong_usage() {
    let folder = Fixture::empty().finish();
    let mut calls = [
        "rums",
        "show",
        "runs --limit many",
        "runs --status done",
        "runs --modle x",
        "runs extra",
        "runs --searh x",
        "cases latest --serach x",
        "runs --limit",
        "runs --limit -3",
        "runs --limit 1.5",
        "runs --limit 99999999999999999999999",
        "trend --last 2",
        "history --reducer most",
        "runs rename latest",
        "help rums",
        "--color sometimes runs",
        "cases latest --threshold high",
        "completions tcsh",
    ]
    .map(call)
    .to_vec();
    calls.push(call("rums").coloured());
    snapshot("usage", folder.path(), &calls);
}

#[test]
fn help_fits_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let calls = [
        call("--help"),
        call("").narrow(),
        call("cases -h").narrow(),
        call("cases --help"),
        call("help"),
        call("help completions"),
        call("help baseline set"),
        call("--version"),
    ];
    snapshot("help", folder.path(), &calls);
}

#[test]
fn a_missing_file_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    std::fs::write(folder.path().join("text"), "not a database, but long enough to be looked at")
        .unwrap();
    std::fs::write(folder.path().join("nothing"), "").unwrap();
    let calls = [
        call("runs"),
        call("runs --store missing.db"),
        call("runs --store folder"),
        call("runs --store text"),
        call("runs --store nothing"),
        call("runs --store ''"),
        call("runs").with("RUNSTORE_DB", "missing.db"),
        call("runs --json"),
    ];
    snapshot("no-file", folder.path(), &calls);
    let mut left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["folder", "nothing", "text"]);
}

#[test]
fn the_store_is_the_named_one_or_that_of_the_environment_or_the_nearest_above() {
    let outer = Fixture::new().finish();
    let inner = outer.path().join("a/b");
    std::fs::create_dir_all(&inner).unwrap();
    let suites = |call: super::terminal::Call| call.run_in(&inner).stdout;
    assert!(suites(call("suites")).contains("capitals"));
    let other = Fixture::empty().finish();
    let other = other.path().join(".evals/store.db");
    let other = other.to_str().unwrap();
    assert!(suites(call("suites").with("RUNSTORE_DB", other)).contains("no suite yet"));
    let named = call("suites --store ../../.evals/store.db").with("RUNSTORE_DB", other);
    assert!(suites(named).contains("capitals"));
    std::fs::create_dir_all(inner.join(".evals")).unwrap();
    std::fs::copy(other, inner.join(".evals/store.db")).unwrap();
    assert!(suites(call("suites")).contains("no suite yet"));
}

/// Accepts this many bytes and then fails.
struct Full(usize, ErrorKind);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 { Err(Error::from(self.1)) } else { Ok(taken) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The exit code if the output is closed.
pub fn code_when_nobody_reads(line: &str) -> u8 {
    run_into(Full(0, ErrorKind::BrokenPipe), line).0
}

fn run_into(stdout: Full, line: &str) -> (u8, String) {
    let folder = Fixture::new().finish();
    let mut stderr = Vec::new();
    let environment = Environment {
        stdout: Stream::new(stdout, false),
        stderr: Stream::new(&mut stderr, false),
        width: None,
        variables: Default::default(),
        folder: folder.path().to_owned(),
        now: 0,
        input: None,
    };
    let code = run(line.split(' ').map(Into::into), &environment);
    drop(environment);
    (code, String::from_utf8(stderr).unwrap())
}

#[test]
fn a_reader_that_closes_early_is_not_an_error() {
    assert_eq!(run_into(Full(10, ErrorKind::BrokenPipe), "runs"), (0, String::new()));
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let (code, said) = run_into(Full(10, ErrorKind::StorageFull), "runs");
    assert_eq!(code, 74);
    assert!(said.starts_with("error: cannot write the output: "), "{said}");
}
