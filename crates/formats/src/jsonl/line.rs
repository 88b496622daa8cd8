//! A case as a line.

use runstore::model::{CaseRow, ScoreRow};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::run_file::Number;

/// A case with the names of `saveResults`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    #[serde(default)]
    pub(super) run_id: Option<String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    idx: Option<Number>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    trial: Option<Number>,
    #[serde(default)]
    benchmark: Option<String>,
    #[serde(default)]
    cluster: Option<String>,
    /// JSON null counts as a value.
    input: Box<RawValue>,
    #[serde(default)]
    output: Option<String>,
    #[serde(default)]
    expected: Option<Box<RawValue>>,
    #[serde(default)]
    latency_ms: Option<Number>,
    #[serde(default)]
    tokens_in: Option<Number>,
    #[serde(default)]
    tokens_out: Option<Number>,
    #[serde(default)]
    cost_usd: Option<Number>,
    #[serde(default)]
    started_at: Option<Number>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    metadata: Option<Box<RawValue>>,
    #[serde(default)]
    scores: Scores,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Score {
    #[serde(default)]
    id: Option<String>,
    scorer_name: String,
    score: Number,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    metadata: Option<Box<RawValue>>,
    #[serde(default)]
    answer: Option<String>,
}

/// Scores as a list, or as numbers by the name of their scorer.
#[derive(Default)]
struct Scores(Vec<Score>);

impl<'de> Deserialize<'de> for Scores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListOrObject)
    }
}

struct ListOrObject;

impl<'de> Visitor<'de> for ListOrObject {
    type Value = Scores;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of scores, or numbers by the name of their scorer")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scores, A::Error> {
        let mut scores = vec![];
        while let Some(score) = list.next_element()? {
            scores.push(score);
        }
        Ok(Scores(scores))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scores, A::Error> {
        let mut scores = vec![];
        while let Some((scorer_name, score)) = map.next_entry()? {
            let (id, reason, metadata, answer) = Default::default();
            scores.push(Score { id, scorer_name, score, reason, metadata, answer });
        }
        Ok(Scores(scores))
    }
}

impl Line {
    /// Parses a line. Unpaired surrogates are kept in JSON columns; in texts they become U+FFFD.
    pub(super) fn parse(text: &str) -> serde_json::Result<Self> {
        runstore::json::read(text)
    }

    /// Returns its approximate size in bytes.
    pub(super) fn length(&self) -> usize {
        let texts = [&self.output, &self.error].into_iter().flatten().map(String::len);
        let json =
            [&self.expected, &self.metadata].into_iter().flatten().map(|raw| raw.get().len());
        self.input.get().len() + texts.chain(json).sum::<usize>()
    }

    /// Returns the case; missing fields get their values from its position in the run.
    pub(super) fn case(self, run_id: &str, at: u64) -> CaseRow {
        let number = |value: Option<Number>| value.map(|Number(value)| value);
        let id = self.id.unwrap_or_else(|| format!("{run_id}#{at}"));
        let score = |(at, score): (usize, Score)| ScoreRow {
            id: score.id.unwrap_or_else(|| format!("{id}.{at}")),
            scorer_name: score.scorer_name,
            score: score.score.0,
            reason: score.reason,
            metadata: score.metadata.map(text),
            answer: score.answer,
        };
        CaseRow {
            scores: self.scores.0.into_iter().enumerate().map(score).collect(),
            idx: number(self.idx).unwrap_or(at as f64),
            input: text(self.input),
            output: self.output,
            expected: self.expected.map(text),
            latency_ms: number(self.latency_ms),
            tokens_in: number(self.tokens_in),
            tokens_out: number(self.tokens_out),
            error: self.error,
            key: self.key,
            trial: number(self.trial),
            benchmark: self.benchmark,
            cluster: self.cluster,
            metadata: self.metadata.map(text),
            cost_usd: number(self.cost_usd),
            started_at: number(self.started_at),
            id,
        }
    }
}

fn text(raw: Box<RawValue>) -> String {
    String::from(Box::<str>::from(raw))
}
