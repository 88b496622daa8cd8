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
        "runz",
        "nothing like it",
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
        call("gate --help").narrow(),
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

/// Values that only the core refuses: the arguments, and the start of the error.
const REFUSED_BY_THE_CORE: [(&str, &str); 22] = [
    ("calibrate --alpha 2 --suite capitals", "--alpha must"),
    ("compare FIRST SECOND --alpha 2", "--alpha must"),
    ("compare FIRST SECOND --lower-is-better none", "--lower-is-better must"),
    ("compare FIRST SECOND --power 0", "--power must"),
    ("compare FIRST SECOND --range 1:0", "--range cannot be \"1:0\""),
    ("compare FIRST SECOND --scorer none", "--scorer must"),
    ("compare FIRST SECOND --slice-by nothing", "--slice-by must"),
    ("compare FIRST SECOND --tolerance -1", "--tolerance must"),
    ("gate FIRST SECOND --margin -1", "--margin must"),
    ("gate FIRST SECOND --margin exact=-1", "--margin exact must"),
    ("gate FIRST SECOND --min-coverage 2", "--min-coverage must"),
    ("gate FIRST SECOND --require-improvement -2", "--require-improvement must"),
    (
        "judges FIRST --judge exact --human exact --alpha 2",
        "--alpha must be between 0 and 1, not 2",
    ),
    ("judges FIRST --judge none --human exact", "--judge must"),
    ("mde FIRST --alpha 2", "--alpha must"),
    ("mde FIRST --drop -1", "--drop must"),
    ("report archive FIRST SECOND --out x.zip --run-id x", "--run-id is the id of one run"),
    ("report save FIRST --run-id a/b", "the run id \"a/b\""),
    ("thresholds set exact --pass-floor 1 --warn-floor 2 --suite capitals", "--warn-floor must"),
    ("thresholds set exact --pass-floor 2 --pass-ceiling 1 --suite capitals", "--pass-floor must"),
    ("thresholds set exact --pass-floor nan --suite capitals", "--pass-floor must"),
    (
        "thresholds set exact --pass-ceiling 2 --warn-ceiling 1 --suite capitals",
        "--warn-ceiling must",
    ),
];

#[test]
fn an_option_is_named_as_it_was_typed() {
    let folder = Fixture::new().finish();
    for (line, begins) in REFUSED_BY_THE_CORE {
        let line = line.replace("FIRST", "1a2b3c4d").replace("SECOND", "1a2b3c5e");
        let outcome = call(&line).run_in(folder.path());
        assert_eq!(outcome.code, 64, "{line}: {}", outcome.stderr);
        assert!(
            outcome.stderr.starts_with(&format!("error: {begins}")),
            "{line}: {}",
            outcome.stderr
        );
        for notation in ["options", "[\"", "_"] {
            assert!(!outcome.stderr.contains(notation), "{line}: {}", outcome.stderr);
        }
    }
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
