//! Arguments of the command that serves the page.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::json_help;

/// The address that the page is served at.
pub const VIEW_HOST: &str = "127.0.0.1";

/// Serves a page about the store, an archive or a folder of run files on this machine: runs, and any two side by side.
///
/// The page updates when the store is written to. It answers requests from this machine only, unless --host is given.
/// Writing to the store, and requests from another machine, need the token in the printed address. The page is served by
/// Node, so the command without Node cannot serve it. Archives and folders are read-only.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::VIEW)]
pub(crate) struct View {
    /// The port to listen on; 0 for any free port
    #[arg(long, value_name = "PORT", default_value_t = 7357)]
    pub(crate) port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = VIEW_HOST)]
    pub(crate) host: String,
    /// Opens the page in a browser
    #[arg(long)]
    pub(crate) open: bool,
    /// A scorer whose lower scores are better, in the runs that have it; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// A JSON file of filters that the page offers by name, as the page saves it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) presets: Option<PathBuf>,
    /// Shows the runs of an archive in place of a store, read only: a path or a URL
    #[arg(long, value_name = "URL", value_hint = ValueHint::DirPath, conflicts_with = "results_dir")]
    pub(crate) archive: Option<String>,
    /// The project: a folder in the archive
    #[arg(long, value_name = "NAME", requires = "archive")]
    pub(crate) project: Option<String>,
    /// Shows the run files of a folder in place of a store, read only
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) results_dir: Option<String>,
}
