//! The only reader of stored JSON.
//!
//! JavaScript and Python may cut a string between the two halves of a surrogate pair, and write the remaining half as
//! an escape, `"\ud83d"`. That is valid JSON, but a Rust string cannot hold it, and serde_json refuses it. Here it
//! reads as U+FFFD, which is also how it is stored in a text column.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns the value of a JSON text.
///
/// ```
/// let text: String = runstore::json::read(r#""cut \ud83d""#)?;
/// assert_eq!(text, "cut \u{fffd}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The errors of serde_json.
pub fn read<T: DeserializeOwned>(json: &(impl AsRef<[u8]> + ?Sized)) -> serde_json::Result<T> {
    or_whole(json.as_ref(), |_| char::REPLACEMENT_CHARACTER)
}

/// Returns the value of a JSON text such that texts with different lone surrogates stay different: each becomes one of
/// the last private-use characters. Use it to compare values, not to show them.
pub(crate) fn read_apart(json: &[u8]) -> serde_json::Result<Value> {
    // D800 to DFFF map to the last 2,048 code points.
    or_whole(json, |half| char::from_u32(u32::from(half) + 0x10_2000).unwrap_or_default())
}

/// Returns the same JSON with U+FFFD in place of each lone surrogate, for parsers that borrow from it.
pub fn whole(json: &str) -> Cow<'_, str> {
    replaced(json, |_| char::REPLACEMENT_CHARACTER).map_or(Cow::Borrowed(json), Cow::Owned)
}

fn or_whole<T: DeserializeOwned>(
    json: &[u8],
    stand_in: impl Fn(u16) -> char,
) -> serde_json::Result<T> {
    serde_json::from_slice(json).or_else(|error| {
        match replaced(&String::from_utf8_lossy(json), stand_in) {
            Some(whole) => serde_json::from_str(&whole),
            None => Err(error),
        }
    })
}

/// Returns the JSON with a character in place of each lone surrogate; `None` when there is none.
fn replaced(json: &str, stand_in: impl Fn(u16) -> char) -> Option<String> {
    let mut whole = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = json[at..].find('\\') {
        at += found;
        let is_pair =
            |high, low| (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
        let length = match (escape(json, at), escape(json, at + 6)) {
            (Some(high), Some(low)) if is_pair(high, low) => 12,
            (Some(half), _) if (0xD800..0xE000).contains(&half) => {
                whole.push_str(&json[copied..at]);
                whole.push(stand_in(half));
                copied = at + 6;
                6
            }
            (Some(_), _) => 6,
            // The backslash, and the character that it escapes.
            (None, _) => 1 + json[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
        at += length;
    }
    (copied > 0).then(|| whole + &json[copied..])
}

/// Returns the code unit of the escape at a position, such as `\ud83d`.
fn escape(json: &str, at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_pair_is_a_replacement_character_wherever_it_stands() {
        let value: Value =
            read(r#"{"\ud83d":["a\udc00b","\ud83d\ud83d\ude00","\ude00\ud83d","\uD83Dx"]}"#)
                .unwrap();
        let expected = ["a\u{fffd}b", "\u{fffd}\u{1f600}", "\u{fffd}\u{fffd}", "\u{fffd}x"];
        assert_eq!(value, json!({ "\u{fffd}": expected }));
    }

    #[test]
    fn an_escaped_backslash_begins_no_escape() {
        let value: Value = read(r#"["\\ud83d","\\\\ud83d \ud83d","\n\ud83d"]"#).unwrap();
        assert_eq!(value, json!(["\\ud83d", "\\\\ud83d \u{fffd}", "\n\u{fffd}"]));
    }

    #[test]
    fn different_halves_stay_apart_where_that_matters() {
        let of = |json: &str| read_apart(json.as_bytes()).unwrap();
        assert_ne!(of(r#""\ud83d""#), of(r#""\ud83e""#));
        assert_eq!(of(r#""\ud83d""#), of(r#""\uD83D""#));
        assert_eq!(of(r#""\ud83d\ude00""#), json!("\u{1f600}"));
    }

    #[test]
    fn what_is_not_json_stays_an_error() {
        for text in ["", "{", r#""\ud83"#, r#""\ud83d"#, r#"["\ud83d",]"#, r#""\x""#] {
            assert!(read::<Value>(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// The expected text is Rust's own decoding of UTF-16.
        #[test]
        fn any_code_units_are_read_as_utf_16_is(units in prop::collection::vec(any::<u16>(), 0..12)) {
            let escapes: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let text: String = read(&format!("\"{escapes}\"")).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"(\\|u|d8|3d|"|\{|é|.){0,24}"#) {
            let _ = read::<Value>(&text);
            let _ = whole(&text);
        }
    }
}
