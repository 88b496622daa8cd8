//! Finds and opens the file of the store.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::failure::{Exit, Failure};
use super::paths::{existing, output, text};
use runstore::db::OpenOptions;
use runstore::error::Code;
use runstore::model::STORE_PATH;
use runstore::store::Store;

/// Opens the file named by the arguments, the environment or the folder. It is never created.
pub(super) fn open(
    named: Option<&Path>,
    environment: &Environment<'_>,
    read_only: bool,
) -> Result<Store, Failure> {
    let path = path(named, environment)?;
    let options = OpenOptions { read_only, ..OpenOptions::default() };
    Store::open(&path, &options).map_err(|error| {
        // Only missing tables would have been created.
        if read_only && error.code == Code::ReadOnly {
            return Failure::new(Exit::Data, format!("{path} has no tables of a run store"))
                .hint("name the file of a run store with --store PATH");
        }
        error.into()
    })
}

/// Opens the file named by the arguments, the environment or the folder; creates it if necessary.
pub(super) fn open_or_make(
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Store, Failure> {
    let variable = environment.variable("RUNSTORE_DB").map(Path::new);
    let (path, by) = match (named, variable) {
        (Some(path), _) => (path, "--store"),
        (None, Some(path)) => (path, "RUNSTORE_DB"),
        (None, None) => match find(None, environment) {
            Ok(path) => return Ok(Store::open(&text(path)?, &OpenOptions::default())?),
            Err(_) => (Path::new(STORE_PATH), "the store"),
        },
    };
    Ok(Store::open(&output(path, by, environment)?, &OpenOptions::default())?)
}

/// Returns the path of the file.
pub(super) fn path(named: Option<&Path>, environment: &Environment<'_>) -> Result<String, Failure> {
    text(find(named, environment)?)
}

fn find(named: Option<&Path>, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = named {
        return existing(path, "--store", environment);
    }
    if let Some(path) = environment.variable("RUNSTORE_DB") {
        return existing(Path::new(path), "RUNSTORE_DB", environment);
    }
    let upwards = environment.folder.ancestors().map(|folder| folder.join(STORE_PATH));
    upwards.into_iter().find(|path| path.exists()).ok_or_else(|| {
        let folder = environment.folder.display();
        Failure::new(Exit::Missing, format!("there is no {STORE_PATH} in {folder} or a parent directory"))
            .hint("name the file with --store PATH or RUNSTORE_DB; an evaluation that saves its runs creates one")
    })
}
