//! JSON as Python's `json` writes it: with bare `NaN` and `Infinity`, and with unpaired surrogates.

use serde::de::IgnoredAny;

/// Maximum nesting: Python cannot read a thousand levels.
const DEEPEST: usize = 500;

/// Strict JSON in a canonical form: values that differ only in spaces and escapes have the same text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Canonical {
    pub(super) json: String,
    /// Number of `NaN`s that became null.
    pub(super) nans: usize,
    /// Number of lone surrogates that became U+FFFD.
    pub(super) surrogates: usize,
}

/// Returns the JSON that Python would read from a text, or why it is invalid.
///
/// Infinities become `1e999`, which both Python and JavaScript read as infinite.
pub(super) fn canonical(text: &str) -> Result<Canonical, String> {
    let mut scanner = Scanner { text, at: 0, made: Canonical::default() };
    scanner.made.json.reserve(text.len());
    scanner.scan()?;
    // The scanner does not check the order of tokens; the parser does.
    match serde_json::from_str::<IgnoredAny>(&scanner.made.json) {
        Ok(_) => Ok(scanner.made),
        Err(_) => Err("it is not JSON".to_owned()),
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    made: Canonical,
}

impl Scanner<'_> {
    fn scan(&mut self) -> Result<(), String> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.space(),
                b'"' => self.string()?,
                b'N' => self.word("NaN", "null")?,
                b'I' => self.word("Infinity", "1e999")?,
                b'-' if self.rest().starts_with("-I") => self.word("-Infinity", "-1e999")?,
                _ => {
                    depth = match byte {
                        b'{' | b'[' => depth + 1,
                        b'}' | b']' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    if depth > DEEPEST {
                        return Err(format!("it is nested deeper than {DEEPEST}"));
                    }
                    self.copy();
                }
            }
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Copies one character.
    fn copy(&mut self) {
        if let Some(character) = self.rest().chars().next() {
            self.made.json.push(character);
            self.at += character.len_utf8();
        }
    }

    /// Skips spaces, except between two words: `1 2` must not become a number.
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let is_word = |byte: Option<u8>| byte.is_some_and(|byte| !b"{}[],:".contains(&byte));
        if is_word(self.made.json.bytes().next_back()) && is_word(self.peek()) {
            self.made.json.push(' ');
        }
    }

    fn word(&mut self, word: &str, becomes: &str) -> Result<(), String> {
        if !self.rest().starts_with(word) {
            return Err("it is not JSON".to_owned());
        }
        self.at += word.len();
        self.made.nans += usize::from(word == "NaN");
        self.made.json.push_str(becomes);
        Ok(())
    }

    fn string(&mut self) -> Result<(), String> {
        self.copy();
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20));
            let end = self.at + plain.count();
            self.made.json.push_str(self.text.get(self.at..end).unwrap_or_default());
            self.at = end;
            match self.peek() {
                Some(b'"') => {
                    self.copy();
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return Err("a text has a control character".to_owned()),
                None => return Err("it ends in the middle of a text".to_owned()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        self.at += 2;
        let character = match self.text.as_bytes().get(self.at - 1) {
            Some(b'u') => self.unicode()?,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(*letter),
            _ => return Err("a text has an escape that JSON does not have".to_owned()),
        };
        self.put(character);
        Ok(())
    }

    /// Reads the digits after `\u`.
    fn unicode(&mut self) -> Result<char, String> {
        let first = self.four_digits()?;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.four_digits()?;
            if let Some(Ok(pair)) = char::decode_utf16([first, second]).next() {
                return Ok(pair);
            }
            self.at = before;
        }
        Ok(char::from_u32(u32::from(first)).unwrap_or_else(|| {
            self.made.surrogates += 1;
            char::REPLACEMENT_CHARACTER
        }))
    }

    fn four_digits(&mut self) -> Result<u16, String> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at += 4;
        match u16::from_str_radix(digits, 16) {
            Ok(unit) if is_hex => Ok(unit),
            _ => Err("a text has an escape that JSON does not have".to_owned()),
        }
    }

    /// Writes a character of a string as [`serde_json`] does.
    fn put(&mut self, character: char) {
        let json = &mut self.made.json;
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\0'..'\u{20}' => json.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
}

/// Writes JSON with all non-ASCII characters escaped, as Python does: its line reader treats U+2028 and others as line
/// ends.
pub(super) fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len() + json.len() / 8);
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        canonical(text).unwrap().json
    }

    #[test]
    fn json_that_python_reads_as_equal_has_one_text() {
        assert_eq!(
            json(r#" {"a" : [ 1 , -2.50 ], "b":"\u00e9\/"} "#),
            r#"{"a":[1,-2.50],"b":"é/"}"#
        );
        assert_eq!(json(r#""\ud83d\ude00 \u0007\u000a\b\"\\""#), "\"😀 \\u0007\\n\\b\\\"\\\\\"");
        assert_eq!(json("\"\u{2028}\u{85}\u{7f}\""), "\"\u{2028}\u{85}\u{7f}\"");
        assert_eq!(json("[Infinity,-Infinity]"), "[1e999,-1e999]");
    }

    #[test]
    fn nan_and_lone_surrogates_are_replaced_and_counted() {
        let nan = canonical("[NaN, {\"NaN\": NaN}]").unwrap();
        assert_eq!((nan.json.as_str(), nan.nans), (r#"[null,{"NaN":null}]"#, 2));
        let lone =
            canonical(r#"["\ud800", "\udc00x", "\ud800\u0041", "\ud800\ud83d\ude00"]"#).unwrap();
        assert_eq!(
            (lone.json.as_str(), lone.surrogates),
            ("[\"\u{fffd}\",\"\u{fffd}x\",\"\u{fffd}A\",\"\u{fffd}😀\"]", 4)
        );
    }

    #[test]
    fn json_that_python_refuses_is_refused() {
        let deep = "[".repeat(501) + &"]".repeat(501);
        for text in [
            "",
            " ",
            "1 2",
            "nul l",
            "Na N",
            "NaNa",
            "-Inf",
            "{\"a\":1,}",
            "\"a",
            "\"\\",
            "\"\\u12",
            "\"\\u+123\"",
            "\"\\x\"",
            "\"a\nb\"",
            "\"\\uD8é0\"",
            "{'a':1}",
            "01",
            "\u{feff}1",
            "[1][",
            &deep,
        ] {
            assert!(canonical(text).is_err(), "{text}");
        }
        assert!(canonical(&("[".repeat(500) + &"]".repeat(500))).is_ok());
    }

    #[test]
    fn non_ascii_characters_are_escaped() {
        assert_eq!(ascii("\"é\u{2028}😀\""), r#""\u00e9\u2028\ud83d\ude00""#);
    }
}
