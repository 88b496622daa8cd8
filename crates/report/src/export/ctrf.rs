//! The Common Test Report Format (<https://ctrf.io>): a case is a test.

use std::io::{Error, Result, Write};

use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{Grade, RunScorecard, SampleScorecard};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Report;
use crate::escape::printable_json;
use crate::scorecard::why;

pub(super) struct Ctrf<W> {
    to: W,
    suite: String,
    counts: Counts,
}

#[derive(Default, Serialize)]
struct Counts {
    tests: u64,
    passed: u64,
    failed: u64,
    pending: u64,
    skipped: u64,
    other: u64,
}

#[derive(Serialize)]
struct Test<'r> {
    name: &'r str,
    status: &'static str,
    /// Milliseconds.
    duration: u64,
    suite: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(rename = "rawStatus")]
    raw_status: &'static str,
    extra: Map<String, Value>,
}

impl<W: Write> Ctrf<W> {
    pub(super) fn new(to: W) -> Self {
        Ctrf { to, suite: String::new(), counts: Counts::default() }
    }

    /// Returns the status of a case, and counts it.
    fn status(&mut self, sample: &SampleScorecard) -> (&'static str, &'static str) {
        let counts = &mut self.counts;
        let (count, status) = match (sample.errors.is_empty(), sample.card.verdict) {
            (false, _) => (&mut counts.failed, ("failed", "error")),
            (true, Grade::Fail) => (&mut counts.failed, ("failed", "fail")),
            (true, Grade::Warn) => (&mut counts.passed, ("passed", "warn")),
            (true, Grade::Pass) => (&mut counts.passed, ("passed", "pass")),
            (true, Grade::None) => (&mut counts.skipped, ("skipped", "none")),
        };
        *count += 1;
        status
    }
}

impl<W: Write> Report for Ctrf<W> {
    fn begin(&mut self, head: &RunHead) -> Result<()> {
        self.suite = if head.suite.name.is_empty() { "suite" } else { &head.suite.name }.to_owned();
        let begin = r#"{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"runstore"},"tests":["#;
        self.to.write_all(begin.as_bytes())
    }

    fn case(&mut self, case: &CaseRow, sample: SampleScorecard) -> Result<()> {
        let (status, raw_status) = self.status(&sample);
        let separator: &[u8] = if self.counts.tests == 0 { b"\n" } else { b",\n" };
        self.counts.tests += 1;
        let scores = case.scores.iter().map(|score| {
            json!({ "scorer": score.scorer_name, "score": score.score, "reason": score.reason })
        });
        let why = why(&sample);
        let test = Test {
            // The schema requires a name of at least one character.
            name: if sample.sample_id.is_empty() { &case.id } else { &sample.sample_id },
            status,
            duration: case.latency_ms.unwrap_or(0.0).max(0.0).round() as u64,
            suite: vec![&self.suite],
            message: Some(why).filter(|why| !why.is_empty()),
            raw_status,
            extra: Map::from_iter([
                ("case_id".to_owned(), case.id.clone().into()),
                ("scores".to_owned(), scores.collect()),
            ]),
        };
        self.to.write_all(separator)?;
        write(&mut self.to, &test)
    }

    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()> {
        let stop = head.run.finished_at.unwrap_or(head.run.started_at);
        let mut summary = serde_json::to_value(&self.counts).map_err(Error::other)?;
        summary["start"] = (head.run.started_at.max(0.0) as u64).into();
        summary["stop"] = (stop.max(0.0) as u64).into();
        let extra = json!({
            "run_id": head.run.id,
            "run": head.run.name,
            "model": head.run.model,
            "verdict": card.card.verdict,
            "metrics": card.card.metrics,
        });
        self.to.write_all(b"\n],\"summary\":")?;
        write(&mut self.to, &summary)?;
        self.to.write_all(b",\"extra\":")?;
        write(&mut self.to, &extra)?;
        self.to.write_all(b"}}\n")
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()
    }
}

fn write(to: &mut impl Write, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string(value).map_err(Error::other)?;
    to.write_all(printable_json(&text).as_bytes())
}
