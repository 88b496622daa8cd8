//! Text for a terminal: lines, tables and lists that fit its width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cell::Cell;
use crate::colour::{Colours, Role};
use crate::escape::printable;
use crate::numbers::count;
use crate::table::Table;

/// Maximum width of separator lines.
const RULE: usize = 100;

/// A text that is written from top to bottom.
#[derive(Debug)]
pub struct Page {
    text: String,
    /// Columns of the terminal.
    pub width: usize,
    colours: Colours,
}

impl Page {
    /// Creates an empty page for a terminal of this width.
    pub fn new(width: usize, colours: Colours) -> Self {
        Page { text: String::new(), width, colours }
    }

    /// Returns the text of the page.
    pub fn finish(self) -> String {
        self.text
    }

    /// Adds a line of several cells, which is not cut.
    pub fn line(&mut self, cells: &[Cell]) {
        for cell in cells {
            self.colours.paint(cell.text(), cell.role, &mut self.text);
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a title.
    pub fn title(&mut self, text: &str) {
        self.words("", text, Role::Title);
    }

    /// Adds a table that fits the width.
    pub fn table(&mut self, table: &Table) {
        table.write(self.width, self.colours, &mut self.text);
    }

    /// Returns whether a column of a table is shown, by its title or name.
    pub fn shows(&self, table: &Table, column: &str) -> bool {
        table.shows(column, self.width)
    }

    /// Adds wrapped text, if there is any; `first` stands before the first line.
    pub fn words(&mut self, first: &str, words: &str, role: Role) {
        if !words.is_empty() {
            self.labelled(Cell::from(first), words, role);
        }
    }

    /// Like [`Self::words`], with a coloured label before the first line.
    pub fn labelled(&mut self, label: Cell, words: &str, role: Role) {
        let indent = label.width();
        let room = self.width.saturating_sub(indent).max(20);
        let mut start = label;
        for line in wrapped(&printable(words), room) {
            self.line(&[start, Cell::new(&line, role)]);
            start = Cell::from(" ".repeat(indent));
        }
    }

    /// Notes how many items are not shown.
    pub fn more(&mut self, all: u64, shown: usize) {
        let left = all.saturating_sub(shown as u64);
        if left > 0 {
            let words = format!("… and {} more; --json lists them", count(left));
            self.words("", &words, Role::Faint);
        }
    }

    /// Adds names with their values, one per line.
    pub fn fields(&mut self, fields: &[(&str, Cell)]) {
        let width = fields.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
        for (name, value) in fields {
            let name = format!("{name}{}  ", " ".repeat(width - name.width()));
            if value.width() <= self.width.saturating_sub(name.width()) {
                self.line(&[Cell::new(&name, Role::Faint), value.clone()]);
            } else {
                self.words(&name, value.text(), value.role);
            }
        }
    }

    /// Adds a section heading with a remark, followed by a line across the page.
    pub fn heading(&mut self, name: &str, remark: &str) {
        let name = Cell::new(&format!("{name} "), Role::Speaker);
        let remark = Cell::new(
            &if remark.is_empty() { String::new() } else { format!("{remark} ") },
            Role::Faint,
        );
        let rest = self.width.min(RULE).saturating_sub(name.width() + remark.width());
        self.line(&[name, remark, Cell::new(&"─".repeat(rest), Role::Faint)]);
    }

    /// Adds indented text with its line breaks, wrapped at the width of the page, without cutting anything.
    pub fn folded(&mut self, indent: &str, text: &str) {
        let room = self.width.saturating_sub(indent.width()).max(20);
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line).replace('\t', "    ");
            for part in folded(&printable(&line), room) {
                self.line(&[Cell::from(format!("{indent}{part}"))]);
            }
        }
    }

    /// Adds indented text line by line, without wrapping or cutting anything.
    pub fn verbatim(&mut self, indent: &str, text: &str) {
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            self.line(&[Cell::from(format!("{indent}{}", line.replace('\t', "    ")))]);
        }
    }
}

/// Wraps words into lines of at most this width; longer words are not broken.
fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        let line = lines.last().map_or(0, |line| line.width());
        match lines.last_mut() {
            Some(last) if line == 0 || line + 1 + word.width() <= width => {
                last.push_str(if line == 0 { "" } else { " " });
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Splits a line into lines of at most this width, after a space where possible.
fn folded(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![];
    let (mut begin, mut taken, mut space) = (0, 0, None);
    for (at, character) in line.char_indices() {
        let wide = character.width().unwrap_or(0);
        if taken + wide > width && at > begin {
            let end = space.filter(|space| *space > begin).unwrap_or(at);
            lines.push(line.get(begin..end).unwrap_or_default().to_owned());
            begin = end;
            taken = line.get(begin..at).unwrap_or_default().width();
            space = None;
        }
        taken += wide;
        // The spaces of the indent are not a place to break.
        if character == ' ' && line.get(begin..at).is_some_and(|words| !words.trim().is_empty()) {
            space = Some(at + 1);
        }
    }
    lines.push(line.get(begin..).unwrap_or_default().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_broken() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensible word", 5), ["incomprehensible", "word"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn lines_are_folded_at_spaces_and_within_words_only_if_necessary() {
        assert_eq!(folded("one two three", 8), ["one two ", "three"]);
        assert_eq!(folded("    code", 20), ["    code"]);
        assert_eq!(folded("  incomprehensible", 10), ["  incompre", "hensible"]);
        assert_eq!(folded("incomprehensible", 6), ["incomp", "rehens", "ible"]);
        assert_eq!(folded("a 東京都庁 b", 5), ["a ", "東京", "都庁 ", "b"]);
        assert_eq!(folded("", 5), [""]);
    }
}
