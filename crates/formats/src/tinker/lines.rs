//! Reads a file line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};

/// Longer lines are skipped. While it is read, a line of one long text is in memory four times: as bytes, as text, as
/// canonical JSON, and as the parsed value; one of the shortest turns takes eight times its length (measured), at most
/// 1 GiB.
pub(super) const LONGEST: usize = 128 << 20;

const BUFFER: usize = 1 << 18;

/// The lines of a file, which end only at `\n`.
pub(super) struct Lines {
    reader: BufReader<File>,
    line: Vec<u8>,
    /// Number of the current line, from 1.
    pub(super) number: u64,
    /// Number of bytes read.
    pub(super) bytes: u64,
}

/// A non-blank line.
pub(super) enum LineText {
    Text(String),
    TooLong,
}

impl Lines {
    /// Returns the path of the file.
    pub(super) fn file(&self) -> &File {
        self.reader.get_ref()
    }

    pub(super) fn of(file: File) -> Self {
        let reader = BufReader::with_capacity(BUFFER, file);
        Lines { reader, line: Vec::new(), number: 0, bytes: 0 }
    }

    /// Returns the next non-blank line; invalid UTF-8 becomes U+FFFD, as in Python.
    pub(super) fn next(&mut self) -> std::io::Result<Option<LineText>> {
        loop {
            let is_whole = match self.read()? {
                None => return Ok(None),
                Some(is_whole) => is_whole,
            };
            self.number += 1;
            if !is_whole {
                return Ok(Some(LineText::TooLong));
            }
            if !self.line.trim_ascii().is_empty() {
                let text = String::from_utf8_lossy(self.line.trim_ascii()).into_owned();
                return Ok(Some(LineText::Text(text)));
            }
        }
    }

    /// Reads to the next line break, and returns whether the whole line is in `line`; `None` at the end.
    fn read(&mut self) -> std::io::Result<Option<bool>> {
        self.line.clear();
        let (mut is_whole, mut is_any) = (true, false);
        loop {
            let found = match self.reader.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                found => found?,
            };
            if found.is_empty() {
                return Ok(is_any.then_some(is_whole));
            }
            is_any = true;
            let end = found.iter().position(|byte| *byte == b'\n');
            let part = found.get(..end.unwrap_or(found.len())).unwrap_or_default();
            is_whole &= self.line.len() + part.len() <= LONGEST;
            if is_whole {
                self.line.extend_from_slice(part);
            }
            let taken = end.map_or(found.len(), |end| end + 1);
            self.reader.consume(taken);
            self.bytes += taken as u64;
            if end.is_some() {
                return Ok(Some(is_whole));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use std::io::{Seek, SeekFrom, Write};

    use super::*;

    /// The number and the length of each line of a file; `None` for one that is too long.
    fn lines_of(mut file: File) -> Vec<(u64, Option<usize>)> {
        file.rewind().unwrap();
        let mut lines = Lines::of(file);
        let mut found = vec![];
        while let Some(line) = lines.next().unwrap() {
            let length = match line {
                LineText::Text(text) => Some(text.len()),
                LineText::TooLong => None,
            };
            found.push((lines.number, length));
        }
        found
    }

    #[test]
    fn a_line_over_the_limit_is_skipped_and_those_around_it_are_read() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"before\n\n").unwrap();
        // A hole in the file: nothing of it is on the disk.
        file.seek(SeekFrom::Current(LONGEST as i64 + 1)).unwrap();
        file.write_all(b"\nafter").unwrap();
        assert_eq!(lines_of(file), [(1, Some(6)), (3, None), (4, Some(5))]);
    }
}
