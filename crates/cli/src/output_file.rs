//! A file that is made whole: under another name in its folder until it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::failure::{Exit, Failure};

/// A file that is being written. Unless it is finished, nothing of it stays.
pub(super) struct OutputFile {
    made: PathBuf,
    target: PathBuf,
    writer: Option<BufWriter<File>>,
    bytes: u64,
}

impl OutputFile {
    /// Begins a file that is to be at `target`.
    pub(super) fn create(target: &str) -> Result<Self, Failure> {
        let target = PathBuf::from(target);
        if target.is_dir() {
            let message = format!("{} is a folder", target.display());
            return Err(Failure::usage(message).hint("name a file in it"));
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let made = target.with_file_name(format!(".{name}.{}.part", process::id()));
        let file = File::create(&made).map_err(|error| failed(&target, &error))?;
        Ok(OutputFile { made, target, writer: Some(BufWriter::new(file)), bytes: 0 })
    }

    /// Adds text.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write_all(text.as_bytes()).map_err(|error| failed(&self.target, &error))?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Puts the file in its place, and returns how long it is, in bytes.
    pub(super) fn finish(mut self) -> Result<u64, Failure> {
        self.put_in_place().map_err(|error| failed(&self.target, &error))?;
        Ok(self.bytes)
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        if let Some(writer) = self.writer.take() {
            writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        }
        fs::rename(&self.made, &self.target)
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        // Once it is in its place, there is nothing to remove.
        let _ = fs::remove_file(&self.made);
    }
}

fn failed(target: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Io, format!("{} cannot be written: {error}", target.display()))
}
