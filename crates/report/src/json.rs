//! JSON for other programs.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::escape::printable_json;

/// Returns a value as indented JSON with a line break at its end. Terminals can be shown it: it holds no control
/// characters.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Plain::default()))?;
    bytes.push(b'\n');
    Ok(printable_json(&String::from_utf8_lossy(&bytes)))
}

/// Returns a JSON string as its text, which is easier to read; other JSON as it is.
pub fn readable(json: &str) -> String {
    runstore::json::read(json).unwrap_or_else(|_| json.to_owned())
}

/// Indented, and whole numbers without a fraction.
#[derive(Default)]
struct Plain(PrettyFormatter<'static>);

/// Beyond it a float does not hold every whole number.
const SAFE: f64 = 9_007_199_254_740_992.0;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        if value.fract() == 0.0 && value.abs() < SAFE {
            return self.0.write_i64(writer, value as i64);
        }
        self.0.write_f64(writer, value)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        let text = json(&[1_763_720_000_000.0, 0.5, -3.0, -0.0, f64::NAN]).unwrap();
        assert_eq!(text, "[\n  1763720000000,\n  0.5,\n  -3,\n  0,\n  null\n]\n");
    }
}
