//! A scored case as a row of an archive.

use std::hash::BuildHasher;

use runstore::error::{Code, Result, StoreError};
use runstore::model::{CaseRow, ScoreRow};
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::names::hex;

/// Maximum length of an input that identifies its case directly, in bytes of UTF-8; longer ones are replaced by their hash.
const LONGEST_INPUT: usize = 200;

/// A score of a case, in the shape of evalsig.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Identifies the case, equally in all runs of a suite: its key, or else its input.
    pub item_id: String,
    /// Usually from 0 to 1; may be infinite, or NaN if another program wrote it.
    #[serde(with = "score")]
    pub score: f64,
    /// Group of dependent cases.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// Numbers the scores of a case from 0, across its trials.
    #[serde(default)]
    pub epoch: i32,
    /// A JSON object with the other fields of the case and the score.
    #[serde(rename = "metadata", default = "no_metadata", with = "metadata")]
    pub metadata_json: String,
}

/// A score in JSON, where infinite ones are texts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Score(#[serde(with = "score")] pub f64);

fn no_metadata() -> String {
    "{}".to_owned()
}

/// In JSON, the metadata is an object, not a text.
mod metadata {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::value::RawValue;

    pub(super) fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        // Python writes numbers there that JSON does not have.
        serde_json::from_str::<&RawValue>(text).ok().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        Box::<RawValue>::deserialize(from).map(|json| Box::<str>::from(json).into_string())
    }
}

/// JSON has no infinities: they are texts, which Python's `float` parses.
mod score {
    use std::fmt;

    use serde::de::{Error, Unexpected, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(score: &f64, to: S) -> Result<S::Ok, S::Error> {
        match score.is_finite() {
            true => to.serialize_f64(*score),
            false if score.is_nan() => to.serialize_str("NaN"),
            false => to.serialize_str(if *score > 0.0 { "Infinity" } else { "-Infinity" }),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        from.deserialize_any(Score)
    }

    struct Score;

    impl Visitor<'_> for Score {
        type Value = f64;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a number, \"Infinity\", \"-Infinity\" or \"NaN\" as the score")
        }

        fn visit_f64<E: Error>(self, score: f64) -> Result<f64, E> {
            Ok(score)
        }

        fn visit_u64<E: Error>(self, score: u64) -> Result<f64, E> {
            Ok(score as f64)
        }

        fn visit_i64<E: Error>(self, score: i64) -> Result<f64, E> {
            Ok(score as f64)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
            match text {
                "Infinity" => Ok(f64::INFINITY),
                "-Infinity" => Ok(f64::NEG_INFINITY),
                "NaN" => Ok(f64::NAN),
                _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
            }
        }
    }
}

/// Numbers the scores of each case, so that those of one scorer have different epochs.
#[derive(Default)]
pub(crate) struct Epochs {
    /// Keyed by hash: a run may have millions of cases.
    seen: FxHashMap<u64, i32>,
}

impl Epochs {
    fn next(&mut self, item_id: &str, scorer: &str) -> i32 {
        let seen = self.seen.entry(FxBuildHasher.hash_one((item_id, scorer))).or_insert(-1);
        *seen = seen.saturating_add(1);
        *seen
    }
}

/// The fields of a row other than its columns.
#[derive(Serialize)]
struct Metadata<'c> {
    idx: Number,
    case_id: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_in: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_out: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_usd: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'c RawValue>,
}

/// A number as JavaScript writes it: whole numbers without a fraction.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Number(number) = *self;
        let is_integer = number.fract() == 0.0 && number.abs() < 9e15;
        if is_integer { to.serialize_i64(number as i64) } else { to.serialize_f64(number) }
    }
}

/// Returns the row of a score.
pub(crate) fn item(case: &CaseRow, score: &ScoreRow, epochs: &mut Epochs) -> Result<Item> {
    let item_id = identity(case);
    let metadata = case.metadata.as_deref().map(serde_json::from_str::<&RawValue>).transpose();
    let metadata = Metadata {
        idx: Number(case.idx),
        case_id: &case.id,
        trial: case.trial.map(Number),
        benchmark: case.benchmark.as_deref(),
        error: case.error.as_deref(),
        reason: score.reason.as_deref(),
        latency_ms: case.latency_ms.map(Number),
        tokens_in: case.tokens_in.map(Number),
        tokens_out: case.tokens_out.map(Number),
        cost_usd: case.cost_usd.map(Number),
        metadata: metadata.unwrap_or_default(),
    };
    let metadata_json = serde_json::to_string(&metadata)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
    Ok(Item {
        epoch: epochs.next(&item_id, &score.scorer_name),
        cluster_id: case.cluster.clone(),
        score: score.score,
        item_id,
        metadata_json,
    })
}

/// Returns what identifies the case in all runs.
fn identity(case: &CaseRow) -> String {
    if let Some(key) = &case.key {
        return key.clone();
    }
    let text: Option<String> = runstore::json::read(&case.input).ok();
    let input = text.as_deref().unwrap_or(&case.input);
    match input.len() <= LONGEST_INPUT {
        true => input.to_owned(),
        false => format!("sha256:{}", hex(case.input.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn a_case_is_identified_by_its_key_or_else_by_its_input() {
        let case = |key: Option<&str>, input: &str| CaseRow {
            key: key.map(str::to_owned),
            input: input.to_owned(),
            ..CaseRow::default()
        };
        assert_eq!(identity(&case(Some("k"), "\"q\"")), "k");
        assert_eq!(identity(&case(None, "\"q\"")), "q");
        assert_eq!(identity(&case(None, "{\"a\":1}")), "{\"a\":1}");
        let long = format!("\"{}\"", "q".repeat(300));
        assert_eq!(identity(&case(None, &long)).len(), "sha256:".len() + 32);
    }

    #[test]
    fn scores_of_one_case_have_epochs_of_their_own() {
        let mut epochs = Epochs::default();
        assert_eq!(
            [
                epochs.next("a", "s"),
                epochs.next("a", "s"),
                epochs.next("b", "s"),
                epochs.next("a", "t")
            ],
            [0, 1, 0, 0]
        );
    }

    #[test]
    fn scores_that_json_does_not_have_are_read_back() {
        for score in [0.1, -0.0, f64::INFINITY, f64::NEG_INFINITY] {
            let item = Item {
                item_id: "a".into(),
                score,
                cluster_id: None,
                epoch: 0,
                metadata_json: String::new(),
            };
            let json = serde_json::to_string(&item).unwrap();
            assert_eq!(
                runstore::json::read::<Item>(&json).unwrap().score.to_bits(),
                score.to_bits(),
                "{json}"
            );
        }
    }
}
