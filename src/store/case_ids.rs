//! The ids of a run's cases in the order of an index.

use crate::db::{Connection, Value};
use crate::error::Result;

/// With fewer cases, separate lookups are as fast.
const FEWEST: usize = 64;
/// With more cases, the ids would take too much memory.
const MOST: usize = 1_000_000;

/// Ids of cases, for reading all of their scores in one scan of the index of scores by case.
///
/// Looking up 10,000 ids takes longer than scanning 30,000 adjacent scores. Scores are adjacent if a file contains few
/// runs, and always if ids increase with time, like UUIDs v7.
#[derive(Default)]
pub(super) struct CaseIds {
    bytes: Vec<u8>,
    /// The first eight bytes, which usually decide a comparison; start and end in `bytes`.
    ids: Vec<(u64, usize, usize)>,
    /// Whether some ids may be ordered differently in SQLite.
    odd: bool,
}

impl CaseIds {
    pub(super) fn push(&mut self, id: Value<'_>) {
        match id {
            // ASCII sorts the same in UTF-16, which files of other programs may use.
            Value::Text(id) if id.is_ascii() && self.ids.len() <= MOST => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(id);
                self.ids.push((beginning(id), start, self.bytes.len()));
            }
            // No score can refer to it.
            Value::Null => {}
            _ => self.odd = true,
        }
    }

    /// Sorts the ids; returns whether scanning the index is worthwhile: at most every other case in the range belongs
    /// to another run.
    pub(super) fn lie_close(&mut self, db: &dyn Connection) -> Result<bool> {
        let count = self.ids.len();
        if self.odd || !(FEWEST..=MOST).contains(&count) {
            return Ok(false);
        }
        let bytes = &self.bytes;
        self.ids.sort_unstable_by(|one, other| {
            one.0.cmp(&other.0).then_with(|| bytes[one.1..one.2].cmp(&bytes[other.1..other.2]))
        });
        let most = i64::try_from(count * 2).unwrap_or(i64::MAX);
        let [first, last] = self.ends();
        let sql = "SELECT count(*) FROM (SELECT 1 FROM cases WHERE id BETWEEN ? AND ? LIMIT ?)";
        let passed = db.query_one(sql, &[first, last, (most + 1).into()], |row| row.integer(0))?;
        Ok(passed.is_some_and(|passed| passed <= most))
    }

    /// Returns the first and the last id.
    pub(super) fn ends(&self) -> [Value<'_>; 2] {
        [0, self.ids.len().saturating_sub(1)]
            .map(|at| self.get(at).map_or(Value::Null, Value::Text))
    }

    /// Returns the position of `id` from `at` on, for ids requested in order; `Err` with the position to continue from
    /// when it is missing.
    pub(super) fn find_from(&self, mut at: usize, id: &[u8]) -> std::result::Result<usize, usize> {
        while let Some(known) = self.get(at) {
            match known.cmp(id) {
                std::cmp::Ordering::Less => at += 1,
                std::cmp::Ordering::Equal => return Ok(at),
                std::cmp::Ordering::Greater => break,
            }
        }
        Err(at)
    }

    fn get(&self, at: usize) -> Option<&[u8]> {
        self.ids.get(at).and_then(|&(_, start, end)| self.bytes.get(start..end))
    }
}

fn beginning(id: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(id).for_each(|(byte, of_id)| *byte = *of_id);
    u64::from_be_bytes(bytes)
}
