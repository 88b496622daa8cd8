//! The manifest of an archive.

pub fn archive_manifest(data: &[u8]) {
    runstore_archive::fuzzing::manifest(data);
}
