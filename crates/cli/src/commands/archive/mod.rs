//! `runstore archive`

mod keep;
mod list;
mod pull;
mod push;
mod sql;

use std::sync::Arc;

use runstore_archive::{Archive, Location, Options};

use runstore::error::{Code, StoreError};
use runstore_report::times::parse_time;

use crate::answer::Answer;
use crate::arguments::{self, ArchiveCommand, Place};
use crate::failure::Failure;
use crate::session::Session;

const HOW: &str = "give --to the folder or the URL of the archive, or set RUNSTORE_ARCHIVE to it";

pub(super) fn answer(
    arguments: &arguments::Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let archive = open(&arguments.place, session)?;
    match &arguments.command {
        ArchiveCommand::Push(push) => push::answer(push, &archive, session),
        ArchiveCommand::List(list) => list::answer(list, &archive, session),
        ArchiveCommand::Pull(pull) => pull::answer(pull, &archive, session),
        ArchiveCommand::Delete(delete) => keep::delete(delete, &archive, session),
        ArchiveCommand::Verify(_) => keep::verify(&archive, session),
        ArchiveCommand::Fold(fold) => keep::fold(fold, &archive, session),
        ArchiveCommand::Vacuum(vacuum) => keep::vacuum(vacuum, &archive, session),
        ArchiveCommand::Sql(sql) => sql::answer(sql, &target(&arguments.place, session)?, session),
    }
}

fn open(place: &Place, session: &Session<'_>) -> Result<Arc<Archive>, Failure> {
    Ok(Archive::open(location(place, session)?, &place.project, Options::default())?)
}

fn location(place: &Place, session: &Session<'_>) -> Result<Location, Failure> {
    let environment = session.environment;
    let variables = environment.variables.iter();
    let variables =
        variables.filter_map(|(name, value)| Some((name.clone(), value.to_str()?.into())));
    Location::parse(&url(place, session)?, &environment.folder, variables.collect())
        .map_err(|error| Failure::usage(error.message()).hint(HOW))
}

fn url(place: &Place, session: &Session<'_>) -> Result<String, Failure> {
    let said = session.environment.variable("RUNSTORE_ARCHIVE").and_then(|url| url.to_str());
    let url = place.url.as_deref().or(said);
    url.map(str::to_owned).ok_or_else(|| Failure::usage("no archive is named").hint(HOW))
}

/// Returns the folder or the URL of the project as engines are to be given it.
fn target(place: &Place, session: &Session<'_>) -> Result<String, Failure> {
    match location(place, session)? {
        Location::Folder(folder) => crate::paths::text(folder.join(&place.project)),
        bucket => Ok(bucket.of_project(&place.project)),
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
