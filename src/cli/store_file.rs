//! Which file the command works on.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::failure::{Exit, Failure};
use crate::db::OpenOptions;
use crate::error::Code;
use crate::store::Store;

/// Where a store is made that nobody named, seen from the folder of the project.
const DEFAULT: &str = ".evals/store.db";

/// Opens the file that the arguments, the environment or the folder name. It is never made.
pub(super) fn open(
    named: Option<&Path>,
    environment: &Environment<'_>,
    read_only: bool,
) -> Result<Store, Failure> {
    let path = find(named, environment)?;
    let path = path.to_str().ok_or_else(|| {
        Failure::usage(format!("the path {} is not UTF-8", path.display()))
            .hint("give the file another name, or go to its folder and name it from there")
    })?;
    Store::open(path, &OpenOptions { read_only, ..OpenOptions::default() }).map_err(|error| {
        // Nothing was to be written but tables that are missing.
        if read_only && error.code == Code::ReadOnly {
            return Failure::new(Exit::Data, format!("{path} has no tables of a run store"))
                .hint("name the file of a run store with --store PATH");
        }
        error.into()
    })
}

fn find(named: Option<&Path>, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = named {
        return existing(path.as_os_str(), "--store", environment);
    }
    if let Some(path) = environment.variable("RUNSTORE_DB") {
        return existing(path, "RUNSTORE_DB", environment);
    }
    let upwards = environment.folder.ancestors().map(|folder| folder.join(DEFAULT));
    upwards.into_iter().find(|path| path.exists()).ok_or_else(|| {
        let folder = environment.folder.display();
        Failure::new(Exit::Missing, format!("there is no {DEFAULT} in {folder} or a folder above it"))
            .hint("name the file with --store PATH or RUNSTORE_DB; an evaluation that saves its runs makes one")
    })
}

fn existing(path: &OsStr, by: &str, environment: &Environment<'_>) -> Result<PathBuf, Failure> {
    if path.is_empty() {
        return Err(
            Failure::usage(format!("{by} is empty")).hint(format!("give {by} the path of a file"))
        );
    }
    let path = environment.folder.join(path);
    if path.is_file() {
        return Ok(path);
    }
    let what = if path.is_dir() { "is a folder" } else { "does not exist" };
    Err(Failure::new(Exit::Missing, format!("{} {what}", path.display()))
        .hint(format!("give {by} the path of the file of a run store")))
}
