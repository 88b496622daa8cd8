//! The entries of the log, as JSON.

use std::collections::BTreeMap;

use runstore::error::{Code, Result, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::Tags;
use crate::time::Moment;

/// Maximum number of actions of an entry; a run has one per scorer.
const MOST_ACTIONS: usize = 1_000_000;

/// A table feature that no other program supports. It keeps them from writing or cleaning up, because of the manifest
/// beside the log, but not from reading.
const GUARD: &str = "runstoreManaged";

/// One entry.
pub(crate) struct Entry {
    pub(crate) version: u64,
    pub(crate) actions: Vec<Action>,
}

/// A line of an entry. Other kinds of lines do not concern files.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    CommitInfo(CommitInfo),
    Protocol(Protocol),
    MetaData(Metadata),
    Add(Box<Add>),
    Remove(Remove),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CommitInfo {
    timestamp: Option<i64>,
    operation: Option<String>,
    operation_parameters: BTreeMap<String, Value>,
    runstore_commit_id: Option<String>,
}

impl CommitInfo {
    pub(super) fn new(at: Moment, operation: &str, id: &str) -> Self {
        CommitInfo {
            timestamp: Some(at.0 / 1000),
            operation: Some(operation.to_owned()),
            operation_parameters: BTreeMap::new(),
            runstore_commit_id: Some(id.to_owned()),
        }
    }
}

/// The features that a reader and a writer must support.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Protocol {
    pub(crate) min_reader_version: i64,
    pub(crate) min_writer_version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reader_features: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) writer_features: Option<Vec<String>>,
}

impl Protocol {
    fn new(is_guarded: bool) -> Self {
        match is_guarded {
            true => Protocol {
                min_reader_version: 1,
                min_writer_version: 7,
                reader_features: None,
                writer_features: Some(["appendOnly", "invariants", GUARD].map(String::from).into()),
            },
            false => {
                Protocol { min_reader_version: 1, min_writer_version: 2, ..Protocol::default() }
            }
        }
    }

    /// Refuses a table that requires an unsupported reader feature.
    pub(crate) fn check_readable(&self) -> Result<()> {
        let features = self.reader_features.as_deref().unwrap_or_default();
        match self.min_reader_version {
            ..=1 => Ok(()),
            3 if features.is_empty() => Ok(()),
            other => Err(StoreError::new(
                Code::Schema,
                format!(
                    "the archive needs a reader of Delta version {other} with {features:?}, and this is one of version 1"
                ),
            )),
        }
    }

    /// Refuses a table that requires an unsupported writer feature.
    pub(crate) fn check_writable(&self) -> Result<()> {
        let known = ["appendOnly", "invariants", GUARD];
        let features = self.writer_features.as_deref().unwrap_or_default();
        let unknown = features.iter().find(|feature| !known.contains(&feature.as_str()));
        match (self.min_writer_version, unknown) {
            (..=2, _) | (7, None) => Ok(()),
            (version, _) => Err(StoreError::new(
                Code::Schema,
                format!("the archive needs a writer of Delta version {version} with {features:?}"),
            )),
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(in crate::log) id: String,
    pub(super) format: Value,
    pub(super) schema_string: String,
    pub(super) partition_columns: Vec<String>,
    #[serde(default)]
    pub(super) configuration: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_time: Option<i64>,
}

impl Metadata {
    fn new(at: Moment) -> Result<Self> {
        let field = |(name, kind): &(&str, &str)| json!({"name": name, "type": kind, "nullable": true, "metadata": {}});
        let fields: Vec<_> =
            crate::score_file::COLUMNS.iter().chain(&PARTITIONS).map(field).collect();
        let schema = json!({"type": "struct", "fields": fields});
        Ok(Metadata {
            id: uuid::Uuid::new_v4().to_string(),
            format: json!({"provider": "parquet", "options": {}}),
            schema_string: schema.to_string(),
            partition_columns: PARTITIONS.map(|(name, _)| name.to_owned()).into(),
            configuration: BTreeMap::new(),
            created_time: Some(at.0 / 1000),
        })
    }

    /// Returns whether files may be removed.
    pub(crate) fn is_append_only(&self) -> bool {
        self.configuration.get("delta.appendOnly").is_some_and(|value| value == "true")
    }
}

const PARTITIONS: [(&str, &str); 2] = [("year", "integer"), ("month", "integer")];

/// Adds a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Add {
    /// A URI, relative to the project.
    pub(crate) path: String,
    pub(crate) partition_values: BTreeMap<String, Option<String>>,
    pub(crate) size: i64,
    pub(crate) modification_time: i64,
    pub(crate) data_change: bool,
    /// JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stats: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Tags>,
}

/// Removes a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Remove {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) deletion_timestamp: Option<i64>,
    pub(crate) data_change: bool,
}

/// The description of the table in the first entry.
pub(super) fn first(is_guarded: bool) -> Result<[Action; 2]> {
    Ok([
        Action::Protocol(Protocol::new(is_guarded)),
        Action::MetaData(Metadata::new(Moment::now())?),
    ])
}

impl Entry {
    /// Parses an entry. Other kinds of lines are skipped, as the protocol requires.
    pub(super) fn parse(version: u64, bytes: &[u8]) -> Result<Self> {
        let mut actions = Vec::new();
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        for (at, line) in lines.enumerate() {
            if at >= MOST_ACTIONS {
                return Err(StoreError::new(
                    Code::TooLarge,
                    format!("more than {MOST_ACTIONS} actions"),
                ));
            }
            match runstore::json::read(line) {
                Ok(action) => actions.push(action),
                Err(_) if is_of_another_kind(line) => {}
                Err(error) => {
                    let message = format!("line {} of the log is not an action: {error}", at + 1);
                    return Err(StoreError::new(Code::Corrupt, message));
                }
            }
        }
        Ok(Entry { version, actions })
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for action in &self.actions {
            let written = serde_json::to_writer(&mut bytes, action);
            written.map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
            bytes.push(b'\n');
        }
        Ok(bytes)
    }

    /// Returns whether this is the entry of the commit with this id.
    pub(super) fn is_of(&self, id: &str) -> bool {
        let is_ours = |action: &Action| matches!(action, Action::CommitInfo(info) if info.runstore_commit_id.as_deref() == Some(id));
        self.actions.iter().any(is_ours)
    }
}

fn is_of_another_kind(line: &[u8]) -> bool {
    const KNOWN: [&str; 5] = ["commitInfo", "protocol", "metaData", "add", "remove"];
    let object = serde_json::from_slice::<BTreeMap<String, serde::de::IgnoredAny>>(line);
    object.is_ok_and(|object| {
        !object.is_empty() && !object.keys().any(|key| KNOWN.contains(&key.as_str()))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn an_entry_is_read_back_and_other_kinds_of_lines_are_skipped() {
        let add = Add { path: "a%20b".into(), size: 3, data_change: true, ..Add::default() };
        let actions = vec![
            Action::CommitInfo(CommitInfo::new(Moment(5_000), "WRITE", "me")),
            Action::Protocol(Protocol::new(true)),
            Action::Add(Box::new(add.clone())),
        ];
        let mut bytes = Entry { version: 3, actions }.to_bytes().unwrap();
        bytes.extend_from_slice(b"{\"txn\":{\"appId\":\"x\",\"version\":1}}\n\n");
        let read = Entry::parse(3, &bytes).unwrap();
        assert_eq!(read.actions.len(), 3);
        assert!(read.is_of("me") && !read.is_of("you"));
        assert!(matches!(&read.actions[2], Action::Add(found) if **found == add));
    }

    #[test]
    fn an_invalid_entry_is_an_error_with_its_line() {
        for odd in ["{\"add\":{}}", "[", "{\"add\":{\"path\":5}}", "1", "{}"] {
            let text = format!("{{\"txn\":{{}}}}\n{odd}\n");
            let error = Entry::parse(0, text.as_bytes()).err().unwrap();
            assert!(error.message().contains("line 2"), "{odd}: {}", error.message());
        }
    }

    #[test]
    fn a_table_with_unsupported_features_is_refused() {
        let protocol = |reader, writer, features: &[&str]| Protocol {
            min_reader_version: reader,
            min_writer_version: writer,
            reader_features: None,
            writer_features: Some(features.iter().map(|one| (*one).to_owned()).collect()),
        };
        assert!(Protocol::new(true).check_writable().is_ok());
        assert!(Protocol::new(false).check_writable().is_ok());
        assert!(protocol(1, 7, &["deletionVectors"]).check_writable().is_err());
        assert!(protocol(1, 4, &[]).check_writable().is_err());
        assert!(protocol(2, 5, &[]).check_readable().is_err());
        assert!(protocol(3, 7, &[]).check_readable().is_ok());
    }
}
