//! The arguments of `runstore view`. Node serves the page, so it needs them before the command runs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use runstore::page::Preset;
use runstore_archive::Location;

use crate::arguments::{Asked, Command, View, parse};
use crate::environment::{Environment, in_process};
use crate::failure::{Exit, Failure};
use crate::presets;
use crate::store_file;

/// The source to serve, and the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewWish {
    /// The source.
    pub source: ViewSource,
    /// The port to listen on.
    pub port: u16,
    /// The address to listen on.
    pub host: String,
    /// Whether to open a browser.
    pub open: bool,
    /// Scorers whose lower scores are better.
    pub lower_is_better: Vec<String>,
    /// Filters that the page offers by name.
    pub presets: Vec<Preset>,
}

/// The source of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewSource {
    /// An existing store file.
    Store(String),
    /// An archive, read-only.
    Archive {
        /// A path or a URL.
        url: String,
        /// The project, a folder in it.
        project: Option<String>,
    },
    /// An existing folder of run files, read-only.
    Folder(String),
}

/// Returns the arguments of `runstore view`. `None` for other commands and for invalid arguments, which
/// [`run`](crate::run) then reports.
pub fn view_wish(arguments: impl IntoIterator<Item = OsString>) -> Option<ViewWish> {
    in_process(|environment| wish(arguments, environment))
}

fn wish(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment<'_>,
) -> Option<ViewWish> {
    let Ok(Asked::Command(arguments)) = parse(arguments, 80) else { return None };
    let Command::View(view) = &arguments.command else { return None };
    let source = source(view, arguments.global.store.as_deref(), environment).ok()?;
    Some(ViewWish {
        source,
        port: view.port,
        host: view.host.clone(),
        open: view.open,
        lower_is_better: view.lower_is_better.clone(),
        presets: presets::read(view.presets.as_deref(), environment).ok()?,
    })
}

/// Returns the source to serve, or a failure if it is invalid.
pub(crate) fn source(
    view: &View,
    store: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<ViewSource, Failure> {
    let other = match (&view.archive, &view.results_dir) {
        (Some(url), _) => {
            ("--archive", ViewSource::Archive { url: url.clone(), project: view.project.clone() })
        }
        (_, Some(folder)) => ("--results-dir", ViewSource::Folder(folder.clone())),
        _ => return Ok(ViewSource::Store(store_file::path(store, environment)?)),
    };
    if store.is_some() {
        let words = format!("--store and {} cannot be used together", other.0);
        return Err(Failure::usage(words).hint("give only one of them"));
    }
    if let ViewSource::Folder(folder) = &other.1
        && !environment.folder.join(folder).is_dir()
    {
        return Err(Failure::new(Exit::Missing, format!("there is no folder {folder}"))
            .hint("\"runstore report save\" writes run files into one"));
    }
    if let ViewSource::Archive { url, .. } = &other.1
        && let Location::Folder(folder) =
            Location::parse(url, &environment.folder, BTreeMap::default())?
        && !folder.is_dir()
    {
        return Err(Failure::new(Exit::Missing, format!("there is no archive in {url}"))
            .hint("\"runstore archive push\" creates one"));
    }
    Ok(other.1)
}
