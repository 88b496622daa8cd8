//! Exports runs for spreadsheets, build servers and other programs.
//!
//! An [`Exporter`] writes the rows of a run as they arrive; it keeps at most a few numbers of each case in memory. Rows
//! that must follow a total, such as the number of failures, wait in a temporary file that is deleted.

mod csv_cases;
mod csv_metrics;
mod ctrf;
mod jsonl;
mod junit;
mod markdown;
mod plain;
mod summary;

pub(crate) use plain::plain;
use std::io::{Result, Write};

use runstore::error::{Code, StoreError};
use runstore::model::{CaseRow, RowBatch, RunHead};
use runstore::rows::{BatchOrder, RowSink};
use runstore::scorecard::{RunScorecard, SampleScorecard, Tally};

const OPERATION: &str = "exportRun";

/// The formats of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// The scorecard as JSON.
    SummaryJson,
    /// A row for each metric.
    Csv,
    /// A row for each case.
    CsvCases,
    /// A line of JSON for each case, with its scores.
    Jsonl,
    /// For a comment on a pull request.
    Markdown,
    /// For the summary of a job, which has more room.
    JobSummary,
    /// A test for each case, for build servers.
    Junit,
    /// The same in the Common Test Report Format.
    Ctrf,
}

runstore::named!(ExportFormat {
    SummaryJson = "summary-json",
    Csv = "csv",
    CsvCases = "csv-cases",
    Jsonl = "jsonl",
    Markdown = "markdown",
    JobSummary = "job-summary",
    Junit = "junit",
    Ctrf = "ctrf",
});

impl ExportFormat {
    /// Returns what the format is, as the help of the command says it.
    pub fn about(self) -> &'static str {
        match self {
            ExportFormat::SummaryJson => "The scorecard, without cases",
            ExportFormat::Csv => "A row for each metric",
            ExportFormat::CsvCases => "A row for each case",
            ExportFormat::Jsonl => "A line of JSON for each case, with its scores",
            ExportFormat::Markdown => {
                "For a comment on a pull request: at most 64 kB, the worst cases first"
            }
            ExportFormat::JobSummary => "The same for the summary of a job: at most 1 MB",
            ExportFormat::Junit => "JUnit XML, for Jenkins and GitLab",
            ExportFormat::Ctrf => "Common Test Report Format, a JSON format",
        }
    }

    /// Returns whether one file of it can hold several runs.
    pub fn holds_several(self) -> bool {
        use ExportFormat::{Csv, CsvCases, Jsonl, Junit};
        matches!(self, Csv | CsvCases | Jsonl | Junit)
    }
}

/// Whether a file holds one run or several; with several, its rows name their run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// One.
    One,
    /// Any number.
    Several,
}

/// Writes runs in a format.
trait Report {
    /// Starts a run.
    fn begin(&mut self, head: &RunHead) -> Result<()>;
    /// Adds a case.
    fn case(&mut self, case: &CaseRow, sample: SampleScorecard) -> Result<()>;
    /// Ends a run.
    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()>;
    /// Ends the file.
    fn finish(&mut self) -> Result<()>;
}

/// A sink that writes the rows of runs.
pub struct Exporter<'w> {
    format: ExportFormat,
    runs: Runs,
    report: Box<dyn Report + Send + 'w>,
    order: BatchOrder,
    run: Option<(RunHead, Tally)>,
    is_done: bool,
}

impl<'w> Exporter<'w> {
    /// Creates an exporter that writes to `to`.
    ///
    /// # Errors
    /// If there are several runs, and the format holds one.
    pub fn new(
        format: ExportFormat,
        runs: Runs,
        to: impl Write + Send + 'w,
    ) -> runstore::Result<Self> {
        use crate::room::Room;
        if runs == Runs::Several && !format.holds_several() {
            return Err(too_many(format));
        }
        let report: Box<dyn Report + Send + 'w> = match format {
            ExportFormat::SummaryJson => Box::new(summary::Summary::new(to)),
            ExportFormat::Csv => Box::new(csv_metrics::CsvMetrics::new(to)),
            ExportFormat::CsvCases => Box::new(csv_cases::CsvCases::new(runs, to)),
            ExportFormat::Jsonl => Box::new(jsonl::Jsonl::new(runs, to)),
            ExportFormat::Markdown => Box::new(markdown::Markdown::new(to, Room::Comment)),
            ExportFormat::JobSummary => Box::new(markdown::Markdown::new(to, Room::Summary)),
            ExportFormat::Junit => Box::new(junit::Junit::new(to)),
            ExportFormat::Ctrf => Box::new(ctrf::Ctrf::new(to)),
        };
        let order = BatchOrder::default();
        Ok(Exporter { format, runs, report, order, run: None, is_done: false })
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Unless complete runs were written.
    pub fn finish(mut self) -> runstore::Result<()> {
        match self.is_done && self.run.is_none() {
            true => self.report.finish().map_err(|error| unwritten(&error)),
            false => {
                let message = "the rows end before the run does";
                Err(StoreError::new(Code::InvalidArgument, message).during(OPERATION))
            }
        }
    }

    /// Writes rows.
    ///
    /// # Errors
    /// If they are not the next ones, or cannot be written.
    pub fn put(&mut self, batch: &RowBatch) -> runstore::Result<()> {
        if self.is_done && self.runs == Runs::One {
            return Err(too_many(self.format));
        }
        self.order.next(batch).map_err(|error| error.during(OPERATION))?;
        self.take(batch).map_err(|error| unwritten(&error))
    }

    fn take(&mut self, batch: &RowBatch) -> Result<()> {
        match batch {
            RowBatch::Run(head) => {
                self.report.begin(head)?;
                let tally = Tally::new(head.thresholds.clone());
                self.run = Some((RunHead::clone(head), tally));
                Ok(())
            }
            RowBatch::Cases(cases) => cases.iter().try_for_each(|case| {
                let Some((_, tally)) = &mut self.run else { return Ok(()) };
                self.report.case(case, tally.add(case))
            }),
            RowBatch::End(_) => {
                let Some((head, tally)) = self.run.take() else { return Ok(()) };
                self.is_done = true;
                self.report.end(&head, &card_of(&head, &tally))
            }
            _ => Ok(()),
        }
    }
}

fn card_of(head: &RunHead, tally: &Tally) -> RunScorecard {
    RunScorecard {
        run_id: head.run.id.clone(),
        suite_id: head.suite.id.clone(),
        model: head.run.model.clone(),
        card: tally.card(&head.run.status),
        samples: None,
    }
}

impl RowSink for Exporter<'_> {
    fn put_batch(&mut self, batch: RowBatch) -> runstore::Result<()> {
        self.put(&batch)
    }
}

fn too_many(format: ExportFormat) -> StoreError {
    let others = ExportFormat::ALL.into_iter().filter(|format| format.holds_several());
    let others: Vec<&str> = others.map(ExportFormat::name).collect();
    let message = format!(
        "the format {} holds one run, and there are several; export them one by one, or as {} or json",
        format.name(),
        others.join(", ")
    );
    StoreError::new(Code::InvalidArgument, message).during(OPERATION)
}

/// An export is complete before it goes to its place, and waits among the temporary files.
fn unwritten(error: &std::io::Error) -> StoreError {
    StoreError::io("write to", &std::env::temp_dir(), error).during(OPERATION)
}

/// The duration of a run in seconds; `None` while it is running.
fn seconds(head: &RunHead) -> Option<f64> {
    head.run.finished_at.map(|finished| ((finished - head.run.started_at) / 1000.0).max(0.0))
}
