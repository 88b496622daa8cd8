//! `metadata.json`: a RunMetadata.

use super::fields::{Fields, Reason, comparable};
use super::iso_time;
use super::python_json::{ascii, canonical};
use runstore::model::{RUNNING, RunRow, RunStatus};

/// The content of the file. JSON is canonical.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RunFile {
    pub(super) run_id: String,
    pub(super) model_name: String,
    checkpoint_path: Option<String>,
    pub(super) checkpoint_name: Option<String>,
    pub(super) benchmarks: Vec<String>,
    pub(super) timestamp: String,
    pub(super) config: String,
    pub(super) scores: String,
}

/// Parses the file, and reports changed values.
pub(super) fn read(text: &str, run_id: &str) -> Result<(RunFile, Vec<String>), Reason> {
    let made = canonical(text)?;
    let fields = Fields::of(&made.json)?;
    let nullable = |name: &str| match fields.raw(name) {
        Some(_) => fields.optional_text(name),
        None => Err(format!("{name} is missing")),
    };
    let file = RunFile {
        run_id: run_id.to_owned(),
        model_name: fields.text("model_name")?,
        checkpoint_path: nullable("checkpoint_path")?,
        checkpoint_name: nullable("checkpoint_name")?,
        benchmarks: fields.texts("benchmarks")?,
        timestamp: fields.text("timestamp")?,
        config: fields.object("config")?,
        scores: fields.numbers("scores")?,
    };
    let mut changes = Vec::new();
    let own = fields.text("run_id")?;
    if own != run_id {
        changes.push(format!("its run_id is \"{own}\", its folder's name counts"));
    }
    if made.nans > 0 {
        changes.push(format!("NaN became null ({})", made.nans));
    }
    if made.surrogates > 0 {
        changes.push(format!("a lone surrogate became U+FFFD ({})", made.surrogates));
    }
    Ok((file, changes))
}

/// The key in the metadata of a run for the original text of its time.
#[derive(serde::Deserialize, serde::Serialize)]
struct Kept {
    tinker: KeptTime,
}

#[derive(serde::Deserialize, serde::Serialize)]
struct KeptTime {
    timestamp: String,
    started_at: f64,
}

impl RunFile {
    /// Returns the content for a run of a store, whose JSON was checked.
    pub(super) fn of(run: &RunRow) -> Self {
        let benchmarks = run.benchmarks.as_deref().and_then(|json| runstore::json::read(json).ok());
        let object = |json: &Option<String>| match json.as_deref().map(comparable) {
            Some(object) if object.starts_with('{') => object,
            _ => "{}".to_owned(),
        };
        RunFile {
            run_id: run.id.clone(),
            model_name: run.model.clone(),
            checkpoint_path: run.checkpoint_path.clone(),
            checkpoint_name: run.checkpoint_name.clone(),
            benchmarks: benchmarks.unwrap_or_default(),
            timestamp: kept_time(run).unwrap_or_else(|| iso_time::write(run.started_at)),
            config: object(&run.config),
            scores: object(&run.scores),
        }
    }

    /// Returns whether the run was finalized: only then it has scores. A run without benchmarks has none to wait for.
    pub(super) fn is_final(&self) -> bool {
        self.scores != "{}" || self.benchmarks.is_empty()
    }

    /// Returns the time, in milliseconds since the epoch; 0 if it is invalid.
    pub(super) fn started_at(&self, offset: i32) -> f64 {
        iso_time::parse(&self.timestamp, offset).unwrap_or(0.0)
    }

    /// Returns the metadata of the run, as JSON.
    pub(super) fn metadata(&self, offset: i32) -> String {
        let timestamp = serde_json::Value::from(self.timestamp.as_str());
        let started_at = self.started_at(offset);
        format!("{{\"tinker\":{{\"timestamp\":{timestamp},\"started_at\":{started_at}}}}}")
    }

    /// Returns the run to save. It has no owner in this store.
    pub(super) fn as_row(&self, suite_id: &str, summary: Option<String>, offset: i32) -> RunRow {
        let status = if self.is_final() { RunStatus::Completed.name() } else { RUNNING };
        RunRow {
            id: self.run_id.clone(),
            suite_id: suite_id.to_owned(),
            name: self.run_id.clone(),
            model: self.model_name.clone(),
            config: Some(self.config.clone()),
            started_at: self.started_at(offset),
            status: status.to_owned(),
            metadata: Some(self.metadata(offset)),
            label: Some(self.run_id.clone()),
            benchmarks: Some(serde_json::Value::from(self.benchmarks.as_slice()).to_string()),
            checkpoint_name: self.checkpoint_name.clone(),
            checkpoint_path: self.checkpoint_path.clone(),
            scores: Some(self.scores.clone()).filter(|scores| scores != "{}"),
            benchmark_summary: summary,
            ..RunRow::default()
        }
    }

    pub(super) fn written(&self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let optional = |one: &Option<String>| one.as_deref().map_or("null".to_owned(), text);
        let benchmarks: Vec<String> = self.benchmarks.iter().map(|name| text(name)).collect();
        let json = format!(
            "{{\n  \"run_id\": {},\n  \"model_name\": {},\n  \"checkpoint_path\": {},\n  \"checkpoint_name\": {},\n  \
             \"benchmarks\": [{}],\n  \"timestamp\": {},\n  \"config\": {},\n  \"scores\": {}\n}}",
            text(&self.run_id),
            text(&self.model_name),
            optional(&self.checkpoint_path),
            optional(&self.checkpoint_name),
            benchmarks.join(", "),
            text(&self.timestamp),
            self.config,
            self.scores,
        );
        ascii(&json)
    }

    /// Returns the line of `runs.jsonl` with a line break at its end.
    pub(super) fn index_line(&self) -> String {
        let line = format!(
            "{{\"run_id\": {}, \"timestamp\": {}, \"model\": {}, \"checkpoint\": {}}}\n",
            serde_json::Value::from(self.run_id.as_str()),
            serde_json::Value::from(self.timestamp.as_str()),
            serde_json::Value::from(self.model_name.as_str()),
            serde_json::Value::from(self.checkpoint_name.clone()),
        );
        ascii(&line)
    }
}

/// Returns the original text of the time, unless the run was restarted since.
fn kept_time(run: &RunRow) -> Option<String> {
    let kept: Kept = runstore::json::read(run.metadata.as_deref()?).ok()?;
    (kept.tinker.started_at == run.started_at).then_some(kept.tinker.timestamp)
}
