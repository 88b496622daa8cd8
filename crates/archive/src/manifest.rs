//! `manifest.json`, in which evalsig finds the runs. It is derived from the log, and evalsig adds its own runs to it.

use runstore::error::{Code, Operation, Result, StoreError};
use serde::{Deserialize, Serialize};

use crate::python_json::without_odd_numbers;
use crate::record::ArchivedRun;

pub(crate) const PATH: &str = "manifest.json";

/// Maximum distance of the cursor from the end of a manifest, in bytes.
pub(crate) const LONGEST_END: u64 = 64;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) project_id: String,
    #[serde(default = "one")]
    pub(crate) version: serde_json::Value,
    #[serde(default)]
    pub(crate) runs: Vec<ArchivedRun>,
    /// The entry of the log from which the manifest was derived. evalsig drops it when it writes. It stays the last
    /// field: see [`cursor`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) runstore_log_version: Option<u64>,
}

fn one() -> serde_json::Value {
    1.into()
}

impl Manifest {
    pub(crate) fn new(project_id: &str, runs: Vec<ArchivedRun>, log_version: Option<u64>) -> Self {
        let project_id = project_id.to_owned();
        Manifest { project_id, version: one(), runs, runstore_log_version: log_version }
    }

    /// Reads a manifest that evalsig, we or a person wrote.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|error| malformed(&error.to_string()))?;
        // A delta or a p-value that is not a number means that there is none.
        let json = without_odd_numbers(text.trim_start_matches('\u{feff}'));
        runstore::json::read(&json).map_err(|error| malformed(&error.to_string()))
    }

    /// Returns the bytes that evalsig would write: indented, and ASCII only.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_string_pretty(self);
        let json = json.map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
        let mut ascii = String::with_capacity(json.len());
        for character in json.chars() {
            match character.is_ascii() {
                true => ascii.push(character),
                // JSON escapes are UTF-16 code units.
                false => character
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .for_each(|unit| ascii.push_str(&format!("\\u{unit:04x}"))),
            }
        }
        Ok(ascii.into_bytes())
    }
}

/// Returns the log entry from which our manifest was derived, read from its end; `None` for a manifest of another
/// program.
pub(crate) fn cursor(bytes: &[u8]) -> Option<u64> {
    let start = bytes.len().saturating_sub(LONGEST_END as usize);
    let end = String::from_utf8_lossy(bytes.get(start..)?);
    let (_, value) = end.rsplit_once("\"runstore_log_version\":")?;
    value.trim().strip_suffix('}')?.trim().parse().ok()
}

/// Adds to an error that it is about the manifest, and how to replace it.
pub(crate) fn replaceable(error: StoreError) -> StoreError {
    error.in_file(PATH).remedied_by_calling(Operation::RebuildManifest, "replaces it")
}

fn malformed(why: &str) -> StoreError {
    replaceable(StoreError::new(Code::Corrupt, format!("{PATH} is not a manifest: {why}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    fn run(id: &str) -> ArchivedRun {
        ArchivedRun {
            run_id: id.to_owned(),
            model_id: "m".into(),
            task_id: "t".into(),
            metric_name: "exact".into(),
            ts: "2026-01-01T00:00:00+00:00".into(),
            path: "year=2026/month=01/run_id=a.parquet".into(),
            n_items: 3,
            config_hash: String::new(),
            delta: Some(0.5),
            ..ArchivedRun::default()
        }
    }

    #[test]
    fn a_manifest_is_ascii_in_the_order_of_evalsig_and_is_read_back() {
        let manifest = Manifest::new("p", vec![run("é \"東京\" 🎉")], Some(7));
        let bytes = manifest.to_bytes().unwrap();
        assert_eq!(cursor(&bytes), Some(7));
        assert_eq!(cursor(&Manifest::new("p", vec![], None).to_bytes().unwrap()), None);
        assert!(bytes.is_ascii());
        assert_eq!(Manifest::parse(&bytes).unwrap(), manifest);
        let text = String::from_utf8(bytes).unwrap();
        let keys = [
            "run_id",
            "model_id",
            "task_id",
            "metric_name",
            "ts",
            "path",
            "n_items",
            "config_hash",
            "delta",
            "p_value",
            "verdict",
            "parent_run_id",
        ];
        let places: Vec<_> =
            keys.iter().map(|key| text.find(&format!("\"{key}\":")).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        assert!(text.starts_with(
            "{\n  \"project_id\": \"p\",\n  \"version\": 1,\n  \"runs\": [\n    {\n      \"run_id\""
        ));
    }

    #[test]
    fn nan_and_infinity_of_python_are_read_and_texts_are_unchanged() {
        let json = "{\"project_id\": \"NaN \\\" Infinity\", \"runs\": [{\"run_id\":\"a\",\"model_id\":\"\",\"task_id\":\"\",
            \"metric_name\":\"\",\"ts\":\"\",\"path\":\"p\",\"n_items\":1,\"delta\":NaN,\"p_value\":-Infinity}]}";
        let read = Manifest::parse(json.as_bytes()).unwrap();
        assert_eq!(read.project_id, "NaN \" Infinity");
        assert_eq!((read.runs[0].delta, read.runs[0].p_value), (None, None));
        assert_eq!(read.runstore_log_version, None);
    }

    #[test]
    fn an_invalid_manifest_is_an_error() {
        for odd in [
            "",
            "[]",
            "{}",
            "{\"project_id\":\"a\",\"runs\":5}",
            "{\"project_id\":\"a\",\"runs\":[{}]}",
            "\u{0}",
        ] {
            assert!(Manifest::parse(odd.as_bytes()).is_err(), "{odd}");
        }
    }
}
