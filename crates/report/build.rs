//! Takes the built page in. Where it is not built, as with Cargo alone, there is none, and the command says so.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let page = Path::new("../../ui/dist/page.html");
    // What is not there yet cannot be watched; the folder that it will be in can.
    let watched = if page.exists() { page } else { Path::new("../../ui") };
    println!("cargo::rerun-if-changed={}", watched.display());
    let text = fs::read_to_string(page).unwrap_or_default();
    let folder = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(folder.join("page.html"), text)
}
