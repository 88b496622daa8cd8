//! Files and folders that a user may not write to, which are read by a process that really may not.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::support::{Place, child};
use super::*;
use runstore::Code;

fn set_mode(path: &str, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A store that was closed, or whose `-wal` a killed process left.
fn place(leaves_wal: bool) -> Place {
    let place = Place::new();
    let store = support::open(&place.path).unwrap();
    add_run(&store).unwrap();
    save_batch(&store, 0).unwrap();
    if leaves_wal {
        let left = Place::new();
        for end in ["", "-wal", "-shm"] {
            fs::copy(format!("{}{end}", place.path), format!("{}{end}", left.path)).unwrap();
        }
        return left;
    }
    store.close().unwrap();
    place
}

/// Runs a part of a test as a user who is bound by the modes of files, which root is not.
fn as_somebody_else(place: &Place, folder_mode: u32, file_mode: u32, name: &str) {
    let folder = place.folder.path().to_str().unwrap();
    for end in ["", "-wal", "-shm"] {
        if fs::exists(format!("{}{end}", place.path)).unwrap() {
            set_mode(&format!("{}{end}", place.path), file_mode);
        }
    }
    let binary = place.file("test");
    child::copy_binary(&binary);
    set_mode(folder, folder_mode);
    let failure = child::failure_as_nobody(&binary, name, &place.path, "");
    set_mode(folder, 0o755);
    assert_eq!(failure, None, "folder {folder_mode:o}, file {file_mode:o}");
}

#[test]
fn a_read_only_file_can_be_read_and_refuses_writes() {
    for (folder_mode, file_mode) in [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)] {
        for leaves_wal in [false, true] {
            let place = place(leaves_wal);
            let name = "without_permission::reads_and_is_refused";
            as_somebody_else(&place, folder_mode, file_mode, name);
            // A user with permission continues.
            set_mode(&place.path, 0o644);
            let store = support::open(&place.path).unwrap();
            let mut found = read_all(&store).unwrap();
            found.truncate(BATCH);
            assert_eq!(found, ids_of(&[0]));
            save_batch(&store, 2).unwrap();
            store.close().unwrap();
            assert_eq!(support::damage(&place.sqlite()), [""; 0]);
        }
    }
}

#[test]
#[ignore = "a part of the test above, in a process of another user"]
fn reads_and_is_refused() {
    let Some((path, _)) = child::task() else { return };
    let folder = path.trim_end_matches("/store.db");
    let may_write = |path: &str| fs::metadata(path).unwrap().mode() & 0o002 != 0;
    match support::open(&path) {
        Ok(store) => {
            assert_eq!(read_all(&store).unwrap(), ids_of(&[0]));
            match save_batch(&store, 1) {
                Ok(()) => assert!(may_write(&path), "written to a file that may not be"),
                Err(error) => {
                    assert_eq!(error.code, Code::ReadOnly, "{error:?}");
                    assert!(error.message().contains(&path), "{error}");
                }
            }
            assert_eq!(read_all(&store).unwrap()[..BATCH], ids_of(&[0]));
        }
        // What is in a -wal cannot be read where its index cannot be made.
        Err(error) => {
            assert!(!may_write(folder) || !may_write(&path), "{error:?}");
            assert!(matches!(error.code, Code::ReadOnly | Code::Io), "{error:?}");
            assert!(error.message().contains(&path), "{error}");
            assert!(fs::exists(format!("{path}-wal")).unwrap(), "{error:?}");
        }
    }
}
