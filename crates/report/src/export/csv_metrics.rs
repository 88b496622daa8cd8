//! A row for each metric.

use std::io::{Result, Write};

use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{RunScorecard, SampleScorecard, grade_of};

use super::Report;
use crate::scorecard::in_order;
use crate::spreadsheet::{Cells, Sheet, number};

pub(super) struct CsvMetrics<W> {
    to: W,
    has_titles: bool,
}

impl<W: Write> CsvMetrics<W> {
    pub(super) fn new(to: W) -> Self {
        CsvMetrics { to, has_titles: false }
    }
}

const TITLES: [&str; 11] = [
    "run_id",
    "suite",
    "model",
    "run_verdict",
    "metric",
    "value",
    "pass_floor",
    "warn_floor",
    "pass_ceiling",
    "warn_ceiling",
    "verdict",
];

impl<W: Write> Report for CsvMetrics<W> {
    fn begin(&mut self, _: &RunHead) -> Result<()> {
        Ok(())
    }

    fn case(&mut self, _: &CaseRow, _: SampleScorecard) -> Result<()> {
        Ok(())
    }

    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()> {
        let is_first = !std::mem::replace(&mut self.has_titles, true);
        let mut sheet = Sheet::new(&mut self.to, is_first)?;
        if is_first {
            sheet.row(TITLES)?;
        }
        for (metric, value) in in_order(card) {
            let threshold = card.card.thresholds.get(metric);
            let limit =
                |of: fn(&runstore::model::Threshold) -> Option<f64>| number(threshold.and_then(of));
            let verdict = threshold.map(|threshold| grade_of(metric, value, threshold).name());
            let cells = Cells::default()
                .text(&head.run.id)
                .text(&head.suite.name)
                .text(&head.run.model)
                .own(card.card.verdict.name())
                .text(metric)
                .own(number(value))
                .own(limit(|threshold| threshold.pass_floor))
                .own(limit(|threshold| threshold.warn_floor))
                .own(limit(|threshold| threshold.pass_ceiling))
                .own(limit(|threshold| threshold.warn_ceiling))
                .own(verdict.unwrap_or_default());
            sheet.row(cells.0)?;
        }
        sheet.finish()?.flush()
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()
    }
}
