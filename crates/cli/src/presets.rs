//! The file of filters that a team shares by name.

use std::path::Path;

use runstore::StoreError;
use runstore::page::Preset;

use crate::environment::Environment;
use crate::failure::Failure;

/// Reads the filters of a file; none without one.
pub(crate) fn read(
    file: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Vec<Preset>, Failure> {
    let Some(file) = file else { return Ok(vec![]) };
    let text = std::fs::read_to_string(environment.folder.join(file))
        .map_err(|error| StoreError::io("read", file, &error))?;
    runstore::json::read(&text).map_err(|error| {
        Failure::usage(format!("{} is not a file of filters: {error}", file.display()))
            .hint("it is a list such as [{\"name\": \"Wrong\", \"filter\": \"exact<0.5\"}]; \"sort\" may be added")
    })
}
