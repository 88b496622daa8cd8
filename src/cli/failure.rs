//! What a command that failed says: what happened, one line on what to do, and an exit code.

use super::colour::{Colours, Role};
use super::escape::printable;
use crate::error::{Code, StoreError};

/// Exit codes of failures, after sysexits.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Exit {
    /// The command was called in a wrong way.
    Usage = 64,
    /// What is in the store does not allow it.
    Data = 65,
    /// There is no such file, suite or run.
    Missing = 66,
    /// A fault of runstore.
    Internal = 70,
    /// The operating system, or another process, is in the way.
    Io = 74,
}

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

    /// A fault of runstore itself.
    pub(super) fn bug(reason: &str) -> Self {
        Failure::new(Exit::Internal, format!("runstore failed: {reason}"))
            .hint("this is a fault of runstore; please report it with the command that you ran")
    }

    /// Says what to do.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Failure { hint: Some(hint.into()), ..self }
    }

    /// Returns the text for stderr.
    pub(super) fn text(&self, colours: Colours) -> String {
        let mut text = String::new();
        colours.paint("error:", Role::Bad, &mut text);
        text.push_str(&format!(" {}\n", printable(&self.message)));
        if let Some(hint) = &self.hint {
            colours.paint(" hint:", Role::Title, &mut text);
            text.push_str(&format!(" {}\n", printable(hint)));
        }
        text
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure { exit: exit_of(error.code), hint: hint_for(error.code), message: error.message }
    }
}

fn exit_of(code: Code) -> Exit {
    match code {
        Code::InvalidArgument => Exit::Usage,
        Code::NotFound => Exit::Missing,
        Code::Constraint
        | Code::Corrupt
        | Code::NotADatabase
        | Code::Schema
        | Code::SchemaTooNew
        | Code::TooLarge => Exit::Data,
        Code::Busy | Code::ReadOnly | Code::DiskFull | Code::Io | Code::Interrupted => Exit::Io,
        Code::Closed | Code::Sqlite | Code::Host | Code::Internal => Exit::Internal,
    }
}

fn hint_for(code: Code) -> Option<String> {
    let hint = match code {
        Code::InvalidArgument => "run it with --help to see what it takes",
        Code::NotFound => "see which there are with \"runstore runs\" and \"runstore suites\"",
        Code::Corrupt => "copy the file and its -wal before anything else touches them",
        Code::NotADatabase | Code::Schema => "name the file of a run store with --store PATH",
        Code::SchemaTooNew => "update runstore to the version that wrote the file",
        Code::Busy => "another process is writing; try again when it is done",
        Code::ReadOnly => "see whether you may write to the file and its folder",
        Code::DiskFull => "make room on the disk and try again",
        Code::Io => "see whether the path is right and you may read it",
        Code::Interrupted => "run it again",
        Code::Constraint | Code::TooLarge => "see what the message names",
        Code::Closed | Code::Sqlite | Code::Host | Code::Internal => {
            "this is a fault of runstore; please report it with the command that you ran"
        }
    };
    Some(hint.to_owned())
}
