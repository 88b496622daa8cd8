//! A checkpoint, a score file and a file of all rows of an archive.

pub fn archive_file(data: &[u8]) {
    runstore_archive::fuzzing::file(data);
}
