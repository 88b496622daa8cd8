//! Cases as lines of JSON, with the names of `saveResults`: `report export --format jsonl` writes them, and other
//! programs can write them easily.

mod line;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use runstore::error::{Result, StoreError};
use runstore::rows::{LONGEST_BUFFER, RowSink};

pub use crate::case_runs::OfRun;
use crate::case_runs::{CaseRuns, NotTaken};
use crate::existing_file::{check_encoding, open, refused};
use line::Line;

/// Reads a file, and passes its cases on as those of a completed run. Lines with different `run_id`s belong to
/// different runs; the lines of one run must be consecutive. `read` is set to the number of bytes read so far.
///
/// # Errors
/// Names the file and the invalid line; errors of the sink are passed on.
pub fn read_rows(path: &Path, of: &OfRun, read: &AtomicU64, sink: &mut dyn RowSink) -> Result<()> {
    let failed = |error| StoreError::io("read", path, &error);
    let mut lines = BufReader::with_capacity(1 << 16, open(path)?);
    check_encoding(path, lines.fill_buf().map_err(failed)?)?;
    let mut runs = CaseRuns::new(of, sink);
    let mut text = String::new();
    for at in 1.. {
        text.clear();
        let bytes =
            lines.by_ref().take(LONGEST_BUFFER as u64).read_line(&mut text).map_err(failed)?;
        if bytes == 0 {
            break;
        }
        read.fetch_add(bytes as u64, Ordering::Relaxed);
        if bytes == LONGEST_BUFFER && !text.ends_with('\n') {
            return Err(refused(path, &format!("line {at} takes more than 1 GiB")));
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            let line = Line::parse(text).map_err(|error| refused(path, &invalid(at, &error)))?;
            let (run_id, length) = (line.run_id.clone(), line.length());
            let added = runs.add(run_id, length, |run_id, at| line.case(run_id, at));
            added.map_err(|why| or_refused(why, path, at))?;
        }
    }
    runs.end()
}

/// Each line is parsed on its own, so that the parser counts it as line 1.
fn invalid(line: u64, error: &serde_json::Error) -> String {
    format!("line {line}: {}", error.to_string().replace("line 1 column", "column"))
}

fn or_refused(why: NotTaken, path: &Path, line: u64) -> StoreError {
    match why {
        NotTaken::Refused(why) => refused(path, &format!("line {line}: {why}")),
        NotTaken::Sink(error) => error,
    }
}
