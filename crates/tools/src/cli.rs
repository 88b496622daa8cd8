//! The command, for `bin/runstore.js`.

use std::ffi::OsString;

use napi_derive::napi;
use runstore_cli::ViewSource;

/// Runs the command with these arguments on the streams of this process, and returns the exit code.
#[napi(catch_unwind)]
pub fn run_cli(arguments: Vec<String>) -> u32 {
    runstore_cli::run_in_process(arguments.into_iter().map(Into::into)).into()
}

/// Returns the source to view if the arguments are a valid `view` command, which Node serves.
#[napi(catch_unwind)]
pub fn view_wish(arguments: Vec<String>) -> Option<ViewWish> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let wish = runstore_cli::view_wish(arguments)?;
    let (mut path, mut archive, mut project, mut results_dir) = (None, None, None, None);
    match wish.source {
        ViewSource::Store(store) => path = Some(store),
        ViewSource::Folder(folder) => results_dir = Some(folder),
        ViewSource::Archive { url, project: of } => (archive, project) = (Some(url), of),
    }
    Some(ViewWish {
        path,
        archive,
        project,
        results_dir,
        port: wish.port,
        host: wish.host,
        open: wish.open,
        lower_is_better: wish.lower_is_better,
        presets: serde_json::to_string(&wish.presets).ok()?,
    })
}

/// The source to view, and the address to serve it at.
#[napi(object)]
pub struct ViewWish {
    /// Of a store.
    pub path: Option<String>,
    pub archive: Option<String>,
    /// Of the archive.
    pub project: Option<String>,
    pub results_dir: Option<String>,
    pub port: u16,
    pub host: String,
    pub open: bool,
    pub lower_is_better: Vec<String>,
    /// JSON.
    pub presets: String,
}
