//! The calls that change a disk, in one place, so that a test can record them and replay them as after a power failure.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Prefix of temporary files. Programs that read Parquet folders skip such names.
const SCRATCH: &str = ".runstore-";

/// Changes names and contents. Contents survive a power failure once their file is synced, names once their folder is.
pub(crate) trait Disk: Send + Sync {
    /// Creates a folder in an existing one.
    fn create_folder(&self, at: &Path) -> io::Result<()>;

    /// Creates a temporary file, which is removed when it is dropped.
    fn create_scratch(&self, folder: &Path) -> io::Result<NamedTempFile>;

    fn sync_file(&self, file: &NamedTempFile) -> io::Result<()>;

    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Gives a temporary file an unused name.
    fn rename_new(&self, file: NamedTempFile, at: &Path) -> io::Result<()>;

    /// Gives a temporary file a name, instead of the file that has it.
    fn replace(&self, file: NamedTempFile, at: &Path) -> io::Result<()>;

    fn remove(&self, at: &Path) -> io::Result<()>;
}

/// The disk of the operating system.
pub(crate) struct System;

impl Disk for System {
    fn create_folder(&self, at: &Path) -> io::Result<()> {
        fs::create_dir(at)
    }

    fn create_scratch(&self, folder: &Path) -> io::Result<NamedTempFile> {
        Builder::new().prefix(SCRATCH).permissions_like_new().tempfile_in(folder)
    }

    fn sync_file(&self, file: &NamedTempFile) -> io::Result<()> {
        file.as_file().sync_all()
    }

    /// Does nothing where the system cannot sync folders.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }

    fn rename_new(&self, file: NamedTempFile, at: &Path) -> io::Result<()> {
        file.persist_noclobber(at).map(drop).map_err(|refused| refused.error)
    }

    fn replace(&self, file: NamedTempFile, at: &Path) -> io::Result<()> {
        file.persist(at).map(drop).map_err(|refused| refused.error)
    }

    fn remove(&self, at: &Path) -> io::Result<()> {
        fs::remove_file(at)
    }
}

/// Files for others get the permissions of any new file, not those of a temporary one.
trait LikeNew {
    fn permissions_like_new(&mut self) -> &mut Self;
}

impl LikeNew for Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like_new(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        // The system removes what the umask forbids.
        self.permissions(fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_like_new(&mut self) -> &mut Self {
        self
    }
}
