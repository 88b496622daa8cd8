//! Whether everything that the archive says is there, is there; and what is there besides.

use std::collections::BTreeSet;

use runstore::error::Result;
use runstore::rows::RowSource;
use serde::Serialize;

use crate::archive::{Archive, is_score_file};
use crate::record::ArchivedRun;
use crate::score_file::ScoreFileReader;
use crate::time::Moment;

/// What a look at all files found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Entries that were looked at.
    pub runs: usize,
    /// Rows that were read.
    pub rows: u64,
    /// What cannot be read, or is not what the log says. An archive without any is whole.
    pub problems: Vec<Problem>,
    /// Files that belong to no run: what a writer left that died, or runs that were deleted.
    pub unlisted: Vec<String>,
}

/// A file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Relative to the project.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl Archive {
    /// Reads every file of the archive. `progress` is told how many of how many entries are done, and may end it.
    ///
    /// # Errors
    /// If the log cannot be read. What is wrong with the files is in the answer.
    pub fn verify(
        &self,
        progress: &mut dyn FnMut(usize, usize) -> Result<()>,
    ) -> Result<Verification> {
        let (_, runs) = self.whole()?;
        let mut found = Verification { runs: runs.len(), ..Verification::default() };
        let mut bodies = BTreeSet::new();
        for (done, run) in runs.iter().enumerate() {
            progress(done, runs.len())?;
            self.verify_scores(run, &mut found);
            if let Some(source) = &run.source
                && bodies.insert(source.body.clone())
            {
                self.verify_body(&run.run_id, &source.body, &mut found);
            }
        }
        let listed: BTreeSet<_> = runs.iter().map(|run| run.path.as_str()).collect();
        let files = self.storage().list("")?;
        let is_unlisted =
            |path: &str| is_ours(path) && !listed.contains(path) && !bodies.contains(path);
        found.unlisted =
            files.into_iter().map(|file| file.path).filter(|path| is_unlisted(path)).collect();
        Ok(found)
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
            return Err(runstore::StoreError::new(runstore::Code::NotFound, "is not there"));
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

    /// Removes files that belong to no run and are older than `grace_ms`, and returns their paths. A younger one may be that of
    /// a writer that is about to commit.
    ///
    /// # Errors
    /// If the log cannot be read, or a file not removed.
    pub fn vacuum(&self, grace_ms: f64, dry_run: bool) -> Result<Vec<String>> {
        let (_, runs) = self.whole()?;
        let mut kept: BTreeSet<&str> = runs.iter().map(|run| run.path.as_str()).collect();
        kept.extend(runs.iter().filter_map(|run| Some(run.source.as_ref()?.body.as_str())));
        let before = Moment::now().0 as f64 / 1000.0 - grace_ms;
        let mut gone = Vec::new();
        for file in self.storage().list("")? {
            let is_left_over = is_ours(&file.path) || is_scratch(&file.path);
            if is_left_over
                && !kept.contains(file.path.as_str())
                && (file.changed_at as f64) <= before
            {
                if !dry_run {
                    self.storage().remove(&file.path)?;
                }
                gone.push(file.path);
            }
        }
        Ok(gone)
    }
}

impl Verification {
    fn problem(&mut self, path: &str, message: String) {
        self.problems.push(Problem { path: path.to_owned(), message });
    }
}

fn is_ours(path: &str) -> bool {
    is_score_file(path) || path.starts_with("_runstore/runs/") && !is_scratch(path)
}

fn is_scratch(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(".runstore-"))
}
