//! A line of JSON for each case, with its scores.

use std::io::{Error, Result, Write};

use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{RunScorecard, SampleScorecard};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Report, Runs};
use crate::escape::printable_json;

pub(super) struct Jsonl<W> {
    to: W,
    runs: Runs,
    run_id: String,
}

impl<W: Write> Jsonl<W> {
    pub(super) fn new(runs: Runs, to: W) -> Self {
        Jsonl { to, runs, run_id: String::new() }
    }
}

/// With the names of `saveResults`.
#[derive(Serialize)]
struct Line<'r> {
    /// Present if there are several runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<&'r str>,
    id: &'r str,
    idx: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'r str>,
    input: &'r RawValue,
    output: Option<&'r str>,
    expected: Option<&'r RawValue>,
    latency_ms: Option<Number>,
    tokens_in: Option<Number>,
    tokens_out: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_usd: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Number>,
    error: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'r RawValue>,
    scores: Vec<Score<'r>>,
}

#[derive(Serialize)]
struct Score<'r> {
    id: &'r str,
    scorer_name: &'r str,
    score: Number,
    reason: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'r RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'r str>,
}

/// A number: whole numbers without a fraction, infinite ones as text.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        const SAFE: f64 = 9_007_199_254_740_992.0;
        match self.0 {
            number if number.is_infinite() => {
                serializer.serialize_str(if number > 0.0 { "Infinity" } else { "-Infinity" })
            }
            number
                if number.fract() == 0.0
                    && number.abs() < SAFE
                    && !(number == 0.0 && number.is_sign_negative()) =>
            {
                serializer.serialize_i64(number as i64)
            }
            number => serializer.serialize_f64(number),
        }
    }
}

impl<W: Write> Report for Jsonl<W> {
    fn begin(&mut self, head: &RunHead) -> Result<()> {
        self.run_id.clone_from(&head.run.id);
        Ok(())
    }

    fn case(&mut self, case: &CaseRow, _: SampleScorecard) -> Result<()> {
        let run_id = (self.runs == Runs::Several).then_some(self.run_id.as_str());
        let line = serde_json::to_string(&line(run_id, case)?).map_err(Error::other)?;
        // Raw JSON may contain line breaks between its tokens.
        let line = printable_json(&line.replace(['\n', '\r'], " "));
        self.to.write_all(line.as_bytes())?;
        self.to.write_all(b"\n")
    }

    fn end(&mut self, _: &RunHead, _: &RunScorecard) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()
    }
}

fn line<'r>(run_id: Option<&'r str>, case: &'r CaseRow) -> Result<Line<'r>> {
    let number = |value: Option<f64>| value.map(Number);
    let scores = case.scores.iter().map(|score| {
        Ok(Score {
            id: &score.id,
            scorer_name: &score.scorer_name,
            score: Number(score.score),
            reason: score.reason.as_deref(),
            metadata: optional(score.metadata.as_deref())?,
            answer: score.answer.as_deref(),
        })
    });
    Ok(Line {
        run_id,
        id: &case.id,
        idx: Number(case.idx),
        key: case.key.as_deref(),
        trial: number(case.trial),
        benchmark: case.benchmark.as_deref(),
        cluster: case.cluster.as_deref(),
        input: raw(&case.input)?,
        output: case.output.as_deref(),
        expected: optional(case.expected.as_deref())?,
        latency_ms: number(case.latency_ms),
        tokens_in: number(case.tokens_in),
        tokens_out: number(case.tokens_out),
        cost_usd: number(case.cost_usd),
        started_at: number(case.started_at),
        error: case.error.as_deref(),
        metadata: optional(case.metadata.as_deref())?,
        scores: scores.collect::<Result<_>>()?,
    })
}

fn raw(json: &str) -> Result<&RawValue> {
    serde_json::from_str::<&RawValue>(json).map_err(Error::other)
}

fn optional(json: Option<&str>) -> Result<Option<&RawValue>> {
    json.map(raw).transpose()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use runstore::model::Thresholds;
    use runstore::scorecard::Tally;

    use super::*;

    #[test]
    fn a_case_is_one_line_however_its_json_was_written() {
        let mut written = vec![];
        let input = "{\r\n  \"a\": \"b\\n\"\n}".to_owned();
        let case = CaseRow { id: "x".to_owned(), input, ..CaseRow::default() };
        let sample = Tally::new(Thresholds::new()).add(&case);
        Jsonl::new(Runs::One, &mut written).case(&case, sample).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let line: serde_json::Value = runstore::json::read(&text).unwrap();
        assert_eq!(line["input"]["a"], "b\n");
    }
}
