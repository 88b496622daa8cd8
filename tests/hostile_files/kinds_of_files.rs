//! What may stand at the path of a store, and how what we make there is protected.

use super::*;

fn refused(path: &str) -> runstore::StoreError {
    let errors = [false, true].map(|read_only| {
        Store::open(path, &OpenOptions { read_only, ..OpenOptions::default() }).err().unwrap()
    });
    assert_eq!(errors[0].code, errors[1].code);
    assert!(errors.iter().all(|error| error.message().contains(path)));
    errors[0].clone()
}

#[test]
fn a_folder_is_refused() {
    let place = Place::new();
    let error = refused(place.folder.path().to_str().unwrap());
    assert_eq!(error.code, Code::Io);
    assert!(error.message().contains("it is a directory"), "{error}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn a_fifo_is_refused_without_blocking() {
        let place = Place::new();
        assert!(Command::new("mkfifo").arg(&place.path).status().unwrap().success());
        let error = refused(&place.path);
        assert_eq!(error.code, Code::Io);
        assert!(error.message().contains("a FIFO"), "{error}");
    }

    #[test]
    fn a_device_and_a_socket_are_refused() {
        let place = Place::new();
        let _socket = std::os::unix::net::UnixListener::bind(&place.path).unwrap();
        for path in ["/dev/null", "/dev/zero", &place.path] {
            assert_eq!(refused(path).code, Code::Io, "{path}");
        }
    }

    #[test]
    fn a_link_is_followed_and_the_log_is_beside_its_target() {
        let place = store_file();
        let elsewhere = Place::new();
        symlink(&place.path, &elsewhere.path).unwrap();
        let [by_link, by_name] = [&elsewhere.path, &place.path].map(|path| open(path).unwrap());
        by_link.save_cases([Ok(case("by link"))]).unwrap();
        assert_eq!(by_name.count_cases("run").unwrap(), 2);
        assert!(std::fs::metadata(format!("{}-wal", place.path)).is_ok());
        assert_eq!(std::fs::read_dir(elsewhere.folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_to_itself_and_one_to_a_device_are_refused() {
        let place = Place::new();
        symlink(&place.path, &place.path).unwrap();
        assert_eq!(refused(&place.path).code, Code::Io);
        let device = place.file("device");
        symlink("/dev/null", &device).unwrap();
        assert_eq!(refused(&device).code, Code::Io);
    }

    /// The umask belongs to the process, so a shell sets it for a process of its own.
    #[test]
    fn files_and_folders_have_the_permissions_that_the_umask_leaves() {
        if let Ok(path) = std::env::var("RUNSTORE_TEST_UMASK") {
            let store = open(&path).unwrap();
            store.create_suite("suite").unwrap();
            std::process::exit(if modes(&path) == std::env::var("RUNSTORE_TEST_MODES").unwrap() {
                0
            } else {
                1
            });
        }
        for (umask, expected) in
            [("077", "700 600 600 600"), ("022", "755 644 644 644"), ("027", "750 640 640 640")]
        {
            let place = Place::new();
            let path = place.file("made/store.db");
            let this = std::env::current_exe().unwrap();
            let name = "kinds_of_files::unix::files_and_folders_have_the_permissions_that_the_umask_leaves";
            let script = format!("umask {umask}; exec \"$0\" --exact {name} --nocapture");
            let status = Command::new("sh")
                .args(["-c", &script, this.to_str().unwrap()])
                .env("RUNSTORE_TEST_UMASK", &path)
                .env("RUNSTORE_TEST_MODES", expected)
                .status();
            assert!(status.unwrap().success(), "umask {umask}: {}", modes(&path));
        }
    }

    /// Permissions of the folder, the file, the log and its index.
    fn modes(path: &str) -> String {
        let folder = std::path::Path::new(path).parent().unwrap().to_str().unwrap().to_owned();
        let files = [folder, path.to_owned(), format!("{path}-wal"), format!("{path}-shm")];
        let mode = |file: &String| match std::fs::metadata(file) {
            Ok(found) => format!("{:o}", found.mode() & 0o777),
            Err(_) => "none".to_owned(),
        };
        files.iter().map(mode).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_log_is_as_closed_as_the_file() {
        let place = store_file();
        std::fs::set_permissions(&place.path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let store = open(&place.path).unwrap();
        store.create_suite("suite").unwrap();
        assert_eq!(modes(&place.path)[4..], *"600 600 600");
    }
}
