//! Scans a table around what cannot be read.

use super::report::RowidRange;
use crate::db::{Connection, Row, Step, is_damage};
use crate::error::Result;

/// Number of unreadable places after which the search between them is given up, about a second.
const MOST_LOOKS: usize = 50_000;

/// The same while no row could be read: if the root of the table is destroyed, nothing can.
const MOST_LOOKS_IN_VAIN: usize = 1_000;

/// Called for each row that can be read.
pub(super) type Keep<'k> = dyn FnMut(&dyn Row) -> Result<()> + 'k;

/// Reads a table from both ends, then bisects what is between until single rows are left.
pub(super) struct Scan<'s, 'k> {
    source: &'s dyn Connection,
    up: String,
    down: String,
    keep: &'s mut Keep<'k>,
    unreadable: Vec<RowidRange>,
    looks: usize,
    rows: usize,
}

impl<'s, 'k> Scan<'s, 'k> {
    /// The first column of `select` is the rowid.
    pub(super) fn new(
        source: &'s dyn Connection,
        select: &str,
        rowid: &str,
        keep: &'s mut Keep<'k>,
    ) -> Self {
        let of = |order| format!("{select} WHERE {rowid} BETWEEN ? AND ? ORDER BY {rowid} {order}");
        Scan {
            source,
            up: of("ASC"),
            down: of("DESC"),
            keep,
            unreadable: Vec::new(),
            looks: 0,
            rows: 0,
        }
    }

    pub(super) fn read_all(&mut self) -> Result<()> {
        self.read(i64::MIN, i64::MAX)
    }

    /// Returns the unreadable ranges in order.
    pub(super) fn unreadable(self) -> Vec<RowidRange> {
        let mut joined: Vec<RowidRange> = Vec::new();
        for range in self.unreadable {
            match joined.last_mut() {
                Some(last) if last.last.checked_add(1) == Some(range.first) => {
                    last.last = range.last
                }
                _ => joined.push(range),
            }
        }
        joined
    }

    fn read(&mut self, first: i64, last: i64) -> Result<()> {
        let Some(first) = self.walk(true, first, last)? else { return Ok(()) };
        let Some(last) = self.walk(false, first, last)? else { return Ok(()) };
        if first > last {
            return Ok(());
        }
        if first == last || self.is_hopeless() {
            self.unreadable.push(RowidRange { first, last });
            return Ok(());
        }
        let middle = first.midpoint(last).clamp(first, last - 1);
        self.read(first, middle)?;
        self.read(middle + 1, last)
    }

    fn is_hopeless(&self) -> bool {
        let most = if self.rows == 0 { MOST_LOOKS_IN_VAIN } else { MOST_LOOKS };
        self.looks >= most
    }

    /// Reads rows in one direction; returns the rowid at which it failed, `None` at the end.
    fn walk(&mut self, up: bool, first: i64, last: i64) -> Result<Option<i64>> {
        self.looks += 1;
        let mut next = if up { first } else { last };
        let (mut failure, keep, rows) = (None, &mut self.keep, &mut self.rows);
        let sql = if up { &self.up } else { &self.down };
        let read = self.source.prepare(sql).and_then(|mut statement| {
            statement.query(&[first.into(), last.into()], &mut |row| {
                let rowid = row.integer(0)?;
                if let Err(error) = keep(row) {
                    failure = Some(error);
                    return Ok(Step::Stop);
                }
                *rows += 1;
                // In a damaged tree, rows may come in any order: never go back.
                next = match up {
                    true => next.max(rowid.saturating_add(1)),
                    false => next.min(rowid.saturating_sub(1)),
                };
                Ok(Step::Next)
            })
        });
        match (failure, read) {
            (Some(error), _) => Err(error),
            (None, Err(error)) if is_damage(&error) => Ok(Some(next)),
            (None, read) => read.map(|()| None),
        }
    }
}
