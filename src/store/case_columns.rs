//! Cases as columns: one crossing of the language boundary carries hundreds of them.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use super::damage::damage_of;
use crate::db::{OwnedValue, Row, Value};
use crate::error::Result;
use crate::model::Damage;

/// The columns that [`CaseColumns::push`] reads, in order.
pub(super) const COLUMNS: &str = "c.id, c.output, c.error, c.input, c.expected, \
     c.idx, c.latency_ms, c.tokens_in, c.tokens_out, \
     c.key, c.trial, c.benchmark, c.cluster, c.metadata, c.cost_usd, c.started_at, c.rowid";
/// Number of columns in [`COLUMNS`].
pub(super) const WIDTH: usize = 17;
/// Index of the rowid in [`COLUMNS`].
pub(super) const ROWID: usize = 16;

const TEXTS: usize = 3;
const JSON: std::ops::Range<usize> = 3..5;
/// Index of idx in [`COLUMNS`].
pub(super) const IDX: usize = 5;
const NUMBERS: std::ops::Range<usize> = 5..9;
const MORE: std::ops::Range<usize> = 9..16;
const METADATA: usize = 13;

/// A position in the order of a run's cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// `idx` of the case, as stored, with any type.
    pub idx: OwnedValue,
    /// Its rowid, which orders cases with the same idx.
    pub rowid: i64,
}

/// Some cases of one run.
#[derive(Debug, Default)]
pub struct CaseColumns {
    /// id, output and error of the first case, then of the second, and so on.
    pub texts: TextColumn,
    /// input and expected of the first case, then of the second, and so on.
    pub json: JsonColumn,
    /// idx, latency_ms, tokens_in and tokens_out of each case.
    pub numbers: NumberColumn,
    /// key, trial, benchmark, cluster, metadata, cost_usd and started_at of each case; empty when none has any.
    pub more: Vec<OwnedValue>,
    /// Position of the last case.
    pub last: Option<Position>,
    /// Values that are not JSON and were replaced by null. `None` when they were not checked; then the parser finds
    /// them.
    pub damaged: Option<Vec<Damage>>,
    rows: usize,
}

impl CaseColumns {
    /// Returns the number of cases.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the bytes of text.
    pub fn bytes(&self) -> usize {
        self.texts.bytes.len() + self.json.narrow.len() + self.json.wide.len()
    }

    pub(super) fn push(&mut self, row: &dyn Row) -> Result<()> {
        for column in 0..TEXTS {
            self.texts.push(row.value(column)?);
        }
        for (column, name) in JSON.zip(["input", "expected"]) {
            let value = self.unless_damaged(row, column, name)?;
            self.json.push(value);
        }
        self.json.end_row();
        for column in NUMBERS {
            self.numbers.push(row.value(column)?);
        }
        self.push_more(row)?;
        self.rows += 1;
        self.last =
            Some(Position { idx: row.value(IDX)?.into_owned(), rowid: row.integer(ROWID)? });
        Ok(())
    }

    fn push_more(&mut self, row: &dyn Row) -> Result<()> {
        if self.more.is_empty() {
            let mut nothing = true;
            for column in MORE {
                nothing &= row.value(column)? == Value::Null;
            }
            if nothing {
                return Ok(());
            }
            self.more.resize(self.rows * MORE.len(), OwnedValue::Null);
        }
        for column in MORE {
            let value = match column {
                METADATA => self.unless_damaged(row, column, "metadata")?,
                _ => row.value(column)?,
            };
            self.more.push(value.into_owned());
        }
        Ok(())
    }

    /// Returns a value that has to be JSON; NULL for an invalid one, if JSON is checked.
    fn unless_damaged<'r>(
        &mut self,
        row: &'r dyn Row,
        column: usize,
        name: &'static str,
    ) -> Result<Value<'r>> {
        let value = row.value(column)?;
        let Some(damaged) = &mut self.damaged else { return Ok(value) };
        match value {
            Value::Text(text) | Value::Blob(text) => match damage_of(text) {
                Some(reason) => {
                    let id = row.text(0)?;
                    damaged.push(Damage { table: "cases", id, column: name, reason });
                    Ok(Value::Null)
                }
                None => Ok(value),
            },
            _ => Ok(value),
        }
    }

    /// Completes the columns before they are read.
    pub(super) fn finished(&mut self) -> &mut Self {
        self.json.finish();
        self
    }

    /// Starts a new chunk; the caller may have taken the previous one.
    pub(super) fn begin(&mut self, check: JsonCheck) {
        self.texts.clear();
        self.json.clear();
        self.numbers.clear();
        self.more.clear();
        self.damaged = check.nothing_yet();
        self.rows = 0;
    }
}

/// Whether JSON is checked before it is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonCheck {
    /// Not checked: the parser finds damaged values. This is the fast path.
    Skip,
    /// Checked; damaged values are left out and named.
    Validate,
}

impl JsonCheck {
    fn nothing_yet(self) -> Option<Vec<Damage>> {
        (self == JsonCheck::Validate).then(Vec::new)
    }
}

/// The type of a value in a text column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// NULL.
    Null,
    /// Text; usually UTF-8.
    Text,
    /// Bytes, which files of other programs may contain.
    Blob,
}

/// Texts, concatenated.
#[derive(Debug, Default)]
pub struct TextColumn {
    bytes: Vec<u8>,
    ends: Vec<(TextKind, usize)>,
}

impl TextColumn {
    pub(super) fn push(&mut self, value: Value<'_>) {
        let kind = match value {
            Value::Null => TextKind::Null,
            Value::Blob(bytes) => {
                self.bytes.extend_from_slice(bytes);
                TextKind::Blob
            }
            Value::Text(text) => {
                self.bytes.extend_from_slice(text);
                TextKind::Text
            }
            Value::Integer(number) => self.push_display(number),
            Value::Real(number) => self.push_display(number),
        };
        self.ends.push((kind, self.bytes.len()));
    }

    fn push_display(&mut self, number: impl std::fmt::Display) -> TextKind {
        self.bytes.extend_from_slice(number.to_string().as_bytes());
        TextKind::Text
    }

    /// Returns the texts.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (TextKind, &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |&(kind, end)| {
            let bytes = self.bytes.get(start..end).unwrap_or_default();
            start = end;
            (kind, bytes)
        })
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

/// Numbers; NaN stands for NULL and for values that are not numbers.
#[derive(Debug, Default)]
pub struct NumberColumn {
    /// One for each value.
    pub values: Vec<f64>,
    /// Texts and bytes in a column of numbers, which files of other programs may contain, with their positions.
    pub odd: Vec<(usize, OwnedValue)>,
}

impl NumberColumn {
    pub(crate) fn push(&mut self, value: Value<'_>) {
        self.values.push(match value {
            Value::Integer(number) => number as f64,
            Value::Real(number) => number,
            Value::Null => f64::NAN,
            other => {
                self.odd.push((self.values.len(), other.into_owned()));
                f64::NAN
            }
        });
    }

    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.odd.clear();
    }
}

/// JSON texts joined into one array, so that they are parsed together.
///
/// A single character above U+00FF doubles the memory of a whole JavaScript string, so texts with such characters are
/// joined separately.
///
/// Texts that are not valid JSON on their own could be valid together: `1,2` and `[3`, `4]` would be three values of
/// three texts, each in the wrong place. So each row ends with a mark, a number that no file can predict, and the
/// parser of the arrays checks that it is in its place.
pub struct JsonColumn {
    /// A JSON array in Latin-1: the values of a row that are not in `wide`, the mark, the values of the next row, and
    /// so on.
    pub narrow: Vec<u8>,
    /// A JSON array in UTF-8, with the mark after each value; empty when it contains no text.
    pub wide: Vec<u8>,
    /// The array that contains each text: 0 for `narrow`, 1 for `wide`.
    pub places: Vec<u8>,
    /// The number at the end of each row.
    pub mark: u32,
    written_mark: String,
}

impl Default for JsonColumn {
    fn default() -> Self {
        let mark = unpredictable_mark();
        let written_mark = mark.to_string();
        JsonColumn { narrow: vec![], wide: vec![], places: vec![], mark, written_mark }
    }
}

/// Prints `_` for the mark, which differs in each read.
impl fmt::Debug for JsonColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |json: &[u8]| String::from_utf8_lossy(json).replace(&self.written_mark, "_");
        f.debug_struct("JsonColumn")
            .field("narrow", &text(&self.narrow))
            .field("wide", &text(&self.wide))
            .field("places", &self.places)
            .finish()
    }
}

/// Returns a number with nine digits: V8 parses ten digits as a float, which takes several times as long.
fn unpredictable_mark() -> u32 {
    let random = RandomState::new().hash_one(0) % 900_000_000;
    100_000_000 + random as u32
}

impl JsonColumn {
    /// Adds a text. NULL and the empty text, which is not JSON, become `null`.
    pub(super) fn push(&mut self, value: Value<'_>) {
        match value {
            Value::Text(text) if !text.is_empty() => self.push_text(text),
            Value::Integer(number) => self.push_text(number.to_string().as_bytes()),
            Value::Real(number) => self.push_text(number.to_string().as_bytes()),
            Value::Blob(bytes) => self.push_text(String::from_utf8_lossy(bytes).as_bytes()),
            Value::Null | Value::Text(_) => self.push_text(b"null"),
        }
    }

    /// Completes the texts of a row.
    pub(super) fn end_row(&mut self) {
        self.narrow.push(separator(&self.narrow));
        self.narrow.extend_from_slice(self.written_mark.as_bytes());
    }

    fn push_text(&mut self, text: &[u8]) {
        let length = self.narrow.len();
        self.narrow.push(separator(&self.narrow));
        if text.is_ascii() {
            self.narrow.extend_from_slice(text);
            self.places.push(0);
        } else if push_latin1(&mut self.narrow, text) {
            self.places.push(0);
        } else {
            self.narrow.truncate(length);
            self.wide.push(separator(&self.wide));
            self.wide.extend_from_slice(text);
            self.wide.push(b',');
            self.wide.extend_from_slice(self.written_mark.as_bytes());
            self.places.push(1);
        }
    }

    fn finish(&mut self) {
        for array in [&mut self.narrow, &mut self.wide] {
            if !array.is_empty() {
                array.push(b']');
            }
        }
    }

    fn clear(&mut self) {
        self.narrow.clear();
        self.wide.clear();
        self.places.clear();
    }
}

fn separator(array: &[u8]) -> u8 {
    if array.is_empty() { b'[' } else { b',' }
}

/// Appends UTF-8 text as Latin-1 as far as possible; returns whether all of it was appended.
fn push_latin1(latin1: &mut Vec<u8>, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    text.chars().all(|letter| u8::try_from(u32::from(letter)).map(|byte| latin1.push(byte)).is_ok())
}
