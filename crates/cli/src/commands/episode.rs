//! Shows one trajectory.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure::Failure;
use runstore::json::read;
use runstore::model::{Trajectory, TurnRow, text_of_parts};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::json::readable;
use runstore_report::numbers::{amount, count, counted, duration, figure};
use runstore_report::page::Page;

/// Maximum number of characters of a turn, without `--full`.
const EXCERPT: usize = 2000;

/// A trajectory as the store returns it.
pub(super) struct Episode(pub(super) Trajectory);

/// The fields of an OpenAI message besides its content.
#[derive(Default, Deserialize)]
struct Message {
    /// Name of the tool that answers.
    name: Option<String>,
    /// Id of the call that a tool answers.
    tool_call_id: Option<String>,
    #[serde(default)]
    tool_calls: Vec<Box<RawValue>>,
    refusal: Option<String>,
}

/// A tool call in OpenAI's format.
#[derive(Deserialize)]
struct ToolCall {
    id: Option<String>,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

impl Episode {
    /// Returns it as JSON.
    pub(super) fn json(&self) -> Result<Box<RawValue>, Failure> {
        let mut json = Vec::new();
        self.0.write_json(&mut json)?;
        let json = String::from_utf8_lossy(&json).into_owned();
        RawValue::from_string(json).map_err(|error| Failure::bug(&error.to_string()))
    }

    pub(super) fn write(&self, page: &mut Page, full: bool) {
        let row = &self.0.row;
        let example = match row.example_id.as_deref() {
            None | Some("") => String::new(),
            Some(id) => format!(" · {id}"),
        };
        page.title(&format!("{} {}{example}", row.benchmark, row.idx));
        page.fields(&self.fields());
        for turn in &row.turns {
            page.blank();
            write_turn(page, turn, full);
        }
        for (name, json) in [("metrics", &row.metrics), ("logs", &row.logs)] {
            write_object(page, name, json.as_deref().unwrap_or_default());
        }
    }

    fn fields(&self) -> Vec<(&'static str, Cell)> {
        let row = &self.0.row;
        let tokens: f64 = row.turns.iter().filter_map(|turn| turn.token_count).sum();
        let took = row.time_seconds.and_then(measured);
        let mut fields = vec![
            ("reward", reward(row.reward)),
            ("turns", count(row.turns.len() as u64).into()),
            ("tokens", Cell::optional(measured(tokens), |tokens| amount(tokens).into())),
            ("took", Cell::optional(took, |took| duration(took * 1000.0).into())),
        ];
        fields.extend(row.trial.map(|trial| ("trial", amount(trial).into())));
        let case = self.0.key.as_ref().or(row.case_id.as_ref());
        fields.extend(case.map(|case| ("case", Cell::from(case))));
        let error = row.error.as_ref();
        fields.extend(error.map(|error| ("error", Cell::new(error, Role::Bad))));
        fields
    }
}

fn write_turn(page: &mut Page, turn: &TurnRow, full: bool) {
    let tokens = match turn.token_count {
        None | Some(0.0) => String::new(),
        Some(tokens) => counted(tokens as usize, "token"),
    };
    let message = turn.message.as_deref().and_then(|json| read(json).ok());
    let Message { name, tool_call_id, tool_calls, refusal } = message.unwrap_or_default();
    let answered = [name, tool_call_id].into_iter().flatten();
    let heading: Vec<_> = [turn.role.name().to_owned()].into_iter().chain(answered).collect();
    page.heading(&heading.join(" · "), &tokens);
    if let Some(content) = &turn.content {
        let of_parts = turn.is_parts.then(|| text_of_parts(content)).flatten();
        write_text(page, of_parts.as_deref().unwrap_or(content), full);
    }
    if let Some(refusal) = &refusal {
        page.words("  ", &format!("refused: {refusal}"), Role::Bad);
    }
    for call in &tool_calls {
        page.words("  ", &format!("→ {}", call_in_words(call.get())), Role::Plain);
    }
    if let Some(metadata) = turn.metadata.as_deref().filter(|json| *json != "{}") {
        page.words("  ", metadata, Role::Faint);
    }
}

fn write_text(page: &mut Page, text: &str, full: bool) {
    let end = text.char_indices().nth(EXCERPT).map(|(at, _)| at).filter(|_| !full);
    page.folded("  ", text.get(..end.unwrap_or(text.len())).unwrap_or_default());
    if let Some(rest) = end.and_then(|end| text.get(end..)) {
        let characters = counted(rest.chars().count(), "character");
        page.words("  ", &format!("… {characters} more; --full shows them"), Role::Faint);
    }
}

/// Returns `name(arguments) · id`; the JSON of a call in another format.
fn call_in_words(json: &str) -> String {
    match read::<ToolCall>(json) {
        Ok(ToolCall { id, function: Function { name, arguments } }) => {
            let id = id.map_or(String::new(), |id| format!(" · {id}"));
            format!("{name}({arguments}){id}")
        }
        Err(_) => json.to_owned(),
    }
}

/// Writes the values of an object with their names, if there are any.
fn write_object(page: &mut Page, title: &str, json: &str) {
    let values: BTreeMap<String, Box<RawValue>> = read(json).unwrap_or_default();
    if values.is_empty() {
        return;
    }
    page.blank();
    page.heading(title, "");
    for (name, value) in values {
        page.folded("  ", &format!("{name}: {}", readable(value.get())));
    }
}

/// Returns a reward, coloured by its sign.
pub(super) fn reward(reward: f64) -> Cell {
    Cell::new(&figure(reward), if reward > 0.0 { Role::Good } else { Role::Plain })
}

/// Returns a number unless it is 0, which other programs write for values that were not measured.
pub(super) fn measured(number: f64) -> Option<f64> {
    Some(number).filter(|number| *number != 0.0)
}
