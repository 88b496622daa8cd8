//! The first entry of an archive's log.

pub fn archive_log(data: &[u8]) {
    runstore_archive::fuzzing::log(data);
}
