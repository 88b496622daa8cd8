//! What the fuzz targets check: whatever is in the files of an archive, nothing panics, and errors are typed.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use runstore::Code;
use runstore::error::{Result, StoreError};
use runstore::rows::RowSource;

use crate::archive::{Archive, Options};
use crate::body::BodyReader;
use crate::log::{Columns, read_checkpoint};
use crate::manifest::Manifest;
use crate::query::Query;
use crate::score_file::ScoreFileReader;

const PROJECT: &str = "p";

/// Reads bytes as a manifest; one that is read is written and read alike.
pub fn manifest(bytes: &[u8]) {
    match Manifest::parse(bytes) {
        Ok(manifest) => {
            let written = manifest.to_bytes().unwrap_or_default();
            let again = Manifest::parse(&written).ok().and_then(|again| again.to_bytes().ok());
            assert!(
                again.is_some_and(|again| again == written),
                "a manifest changes when it is written"
            );
        }
        Err(error) => check(&error),
    }
    in_folder(&[("manifest.json", bytes)]);
}

/// Reads bytes as the first entry of a log.
pub fn log(bytes: &[u8]) {
    in_folder(&[("_delta_log/00000000000000000000.json", bytes)]);
}

/// Reads bytes as a checkpoint, as the scores of a run and as all rows of one.
pub fn file(bytes: &[u8]) {
    checked(checkpoint(bytes));
    checked(scores(bytes));
    checked(body(bytes));
}

/// Lists the runs of a folder with these files, and writes what is derived of them.
fn in_folder(files: &[(&str, &[u8])]) {
    let Ok(root) = tempfile::tempdir() else { return };
    for (name, bytes) in files {
        let path = root.path().join(PROJECT).join(name);
        let made = fs::create_dir_all(path.parent().unwrap_or(root.path()));
        if made.and_then(|()| fs::write(&path, bytes)).is_err() {
            return;
        }
    }
    checked(listed(root.path()));
    let outside = fs::read_dir(root.path()).map_or(0, Iterator::count);
    assert_eq!(outside, 1, "something was written outside of the project");
}

fn listed(root: &Path) -> Result<()> {
    let archive = Archive::open(root.to_owned(), PROJECT, Options::default())?;
    let runs = archive.runs(&Query::default())?;
    for run in runs.iter().take(20) {
        checked(archive.items(&run.run_id).map(drop));
        checked(archive.rows(&run.run_id).map(drop));
    }
    archive.fold()?;
    assert_eq!(
        archive.runs(&Query::default())?.len(),
        runs.len(),
        "folding changes what is listed"
    );
    archive.verify(&mut |_, _| Ok(())).map(drop)
}

fn checkpoint(bytes: &[u8]) -> Result<()> {
    for columns in [Columns::Shortest, Columns::OfDelta] {
        read_checkpoint(written(bytes)?, 7, columns)?;
    }
    Ok(())
}

fn scores(bytes: &[u8]) -> Result<()> {
    let mut reader = ScoreFileReader::new(written(bytes)?)?;
    reader.constants()?;
    // Files may hold many equal rows: what comes later is read like what came first.
    for _ in 0..50 {
        if reader.next_items()?.is_empty() {
            break;
        }
    }
    Ok(())
}

fn body(bytes: &[u8]) -> Result<()> {
    let mut reader = BodyReader::new(written(bytes)?, "body")?;
    while reader.next_batch()?.is_some() {}
    Ok(())
}

fn written(bytes: &[u8]) -> Result<File> {
    let made = || -> std::io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        std::io::Seek::rewind(&mut file)?;
        Ok(file)
    };
    made().map_err(|error| StoreError::io("write", &std::env::temp_dir(), &error))
}

fn checked(result: Result<()>) {
    if let Err(error) = result {
        check(&error);
    }
}

/// Foreign bytes are no bug of ours.
fn check(error: &StoreError) {
    assert_ne!(error.code, Code::Internal, "{}", error.message());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    /// What was found and repaired stays repaired, without a fuzzer.
    #[test]
    fn every_input_of_the_corpus_is_read_or_refused() {
        replay("archive_manifest", manifest);
        replay("archive_log", log);
        replay("archive_file", file);
    }

    fn replay(target: &str, run: fn(&[u8])) {
        let folder = Path::new("../../fuzz/corpus").join(target);
        let inputs: Vec<_> = fs::read_dir(&folder).unwrap().collect();
        assert!(!inputs.is_empty(), "{target}");
        for input in inputs {
            let path = input.unwrap().path();
            println!("{}", path.display()); // shown when the input fails
            run(&fs::read(&path).unwrap());
        }
    }
}
