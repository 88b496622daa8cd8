//! Arguments of the command that serves the page.

use clap::Args;

use super::json_help;

/// Serves a page over the store, for this machine: runs, what became of them, and any two side by side.
///
/// The page follows what is written to the store. It answers to this machine only, unless --host says otherwise; whoever
/// writes to the store with it, or comes from another machine, needs the token in the address that is printed. It is
/// served by Node: the command without Node does not have it.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::VIEW)]
pub(crate) struct View {
    /// The port to listen at; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 7357)]
    pub(crate) port: u16,
    /// The address to listen at
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Opens the page in a browser
    #[arg(long)]
    pub(crate) open: bool,
}
