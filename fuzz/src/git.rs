//! The files of a repository from someone else: `HEAD`, `packed-refs`, a branch, `commondir` and a `.git` that is a file.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

use runstore::fuzzing::head;

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

/// What lies outside of the repository, and is not to be read.
const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2";

fn holds(data: &[u8], text: &str) -> bool {
    data.windows(text.len()).any(|part| part == text.as_bytes())
}

/// The contents of the files, each ended by a NUL.
pub fn git(data: &[u8]) {
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| tempfile::tempdir().expect("a folder")).path();
        let place = folder.join("place");
        let _ = fs::remove_dir_all(&place);
        let mut texts = data.split(|byte| *byte == 0);
        let mut write =
            |path: &Path| fs::write(path, texts.next().unwrap_or_default()).expect("written");
        fs::create_dir_all(place.join("own/refs/heads")).expect("folders");
        fs::write(folder.join("secret"), SECRET).expect("written");
        for name in ["HEAD", "packed-refs", "refs/heads/main", "commondir"] {
            write(&place.join("own").join(name));
        }
        match data.len() % 2 {
            0 => write(&place.join(".git")),
            _ => fs::rename(place.join("own"), place.join(".git")).expect("renamed"),
        }
        if let Some((Some(commit), _)) = head(&place) {
            assert!(commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()));
            // libFuzzer sees what is compared, and may have put it into a file of the repository itself.
            assert!(commit != SECRET || holds(data, SECRET));
        }
    });
}
