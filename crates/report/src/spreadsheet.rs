//! CSV for spreadsheets: UTF-8 with a byte order mark, quoted, and without text that would be interpreted as a formula.

use std::io::{Error, Result, Write};

use csv::{IntoInnerError, Terminator, Writer, WriterBuilder};

use crate::export::plain;

/// UTF-16 units of the longest cell that Excel and LibreOffice accept.
const LONGEST: usize = 32_767;

/// A sheet that is written row by row.
pub(crate) struct Sheet<W: Write>(Writer<W>);

impl<W: Write> Sheet<W> {
    /// Starts a sheet; `with_mark` writes the byte order mark that Excel needs to detect UTF-8.
    pub(crate) fn new(mut to: W, with_mark: bool) -> Result<Self> {
        if with_mark {
            to.write_all(b"\xef\xbb\xbf")?;
        }
        let mut builder = WriterBuilder::new();
        Ok(Sheet(builder.terminator(Terminator::CRLF).flexible(true).from_writer(to)))
    }

    pub(crate) fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        self.0.write_record(cells).map_err(cause)
    }

    pub(crate) fn finish(self) -> Result<W> {
        self.0.into_inner().map_err(IntoInnerError::into_error)
    }
}

/// Returns the error of the system behind an error of the writer or a reader: its kind says whether a disk is full.
pub(crate) fn cause(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => Error::other(format!("{other:?}")),
    }
}

/// Returns a list as CSV for other programs: a row of titles, then the rows, each ended by a line feed.
pub fn csv(titles: &[&str], rows: impl IntoIterator<Item = Cells>) -> String {
    let titles = Cells(titles.iter().map(|title| (*title).to_owned()).collect());
    let mut sheet = Writer::from_writer(Vec::new());
    for Cells(cells) in std::iter::once(titles).chain(rows) {
        // Writing to memory cannot fail.
        let _ = sheet.write_record(cells);
    }
    String::from_utf8(sheet.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The cells of a row.
#[derive(Clone, Default)]
pub struct Cells(pub(crate) Vec<String>);

impl Cells {
    /// Adds text from the store.
    pub fn text(mut self, text: &str) -> Self {
        self.0.push(harmless(text));
        self
    }

    /// Adds text from the store, if there is any.
    pub fn optional(self, text: Option<&str>) -> Self {
        self.text(text.unwrap_or_default())
    }

    /// Adds our own text: a number or a word.
    pub fn own(mut self, text: impl Into<String>) -> Self {
        self.0.push(text.into());
        self
    }
}

/// Returns the digits of a number, an empty string for none.
pub fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Returns text that no spreadsheet interprets as a formula, and that fits into a cell. (OWASP, "CSV Injection".)
fn harmless(text: &str) -> String {
    let text = plain(text);
    let is_formula = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    };
    let text = if is_formula(&text) { format!("'{text}") } else { text.into_owned() };
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text;
    }
    shortened(&text)
}

/// Returns the start of a text, and how much was cut.
fn shortened(text: &str) -> String {
    const ROOM: usize = LONGEST - 60;
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > ROOM
    });
    let end = end.map_or(text.len(), |(end, _)| end);
    let (shown, rest) = text.split_at(end);
    format!("{shown}… ({} more characters)", rest.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        assert_eq!(harmless("\r=1"), "\\r=1");
        assert_eq!(harmless("a=1"), "a=1");
    }

    #[test]
    fn a_cell_is_at_most_as_long_as_a_spreadsheet_allows() {
        let long = harmless(&"🙂".repeat(20_000));
        assert!(long.encode_utf16().count() <= LONGEST, "{}", long.len());
        assert!(long.ends_with(" more characters)"));
    }
}
