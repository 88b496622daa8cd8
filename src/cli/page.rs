//! What a person reads: lines, tables and lists, in the width that there is.

use unicode_width::UnicodeWidthStr;

use super::cell::Cell;
use super::colour::{Colours, Role};
use super::escape::printable;
use super::numbers::count;
use super::table::Table;

/// Text that grows from top to bottom.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    /// Columns of the terminal.
    pub(super) width: usize,
    colours: Colours,
}

impl Page {
    pub(super) fn new(width: usize, colours: Colours) -> Self {
        Page { text: String::new(), width, colours }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Adds a line of several pieces, which is not cut.
    pub(super) fn line(&mut self, cells: &[Cell]) {
        for cell in cells {
            self.colours.paint(cell.text(), cell.role, &mut self.text);
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a line that says what the next ones are about.
    pub(super) fn title(&mut self, text: &str) {
        self.words("", text, Role::Title);
    }

    pub(super) fn table(&mut self, table: &Table) {
        table.write(self.width, self.colours, &mut self.text);
    }

    /// Adds words, broken into as many lines as they need; `first` stands before the first line.
    pub(super) fn words(&mut self, first: &str, words: &str, role: Role) {
        let indent = first.width();
        let room = self.width.saturating_sub(indent).max(20);
        let mut start = Cell::from(first);
        for line in wrapped(&printable(words), room) {
            self.line(&[start, Cell::new(&line, role)]);
            start = Cell::from(" ".repeat(indent));
        }
    }

    /// Says how many are left where only so many of all are shown.
    pub(super) fn more(&mut self, all: u64, shown: usize) {
        let left = all.saturating_sub(shown as u64);
        if left > 0 {
            let words = format!("… and {} more; --json lists them", count(left));
            self.words("", &words, Role::Faint);
        }
    }

    /// Adds names with their values, one below the other.
    pub(super) fn fields(&mut self, fields: &[(&str, Cell)]) {
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

    /// Adds a text as it is, line by line behind an indent, and nothing of it cut.
    pub(super) fn verbatim(&mut self, indent: &str, text: &str) {
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            self.line(&[Cell::from(format!("{indent}{}", line.replace('\t', "    ")))]);
        }
    }
}

/// Returns the words in lines of at most this width, but for words that are wider.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_torn() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensible word", 5), ["incomprehensible", "word"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
