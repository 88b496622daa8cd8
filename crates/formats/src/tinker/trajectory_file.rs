//! The file of the trajectories of one benchmark.

use std::fs::File;
use std::path::PathBuf;

use runstore::error::{Result, StoreError};
use rustc_hash::FxHashSet;

use super::file_state::FileState;
use super::line::{self, Line, Read};
use super::lines::{LONGEST, LineText, Lines};
use super::report::Remarks;

/// Reads the lines in the order of the file; of several lines with the same idx, the first one counts.
pub(super) struct TrajectoryFile {
    lines: Lines,
    /// The file, relative to the folder of its run, for remarks.
    name: String,
    path: PathBuf,
    benchmark: String,
    /// Its state when the run was found.
    state: FileState,
    known: FxHashSet<i64>,
    /// Number of bytes that [`Self::taken`] has reported.
    told: u64,
}

impl TrajectoryFile {
    /// Opens a file that has not changed.
    pub(super) fn open(
        file: File,
        benchmark: &str,
        name: String,
        path: PathBuf,
        state: FileState,
    ) -> Result<Self> {
        state.check(&file, &path)?;
        let (lines, benchmark) = (Lines::of(file), benchmark.to_owned());
        Ok(TrajectoryFile {
            lines,
            name,
            path,
            benchmark,
            state,
            known: FxHashSet::default(),
            told: 0,
        })
    }

    /// Returns the next valid line; `None` at the end of the file, after checking that it has not changed.
    pub(super) fn next(&mut self, remarks: &mut Remarks) -> Result<Option<Line>> {
        while let Some(text) = self.next_text()? {
            let number = Some(self.lines.number);
            match self.read(text) {
                Ok(Read { line, changes, .. }) => {
                    changes.into_iter().for_each(|one| remarks.change(&self.name, number, one));
                    return Ok(Some(line));
                }
                Err(reason) => remarks.skip(&self.name, number, reason),
            }
        }
        self.state.check(self.lines.file(), &self.path)?;
        Ok(None)
    }

    fn next_text(&mut self) -> Result<Option<LineText>> {
        self.lines.next().map_err(|error| StoreError::io("read", &self.path, &error))
    }

    fn read(&mut self, text: LineText) -> Result<Read, String> {
        let mut read = match text {
            LineText::Text(text) => line::read(&text)?,
            LineText::TooLong => return Err(format!("it is longer than {} MiB", LONGEST >> 20)),
        };
        if !self.known.insert(read.line.idx) {
            return Err(format!("it is the second one with idx {}", read.line.idx));
        }
        if read.line.benchmark != self.benchmark {
            let own = std::mem::replace(&mut read.line.benchmark, self.benchmark.clone());
            read.changes.push(format!("its benchmark is \"{own}\", its folder's counts"));
        }
        if read.parts > 0 {
            read.changes.push(format!("content of parts became text ({})", read.parts));
        }
        Ok(read)
    }

    /// Returns the number of bytes read since the last call.
    pub(super) fn taken(&mut self) -> u64 {
        let before = std::mem::replace(&mut self.told, self.lines.bytes);
        self.lines.bytes - before
    }
}
