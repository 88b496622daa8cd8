//! The output of a failed command: what happened, a hint on what to do, and an exit code.

use crate::environment::Environment;
use runstore::error::{Argument, Code, Face, Operation, Remedy, Step, StoreError, write_steps};
use runstore::model::Damage;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::page::Page;

/// Exit codes; those of failures are the ones of sysexits.h.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command succeeded; what it judged is accepted.
    #[default]
    Done = 0,
    /// What it judged is rejected.
    Rejected = 1,
    /// Its judgement is not certain.
    Uncertain = 2,
    /// Wrong usage.
    Usage = 64,
    /// The content of the store does not allow it.
    Data = 65,
    /// There is no such file, suite or run.
    Missing = 66,
    /// A bug in runstore.
    Internal = 70,
    /// The operating system or another process prevents it.
    Io = 74,
}

runstore::named!(Exit {
    Done = "DONE",
    Rejected = "REJECTED",
    Uncertain = "UNCERTAIN",
    Usage = "USAGE",
    Data = "DATA",
    Missing = "MISSING",
    Internal = "INTERNAL",
    Io = "IO",
});

/// A command that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure { exit, message: message.into(), hint: None }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Failure::new(Exit::Usage, message)
    }

    /// A bug in runstore.
    pub(super) fn bug(reason: &str) -> Self {
        Failure::new(Exit::Internal, format!("runstore failed: {reason}"))
            .hint("this is a bug in runstore; please report it with the command that you ran")
    }

    /// The failure for values of a list that cannot be read; the others are shown.
    pub(super) fn damaged(mut found: impl Iterator<Item = Damage>) -> Option<Self> {
        let first = found.next()?;
        let more = match found.count() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let hint = "\"runstore doctor --fix\" moves such values to a table of their own";
        Some(Failure::new(Exit::Data, format!("{first}{more}")).hint(hint))
    }

    /// Adds a hint on what to do.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Failure { hint: Some(hint.into()), ..self }
    }

    /// Returns the text for stderr.
    pub(super) fn text(&self, environment: &Environment<'_>) -> String {
        let mut page = Page::new(environment.width_of_errors(), environment.colours_errors());
        page.labelled(Cell::new("error: ", Role::Bad), &self.message, Role::Plain);
        if let Some(hint) = &self.hint {
            page.labelled(Cell::new(" hint: ", Role::Title), hint, Role::Plain);
        }
        page.finish()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let message = error.worded(&Flags);
        Failure { exit: exit_of(error.code), hint: hint_for(&error), message }
    }
}

/// Arguments in the notation of the command.
struct Flags;

impl Face for Flags {
    fn argument(&self, argument: &Argument) -> String {
        let Some((Step::Option(name), rest)) = argument.steps.split_first() else {
            return argument.to_string();
        };
        let mut flag = format!("--{}", kebab(name));
        let rest = match rest {
            // Given as --margin SCORER=SIZE.
            [Step::Key(key), rest @ ..] => {
                flag.push_str(&format!(" {key}"));
                rest
            }
            rest => rest,
        };
        // Writing to a string cannot fail.
        let _ = write_steps(rest, kebab, &mut flag);
        flag
    }

    fn operation(&self, operation: Operation) -> String {
        match operation {
            Operation::RebuildManifest => "\"runstore archive fold --rebuild\"".to_owned(),
        }
    }

    /// The user knows which command they ran.
    fn names_operations(&self) -> bool {
        false
    }
}

fn kebab(option: &str) -> String {
    match option {
        // Given once for each scorer.
        "scorers" => "scorer".to_owned(),
        option => option.replace('_', "-"),
    }
}

fn exit_of(code: Code) -> Exit {
    match code {
        Code::InvalidArgument => Exit::Usage,
        Code::NotFound => Exit::Missing,
        Code::Constraint
        | Code::Ambiguous
        | Code::SameRun
        | Code::Exists
        | Code::Corrupt
        | Code::NotADatabase
        | Code::Schema
        | Code::SchemaTooNew
        | Code::TooLarge => Exit::Data,
        Code::Busy | Code::ReadOnly | Code::DiskFull | Code::Io | Code::Interrupted => Exit::Io,
        Code::Closed | Code::Sqlite | Code::Host | Code::Internal | _ => Exit::Internal,
    }
}

/// Returns whether an error is about a store, whose operations name themselves and its file: not about a file of another format.
fn is_of_store(error: &StoreError) -> bool {
    error.operation.is_some() && error.place.is_some()
}

fn hint_for(error: &StoreError) -> Option<String> {
    if matches!(error.remedy, Some(Remedy::Operation(..))) {
        return None;
    }
    let hint = match error.code {
        Code::InvalidArgument => "run it with --help to see its arguments",
        Code::NotFound => "\"runstore runs\" and \"runstore suites\" list what exists",
        Code::Ambiguous => "name the run by its id, or its suite with --suite",
        Code::SameRun => "name two runs; \"runstore runs\" lists them",
        Code::Exists => "name a file that does not exist yet",
        Code::Corrupt | Code::Schema if !is_of_store(error) => {
            "put an intact copy of the file that the message names in its place, or leave it out"
        }
        Code::Corrupt => {
            "copy the file and its -wal before anything else touches them; run \"runstore doctor --salvage OUT\" to copy what can be read into a new store"
        }
        Code::NotADatabase => {
            "name the file of a run store with --store PATH; if this was one, put a backup in its place"
        }
        Code::Schema => "name the file of a run store with --store PATH",
        Code::SchemaTooNew => "update runstore to the version that wrote the file",
        Code::Busy => "another process is writing; try again when it is done",
        Code::ReadOnly => "check the permissions of the file and its folder",
        Code::DiskFull => "make room on the disk and try again",
        Code::Io => "check the path and its permissions",
        Code::Interrupted => "run it again",
        Code::Constraint | Code::TooLarge => "change the value that the message names",
        Code::Closed | Code::Sqlite | Code::Host | Code::Internal | _ => {
            "this is a bug in runstore; please report it with the command that you ran"
        }
    };
    Some(hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_exit_code() {
        let listed = crate::arguments::EXIT_CODES.lines().skip(1);
        let listed: Vec<u8> =
            listed.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
        assert_eq!(listed, Exit::ALL.map(|exit| exit as u8));
    }

    #[test]
    fn options_are_named_as_they_are_written() {
        let named = |option| Flags.argument(&Argument::option(option));
        assert_eq!(named("alpha"), "--alpha");
        assert_eq!(named("min_coverage"), "--min-coverage");
        assert_eq!(named("scorers"), "--scorer");
        let margin = Argument::option("margin").then(Step::Key("a".to_owned()));
        assert_eq!(Flags.argument(&margin), "--margin a");
        let error = StoreError::value(margin, "1", 2).during("gate");
        assert_eq!(error.worded(&Flags), "--margin a must be 1, not 2");
    }
}
