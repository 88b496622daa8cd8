//! What a case's texts say of it: a digest of its input, and the value of a field to slice by.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};

use serde_json::Value;

use super::options::Field;
use crate::store::CaseTexts;

/// What a comparison keeps of the texts of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Content {
    /// Equal for equal inputs, whatever the order of their keys.
    pub(super) digest: u128,
    /// The slice that the case belongs to; `None` when the field is not there.
    pub(super) slice: Option<String>,
}

impl Content {
    pub(super) fn of(texts: CaseTexts<'_>, field: Option<&Field>) -> Self {
        let Some(input) = texts.input else { return Content::default() };
        let parsed: Option<Value> = serde_json::from_slice(input).ok();
        // What cannot be parsed, for instance because it is nested too deep, counts character by character.
        let canonical = parsed.as_ref().map(canonical_text);
        let digest = digest(canonical.as_ref().map_or(input, String::as_bytes));
        let slice = field.and_then(|field| match field {
            Field::Input(path) => parsed.as_ref().and_then(|input| value_at(input, path)),
            Field::Metadata(path) => {
                let metadata: Value = serde_json::from_slice(texts.metadata?).ok()?;
                value_at(&metadata, path)
            }
        });
        Content { digest, slice }
    }
}

/// Returns the JSON text with the keys of objects in order.
pub(super) fn canonical_text(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, into: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            into.push('{');
            for (key, value) in members {
                // Writing into a String cannot fail.
                let _ = write!(into, "{}:", Value::from(key.as_str()));
                write_canonical(value, into);
                into.push(',');
            }
            into.push('}');
        }
        Value::Array(values) => {
            into.push('[');
            for value in values {
                write_canonical(value, into);
                into.push(',');
            }
            into.push(']');
        }
        other => {
            let _ = write!(into, "{other}");
        }
    }
}

/// Returns 128 bits of SipHash, so that two inputs of a run never meet by chance.
fn digest(bytes: &[u8]) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(bytes);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// Returns the text of the value at a path of keys; texts without their quotes, everything else as JSON.
fn value_at(value: &Value, path: &[String]) -> Option<String> {
    let found = path.iter().try_fold(value, |value, key| match value {
        Value::Array(values) => key.parse::<usize>().ok().and_then(|at| values.get(at)),
        _ => value.get(key),
    })?;
    match found {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(canonical_text(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(input: &str, metadata: Option<&str>, field: &str) -> Content {
        let texts =
            CaseTexts { input: Some(input.as_bytes()), metadata: metadata.map(str::as_bytes) };
        Content::of(texts, Field::parse(field).as_ref())
    }

    #[test]
    fn the_order_of_keys_and_blanks_do_not_change_the_digest() {
        let digest = |input| content(input, None, "").digest;
        assert_eq!(
            digest(r#"{"a":1,"b":[1,{"c":2,"d":3}]}"#),
            digest(r#"{"b": [1, {"d":3,"c":2}], "a": 1}"#)
        );
        assert_ne!(digest(r#"{"a":[1,2]}"#), digest(r#"{"a":[2,1]}"#));
        assert_ne!(digest("\"1\""), digest("1"));
    }

    #[test]
    fn an_input_that_is_nested_too_deep_counts_by_its_letters() {
        let deep = |with: &str| format!("{}{with}{}", "[".repeat(5_000), "]".repeat(5_000));
        let digest = |input: &str| content(input, None, "").digest;
        assert_eq!(digest(&deep("1")), digest(&deep("1")));
        assert_ne!(digest(&deep("1")), digest(&deep("2")));
    }

    #[test]
    fn a_slice_is_the_value_of_a_field() {
        let slice =
            |field| content(r#"{"q":{"lang":"fr"},"n":[7]}"#, Some(r#"{"tier":2}"#), field).slice;
        assert_eq!(slice("input.q.lang").as_deref(), Some("fr"));
        assert_eq!(slice("input.n.0").as_deref(), Some("7"));
        assert_eq!(slice("metadata.tier").as_deref(), Some("2"));
        assert_eq!(slice("metadata.none"), None);
    }
}
