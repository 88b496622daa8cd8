//! Removes files that belong to no run.

use std::collections::BTreeSet;
use std::sync::Arc;

use runstore::error::Result;

use crate::archive::Archive;
use crate::time::Moment;
use crate::verify::is_ours;

/// Default age in milliseconds below which a file without a run is kept: a week.
pub const GRACE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Removes files one by one.
pub struct Vacuum {
    archive: Arc<Archive>,
    files: Vec<String>,
    done: usize,
}

impl Vacuum {
    /// Returns the files that belong to no run, including those already removed.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// Removes the next file, and returns how many were removed; `None` after the last.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn next_file(&mut self) -> Result<Option<usize>> {
        let Some(path) = self.files.get(self.done) else { return Ok(None) };
        self.archive.storage().remove(path)?;
        self.done += 1;
        Ok(Some(self.done))
    }
}

impl Archive {
    /// Finds the files that belong to no run and are older than `grace_ms`. A younger file may belong to a writer that is about to
    /// commit.
    ///
    /// # Errors
    /// If the log cannot be read, or the files not listed.
    pub fn vacuum(self: &Arc<Self>, grace_ms: f64) -> Result<Vacuum> {
        // Files are listed first, so that one that is committed in between is kept.
        let mut files = self.storage().list("")?;
        let runs = self.entries()?;
        let mut kept: BTreeSet<&str> = runs.iter().map(|run| run.path.as_str()).collect();
        kept.extend(runs.iter().filter_map(|run| Some(run.source.as_ref()?.body.as_str())));
        let before = Moment::now().0 as f64 / 1000.0 - grace_ms;
        files.retain(|file| {
            is_ours(&file.path)
                && !kept.contains(file.path.as_str())
                && (file.changed_at as f64) <= before
        });
        let files = files.into_iter().map(|file| file.path).collect();
        Ok(Vacuum { archive: Arc::clone(self), files, done: 0 })
    }
}
