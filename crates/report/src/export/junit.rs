//! JUnit XML for Jenkins and GitLab: a case is a test.

use std::io::{Result, Seek, SeekFrom, Write, copy};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{Grade, RunScorecard, SampleScorecard};
use tempfile::SpooledTempFile;

use super::plain::plain;
use super::{Report, seconds};
use crate::scorecard::why;
use crate::times::date_time_iso;

/// Bytes kept in memory before they go to a temporary file.
const IN_MEMORY: usize = 4 << 20;

/// Each run is a test suite. Its start tag contains the number of tests, so the tests wait in a temporary file.
pub(super) struct Junit<W> {
    xml: Writer<W>,
    has_begun: bool,
    suite: String,
    tests: Option<Writer<SpooledTempFile>>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl<W: Write> Junit<W> {
    pub(super) fn new(to: W) -> Self {
        Junit {
            xml: Writer::new_with_indent(to, b' ', 2),
            has_begun: false,
            suite: String::new(),
            tests: None,
            counts: Counts::default(),
        }
    }
}

impl<W: Write> Report for Junit<W> {
    fn begin(&mut self, head: &RunHead) -> Result<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
            self.xml.write_event(Event::Start(start("testsuites", &[])))?;
        }
        self.suite = head.suite.name.clone();
        self.counts = Counts::default();
        self.tests = Some(Writer::new_with_indent(SpooledTempFile::new(IN_MEMORY), b' ', 2));
        Ok(())
    }

    fn case(&mut self, case: &CaseRow, sample: SampleScorecard) -> Result<()> {
        let Some(tests) = &mut self.tests else { return Ok(()) };
        self.counts.tests += 1;
        let test = start(
            "testcase",
            &[
                ("name", &sample.sample_id),
                ("classname", &self.suite),
                ("time", &format!("{:.3}", case.latency_ms.unwrap_or(0.0).max(0.0) / 1000.0)),
            ],
        );
        tests.write_event(Event::Start(test))?;
        let why = why(&sample);
        match (sample.errors.is_empty(), sample.card.verdict) {
            (false, _) => {
                self.counts.errors += 1;
                element(
                    tests,
                    "error",
                    &[("message", &first_line(&why)), ("type", "error")],
                    &why,
                )?;
            }
            (true, Grade::Fail) => {
                self.counts.failures += 1;
                let text = format!("{why}\n{}", told(case));
                element(tests, "failure", &[("message", &why), ("type", "threshold")], &text)?;
            }
            (true, Grade::None) => {
                self.counts.skipped += 1;
                // Older schemas do not allow a message here.
                element(tests, "skipped", &[], &why)?;
            }
            (true, Grade::Pass | Grade::Warn) => {}
        }
        let scores = scores(case);
        if !scores.is_empty() {
            element(tests, "system-out", &[], &scores)?;
        }
        tests.write_event(Event::End(BytesEnd::new("testcase")))
    }

    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()> {
        let Some(tests) = self.tests.take() else { return Ok(()) };
        let mut tests = tests.into_inner();
        let xml = &mut self.xml;
        let suite = start(
            "testsuite",
            &[
                ("name", &self.suite),
                ("tests", &self.counts.tests.to_string()),
                ("failures", &self.counts.failures.to_string()),
                ("errors", &self.counts.errors.to_string()),
                ("skipped", &self.counts.skipped.to_string()),
                ("time", &format!("{:.3}", seconds(head).unwrap_or(0.0))),
                ("timestamp", &date_time_iso(head.run.started_at)),
            ],
        );
        xml.write_event(Event::Start(suite))?;
        write_properties(xml, head, card)?;
        xml.get_mut().write_all(b"\n")?;
        tests.seek(SeekFrom::Start(0))?;
        copy(&mut tests, xml.get_mut())?;
        xml.write_event(Event::End(BytesEnd::new("testsuite")))
    }

    fn finish(&mut self) -> Result<()> {
        self.xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        self.xml.get_mut().write_all(b"\n")?;
        self.xml.get_mut().flush()
    }
}

/// The run, its verdict and its metrics, as properties.
fn write_properties(
    xml: &mut Writer<impl Write>,
    head: &RunHead,
    card: &RunScorecard,
) -> Result<()> {
    xml.write_event(Event::Start(start("properties", &[])))?;
    let of_run = [
        ("run_id", head.run.id.clone()),
        ("run", head.run.name.clone()),
        ("model", head.run.model.clone()),
        ("verdict", card.card.verdict.name().to_owned()),
    ];
    let metrics = card.card.metrics.iter().map(|(name, value)| (name.as_str(), value.to_string()));
    for (name, value) in of_run.into_iter().chain(metrics) {
        xml.write_event(Event::Empty(start("property", &[("name", name), ("value", &value)])))?;
    }
    xml.write_event(Event::End(BytesEnd::new("properties")))
}

/// The details of a failed case.
fn told(case: &CaseRow) -> String {
    let texts = [
        ("input", Some(case.input.as_str())),
        ("expected", case.expected.as_deref()),
        ("output", case.output.as_deref()),
    ];
    let told =
        texts.iter().filter_map(|(name, text)| Some(format!("{name}: {}", shortened((*text)?))));
    told.collect::<Vec<_>>().join("\n")
}

fn scores(case: &CaseRow) -> String {
    let told = case.scores.iter().map(|score| {
        let reason = score
            .reason
            .as_deref()
            .map_or(String::new(), |reason| format!(" ({})", shortened(reason)));
        format!("{}: {}{reason}", score.scorer_name, score.score)
    });
    told.collect::<Vec<_>>().join("\n")
}

/// Build servers keep every report, so long answers are cut.
fn shortened(text: &str) -> String {
    const MOST: usize = 2000;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn first_line(text: &str) -> String {
    shortened(text.lines().next().unwrap_or_default())
}

fn start<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*crate::escape::printable(value)));
    }
    start
}

fn element(
    xml: &mut Writer<impl Write>,
    name: &str,
    attributes: &[(&str, &str)],
    text: &str,
) -> Result<()> {
    xml.write_event(Event::Start(start(name, attributes)))?;
    xml.write_event(Event::Text(BytesText::new(&plain(text))))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}
