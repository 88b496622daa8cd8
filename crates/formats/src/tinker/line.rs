//! Trajectories as lines of `trajectories.jsonl`.

use serde_json::value::RawValue;

use super::fields::{Fields, Reason};
use super::python_json::{ascii, canonical};
use runstore::error::{Code, StoreError};
use runstore::model::{Role, TrajectoryRow, TurnRow, text_of_parts};

/// A StoredTrajectory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) benchmark: String,
    pub(super) idx: i64,
    example_id: String,
    turns: Vec<Turn>,
    reward: f64,
    /// Canonical JSON, like the fields below.
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

/// A parsed line, and what was changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) line: Line,
    /// Changes, in words.
    pub(super) changes: Vec<String>,
    /// Turns whose content was parts.
    pub(super) parts: u64,
}

/// Parses a line of a file.
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
        // No column of a store keeps the sign of zero.
        Ok::<f64, Reason>(if number.is_nan() { 0.0 } else { number + 0.0 })
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
        // A message without content, such as a tool call, has none.
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
    /// Returns the trajectory to save. Empty fields are left out.
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

    /// Returns the line with a line break at its end.
    pub(super) fn written(&self) -> Vec<u8> {
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
        ascii(&line).into_bytes()
    }
}

/// Returns the line for a trajectory of a store, whose JSON was checked.
///
/// # Errors
/// If no line can represent it.
pub(super) fn of_row(row: &TrajectoryRow) -> runstore::Result<Line> {
    let refused = |reason: Reason| {
        let what = format!("trajectory {} of benchmark \"{}\"", row.idx, row.benchmark);
        let message = format!("{what} cannot be a line of JSON: {reason}");
        StoreError::new(Code::TooLarge, message)
    };
    read(&json_of(row)).map(|read| read.line).map_err(refused)
}

fn json_of(row: &TrajectoryRow) -> String {
    let object = |json: &Option<String>| json.clone().unwrap_or_else(|| "{}".to_owned());
    let turns = row.turns.iter().map(|turn| {
        // Null marks a value that the doctor has set aside.
        let content = match turn.content.as_deref() {
            None => "null".to_owned(),
            Some("") if turn.is_parts => "[]".to_owned(),
            Some(parts) if turn.is_parts => parts.to_owned(),
            Some(said) => text(said),
        };
        let (role, tokens) = (turn.role.name(), turn.token_count.unwrap_or_default());
        let metadata = object(&turn.metadata);
        format!(
            "{{\"role\":\"{role}\",\"content\":{content},\"token_count\":{tokens},\"metadata\":{metadata}}}"
        )
    });
    format!(
        "{{\"idx\":{},\"benchmark\":{},\"example_id\":{},\"turns\":[{}],\"reward\":{},\"metrics\":{},\"logs\":{},\
         \"error\":{},\"time_seconds\":{}}}",
        row.idx,
        text(&row.benchmark),
        text(row.example_id.as_deref().unwrap_or_default()),
        turns.collect::<Vec<_>>().join(","),
        number(row.reward),
        object(&row.metrics),
        object(&row.logs),
        row.error.as_deref().map_or("null".to_owned(), text),
        number(row.time_seconds.unwrap_or_default()),
    )
}

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn unless_empty(json: String) -> Option<String> {
    Some(json).filter(|json| json != "{}")
}

/// Writes a float as Python does, whole numbers with a fraction. JSON has no infinities: they become a number that is
/// too large for a float.
pub(super) fn number(number: f64) -> String {
    match number {
        number if number == f64::INFINITY => "1e999".to_owned(),
        number if number == f64::NEG_INFINITY => "-1e999".to_owned(),
        number => format!("{number:?}"),
    }
}
