//! Opens files for reading.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::Path;

use runstore::error::{Code, Result, StoreError};

/// The error for a file that cannot be read, with the reason.
pub(crate) fn refused(path: &Path, why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("cannot read {}: {why}", path.display()))
        .in_file(&path.display().to_string())
}

/// Opens an ordinary file. Opening a pipe would block.
pub(crate) fn open(path: &Path) -> Result<File> {
    let failed = |error: Error| match error.kind() {
        ErrorKind::NotFound => {
            StoreError::new(Code::NotFound, format!("there is no file {}", path.display()))
                .in_file(&path.display().to_string())
        }
        _ => StoreError::io("read", path, &error),
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(refused(path, "it is not a file"));
    }
    File::open(path).map_err(failed)
}

/// Says of a file that is encoded otherwise what it is, by its first bytes: some shells write what they are piped so.
pub(crate) fn check_encoding(path: &Path, start: &[u8]) -> Result<()> {
    let is_utf_16 =
        [b"\xff\xfe".as_slice(), b"\xfe\xff"].iter().any(|mark| start.starts_with(mark));
    match is_utf_16 {
        false => Ok(()),
        true => Err(refused(path, "it is encoded in UTF-16; save it as UTF-8")),
    }
}
