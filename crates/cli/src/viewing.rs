//! What `runstore view` asks for. Node serves it, so that Node has to know before the command is run.

use std::ffi::OsString;

use crate::arguments::{Asked, Command, parse};
use crate::environment::{Environment, in_process};
use crate::store_file;

/// What is to be viewed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewWish {
    /// The file of the store, which is there.
    pub path: String,
    /// The port to listen at.
    pub port: u16,
    /// The address to listen at.
    pub host: String,
    /// Whether a browser is to be opened.
    pub open: bool,
}

/// Returns what is asked for by the arguments of `runstore view`. `None` for any other command, and where something is
/// wrong, which [`run`](crate::run) then says.
pub fn view_wish(arguments: impl IntoIterator<Item = OsString>) -> Option<ViewWish> {
    in_process(|environment| wish(arguments, environment))
}

fn wish(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment<'_>,
) -> Option<ViewWish> {
    let Ok(Asked::Command(arguments)) = parse(arguments, 80) else { return None };
    let Command::View(view) = &arguments.command else { return None };
    let path = store_file::path(arguments.global.store.as_deref(), environment).ok()?;
    Some(ViewWish { path, port: view.port, host: view.host.clone(), open: view.open })
}
