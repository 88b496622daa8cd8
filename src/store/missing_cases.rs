//! Finds the cases that a run does not have yet.

use std::collections::HashMap;
use std::hash::Hash;

use super::Store;
use crate::db::{Connection, Row, Step};
use crate::error::Result;

impl Store {
    /// Returns the indexes of the keys that no case of the run has, in order; for duplicates, the first index.
    pub fn missing_keys(&self, run_id: &str, keys: &[String]) -> Result<Vec<u32>> {
        let wanted = Wanted::of(keys.iter().map(String::as_str));
        // There is no index on keys: one scan of the run finds all of them.
        let sql = "SELECT key FROM cases WHERE run_id = ? AND key IS NOT NULL";
        self.run("missingCases", |db| {
            wanted.without(db, sql, run_id, |row, wanted| {
                if let Some(key) = row.optional_text(0)? {
                    wanted.found(key.as_str());
                }
                Ok(())
            })
        })
    }

    /// Returns the indexes of the dataset positions that no case of the run has, like [`Self::missing_keys`].
    pub fn missing_idxs(&self, run_id: &str, idxs: &[f64]) -> Result<Vec<u32>> {
        let wanted = Wanted::of(idxs.iter().copied().map(bits));
        let sql = "SELECT idx FROM cases WHERE run_id = ?";
        self.run("missingCases", |db| {
            wanted.without(db, sql, run_id, |row, wanted| {
                if let Some(idx) = row.optional_number(0)? {
                    wanted.found(&bits(idx));
                }
                Ok(())
            })
        })
    }
}

/// Equal for equal numbers: SQLite has no negative zero.
fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

/// The wanted values, each with the index at which it was given first.
struct Wanted<T>(HashMap<T, u32>);

impl<T: Eq + Hash> Wanted<T> {
    fn of(given: impl Iterator<Item = T>) -> Self {
        let mut places = HashMap::with_capacity(given.size_hint().0);
        for (one, place) in given.zip(0..) {
            places.entry(one).or_insert(place);
        }
        Wanted(places)
    }

    fn found<Q: ?Sized + Eq + Hash>(&mut self, one: &Q)
    where
        T: std::borrow::Borrow<Q>,
    {
        self.0.remove(one);
    }

    /// Returns the indexes of the values that no row has.
    fn without(
        mut self,
        db: &dyn Connection,
        sql: &str,
        run_id: &str,
        look: impl Fn(&dyn Row, &mut Self) -> Result<()>,
    ) -> Result<Vec<u32>> {
        db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
            look(row, &mut self)?;
            Ok(if self.0.is_empty() { Step::Stop } else { Step::Next })
        })?;
        let mut missing: Vec<u32> = self.0.into_values().collect();
        missing.sort_unstable();
        Ok(missing)
    }
}
