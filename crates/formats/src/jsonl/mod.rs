//! Cases as lines of JSON, with the names of `saveResults`: `report export --format jsonl` writes them, and other
//! programs can write them easily.

mod line;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use runstore::error::{Result, StoreError};
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, Suite};
use runstore::rows::{BATCH_BYTES, BATCH_ROWS, LONGEST_BUFFER, RowSink};

use crate::existing_file::{check_encoding, open, refused};
use line::Line;

/// The suite and the run of the lines, which do not contain them.
#[derive(Clone, Debug)]
pub struct OfRun {
    /// The suite.
    pub suite: Suite,
    /// Id of the run, for lines without a `run_id`.
    pub run_id: String,
    /// Name of the run.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch, for the start and the end.
    pub now: i64,
}

/// Reads a file, and passes its cases on as those of a completed run. Lines with different `run_id`s belong to
/// different runs; the lines of one run must be consecutive. `read` is set to the number of bytes read so far.
///
/// # Errors
/// Names the file and the invalid line; errors of the sink are passed on.
pub fn read_rows(path: &Path, of: &OfRun, read: &AtomicU64, sink: &mut dyn RowSink) -> Result<()> {
    let failed = |error| StoreError::io("read", path, &error);
    let mut lines = BufReader::with_capacity(1 << 16, open(path)?);
    check_encoding(path, lines.fill_buf().map_err(failed)?)?;
    let mut runs = Runs { of, sink, current: None, ended: BTreeSet::new() };
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
            let line = Line::parse(text).map_err(|error| {
                // Each line is parsed on its own, so that its number is always 1.
                let why = error.to_string();
                let why = why.replace("line 1 column", "column");
                refused(path, &format!("line {at}: {why}"))
            })?;
            runs.add(line).map_err(|why| why.or_refused(path, at))?;
        }
    }
    runs.end()
}

/// The current run, and those before it.
struct Runs<'o, 's> {
    of: &'o OfRun,
    sink: &'s mut dyn RowSink,
    current: Option<Current>,
    ended: BTreeSet<String>,
}

struct Current {
    run_id: String,
    rows: Vec<CaseRow>,
    bytes: usize,
    counts: RowCounts,
    seen: u64,
}

/// Why a line was rejected.
enum NotTaken {
    /// Because of its content.
    Refused(String),
    /// By the sink.
    Sink(StoreError),
}

impl NotTaken {
    fn or_refused(self, path: &Path, line: u64) -> StoreError {
        match self {
            NotTaken::Refused(why) => refused(path, &format!("line {line}: {why}")),
            NotTaken::Sink(error) => error,
        }
    }
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        NotTaken::Sink(error)
    }
}

impl Runs<'_, '_> {
    fn add(&mut self, line: Line) -> std::result::Result<(), NotTaken> {
        let run_id = line.run_id.clone().unwrap_or_else(|| self.of.run_id.clone());
        if self.current.as_ref().is_none_or(|current| current.run_id != run_id) {
            self.end_current()?;
            if !self.ended.insert(run_id.clone()) {
                let why = format!("the lines of the run {run_id:?} are not consecutive");
                return Err(NotTaken::Refused(why));
            }
            self.begin(run_id)?;
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        current.bytes += line.length();
        current.rows.push(line.case(&current.run_id, current.seen));
        current.seen += 1;
        if current.rows.len() >= BATCH_ROWS || current.bytes >= BATCH_BYTES {
            current.flush(self.sink)?;
        }
        Ok(())
    }

    fn begin(&mut self, run_id: String) -> Result<()> {
        let OfRun { suite, name, model, now, .. } = self.of.clone();
        let run = RunRow {
            id: run_id.clone(),
            suite_id: suite.id.clone(),
            name,
            model,
            started_at: now as f64,
            finished_at: Some(now as f64),
            status: "completed".to_owned(),
            ..RunRow::default()
        };
        let (rows, bytes, counts, seen) = Default::default();
        self.current = Some(Current { run_id, rows, bytes, counts, seen });
        let thresholds = Default::default();
        self.sink.put_batch(RowBatch::Run(Box::new(RunHead { suite, run, thresholds })))
    }

    fn end_current(&mut self) -> Result<()> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        current.flush(self.sink)?;
        self.sink.put_batch(RowBatch::End(current.counts))
    }

    /// A file without lines is a run without cases.
    fn end(mut self) -> Result<()> {
        if self.ended.is_empty() {
            self.begin(self.of.run_id.clone())?;
        }
        self.end_current()
    }
}

impl Current {
    fn flush(&mut self, sink: &mut dyn RowSink) -> Result<()> {
        self.bytes = 0;
        if self.rows.is_empty() {
            return Ok(());
        }
        let batch = RowBatch::Cases(std::mem::take(&mut self.rows));
        self.counts.add(&batch);
        sink.put_batch(batch)
    }
}
