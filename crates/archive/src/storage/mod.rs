//! The storage that an archive needs: immutable files, and two conditional writes.

mod credentials;
mod disk;
mod http;
mod local;
mod location;
mod objects;

use std::fs::File;
use std::time::Duration;

use runstore::error::Result;
use tempfile::NamedTempFile;

#[cfg(test)]
pub(crate) use disk::{Disk, System};
#[cfg(test)]
pub(crate) use local::Local;
pub use location::{Location, TIMEOUT};

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Relative to the project, separated by `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// Milliseconds since the epoch.
    pub(crate) changed_at: i64,
}

/// Changes when the file changes: an ETag, or an equivalent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) String);

/// The metadata of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) bytes: u64,
    /// Milliseconds since the epoch.
    pub(crate) changed_at: i64,
    pub(crate) tag: Tag,
}

/// The folder of a project. Paths are relative to it, and already checked.
pub(crate) trait Storage: Send + Sync {
    /// Returns the content of a file, `None` if there is none; an error if it has more than `most` bytes.
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>>;

    /// Returns the contents of several files, in order, up to the first missing one.
    fn read_until_missing(&self, paths: &[String], most: u64) -> Result<Vec<Vec<u8>>> {
        let mut contents = Vec::new();
        for path in paths {
            match self.read(path, most)? {
                Some(bytes) => contents.push(bytes),
                None => break,
            }
        }
        Ok(contents)
    }

    /// Returns the end of a file, from a byte offset; `None` if there is none.
    fn read_from(&self, path: &str, start: u64) -> Result<Option<Vec<u8>>>;

    /// Returns a file with random access, `None` if there is none.
    fn open(&self, path: &str) -> Result<Option<File>>;

    /// Returns the metadata of a file; `None` if there is none.
    fn state(&self, path: &str) -> Result<Option<State>>;

    /// Returns an empty file that [`Self::publish`] can move to this path.
    fn scratch(&self, path: &str) -> Result<NamedTempFile>;

    /// Fails if it is known, without writing it, that a file cannot be written at this path.
    fn check_new(&self, _path: &str) -> Result<()> {
        Ok(())
    }

    /// Puts a written file at an unused path; its bytes are durable when this returns.
    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()>;

    /// Does the same for several files. After an error, some of them may be there.
    fn publish_all(&self, files: Vec<(NamedTempFile, String)>) -> Result<()> {
        files.into_iter().try_for_each(|(file, path)| self.publish(file, &path))
    }

    /// Writes a file at an unused path, and returns whether it was unused. An existing file may result from an earlier
    /// attempt of this call whose response was lost.
    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool>;

    /// Changes a small file atomically: with many concurrent writers, each sees the previous result. `change` may be
    /// called several times. Returns the written state, `None` if nothing was written.
    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Tag>>;

    /// Returns all files below a folder.
    fn list(&self, folder: &str) -> Result<Vec<Found>>;

    /// Returns whether a folder contains a file whose name is greater than this one and is accepted by `is_meant`.
    fn has_after(&self, folder: &str, name: &str, is_meant: &dyn Fn(&str) -> bool) -> Result<bool>;

    /// Removes a file if it exists.
    fn remove(&self, path: &str) -> Result<()>;

    /// Waits before the next attempt, after others were faster.
    fn pause(&self, _tries: u32) {}
}

/// The largest manifest that is read: a million runs.
pub(crate) const LONGEST_MANIFEST: u64 = 1 << 30;

/// Waits before the next attempt: longer after each, with jitter.
fn pause(tries: u32) {
    const FIRST_MS: u64 = 20;
    const LONGEST_MS: u64 = 2_000;
    let most = (FIRST_MS << tries.min(10)).min(LONGEST_MS);
    let random = uuid::Uuid::new_v4().as_u64_pair().0;
    std::thread::sleep(Duration::from_millis(most / 2 + random % most));
}
