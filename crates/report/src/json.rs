//! JSON for other programs.

use std::borrow::Cow;
use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::escape::printable_json;

/// Returns a value as indented JSON with a line break at the end. A number that is not finite, which JSON cannot
/// represent, is null. The text contains no control characters, so it is safe on a terminal.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Plain::default()))?;
    bytes.push(b'\n');
    Ok(printable_json(&String::from_utf8_lossy(&bytes)))
}

/// Returns a JSON string as text, which is easier to read; other JSON unchanged.
pub fn readable(json: &str) -> String {
    runstore::json::read(json).unwrap_or_else(|_| json.to_owned())
}

/// Indented JSON with whole numbers without a fraction.
#[derive(Default)]
struct Plain(PrettyFormatter<'static>);

/// Larger floats do not represent every whole number.
const SAFE: f64 = 9_007_199_254_740_992.0;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        if value.fract() == 0.0 && value.abs() < SAFE {
            return self.0.write_i64(writer, value as i64);
        }
        self.0.write_f64(writer, value)
    }

    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> Result<()> {
        writer.write_all(finite(fragment).as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object_value(writer)
    }
}

/// Returns JSON with null for numbers that are too large for a float, which stand for infinities.
fn finite(json: &str) -> Cow<'_, str> {
    let mut found = vec![];
    let (mut at, mut is_text) = (0, false);
    let bytes = json.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if is_text => at += 1,
            b'"' => is_text = !is_text,
            b'-' | b'0'..=b'9' if !is_text => {
                let length = bytes[at..].iter().take_while(|one| is_of_number(**one)).count();
                let number = json.get(at..at + length).and_then(|text| text.parse().ok());
                if number.is_some_and(f64::is_infinite) {
                    found.push(at..at + length);
                }
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    let mut text = Cow::Borrowed(json);
    found.into_iter().rev().for_each(|place| text.to_mut().replace_range(place, "null"));
    text
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn all_numbers_that_are_not_finite_are_null() {
        assert_eq!(json(&[f64::INFINITY, f64::NAN]).unwrap(), "[\n  null,\n  null\n]\n");
        for (raw, written) in [
            (r#"{"a":1e999,"b":[-1e999,0.5e3]}"#, r#"{"a":null,"b":[null,0.5e3]}"#),
            (r#"{"1e999":"-1e999 \" 1e999"}"#, r#"{"1e999":"-1e999 \" 1e999"}"#),
            ("1e308", "1e308"),
        ] {
            let value: Box<serde_json::value::RawValue> = serde_json::from_str(raw).unwrap();
            assert_eq!(json(&value).unwrap(), format!("{written}\n"));
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        let text = json(&[1_763_720_000_000.0, 0.5, -3.0, -0.0, f64::NAN]).unwrap();
        assert_eq!(text, "[\n  1763720000000,\n  0.5,\n  -3,\n  0,\n  null\n]\n");
    }
}
