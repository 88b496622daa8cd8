//! A piece of text on its way to the terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::colour::Role;
use crate::escape::printable;

/// Stands where text was cut.
pub const CUT: char = '…';

/// A piece of text in one role. What is in it is harmless: there is no other way to make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    text: String,
    /// What the text is to the reader.
    pub role: Role,
}

impl Cell {
    /// Makes a cell of a text in a role; what a terminal would obey is escaped.
    pub fn new(text: &str, role: Role) -> Self {
        Cell { text: printable(text).into_owned(), role }
    }

    /// What is shown where there is nothing.
    pub fn nothing() -> Self {
        Cell::new("–", Role::Faint)
    }

    /// Returns the cell of what there is, or of nothing.
    pub fn optional<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Self {
        value.map_or_else(Cell::nothing, cell)
    }

    /// Returns the text, escaped.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns how many columns of a terminal it takes.
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

/// Returns the beginning of a text that fits, which says when it is not all of it.
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
    fn text_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(cut("Zürich", 6), "Zürich");
        assert_eq!(cut("Zürich", 4), "Zür…");
        assert_eq!(cut("東京都", 6), "東京都");
        assert_eq!(cut("東京都", 5), "東京…");
        assert_eq!(cut("東京都", 4), "東…");
    }
}
