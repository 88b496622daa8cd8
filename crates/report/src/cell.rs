//! Text for the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::colour::Role;
use crate::escape::printable;

/// Marks the place where text was cut.
pub const CUT: char = '…';

/// A text with a role. It contains no control characters: all constructors escape them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    text: String,
    /// The role of the text.
    pub role: Role,
}

impl Cell {
    /// Creates a cell; control characters are escaped.
    pub fn new(text: &str, role: Role) -> Self {
        Cell { text: printable(text).into_owned(), role }
    }

    /// The cell for a missing value.
    pub fn nothing() -> Self {
        Cell::new("–", Role::Faint)
    }

    /// Returns the cell for a value, or the cell for a missing one.
    pub fn optional<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Self {
        value.map_or_else(Cell::nothing, cell)
    }

    /// Returns the text, escaped.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns its width in columns of a terminal.
    pub fn width(&self) -> usize {
        self.text.width()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::new(text, Role::Plain)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Cell::new(text, Role::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::new(&text, Role::Plain)
    }
}

/// Returns the start of a text that fits, marked if it was cut.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut beginning = String::new();
    let mut taken = 1; // for the mark
    for character in text.chars() {
        taken += character.width().unwrap_or(0);
        if taken > width {
            break;
        }
        beginning.push(character);
    }
    beginning.push(CUT);
    beginning
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_its_width_in_columns() {
        assert_eq!(cut("Zürich", 6), "Zürich");
        assert_eq!(cut("Zürich", 4), "Zür…");
        assert_eq!(cut("東京都", 6), "東京都");
        assert_eq!(cut("東京都", 5), "東京…");
        assert_eq!(cut("東京都", 4), "東…");
    }
}
