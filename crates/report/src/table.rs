//! Tables that fit the width: columns are narrowed first, then left out, and both are visible.

use crate::cell::{Cell, cut};
use crate::colour::{Colours, Role};
use crate::escape::printable;

const GAP: usize = 2;
/// The width to which columns are cut as a last resort.
const LEAST: usize = 3;

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    /// Its name in the note about left-out columns.
    name: Option<&'static str>,
    is_number: bool,
    /// The width to which it may be cut; `None` when cut cells would be useless.
    least: Option<usize>,
    /// Columns with a higher rank are left out first; those without a rank stay.
    rank: Option<u8>,
}

impl Column {
    /// A left-aligned text column. Control characters in the title, which may come from the store, are escaped.
    pub fn text(title: &str) -> Self {
        let title = printable(title).into_owned();
        Column { title, name: None, is_number: false, least: None, rank: None }
    }

    /// A right-aligned column of numbers.
    pub fn number(title: &str) -> Self {
        Column { is_number: true, ..Column::text(title) }
    }

    /// Permits cutting to this width.
    pub fn cut_to(self, least: usize) -> Self {
        Column { least: Some(least), ..self }
    }

    /// Names a column whose title does not describe it.
    pub fn called(self, name: &'static str) -> Self {
        Column { name: Some(name), ..self }
    }

    /// Permits leaving it out; higher ranks are left out first.
    pub fn left_out(self, rank: u8) -> Self {
        Column { rank: Some(rank), ..self }
    }
}

/// Rows under titles.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Creates a table without rows.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Table { columns: columns.into(), rows: vec![] }
    }

    /// Adds a row with a cell for each column.
    pub fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(cells.into());
    }

    /// Returns whether a column is shown at this width, by its title or name.
    pub fn shows(&self, name: &str, width: usize) -> bool {
        let is_it = |column: &Column| column.name.unwrap_or(&column.title) == name;
        let shown = self.fit(width);
        shown.iter().any(|&(at, _)| self.columns.get(at).is_some_and(is_it))
    }

    /// Writes the table at this width.
    pub fn write(&self, width: usize, colours: Colours, into: &mut String) {
        let shown = self.fit(width);
        let titles: Vec<Cell> =
            self.columns.iter().map(|column| Cell::from(&column.title)).collect();
        self.write_row(&titles, &shown, colours, into);
        let total = shown.iter().map(|(_, width)| width + GAP).sum::<usize>().saturating_sub(GAP);
        colours.paint(&"─".repeat(total), Role::Faint, into);
        into.push('\n');
        for row in &self.rows {
            self.write_row(row, &shown, colours, into);
        }
        self.write_left_out(&shown, width, colours, into);
    }

    fn write_row(
        &self,
        cells: &[Cell],
        shown: &[(usize, usize)],
        colours: Colours,
        into: &mut String,
    ) {
        for (place, &(at, width)) in shown.iter().enumerate() {
            let Some(cell) = cells.get(at) else { continue };
            let text = Cell::new(&cut(cell.text(), width), cell.role);
            let space = " ".repeat(width.saturating_sub(text.width()));
            let is_number = self.columns.get(at).is_some_and(|column| column.is_number);
            if is_number {
                into.push_str(&space);
            }
            colours.paint(text.text(), text.role, into);
            if place + 1 < shown.len() {
                into.push_str(if is_number { "" } else { &space });
                into.push_str(&" ".repeat(GAP));
            }
        }
        into.truncate(into.trim_end_matches(' ').len());
        into.push('\n');
    }

    fn write_left_out(
        &self,
        shown: &[(usize, usize)],
        width: usize,
        colours: Colours,
        into: &mut String,
    ) {
        let is_shown = |at: usize| shown.iter().any(|&(known, _)| known == at);
        let titles = self.columns.iter().enumerate().filter(|(at, _)| !is_shown(*at));
        let titles: Vec<&str> =
            titles.map(|(_, column)| column.name.unwrap_or(&column.title)).collect();
        if !titles.is_empty() {
            let note = format!("… too narrow for: {}", titles.join(", "));
            colours.paint(&cut(&note, width), Role::Faint, into);
            into.push('\n');
        }
    }

    /// Returns the indexes and widths of the shown columns.
    fn fit(&self, width: usize) -> Vec<(usize, usize)> {
        let least = |at: usize| self.columns.get(at).and_then(|column| column.least);
        let fitted = |shown: &[usize]| self.narrowed(shown, width, least);
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        let mut left_out = vec![];
        while fitted(&shown).is_none() {
            match self.least_important(&shown) {
                Some(place) => left_out.push(shown.remove(place)),
                None => break,
            }
        }
        // A narrow column may still fit, without narrowing others, where a wider one did not.
        for at in left_out.into_iter().rev() {
            let Some(before) = fitted(&shown) else { break };
            let place = shown.partition_point(|&other| other < at);
            shown.insert(place, at);
            let keeps_widths = |after: Vec<_>| before.iter().all(|column| after.contains(column));
            if !fitted(&shown).is_some_and(keeps_widths) {
                shown.remove(place);
            }
        }
        let natural = || shown.iter().map(|&at| (at, self.natural_width(at))).collect();
        fitted(&shown)
            .or_else(|| self.narrowed(&shown, width, |_| Some(LEAST)))
            .unwrap_or_else(natural)
    }

    /// Returns the place of the column to leave out first; `None` when all of them stay.
    fn least_important(&self, shown: &[usize]) -> Option<usize> {
        let ranks = shown
            .iter()
            .enumerate()
            .filter_map(|(place, &at)| Some((self.columns.get(at)?.rank?, place)));
        ranks.max().map(|(_, place)| place)
    }

    /// Repeatedly narrows the widest column; `None` when no column can be narrowed further.
    fn narrowed(
        &self,
        shown: &[usize],
        width: usize,
        least: impl Fn(usize) -> Option<usize>,
    ) -> Option<Vec<(usize, usize)>> {
        let mut fitted: Vec<_> = shown.iter().map(|&at| (at, self.natural_width(at))).collect();
        let gaps = GAP * fitted.len().saturating_sub(1);
        let taken = gaps + fitted.iter().map(|(_, width)| width).sum::<usize>();
        for _ in width..taken {
            let wide = fitted
                .iter_mut()
                .filter(|(at, width)| least(*at).is_some_and(|least| *width > least));
            wide.max_by_key(|(_, width)| *width)?.1 -= 1;
        }
        Some(fitted)
    }

    fn natural_width(&self, at: usize) -> usize {
        let title = self.columns.get(at).map_or(0, |column| Cell::from(&column.title).width());
        let cells = self.rows.iter().filter_map(|row| row.get(at)).map(Cell::width);
        cells.max().unwrap_or(0).max(title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn table() -> Table {
        let columns = [
            Column::text("id"),
            Column::text("name").cut_to(6),
            Column::number("cases"),
            Column::text("model").left_out(1),
        ];
        let mut table = Table::new(columns);
        table.row(["0123".into(), "a long name of a run".into(), "12".into(), "東京".into()]);
        table.row(["4567".into(), "short".into(), "1,234".into(), Cell::nothing()]);
        table
    }

    fn written(width: usize) -> String {
        let mut text = String::new();
        table().write(width, Colours::Off, &mut text);
        text
    }

    #[test]
    fn nothing_is_cut_on_a_wide_terminal() {
        let expected = "\
id    name                  cases  model
────────────────────────────────────────
0123  a long name of a run     12  東京
4567  short                 1,234  –
";
        assert_eq!(written(40), expected);
        assert_eq!(written(200), expected);
    }

    #[test]
    fn text_is_cut_before_columns_are_left_out() {
        let expected = "\
id    name    cases  model
──────────────────────────
0123  a lon…     12  東京
4567  short   1,234  –
";
        assert_eq!(written(26), expected);
        let expected = "\
id    name     cases
────────────────────
0123  a long…     12
4567  short    1,234
… too narrow for: m…
";
        assert_eq!(written(20), expected);
    }

    #[test]
    fn a_narrow_column_stays_when_leaving_out_a_wider_one_makes_room() {
        let columns = vec![
            Column::text("id"),
            Column::text("heartbeat").left_out(1),
            Column::number("mean").left_out(2),
        ];
        let mut table = Table::new(columns);
        table.row(["0123".into(), "just now, process ended".into(), "0.5".into()]);
        assert!(!table.shows("heartbeat", 20) && table.shows("mean", 20));
    }

    #[test]
    fn it_reports_which_columns_are_shown() {
        let shows = |name: &str, width: usize| table().shows(name, width);
        assert!(
            shows("model", 26) && !shows("model", 20) && shows("cases", 20) && !shows("none", 40)
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 17..60 {
            assert!(written(width).lines().all(|line| line.width() <= width), "{width}");
        }
    }
}
