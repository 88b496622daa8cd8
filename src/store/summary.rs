//! The summary of a run: a scan of its cases, then one of their scores.

use super::{Store, case_ids::CaseIds};
use crate::db::{Connection, Row, Step, Value, snapshot};
use crate::error::Result;
use crate::model::RunSummary;

impl Store {
    /// Returns the usage of a run's cases.
    pub fn usage(&self, run_id: &str) -> Result<Usage> {
        let sql = "SELECT sum(latency_ms), count(latency_ms), sum(tokens_in), count(tokens_in),
                     sum(tokens_out), count(tokens_out), sum(cost_usd), count(cost_usd)
                   FROM cases WHERE run_id = ?";
        let total = |row: &dyn Row, column: usize| -> Result<Option<Total>> {
            let sum = row.optional_number(column)?;
            let cases = row.integer(column + 1)?.unsigned_abs();
            Ok(sum.map(|sum| Total { sum, cases }))
        };
        let usage = |row: &dyn Row| {
            Ok(Usage {
                latency_ms: total(row, 0)?,
                tokens_in: total(row, 2)?,
                tokens_out: total(row, 4)?,
                cost_usd: total(row, 6)?,
            })
        };
        self.run("usage", |db| Ok(db.query_one(sql, &[run_id.into()], usage)?.unwrap_or_default()))
    }

    /// Returns counts, means and totals of a run; a case passes when its lowest score is at least `threshold`.
    pub fn get_run_summary(&self, run_id: &str, threshold: f64) -> Result<RunSummary> {
        self.run("getRunSummary", |db| {
            let mut tally = Tally { threshold, ..Tally::default() };
            // In one transaction, so that all statements read the same state.
            snapshot(db, || {
                let mut ids = tally.add_cases(db, run_id)?;
                if ids.lie_close(db)? {
                    tally.add_scores_along(db, &ids)
                } else {
                    tally.add_scores_by_case(db, run_id)
                }
            })?;
            Ok(tally.summary())
        })
    }
}

/// The usage of a run's cases; `None` when no case has a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Milliseconds.
    pub latency_ms: Option<Total>,
    /// Tokens read by the model.
    pub tokens_in: Option<Total>,
    /// Tokens written by the model.
    pub tokens_out: Option<Total>,
    /// US dollars.
    pub cost_usd: Option<Total>,
}

/// A sum, and the number of cases that have a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// The sum.
    pub sum: f64,
    /// Number of cases; at least 1.
    pub cases: u64,
}

impl Total {
    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.sum / self.cases as f64
    }
}

#[derive(Default)]
struct Tally {
    threshold: f64,
    current: Option<i64>,
    /// Lowest score of the current case.
    lowest: Option<f64>,
    cases: u64,
    passed: u64,
    failed: u64,
    latency: Sum,
    tokens_in: Sum,
    tokens_out: Sum,
    scorers: Vec<(Vec<u8>, Sum)>,
    /// The scorer seen last: usually, the next score belongs to the one after it.
    last_scorer: usize,
}

impl Tally {
    fn add_cases(&mut self, db: &dyn Connection, run_id: &str) -> Result<CaseIds> {
        let mut ids = CaseIds::default();
        let sql = "SELECT id, latency_ms, tokens_in, tokens_out FROM cases WHERE run_id = ?";
        db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
            let id = row.value(0)?;
            self.cases += u64::from(id != Value::Null);
            ids.push(id);
            self.latency.add(number(row.value(1)?));
            self.tokens_in.add(number(row.value(2)?));
            self.tokens_out.add(number(row.value(3)?));
            Ok(Step::Next)
        })?;
        Ok(ids)
    }

    /// Scans the index of scores, in which the scores of a case are adjacent.
    fn add_scores_along(&mut self, db: &dyn Connection, ids: &CaseIds) -> Result<()> {
        let sql = "SELECT case_id, scorer_name, score FROM scores WHERE case_id BETWEEN ? AND ? ORDER BY case_id";
        let mut at = 0;
        db.prepare(sql)?.query(&ids.ends(), &mut |row| {
            let Value::Text(id) = row.value(0)? else { return Ok(Step::Next) };
            match ids.find_from(at, id) {
                Ok(found) => {
                    at = found;
                    self.add_score(found as i64, row)?;
                }
                Err(next) => at = next,
            }
            Ok(Step::Next)
        })
    }

    /// Looks up the scores of each case.
    fn add_scores_by_case(&mut self, db: &dyn Connection, run_id: &str) -> Result<()> {
        let sql = "SELECT c.rowid, s.scorer_name, s.score
                   FROM cases c CROSS JOIN scores s ON s.case_id = c.id WHERE c.run_id = ?";
        db.prepare(sql)?.query(&[run_id.into()], &mut |row| {
            self.add_score(row.integer(0)?, row)?;
            Ok(Step::Next)
        })
    }

    fn add_score(&mut self, case: i64, row: &dyn Row) -> Result<()> {
        if self.current != Some(case) {
            self.end_case();
            self.current = Some(case);
        }
        let score = number(row.value(2)?);
        if let Value::Text(name) | Value::Blob(name) = row.value(1)? {
            self.scorer(name).add(score);
        }
        self.lowest = Some(self.lowest.map_or(score, |lowest| lowest.min(score)));
        Ok(())
    }

    fn end_case(&mut self) {
        match self.lowest.take() {
            Some(lowest) if lowest >= self.threshold => self.passed += 1,
            Some(_) => self.failed += 1,
            None => {}
        }
    }

    fn scorer(&mut self, name: &[u8]) -> &mut Sum {
        let count = self.scorers.len();
        let found = (1..=count)
            .map(|step| (self.last_scorer + step) % count)
            .find(|&at| self.scorers.get(at).is_some_and(|(known, _)| known == name));
        self.last_scorer = found.unwrap_or(count);
        if found.is_none() {
            self.scorers.push((name.to_vec(), Sum::default()));
        }
        &mut self.scorers[self.last_scorer].1
    }

    fn summary(mut self) -> RunSummary {
        self.end_case();
        self.scorers.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mean =
            |(name, sum): (Vec<u8>, Sum)| (String::from_utf8_lossy(&name).into_owned(), sum.mean());
        RunSummary {
            total_cases: self.cases,
            pass_count: self.passed,
            fail_count: self.failed,
            mean_scores: self.scorers.into_iter().map(mean).collect(),
            total_latency_ms: self.latency.total(),
            total_tokens_in: self.tokens_in.total(),
            total_tokens_out: self.tokens_out.total(),
        }
    }
}

/// Returns a number, 0 for other values.
pub(super) fn number(value: Value<'_>) -> f64 {
    match value {
        Value::Integer(number) => number as f64,
        Value::Real(number) => number,
        _ => 0.0,
    }
}

/// A sum with Neumaier's compensation, like SQLite's AVG, so that the order of the rows does not matter.
///
/// Neumaier, A. (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    sum: f64,
    compensation: f64,
    count: u64,
}

impl Sum {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        if sum.is_finite() {
            self.compensation += if self.sum.abs() > value.abs() {
                (self.sum - sum) + value
            } else {
                (value - sum) + self.sum
            };
        }
        self.sum = sum;
        self.count += 1;
    }

    /// Returns the sum; 0 when infinities of both signs cancel, where SQL's SUM is NULL.
    pub fn total(&self) -> f64 {
        match self.sum {
            sum if sum.is_finite() => sum + self.compensation,
            sum if sum.is_nan() => 0.0,
            infinite => infinite,
        }
    }

    /// Returns how many values were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the mean, `None` when infinities of both signs cancel.
    pub fn mean(&self) -> Option<f64> {
        (!self.sum.is_nan()).then(|| self.total() / self.count as f64)
    }
}
