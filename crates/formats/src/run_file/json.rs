//! JSON columns: they are embedded in the file as JSON, and keep their exact text.
//!
//! Values that some JSON parsers refuse (unpaired surrogates, deep nesting) are written as text, `{"$json": "…"}`, so
//! that every program can read the file.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

/// Nesting that every parser accepts: the limit of jq 1.5 is 256.
const DEEPEST: usize = 100;

/// JSON in a text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped<'t> {
    #[serde(rename = "$json")]
    json: Cow<'t, str>,
}

/// Writes a JSON text as JSON.
pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(text)
        .map_err(|error| ser::Error::custom(format!("a value is not JSON: {error}")))?;
    match is_for_every_reader(text) && unwrapped(text).is_none() {
        true => raw.serialize(serializer),
        false => Wrapped { json: Cow::Borrowed(text) }.serialize(serializer),
    }
}

/// Reads JSON as its text.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(unwrapped(raw.get()).unwrap_or_else(|| String::from(Box::<str>::from(raw))))
}

fn unwrapped(text: &str) -> Option<String> {
    // The first characters rule this out for most values.
    let rest = text.trim_ascii_start().strip_prefix('{')?.trim_ascii_start();
    rest.starts_with("\"$json\"").then_some(())?;
    runstore::json::read::<Wrapped<'_>>(text).ok().map(|wrapped| wrapped.json.into_owned())
}

fn is_for_every_reader(text: &str) -> bool {
    matches!(runstore::json::whole(text), Cow::Borrowed(_)) && depth(text) <= DEEPEST
}

/// Returns the maximum number of open brackets; counting those in strings as well is harmless.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// The same for an optional column.
pub(super) mod optional {
    use serde::{Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        text: &Option<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match text {
            Some(text) => super::serialize(text, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<String>, D::Error> {
        // If the key is present, so is the value, even JSON null.
        super::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Column(#[serde(with = "super")] String);

    #[test]
    fn json_keeps_its_exact_text() {
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        let texts = [
            ("1.50", "1.50"),
            ("{\"a\": 1e400}", "{\"a\": 1e400}"),
            ("\"\\ud800\"", "{\"$json\":\"\\\"\\\\ud800\\\"\"}"),
            ("{\"$json\":\"1\"}", "{\"$json\":\"{\\\"$json\\\":\\\"1\\\"}\"}"),
            ("{\"$json\":1}", "{\"$json\":1}"),
        ];
        for (text, written) in texts {
            assert_eq!(serde_json::to_string(&Column(text.to_owned())).unwrap(), written);
        }
        for text in texts.map(|(text, _)| text).into_iter().chain([deep.as_str()]) {
            let written = serde_json::to_string(&Column(text.to_owned())).unwrap();
            assert!(depth(&written) <= DEEPEST || written.starts_with("{\"$json\""), "{written}");
            assert_eq!(runstore::json::read::<Column>(&written).unwrap().0, text);
        }
    }
}
