//! A trajectory as JSON: its documented fields, each with a value.

use crate::error::{Code, Result, StoreError};
use crate::model::{Trajectory, TrajectoryRow, TurnRow};

/// Maximum size of the JSON of one trajectory in bytes: it must fit into one string of the host.
pub const LONGEST_TRAJECTORY: usize = (1 << 29) - 24;

impl Trajectory {
    /// Appends the trajectory as JSON. Fields that are documented as JSON must hold JSON.
    ///
    /// # Errors
    /// If it would take more than [`LONGEST_TRAJECTORY`].
    pub fn write_json(&self, json: &mut Vec<u8>) -> Result<()> {
        let (row, start) = (&self.row, json.len());
        json.extend_from_slice(b"{\"run_id\":");
        text(json, &self.run_id);
        json.extend_from_slice(b",\"benchmark\":");
        text(json, &row.benchmark);
        json.extend_from_slice(format!(",\"idx\":{},\"example_id\":", row.idx).as_bytes());
        text(json, row.example_id.as_deref().unwrap_or_default());
        json.extend_from_slice(b",\"turns\":[");
        for (at, turn) in row.turns.iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            turn.write_json(json);
            if json.len() - start > LONGEST_TRAJECTORY {
                return Err(row.too_long());
            }
        }
        json.extend_from_slice(b"],\"reward\":");
        number(json, row.reward);
        json.extend_from_slice(b",\"metrics\":");
        object(json, row.metrics.as_deref());
        json.extend_from_slice(b",\"logs\":");
        object(json, row.logs.as_deref());
        json.extend_from_slice(b",\"error\":");
        match &row.error {
            Some(error) => text(json, error),
            None => json.extend_from_slice(b"null"),
        }
        json.extend_from_slice(b",\"time_seconds\":");
        optional_number(json, row.time_seconds);
        self.write_case(json);
        json.push(b'}');
        Ok(())
    }

    /// Writes what the trajectory says of its case, if anything.
    fn write_case(&self, json: &mut Vec<u8>) {
        if let Some(trial) = self.row.trial {
            json.extend_from_slice(b",\"trial\":");
            number(json, trial);
        }
        for (name, value) in [("case_id", &self.row.case_id), ("key", &self.key)] {
            if let Some(value) = value {
                json.extend_from_slice(format!(",\"{name}\":").as_bytes());
                text(json, value);
            }
        }
    }
}

impl TrajectoryRow {
    /// Returns the error for a trajectory that takes more than [`LONGEST_TRAJECTORY`].
    pub(crate) fn too_long(&self) -> StoreError {
        let what = format!("trajectory {} of benchmark \"{}\"", self.idx, self.benchmark);
        let message = format!("{what} takes more JSON than a string can hold");
        StoreError::new(Code::TooLarge, message)
    }
}

impl TurnRow {
    fn write_json(&self, json: &mut Vec<u8>) {
        json.extend_from_slice(b"{\"role\":");
        text(json, self.role.name());
        json.extend_from_slice(b",\"content\":");
        self.write_content(json);
        json.extend_from_slice(b",\"token_count\":");
        optional_number(json, self.token_count);
        json.extend_from_slice(b",\"metadata\":");
        object(json, self.metadata.as_deref());
        self.write_message(json);
        json.push(b'}');
    }

    /// Appends the content as JSON: a string, an array of parts, or null.
    pub fn write_content(&self, json: &mut Vec<u8>) {
        match &self.content {
            None => json.extend_from_slice(b"null"),
            // Set aside by the doctor.
            Some(parts) if self.is_parts && parts.is_empty() => json.extend_from_slice(b"[]"),
            Some(parts) if self.is_parts => json.extend_from_slice(parts.as_bytes()),
            Some(said) => text(json, said),
        }
    }

    /// Writes the fields of the message as further fields of the turn.
    fn write_message(&self, json: &mut Vec<u8>) {
        let message = self.message.as_deref().unwrap_or_default().trim();
        let fields = message.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if let Some(fields) = fields.filter(|fields| !fields.trim().is_empty()) {
            json.push(b',');
            json.extend_from_slice(fields.as_bytes());
        }
    }
}

fn text(json: &mut Vec<u8>, text: &str) {
    // Writing text to memory cannot fail.
    let _ = serde_json::to_writer(json, text);
}

/// Writes the stored JSON; without it, an empty object.
fn object(json: &mut Vec<u8>, object: Option<&str>) {
    json.extend_from_slice(object.unwrap_or("{}").as_bytes());
}

/// Writes a number; null when there is none.
fn optional_number(json: &mut Vec<u8>, value: Option<f64>) {
    match value {
        Some(value) => number(json, value),
        None => json.extend_from_slice(b"null"),
    }
}

/// Writes a number. JSON has no infinities: they become the largest finite number.
fn number(json: &mut Vec<u8>, number: f64) {
    let text = match number {
        f64::INFINITY => "1e999".to_owned(),
        f64::NEG_INFINITY => "-1e999".to_owned(),
        number => number.to_string(),
    };
    json.extend_from_slice(text.as_bytes());
}
