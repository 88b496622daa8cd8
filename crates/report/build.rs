//! Embeds the built page. If it was not built, as with Cargo alone, the command reports that.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let page = Path::new("../../ui/dist/page.html");
    // A missing file cannot be watched, but its future folder can.
    let watched = if page.exists() { page } else { Path::new("../../ui") };
    println!("cargo::rerun-if-changed={}", watched.display());
    let text = fs::read_to_string(page).unwrap_or_default();
    let folder = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(folder.join("page.html"), text)
}
