//! The content of a run.

use runstore::model::{CaseRow, RowBatch, TrajectoryRow, TurnRow};
use runstore::rows::RowSource;

/// All rows of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    pub cases: Vec<CaseRow>,
    pub trajectories: Vec<TrajectoryRow>,
    /// The run, its results, baselines, verdicts and prompts, and the counts at the end.
    pub others: Vec<RowBatch>,
}

impl Content {
    pub fn of(source: &mut dyn RowSource) -> Self {
        let mut content = Content::default();
        while let Some(batch) = source.next_batch().unwrap() {
            match batch {
                RowBatch::Cases(cases) => content.cases.extend(cases),
                RowBatch::Trajectories(some) => content.trajectories.extend(some),
                other => content.others.push(other),
            }
        }
        content
    }

    pub fn whole(self) -> Self {
        self
    }

    /// JSON without insignificant whitespace.
    pub fn json_as_value(mut self) -> Self {
        for turn in self.trajectories.iter_mut().flat_map(|row| &mut row.turns) {
            turn.message = turn.message.as_ref().map(|message| message.trim().to_owned());
        }
        self
    }

    /// Cases with their scores. A missing expected answer is `null`.
    pub fn cases(self) -> Self {
        let cases = self.cases.into_iter().map(|case| CaseRow {
            expected: case.expected.filter(|expected| expected != "null"),
            ..case
        });
        Content { cases: cases.collect(), ..Content::default() }
    }

    /// What docs/tinker.md promises for trajectories: without trial and case, parts and messages by their text only,
    /// and missing values left out.
    pub fn plain_trajectories(self) -> Self {
        let trajectories = self.trajectories.into_iter().map(|row| TrajectoryRow {
            example_id: Some(row.example_id.unwrap_or_default()),
            metrics: Some(object(row.metrics)),
            logs: Some(object(row.logs)),
            error: row.error.filter(|error| !error.is_empty()),
            time_seconds: Some(row.time_seconds.unwrap_or_default()),
            trial: None,
            case_id: None,
            turns: row.turns.into_iter().map(plain_turn).collect(),
            ..row
        });
        Content { trajectories: trajectories.collect(), ..Content::default() }
    }
}

fn plain_turn(turn: TurnRow) -> TurnRow {
    let content = match turn.content {
        Some(parts) if turn.is_parts => texts(&parts),
        content => content.unwrap_or_default(),
    };
    TurnRow {
        content: Some(content),
        is_parts: false,
        token_count: Some(turn.token_count.unwrap_or_default()),
        metadata: Some(object(turn.metadata)),
        message: None,
        ..turn
    }
}

/// The texts of parts that contain only text.
fn texts(parts: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Part {
        text: String,
    }
    let parts: Vec<Part> = runstore::json::read(parts).unwrap();
    parts.into_iter().map(|part| part.text).collect()
}

/// JSON by value, with U+FFFD for unpaired surrogates.
fn object(json: Option<String>) -> String {
    let value = json.and_then(|json| runstore::json::read::<serde_json::Value>(&json).ok());
    value.map_or_else(|| "{}".to_owned(), |value| value.to_string())
}
