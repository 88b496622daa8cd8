//! `runstore archive`

mod entries;
mod history;
mod keep;
mod list;
pub(crate) mod place;
mod pull;
mod push;
mod sql;

use runstore::error::{Code, StoreError};
use runstore_report::times::parse_time;

use crate::answer::Answer;
use crate::arguments::{self, ArchiveCommand};
use crate::failure::Failure;
use crate::session::Session;

/// Shown when no entry matches.
const NONE: &str = "The archive has no such run; \"runstore archive push\" adds runs to it.";

pub(super) fn answer(
    arguments: &arguments::Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let archive = place::open(&arguments.place, "--to", session)?;
    match &arguments.command {
        ArchiveCommand::Push(push) => push::answer(push, &archive, session),
        ArchiveCommand::List(list) => list::answer(list, &archive, session),
        ArchiveCommand::History(history) => history::answer(history, &archive, session),
        ArchiveCommand::Pull(pull) => pull::answer(pull, &archive, session),
        ArchiveCommand::Delete(delete) => keep::delete(delete, &archive, session),
        ArchiveCommand::Verify(_) => keep::verify(&archive, session),
        ArchiveCommand::Fold(fold) => keep::fold(fold, &archive, session),
        ArchiveCommand::Vacuum(vacuum) => keep::vacuum(vacuum, &archive, session),
        ArchiveCommand::Sql(sql) => {
            sql::answer(sql, &place::target(&arguments.place, session)?, session)
        }
    }
}

/// Returns the time of an option.
fn time(flag: &str, text: Option<&str>, now: i64) -> Result<Option<f64>, Failure> {
    let Some(text) = text else { return Ok(None) };
    parse_time(text, now).map(|time| Some(time as f64)).ok_or_else(|| {
        Failure::usage(format!("{flag} does not understand \"{text}\""))
            .hint("give it a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (30d, 12h)")
    })
}

/// Adds a hint to the error for a run that is not in the archive.
fn hinted(error: StoreError) -> Failure {
    let is_missing = error.code == Code::NotFound;
    let failure = Failure::from(error);
    if is_missing {
        failure.hint("\"runstore archive list\" shows what is in the archive")
    } else {
        failure
    }
}
