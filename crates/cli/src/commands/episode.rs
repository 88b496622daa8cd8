//! One trajectory, to be read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure::Failure;
use runstore::json::{read, whole};
use runstore::model::text_of_parts;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::json::readable;
use runstore_report::numbers::{amount, count, counted, duration, figure};
use runstore_report::page::Page;

/// Characters of a turn that are shown unless all are asked for.
const EXCERPT: usize = 2000;

/// A trajectory as the store returns it.
#[derive(serde::Serialize)]
#[serde(transparent)]
pub(super) struct Episode(Box<RawValue>);

#[derive(Deserialize)]
struct Parts<'j> {
    benchmark: String,
    idx: i64,
    example_id: String,
    trial: Option<f64>,
    key: Option<String>,
    case_id: Option<String>,
    #[serde(borrow)]
    turns: Vec<Turn<'j>>,
    /// May be infinite, which serde_json refuses.
    #[serde(borrow)]
    reward: &'j RawValue,
    #[serde(borrow)]
    metrics: &'j RawValue,
    #[serde(borrow)]
    logs: &'j RawValue,
    error: Option<String>,
    #[serde(borrow)]
    time_seconds: &'j RawValue,
}

#[derive(Deserialize)]
struct Turn<'j> {
    role: String,
    /// What the tool is called that answers.
    name: Option<String>,
    /// The call that a tool answers.
    tool_call_id: Option<String>,
    #[serde(borrow)]
    content: &'j RawValue,
    token_count: f64,
    #[serde(borrow)]
    metadata: &'j RawValue,
    #[serde(borrow, default)]
    tool_calls: Vec<&'j RawValue>,
    refusal: Option<String>,
}

/// A call of a tool as OpenAI's API has it.
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
    pub(super) fn read(json: Vec<u8>) -> Result<Self, Failure> {
        let bug = |reason: String| Failure::bug(&reason);
        let text = String::from_utf8(json).map_err(|error| bug(error.to_string()))?;
        RawValue::from_string(text).map(Episode).map_err(|error| bug(error.to_string()))
    }

    pub(super) fn write(&self, page: &mut Page, full: bool) {
        // What cannot be text is shown as the character for that.
        match serde_json::from_str::<Parts<'_>>(&whole(self.0.get())) {
            Ok(parts) => parts.write(page, full),
            Err(_) => page.verbatim("", self.0.get()),
        }
    }
}

impl Parts<'_> {
    fn write(&self, page: &mut Page, full: bool) {
        let example = match self.example_id.as_str() {
            "" => String::new(),
            id => format!(" · {id}"),
        };
        page.title(&format!("{} {}{example}", self.benchmark, self.idx));
        page.fields(&self.fields());
        for turn in &self.turns {
            page.blank();
            turn.write(page, full);
        }
        for (name, json) in [("metrics", self.metrics), ("logs", self.logs)] {
            write_object(page, name, json.get());
        }
    }

    fn fields(&self) -> Vec<(&'static str, Cell)> {
        let tokens: f64 = self.turns.iter().map(|turn| turn.token_count).sum();
        let number = |json: &RawValue| json.get().parse().unwrap_or(f64::NAN);
        let mut fields = vec![
            ("reward", reward(number(self.reward))),
            ("turns", count(self.turns.len() as u64).into()),
            ("tokens", amount(tokens).into()),
            ("took", duration(number(self.time_seconds) * 1000.0).into()),
        ];
        fields.extend(self.trial.map(|trial| ("trial", amount(trial).into())));
        let case = self.key.as_ref().or(self.case_id.as_ref());
        fields.extend(case.map(|case| ("case", Cell::from(case))));
        let error = self.error.as_ref();
        fields.extend(error.map(|error| ("error", Cell::new(error, Role::Bad))));
        fields
    }
}

impl Turn<'_> {
    fn write(&self, page: &mut Page, full: bool) {
        let tokens = match self.token_count {
            0.0 => String::new(),
            tokens => counted(tokens as usize, "token"),
        };
        let answered = [&self.name, &self.tool_call_id].into_iter().flatten();
        let heading: Vec<_> = [&self.role].into_iter().chain(answered).cloned().collect();
        page.heading(&heading.join(" · "), &tokens);
        self.write_content(page, full);
        if let Some(refusal) = &self.refusal {
            page.words("  ", &format!("refused: {refusal}"), Role::Bad);
        }
        for call in &self.tool_calls {
            page.words("  ", &format!("→ {}", call_in_words(call.get())), Role::Plain);
        }
        if self.metadata.get() != "{}" {
            page.words("  ", self.metadata.get(), Role::Faint);
        }
    }

    fn write_content(&self, page: &mut Page, full: bool) {
        let content = self.content.get();
        if content == "null" {
            return;
        }
        let text = text_of_parts(content).unwrap_or_else(|| readable(content));
        let end = text.char_indices().nth(EXCERPT).map(|(at, _)| at).filter(|_| !full);
        page.folded("  ", text.get(..end.unwrap_or(text.len())).unwrap_or_default());
        if let Some(rest) = end.and_then(|end| text.get(end..)) {
            let characters = counted(rest.chars().count(), "character");
            page.words("  ", &format!("… {characters} more; --full shows them"), Role::Faint);
        }
    }
}

/// Returns `name(arguments) · id`; of a call in another form, its JSON.
fn call_in_words(json: &str) -> String {
    match read::<ToolCall>(json) {
        Ok(ToolCall { id, function: Function { name, arguments } }) => {
            let id = id.map_or(String::new(), |id| format!(" · {id}"));
            format!("{name}({arguments}){id}")
        }
        Err(_) => json.to_owned(),
    }
}

/// Writes the values of an object by their names, if there are any.
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

/// Returns a reward, in the colour of what it says.
pub(super) fn reward(reward: f64) -> Cell {
    Cell::new(&figure(reward), if reward > 0.0 { Role::Good } else { Role::Plain })
}
