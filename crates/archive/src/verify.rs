//! Checks whether all files in the log exist and match it, and lists files that it does not contain.

use std::collections::BTreeSet;
use std::sync::Arc;

use runstore::error::{Code, Result};
use runstore::rows::RowSource;
use serde::Serialize;

use crate::archive::{Archive, is_score_file};
use crate::log;
use crate::record::ArchivedRun;
use crate::score_file::ScoreFileReader;
use crate::writer::ROWS;

/// The result of a check of all files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Number of checked entries.
    pub runs: usize,
    /// Number of rows read.
    pub rows: u64,
    /// Files that cannot be read, or do not match the log. Without any, the archive is intact.
    pub problems: Vec<Problem>,
    /// Files that belong to no run: of a writer that died, or of deleted runs.
    pub unlisted: Vec<String>,
}

/// A damaged file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Relative to the project.
    pub path: String,
    /// The reason.
    pub message: String,
}

/// Checks entries one by one.
pub struct Verifier {
    archive: Arc<Archive>,
    runs: Vec<ArchivedRun>,
    done: usize,
    bodies: BTreeSet<String>,
    found: Verification,
}

impl Verifier {
    /// Checks the next entry and returns how many are done; `None` if none is left.
    pub fn next_run(&mut self) -> Option<usize> {
        let run = self.runs.get(self.done)?;
        self.archive.verify_scores(run, &mut self.found);
        if let Some(source) = &run.source
            && self.bodies.insert(source.body.clone())
        {
            self.archive.verify_body(&run.run_id, &source.body, &mut self.found);
        }
        self.done += 1;
        Some(self.done)
    }

    /// Returns the number of entries.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Looks for files that belong to no entry, and returns the result.
    ///
    /// # Errors
    /// If the files cannot be listed.
    pub fn finish(mut self) -> Result<Verification> {
        let listed: BTreeSet<_> = self.runs.iter().map(|run| run.path.as_str()).collect();
        let is_listed = |path: &str| listed.contains(path) || self.bodies.contains(path);
        let files = self.archive.storage().list("")?.into_iter().map(|file| file.path);
        let is_left_over = |path: &String| is_ours(path) && !is_listed(path);
        match log::wrong_checkpoint(self.archive.storage()) {
            Ok(None) => {}
            Ok(Some(message)) => self.found.problem(log::LAST_CHECKPOINT, message),
            Err(error) if error.code == Code::Io => return Err(error),
            Err(error) => self.found.problem(log::LAST_CHECKPOINT, error.message()),
        }
        self.found.unlisted = files.filter(is_left_over).collect();
        Ok(self.found)
    }
}

impl Archive {
    /// Starts to read every file of the archive.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn verifier(self: &Arc<Self>) -> Result<Verifier> {
        let runs = self.entries()?;
        let found = Verification { runs: runs.len(), ..Verification::default() };
        let (archive, bodies) = (Arc::clone(self), BTreeSet::new());
        Ok(Verifier { archive, runs, done: 0, bodies, found })
    }

    /// Reads every file of the archive. `progress` is called with the number of done entries and their total, and may
    /// stop the check.
    ///
    /// # Errors
    /// If the log cannot be read. Damaged files are part of the result.
    pub fn verify(
        self: &Arc<Self>,
        progress: &mut dyn FnMut(usize, usize) -> Result<()>,
    ) -> Result<Verification> {
        let mut verifier = self.verifier()?;
        while let Some(done) = verifier.next_run() {
            progress(done, verifier.runs())?;
        }
        verifier.finish()
    }

    fn verify_scores(&self, run: &ArchivedRun, found: &mut Verification) {
        match self.rows_of(run) {
            Ok(rows) if rows == run.n_items => found.rows += rows,
            Ok(rows) => found.problem(
                &run.path,
                format!("has {rows} rows, and the archive says {}", run.n_items),
            ),
            Err(error) => found.problem(&run.path, error.message()),
        }
    }

    fn rows_of(&self, run: &ArchivedRun) -> Result<u64> {
        let Some(file) = self.storage().open(&run.path)? else {
            return Err(runstore::StoreError::new(runstore::Code::NotFound, "is missing"));
        };
        let mut reader = ScoreFileReader::new(file)?;
        if let Some(constants) = reader.constants()?
            && constants.run_id != run.run_id
        {
            let message = format!(
                "holds run \"{}\", and the archive says \"{}\"",
                constants.run_id, run.run_id
            );
            return Err(runstore::StoreError::new(runstore::Code::Corrupt, message));
        }
        let mut rows = 0;
        loop {
            match reader.next_items()?.len() {
                0 => return Ok(rows),
                read => rows += read as u64,
            }
        }
    }

    fn verify_body(&self, name: &str, path: &str, found: &mut Verification) {
        let read = self.body(name).and_then(|mut body| {
            while body.next_batch()?.is_some() {}
            Ok(())
        });
        if let Err(error) = read {
            found.problem(path, error.message());
        }
    }
}

impl Verification {
    fn problem(&mut self, path: &str, message: String) {
        self.problems.push(Problem { path: path.to_owned(), message });
    }
}

/// Returns whether a file is one that writers make: of a run, or not yet finished.
pub(crate) fn is_ours(path: &str) -> bool {
    let is_scratch = || path.rsplit('/').next().is_some_and(|name| name.starts_with(".runstore-"));
    is_score_file(path) || path.starts_with(ROWS) || is_scratch()
}
