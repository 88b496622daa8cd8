//! Trajectories as lines of `trajectories.jsonl`.

use serde_json::value::RawValue;

use super::fields::{Fields, Reason};
use super::python_json::{ascii, canonical};
use crate::model::{Role, TrajectoryRow, TurnRow, text_of_parts};

/// A StoredTrajectory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) benchmark: String,
    pub(super) idx: i64,
    example_id: String,
    turns: Vec<Turn>,
    reward: f64,
    /// Canonical JSON, as all that follows.
    metrics: String,
    logs: String,
    error: Option<String>,
    time_seconds: f64,
}

/// A StoredTurn.
#[derive(Clone, Debug, PartialEq)]
struct Turn {
    role: Role,
    content: String,
    token_count: u64,
    metadata: String,
}

/// What is read, and what became of it on the way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) line: Line,
    /// What could not stay as it was, in words.
    pub(super) changes: Vec<String>,
    /// Turns whose content was parts.
    pub(super) parts: u64,
}

/// Reads a line of a file, or a trajectory as the store returns it.
pub(super) fn read(text: &str) -> Result<Read, Reason> {
    let made = canonical(text)?;
    let fields = Fields::of(&made.json)?;
    let mut changes = Vec::new();
    let mut told = |number: usize, what: &str| {
        if number > 0 {
            changes.push(format!("{what} ({number})"));
        }
    };
    told(made.nans, "NaN became null");
    told(made.surrogates, "a lone surrogate became U+FFFD");
    let mut number = |name: &str| {
        let number = fields.number(name)?;
        if number.is_nan() {
            changes.push(format!("{name} is NaN and became 0"));
        }
        Ok::<f64, Reason>(if number.is_nan() { 0.0 } else { number })
    };
    let (reward, time_seconds) = (number("reward")?, number("time_seconds")?);
    let mut parts = 0;
    let turns = fields.list("turns")?;
    let turns = turns.iter().enumerate().map(|(at, turn)| {
        read_turn(turn, &mut parts).map_err(|reason| format!("turns[{at}]: {reason}"))
    });
    let line = Line {
        benchmark: fields.text("benchmark")?,
        idx: fields.whole("idx")?.ok_or("idx is missing")?,
        example_id: fields.text_or_empty("example_id")?,
        turns: turns.collect::<Result<_, Reason>>()?,
        reward,
        metrics: fields.object("metrics")?,
        logs: fields.object("logs")?,
        error: fields.optional_text("error")?,
        time_seconds,
    };
    Ok(Read { line, changes, parts })
}

fn read_turn(turn: &RawValue, parts: &mut u64) -> Result<Turn, Reason> {
    let fields = Fields::of(turn.get())?;
    let role = fields.text("role")?;
    let content = match fields.raw("content") {
        Some(json) if json.starts_with('[') => {
            *parts += 1;
            text_of_parts(json).unwrap_or_default()
        }
        // A message that says something else, as a call of a tool, has none.
        Some("null") => String::new(),
        _ => fields.text("content")?,
    };
    Ok(Turn {
        role: Role::of_name(&role).ok_or_else(|| format!("there is no role \"{role}\""))?,
        content,
        token_count: fields.count("token_count")?,
        metadata: fields.object("metadata")?,
    })
}

impl Line {
    /// Returns the trajectory to be saved. What is empty is not kept.
    pub(super) fn into_row(self) -> TrajectoryRow {
        let turns = self.turns.into_iter().map(|turn| TurnRow {
            role: turn.role,
            content: Some(turn.content),
            is_parts: false,
            token_count: Some(turn.token_count as f64),
            metadata: unless_empty(turn.metadata),
            message: None,
        });
        TrajectoryRow {
            benchmark: self.benchmark,
            idx: self.idx,
            example_id: Some(self.example_id).filter(|id| !id.is_empty()),
            reward: self.reward,
            metrics: unless_empty(self.metrics),
            logs: unless_empty(self.logs),
            error: self.error,
            time_seconds: Some(self.time_seconds),
            trial: None,
            case_id: None,
            turns: turns.collect(),
        }
    }

    /// Writes the line, with a line break behind it.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let turns = self.turns.iter().map(|turn| {
            format!(
                "{{\"role\": \"{}\", \"content\": {}, \"token_count\": {}, \"metadata\": {}}}",
                turn.role.name(),
                text(&turn.content),
                turn.token_count,
                turn.metadata
            )
        });
        let turns: Vec<String> = turns.collect();
        let line = format!(
            "{{\"idx\": {}, \"benchmark\": {}, \"example_id\": {}, \"turns\": [{}], \"reward\": {}, \"metrics\": {}, \
             \"logs\": {}, \"error\": {}, \"time_seconds\": {}}}\n",
            self.idx,
            text(&self.benchmark),
            text(&self.example_id),
            turns.join(", "),
            number(self.reward),
            self.metrics,
            self.logs,
            self.error.as_deref().map_or("null".to_owned(), text),
            number(self.time_seconds),
        );
        into.extend_from_slice(ascii(&line).as_bytes());
    }
}

fn unless_empty(json: String) -> Option<String> {
    Some(json).filter(|json| json != "{}")
}

/// Writes a float as Python's is: whole ones with a fraction; of the infinite ones, which JSON does not have, something as
/// large.
pub(super) fn number(number: f64) -> String {
    match number {
        number if number == f64::INFINITY => "1e999".to_owned(),
        number if number == f64::NEG_INFINITY => "-1e999".to_owned(),
        number => format!("{number:?}"),
    }
}
