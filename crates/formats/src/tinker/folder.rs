//! The folder of an EvalStore. Nothing outside it is read or written.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use runstore::error::{Code, Result, StoreError};

/// The largest file that is read as a whole.
const LARGEST: u64 = 64 << 20;

/// The longest name that file systems allow.
const LONGEST_NAME: usize = 255;

pub(super) const METADATA: &str = "metadata.json";
pub(super) const SUMMARY: &str = "summary.json";
pub(super) const RESULT: &str = "result.json";
pub(super) const TRAJECTORIES: &str = "trajectories.jsonl";
pub(super) const INDEX: &str = "runs.jsonl";
pub(super) const RUNS: &str = "runs";

/// The folder of an EvalStore, or of a run in it.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// Resolved, without links.
    root: PathBuf,
    pub(super) path: PathBuf,
}

impl Folder {
    /// Returns an existing EvalStore.
    pub(super) fn existing(path: &str) -> Result<Folder> {
        let path = Path::new(path);
        let root = fs::canonicalize(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => missing(path, "does not exist"),
            _ => StoreError::io("read", path, &error),
        })?;
        if !root.join(RUNS).is_dir() {
            return Err(missing(path, "is not an EvalStore: it has no folder \"runs\""));
        }
        Ok(Folder { path: root.clone(), root })
    }

    /// Returns an EvalStore, which is created if necessary, and the folders that were created for it.
    pub(super) fn make(path: &str) -> Result<(Folder, MadeFolders)> {
        let path = Path::new(path);
        let failed = |error| StoreError::io("create the directory", path, &error);
        let made = MadeFolders::make(&path.join(RUNS)).map_err(failed)?;
        let root = fs::canonicalize(path).map_err(failed)?;
        let folder = Folder { path: root.clone(), root };
        folder.inside(&folder.path.join(RUNS))?;
        Ok((folder, made))
    }

    /// Returns the folder of a run, whose name was checked before.
    pub(super) fn run(&self, name: &str) -> Folder {
        Folder { root: self.root.clone(), path: self.path.join(RUNS).join(name) }
    }

    /// Returns the names in a folder, sorted, and none if there is no folder. Names that are not UTF-8 are skipped.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>> {
        let path = self.path.join(folder);
        if !path.is_dir() {
            return Ok(vec![]);
        }
        let path = self.inside(&path)?;
        let failed = |error| StoreError::io("read the directory", &path, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(failed)? {
            names.extend(entry.map_err(failed)?.file_name().into_string().ok());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Opens a file; `None` if there is none.
    pub(super) fn open(&self, file: &str) -> Result<Option<File>> {
        let path = self.path.join(file);
        let is_missing =
            |kind| matches!(kind, std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory);
        match fs::metadata(&path) {
            Err(error) if is_missing(error.kind()) => return Ok(None),
            Err(error) => return Err(StoreError::io("read", &path, &error)),
            // Opening a pipe would block forever.
            Ok(found) if !found.is_file() => {
                let message = format!("{} is not an ordinary file", path.display());
                return Err(StoreError::new(Code::Io, message));
            }
            Ok(_) => {}
        }
        let path = self.inside(&path)?;
        let file = File::open(&path).map_err(|error| StoreError::io("read", &path, &error))?;
        Ok(Some(file))
    }

    /// Returns the text of a file; `None` if there is none.
    pub(super) fn read(&self, file: &str) -> Result<Option<String>> {
        let Some(opened) = self.open(file)? else { return Ok(None) };
        let path = self.path.join(file);
        let mut bytes = Vec::new();
        let read = opened.take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| StoreError::io("read", &path, &error))?;
        if bytes.len() as u64 > LARGEST {
            let message = format!("{} is larger than {} MiB", path.display(), LARGEST >> 20);
            return Err(StoreError::new(Code::TooLarge, message));
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Returns the size of a file, 0 if there is none.
    pub(super) fn size(&self, file: &str) -> u64 {
        fs::metadata(self.path.join(file)).map_or(0, |found| found.len())
    }

    /// Resolves a path, which must be in the folder of the EvalStore.
    pub(super) fn inside(&self, path: &Path) -> Result<PathBuf> {
        let real = fs::canonicalize(path).map_err(|error| StoreError::io("read", path, &error))?;
        if real.starts_with(&self.root) {
            return Ok(real);
        }
        let message = format!("{} leads out of {}", path.display(), self.root.display());
        Err(StoreError::new(Code::Io, message))
    }
}

/// Folders that were created for files. Unless the files are written, dropping this removes them.
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    fn make(path: &Path) -> std::io::Result<Self> {
        let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let missing = path.ancestors().take_while(is_missing).map(Path::to_owned);
        let made = MadeFolders(missing.collect());
        fs::create_dir_all(path)?;
        Ok(made)
    }

    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        // A folder that contains files of others stays.
        self.0.iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

fn missing(path: &Path, why: &str) -> StoreError {
    StoreError::new(Code::NotFound, format!("{} {why}", path.display()))
}

/// Checks an id that becomes the name of a folder; `what` describes it.
pub(super) fn check_name(name: &str, what: &str) -> Result<()> {
    let refused = match name {
        "" => Some("it is empty"),
        "." | ".." => Some("it is a step between folders"),
        METADATA | SUMMARY => Some("a file of the run is called that"),
        _ if name.contains(['/', '\\']) => Some("it has a slash"),
        _ if name.contains(char::is_control) => Some("it has a control character"),
        _ if name.len() > LONGEST_NAME => Some("it is longer than 255 bytes"),
        _ => None,
    };
    let message = |why| format!("{what} \"{name}\" cannot be the name of a folder: {why}");
    refused.map_or(Ok(()), |why| Err(StoreError::new(Code::InvalidArgument, message(why))))
}
