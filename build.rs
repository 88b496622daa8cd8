//! Builds the lock shim that lets two copies of SQLite share one file, and prepares the addon.

fn main() {
    println!("cargo:rerun-if-changed=src/db/ofd_locks.c");
    if std::env::var_os("CARGO_CFG_UNIX").is_some() {
        cc::Build::new().file("src/db/ofd_locks.c").warnings(true).compile("runstore_ofd_locks");
    }
    if std::env::var_os("CARGO_FEATURE_NODE").is_some() {
        napi_build::setup();
    }
}
