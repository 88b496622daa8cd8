//! The command, for `bin/runstore.js`.

use std::ffi::OsString;

use napi_derive::napi;

/// Runs the command with these arguments on the streams of this process, and returns the exit code.
#[napi(catch_unwind)]
pub fn run_cli(arguments: Vec<String>) -> u32 {
    runstore_cli::run_in_process(arguments.into_iter().map(Into::into)).into()
}

/// Returns what is to be viewed, where these arguments ask for that and nothing is wrong with them; Node serves it.
#[napi(catch_unwind)]
pub fn view_wish(arguments: Vec<String>) -> Option<ViewWish> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let wish = runstore_cli::view_wish(arguments)?;
    Some(ViewWish { path: wish.path, port: wish.port, host: wish.host, open: wish.open })
}

/// What is to be viewed, and where.
#[napi(object)]
pub struct ViewWish {
    pub path: String,
    pub port: u16,
    pub host: String,
    pub open: bool,
}
