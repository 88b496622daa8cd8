//! A row for each case.

use std::io::{BufReader, Result, Seek, SeekFrom, Write};

use csv::ReaderBuilder;
use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{RunScorecard, SampleScorecard};
use tempfile::SpooledTempFile;

use super::{Report, Runs};
use crate::json::readable;
use crate::scorecard::why;
use crate::spreadsheet::{Cells, Sheet, cause, number};

/// Bytes kept in memory before they go to a temporary file.
const IN_MEMORY: usize = 4 << 20;

/// The first columns if there are several runs.
const OF_RUN: [&str; 2] = ["run_id", "model"];

const TITLES: [&str; 17] = [
    "sample_id",
    "case_id",
    "idx",
    "key",
    "trial",
    "benchmark",
    "cluster",
    "verdict",
    "why",
    "input",
    "expected",
    "output",
    "error",
    "latency_ms",
    "tokens_in",
    "tokens_out",
    "cost_usd",
];

/// The header needs all scorers, which are known only at the end: the rows wait in a temporary file.
pub(super) struct CsvCases<W> {
    to: W,
    titles: Vec<&'static str>,
    /// The first cells of the rows of a run, which identify it.
    of_run: Cells,
    rows: Option<Sheet<SpooledTempFile>>,
    scorers: Vec<String>,
}

impl<W: Write> CsvCases<W> {
    pub(super) fn new(runs: Runs, to: W) -> Self {
        let of_run = OF_RUN.iter().filter(|_| runs == Runs::Several);
        let titles = of_run.chain(&TITLES).copied().collect();
        CsvCases { to, titles, of_run: Cells::default(), rows: None, scorers: vec![] }
    }
}

impl<W: Write> Report for CsvCases<W> {
    fn begin(&mut self, head: &RunHead) -> Result<()> {
        if self.rows.is_none() {
            self.rows = Some(Sheet::new(SpooledTempFile::new(IN_MEMORY), false)?);
        }
        self.of_run = match self.titles.len() > TITLES.len() {
            true => Cells::default().text(&head.run.id).text(&head.run.model),
            false => Cells::default(),
        };
        Ok(())
    }

    fn case(&mut self, case: &CaseRow, sample: SampleScorecard) -> Result<()> {
        let mut cells = self
            .of_run
            .clone()
            .text(&sample.sample_id)
            .text(&case.id)
            .own(case.idx.to_string())
            .optional(case.key.as_deref())
            .own(number(case.trial))
            .optional(case.benchmark.as_deref())
            .optional(case.cluster.as_deref())
            .own(sample.card.verdict.name())
            .text(&why(&sample))
            .text(&readable(&case.input))
            .text(&case.expected.as_deref().map(readable).unwrap_or_default())
            .optional(case.output.as_deref())
            .optional(case.error.as_deref());
        for cost in [case.latency_ms, case.tokens_in, case.tokens_out, case.cost_usd] {
            cells = cells.own(number(cost));
        }
        cells.0.resize(self.width(), String::new());
        for score in &case.scores {
            let at = self.place(&score.scorer_name);
            cells.0.resize(cells.0.len().max(at + 2), String::new());
            let reason = Cells::default().optional(score.reason.as_deref()).0.concat();
            for (cell, value) in
                cells.0.iter_mut().skip(at).zip([number(Some(score.score)), reason])
            {
                // Several scores of one scorer share a cell.
                if !cell.is_empty() {
                    cell.push_str("; ");
                }
                cell.push_str(&value);
            }
        }
        self.rows.as_mut().map_or(Ok(()), |rows| rows.row(&cells.0))
    }

    fn end(&mut self, _: &RunHead, _: &RunScorecard) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let Some(rows) = self.rows.take() else { return Ok(()) };
        let mut rows = rows.finish()?;
        rows.seek(SeekFrom::Start(0))?;
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(BufReader::new(rows));
        let mut sheet = Sheet::new(&mut self.to, true)?;
        let scorers = self.scorers.iter().flat_map(|name| [name.clone(), format!("{name} reason")]);
        let titles = scorers.fold(Cells::default(), |cells, title| cells.text(&title));
        let titles = self.titles.iter().map(|title| (*title).to_owned()).chain(titles.0);
        sheet.row(titles)?;
        let width = self.titles.len() + 2 * self.scorers.len();
        let mut row = csv::StringRecord::new();
        while rows.read_record(&mut row).map_err(cause)? {
            let missing = width.saturating_sub(row.len());
            sheet.row(row.iter().chain(std::iter::repeat_n("", missing)))?;
        }
        sheet.finish()?.flush()
    }
}

impl<W> CsvCases<W> {
    /// Returns the number of cells of a row, as far as known.
    fn width(&self) -> usize {
        self.titles.len() + 2 * self.scorers.len()
    }

    /// Returns the cell for the scores of a scorer; the next cell has the reasons.
    fn place(&mut self, scorer: &str) -> usize {
        let known = self.scorers.iter().position(|name| name == scorer);
        let at = known.unwrap_or_else(|| {
            self.scorers.push(scorer.to_owned());
            self.scorers.len() - 1
        });
        self.titles.len() + 2 * at
    }
}
