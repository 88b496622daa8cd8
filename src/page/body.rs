//! The bodies of cases: all details of a row, as the page receives them.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::RowIds;
use super::options::Field;
use crate::error::{Code, Result, StoreError};
use crate::model::TurnRow;
use crate::store::{Judgement, Store, WholeCase};

/// All details of one row.
#[derive(Debug, Default, Serialize)]
pub struct Body {
    /// The name of the case.
    pub key: Option<String>,
    /// JSON.
    pub input: Option<Box<RawValue>>,
    /// JSON.
    pub expected: Option<Box<RawValue>>,
    /// The trials of the baseline.
    pub baseline: Vec<BodyTrial>,
    /// The trials of the candidate.
    pub candidate: Vec<BodyTrial>,
}

/// One trial of a case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyTrial {
    /// Id of the case.
    pub case_id: String,
    /// The number of the trial.
    pub trial: Option<f64>,
    /// The model's output.
    pub output: Option<String>,
    /// The error of the case.
    pub error: Option<String>,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// Input tokens.
    pub tokens_in: Option<f64>,
    /// Output tokens.
    pub tokens_out: Option<f64>,
    /// JSON.
    pub metadata: Option<Box<RawValue>>,
    /// In the order in which they were saved.
    pub scores: Vec<BodyScore>,
    /// The trajectory of its benchmark and idx.
    pub turns: Vec<BodyTurn>,
}

/// A score.
#[derive(Debug, Serialize)]
pub struct BodyScore {
    /// The scorer.
    pub scorer: String,
    /// The score.
    pub score: f64,
    /// The scorer's reason.
    pub reason: Option<String>,
    /// The answer that the scorer extracted from the output.
    pub answer: Option<String>,
    /// Earlier scores by the same person, latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Judgement>,
}

/// One turn.
#[derive(Debug, Serialize)]
pub struct BodyTurn {
    /// The role.
    pub role: String,
    /// A text, or content parts.
    pub content: Box<RawValue>,
    /// Tokens, if they were counted.
    pub tokens: Option<f64>,
}

impl BodyTurn {
    fn of(turn: &TurnRow) -> Result<Self> {
        let mut content = Vec::new();
        turn.write_content(&mut content);
        let content = json(&String::from_utf8_lossy(&content))?;
        Ok(BodyTurn { role: turn.role.name().to_owned(), content, tokens: turn.token_count })
    }
}

/// Returns the bodies of rows, `None` for those that are left out. Trials that were deleted meanwhile are missing.
///
/// # Errors
/// If a trajectory cannot be read. Errors name `operation`.
pub fn bodies(
    store: &Store,
    rows: &[Option<RowIds>],
    redact: &[Field],
    operation: &str,
) -> Result<Vec<Option<Body>>> {
    let mut reader = Reader { store, redact, operation, has_turns: HashMap::new() };
    store.at_one_moment(operation, || {
        rows.iter().map(|ids| ids.as_ref().map(|ids| reader.body(ids)).transpose()).collect()
    })
}

struct Reader<'a> {
    store: &'a Store,
    redact: &'a [Field],
    operation: &'a str,
    /// Whether a run has trajectories, by run.
    has_turns: HashMap<String, bool>,
}

impl Reader<'_> {
    fn body(&mut self, ids: &RowIds) -> Result<Body> {
        let mut body = Body::default();
        for (side, ids) in ids.iter().enumerate() {
            let mut cases = vec![];
            let ids = ids.iter().map(String::as_str);
            self.store.each_whole_case(ids, self.operation, &mut |case| {
                cases.push(case);
                Ok(())
            })?;
            for case in cases {
                self.describe(&mut body, &case)?;
                let trial = self.trial(case)?;
                if side == 0 { &mut body.baseline } else { &mut body.candidate }.push(trial);
            }
        }
        Ok(body)
    }

    // The candidate's dataset may differ from the baseline's; the candidate's input is shown.
    fn describe(&self, body: &mut Body, case: &WholeCase) -> Result<()> {
        body.key = self.kept(Field::Key, case.key.clone());
        body.input = self.kept(Field::Input, Some(json(&case.input)?));
        body.expected = self.kept(Field::Expected, case.expected.as_deref().map(json).transpose()?);
        Ok(())
    }

    fn trial(&mut self, case: WholeCase) -> Result<BodyTrial> {
        let turns = self.turns(&case)?;
        let metadata = case.metadata.as_deref().map(json).transpose()?;
        let scores = case.scores.into_iter().map(|one| BodyScore {
            scorer: one.scorer,
            score: one.score,
            reason: self.kept(Field::Reason, one.reason),
            answer: self.kept(Field::Reason, one.answer),
            earlier: self.kept(Field::Reason, Some(one.earlier)).unwrap_or_default(),
        });
        Ok(BodyTrial {
            scores: scores.collect(),
            turns,
            metadata: self.kept(Field::Metadata, metadata),
            output: self.kept(Field::Output, case.output),
            error: self.kept(Field::Error, case.error),
            case_id: case.id,
            trial: case.trial,
            latency_ms: case.latency_ms,
            cost_usd: case.cost_usd,
            tokens_in: case.tokens_in,
            tokens_out: case.tokens_out,
        })
    }

    fn kept<T>(&self, field: Field, value: Option<T>) -> Option<T> {
        value.filter(|_| !self.redact.contains(&field))
    }

    fn turns(&mut self, case: &WholeCase) -> Result<Vec<BodyTurn>> {
        let Some(benchmark) = self.kept(Field::Messages, case.benchmark.as_deref()) else {
            return Ok(vec![]);
        };
        if !self.has_turns(&case.run_id)? {
            return Ok(vec![]);
        }
        let found = self.store.get_trajectory(&case.run_id, benchmark, case.idx)?;
        let turns = found.map(|found| found.row.turns).unwrap_or_default();
        turns.iter().map(BodyTurn::of).collect()
    }

    fn has_turns(&mut self, run_id: &str) -> Result<bool> {
        if let Some(known) = self.has_turns.get(run_id) {
            return Ok(*known);
        }
        let has = self.store.count_trajectories(run_id, self.operation)? > 0;
        self.has_turns.insert(run_id.to_owned(), has);
        Ok(has)
    }
}

/// Returns the stored JSON. Invalid JSON is returned as a text, so that it does not break the page.
fn json(text: &str) -> Result<Box<RawValue>> {
    RawValue::from_string(text.to_owned())
        .or_else(|_| to_raw_value(text))
        .map_err(|error| internal(&error))
}

fn internal(error: &serde_json::Error) -> StoreError {
    StoreError::new(Code::Internal, error.to_string())
}
