//! What a comparison reads from a case's texts: a digest of its input, and the value of a field to slice by.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};

use serde_json::Value;

use super::options::Field;
use crate::json;
use crate::store::CaseTexts;

/// The values that a comparison keeps from the texts of a case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    /// Equal for equal inputs, whatever the order of their keys.
    pub(super) digest: u128,
    /// The slices of the case: one, or one for each element of an array; none if the field is missing.
    pub(super) slices: Vec<String>,
    /// The texts in `tags` of its metadata, if a report needs them.
    pub(crate) tags: Vec<String>,
    /// Whether the field to slice by is an object, which is refused.
    pub(super) is_object: bool,
}

impl Content {
    pub(super) fn of(texts: CaseTexts<'_>, field: Option<&Field>) -> Self {
        let Some(input) = texts.input else { return Content::default() };
        let parsed: Option<Value> = json::read_apart(input).ok();
        // Text that cannot be parsed, for instance because of deep nesting, is compared character by character.
        let canonical = parsed.as_ref().map(canonical_text);
        let digest = digest(canonical.as_ref().map_or(input, String::as_bytes));
        let found = field.and_then(|field| match field {
            Field::Input(path) => value_at(&json::read(input).ok()?, path).cloned(),
            Field::Metadata(path) => {
                let metadata: Value = json::read(texts.metadata?).ok()?;
                value_at(&metadata, path).cloned()
            }
        });
        let is_object = found.as_ref().is_some_and(|value| match value {
            Value::Array(values) => values.iter().any(Value::is_object),
            value => value.is_object(),
        });
        Content {
            digest,
            slices: found.as_ref().map(slices).unwrap_or_default(),
            is_object,
            tags: vec![],
        }
    }
}

/// Returns the distinct slices of a value.
fn slices(value: &Value) -> Vec<String> {
    let mut slices: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(slice).collect(),
        value => slice(value).into_iter().collect(),
    };
    slices.sort_unstable();
    slices.dedup();
    slices
}

/// Returns the text of a value; strings without their quotes, anything else as JSON.
fn slice(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(canonical_text(other)),
    }
}

/// Returns the JSON text with sorted keys.
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
                // Writing to a String cannot fail.
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

/// Returns 128 bits of SipHash, so that no two inputs of a run collide by chance.
pub(super) fn digest(bytes: &[u8]) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(bytes);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// Returns the value at a path of keys.
fn value_at<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Array(values) => key.parse::<usize>().ok().and_then(|at| values.get(at)),
        _ => value.get(key),
    })
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
    fn the_order_of_keys_and_white_space_do_not_change_the_digest() {
        let digest = |input| content(input, None, "").digest;
        assert_eq!(
            digest(r#"{"a":1,"b":[1,{"c":2,"d":3}]}"#),
            digest(r#"{"b": [1, {"d":3,"c":2}], "a": 1}"#)
        );
        assert_ne!(digest(r#"{"a":[1,2]}"#), digest(r#"{"a":[2,1]}"#));
        assert_ne!(digest("\"1\""), digest("1"));
    }

    #[test]
    fn an_input_that_is_nested_too_deep_is_compared_by_character() {
        let deep = |with: &str| format!("{}{with}{}", "[".repeat(5_000), "]".repeat(5_000));
        let digest = |input: &str| content(input, None, "").digest;
        assert_eq!(digest(&deep("1")), digest(&deep("1")));
        assert_ne!(digest(&deep("1")), digest(&deep("2")));
    }

    #[test]
    fn a_slice_is_the_value_of_a_field_or_an_element_of_its_array() {
        let of = |field| {
            content(
                r#"{"q":{"lang":"fr"},"n":[7]}"#,
                Some(r#"{"tier":2,"tags":["b","a","b"]}"#),
                field,
            )
        };
        let slices = |field| of(field).slices;
        assert_eq!(slices("input.q.lang"), ["fr"]);
        assert_eq!(slices("input.n.0"), ["7"]);
        assert_eq!(slices("metadata.tier"), ["2"]);
        assert_eq!(slices("metadata.tags"), ["a", "b"]);
        assert!(slices("metadata.none").is_empty());
        assert!(of("input.q").is_object && !of("metadata.tags").is_object);
    }
}
