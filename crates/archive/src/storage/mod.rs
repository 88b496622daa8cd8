//! What the archive asks of the place where it lies: immutable files, and two conditional writes.

mod credentials;
mod http;
mod local;
mod location;
mod objects;

use std::fs::File;
use std::time::Duration;

use runstore::error::Result;
use tempfile::NamedTempFile;

pub use location::Location;

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

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) bytes: u64,
    /// Milliseconds since the epoch.
    pub(crate) changed_at: i64,
    pub(crate) tag: Tag,
}

/// The folder of a project. Paths are relative to it, and were checked before.
pub(crate) trait Storage: Send + Sync {
    /// Returns the content of a file, `None` when there is none; an error when it has more than `most` bytes.
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>>;

    /// Returns the contents of several files, in their order, up to the first that is not there.
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

    /// Returns the end of a file, from a byte on; `None` when there is none.
    fn read_from(&self, path: &str, start: u64) -> Result<Option<Vec<u8>>>;

    /// Returns a file to be read at any place of it, `None` when there is none.
    fn open(&self, path: &str) -> Result<Option<File>>;

    /// Returns what is known of a file; `None` when there is none.
    fn state(&self, path: &str) -> Result<Option<State>>;

    /// Returns an empty file that [`Self::publish`] can put at this path.
    fn scratch(&self, path: &str) -> Result<NamedTempFile>;

    /// Puts a file that is written where there is none; its bytes are kept when this returns.
    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()>;

    /// Puts bytes where there is no file, and returns whether there was none. A file that is there may be that of a try of this
    /// call whose answer was lost.
    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool>;

    /// Changes a small file from what it is; among many who do, each sees what the one before has written. `change` may be
    /// called several times. Returns the state that was written, `None` where nothing was.
    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Tag>>;

    /// Returns all files below a folder.
    fn list(&self, folder: &str) -> Result<Vec<Found>>;

    /// Removes a file, which need not be there.
    fn remove(&self, path: &str) -> Result<()>;

    /// Waits before a write is tried again that others were faster with.
    fn pause(&self, _tries: u32) {}
}

/// The largest manifest that is read: a million runs.
pub(crate) const LONGEST_MANIFEST: u64 = 1 << 30;

/// Waits before the next try: longer after each, and never as long as another who tries.
fn pause(tries: u32) {
    const FIRST_MS: u64 = 20;
    const LONGEST_MS: u64 = 2_000;
    let most = (FIRST_MS << tries.min(10)).min(LONGEST_MS);
    let random = uuid::Uuid::new_v4().as_u64_pair().0;
    std::thread::sleep(Duration::from_millis(most / 2 + random % most));
}
