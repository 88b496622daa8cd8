//! What the archive asks of the place where it lies: immutable files, and two conditional writes.

mod local;

use std::fs::File;

use runstore::error::Result;
use tempfile::NamedTempFile;

pub(crate) use local::Local;

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Relative to the project, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// Milliseconds since the epoch.
    pub(crate) changed_at: i64,
}

/// Tells two states of a file apart: an ETag, or what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) String);

/// The folder of a project. Paths are relative to it, and were checked before.
pub(crate) trait Storage: Send + Sync {
    /// Returns the content of a file, `None` when there is none; an error when it has more than `most` bytes.
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>>;

    /// Returns a file to be read at any place of it, `None` when there is none.
    fn open(&self, path: &str) -> Result<Option<File>>;

    /// Returns how many bytes a file has, and its state; `None` when there is none.
    fn state(&self, path: &str) -> Result<Option<(u64, Tag)>>;

    /// Returns an empty file that [`Self::publish`] can put at this path.
    fn scratch(&self, path: &str) -> Result<NamedTempFile>;

    /// Puts a file that is written where there is none; its bytes are kept when this returns.
    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()>;

    /// Puts bytes where there is no file, and returns whether there was none.
    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool>;

    /// Changes a small file from what it is; among many who do, each sees what the one before has written.
    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<()>;

    /// Returns all files below a folder.
    fn list(&self, folder: &str) -> Result<Vec<Found>>;

    /// Removes a file, which need not be there.
    fn remove(&self, path: &str) -> Result<()>;
}

/// The largest manifest that is read: a million runs.
pub(crate) const LONGEST_MANIFEST: u64 = 1 << 30;
