//! The scorecard as JSON.

use std::io::{Error, Result, Write};

use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{Grade, RunScorecard, SampleScorecard};
use serde::Serialize;

use super::{Report, seconds};
use crate::json::json;

#[derive(Serialize)]
struct Shown<'r> {
    run_id: &'r str,
    name: &'r str,
    suite_name: &'r str,
    model: &'r str,
    status: &'r str,
    started_at: f64,
    elapsed_seconds: Option<f64>,
    verdict: Grade,
    #[serde(flatten)]
    card: &'r RunScorecardFields<'r>,
    failed_samples: &'r [String],
}

/// The other fields of the scorecard.
#[derive(Serialize)]
struct RunScorecardFields<'r> {
    reasons: Vec<String>,
    metrics: &'r runstore::scorecard::Metrics,
    thresholds: &'r runstore::model::Thresholds,
}

pub(super) struct Summary<W> {
    to: W,
    failed_samples: Vec<String>,
}

impl<W: Write> Summary<W> {
    pub(super) fn new(to: W) -> Self {
        Summary { to, failed_samples: vec![] }
    }
}

impl<W: Write> Report for Summary<W> {
    fn begin(&mut self, _: &RunHead) -> Result<()> {
        Ok(())
    }

    fn case(&mut self, _: &CaseRow, sample: SampleScorecard) -> Result<()> {
        if sample.card.verdict == Grade::Fail || !sample.errors.is_empty() {
            self.failed_samples.push(sample.sample_id);
        }
        Ok(())
    }

    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()> {
        let fields = RunScorecardFields {
            reasons: card.card.reasons.iter().map(runstore::scorecard::words::reason).collect(),
            metrics: &card.card.metrics,
            thresholds: &card.card.thresholds,
        };
        let shown = Shown {
            run_id: &head.run.id,
            name: &head.run.name,
            suite_name: &head.suite.name,
            model: &head.run.model,
            status: &head.run.status,
            started_at: head.run.started_at,
            elapsed_seconds: seconds(head),
            verdict: card.card.verdict,
            card: &fields,
            failed_samples: &self.failed_samples,
        };
        let text = json(&shown).map_err(Error::other)?;
        self.to.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()
    }
}
