//! docs/cli.md.

#[test]
fn the_document_is_as_new_as_the_definitions() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md");
    if std::env::var_os("RUNSTORE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, runstore::cli::reference()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == runstore::cli::reference(), "run \"npm run docs\"");
}
