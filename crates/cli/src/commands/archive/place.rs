//! Finds the archive that the arguments or the environment name.

use std::sync::Arc;

use runstore_archive::{Archive, Location, Options};

use crate::arguments::Place;
use crate::failure::Failure;
use crate::session::Session;

/// Opens the archive; errors mention `option`, which names it.
pub(crate) fn open(
    place: &Place,
    option: &str,
    session: &Session<'_>,
) -> Result<Arc<Archive>, Failure> {
    Ok(Archive::open(location(place, option, session)?, &place.project, Options::default())?)
}

/// Returns the folder or URL of the project, for engines.
pub(super) fn target(place: &Place, session: &Session<'_>) -> Result<String, Failure> {
    match location(place, "--to", session)? {
        Location::Folder(folder) => crate::paths::text(folder.join(&place.project)),
        bucket => Ok(bucket.of_project(&place.project)),
    }
}

fn location(place: &Place, option: &str, session: &Session<'_>) -> Result<Location, Failure> {
    let environment = session.environment;
    let said = environment.variable("RUNSTORE_ARCHIVE").and_then(|url| url.to_str());
    let how = || {
        format!("give {option} the folder or the URL of the archive, or set RUNSTORE_ARCHIVE to it")
    };
    let url = place.url.as_deref().or(said);
    let url = url.ok_or_else(|| Failure::usage("no archive is named").hint(how()))?;
    let variables = environment.variables.iter();
    let variables =
        variables.filter_map(|(name, value)| Some((name.clone(), value.to_str()?.into())));
    Location::parse(url, &environment.folder, variables.collect())
        .map_err(|error| Failure::usage(error.message()).hint(how()))
}
