//! Passes the cases of a file on as completed runs, in batches of a bounded size. For formats that know cases and scores,
//! and of a run at most its id.

use std::collections::BTreeSet;

use runstore::error::{Result, StoreError};
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, Suite};
use runstore::rows::{BATCH_BYTES, BATCH_ROWS, RowSink};

/// The suite and the run of the cases, where the file does not contain them.
#[derive(Clone, Debug)]
pub struct OfRun {
    /// The suite.
    pub suite: Suite,
    /// Id of the run, for cases without one.
    pub run_id: String,
    /// Name of the run.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Milliseconds since the epoch, for the start and the end.
    pub now: i64,
}

/// The current run, and those before it.
pub(crate) struct CaseRuns<'o, 's> {
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

/// Why a case was rejected.
pub(crate) enum NotTaken {
    /// Because of its content.
    Refused(String),
    /// By the sink.
    Sink(StoreError),
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        NotTaken::Sink(error)
    }
}

impl<'o, 's> CaseRuns<'o, 's> {
    pub(crate) fn new(of: &'o OfRun, sink: &'s mut dyn RowSink) -> Self {
        CaseRuns { of, sink, current: None, ended: BTreeSet::new() }
    }

    /// Adds the next case, of so many bytes, to the run with this id or to the one of [`OfRun`]; `case` makes it from the
    /// id of its run and its position there.
    pub(crate) fn add(
        &mut self,
        run_id: Option<String>,
        bytes: usize,
        case: impl FnOnce(&str, u64) -> CaseRow,
    ) -> std::result::Result<(), NotTaken> {
        let run_id = run_id.unwrap_or_else(|| self.of.run_id.clone());
        if self.current.as_ref().is_none_or(|current| current.run_id != run_id) {
            self.end_current()?;
            if !self.ended.insert(run_id.clone()) {
                let why = format!("the lines of the run {run_id:?} are not consecutive");
                return Err(NotTaken::Refused(why));
            }
            self.begin(run_id)?;
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        current.bytes += bytes;
        current.rows.push(case(&current.run_id, current.seen));
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

    /// Ends the last run. A file without cases is a run without cases.
    pub(crate) fn end(mut self) -> Result<()> {
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
