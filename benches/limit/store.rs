//! The least that each operation has to do: rusqlite, statements kept prepared, no JSON, no JavaScript.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use crate::Outcome;
use crate::data::{Case, Score};

/// The settings of runstore's own connections.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -65536;";

const INSERT_CASE: &str = "INSERT INTO cases
    (id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const INSERT_SCORE: &str =
    "INSERT INTO scores (id, case_id, scorer_name, score, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
const COPY_RUN: &str = "INSERT INTO runs (id, suite_id, name, model, config, started_at)
    SELECT ?2, suite_id, name, model, config, started_at FROM runs WHERE id = ?1";
const RUN: &str =
    "SELECT id, suite_id, name, model, config, status, summary FROM runs WHERE id = ?1";
const CASES: &str =
    "SELECT id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error
    FROM cases WHERE run_id = ?1 ORDER BY idx";
const FAILING_CASES: &str = "SELECT c.id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error,
    s.scorer_name, s.score, s.reason
    FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ?1 AND s.score < ?2 ORDER BY c.idx";
const TOTALS: &str = "SELECT count(*), total(latency_ms), total(tokens_in), total(tokens_out) FROM cases WHERE run_id = ?1";
const SCORES: &str = "SELECT c.rowid, s.scorer_name, s.score
    FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ?1";

pub struct Store {
    connection: Connection,
}

pub struct FailingCase {
    pub case: Case,
    pub scores: Vec<(String, f64, Option<String>)>,
}

/// Totals, numbers of passed and failed cases, means by scorer.
pub type Summary = ((i64, f64, f64, f64), [usize; 2], Vec<(String, f64)>);

impl Store {
    pub fn open(path: &str) -> Outcome<Store> {
        Store::with(Connection::open(path)?)
    }

    /// Opens a copy in memory.
    pub fn copy(path: &str) -> Outcome<Store> {
        let mut connection = Connection::open_in_memory()?;
        connection.restore("main", path, None::<fn(_)>)?;
        Store::with(connection)
    }

    fn with(connection: Connection) -> Outcome<Store> {
        connection.execute_batch(SETTINGS)?;
        Ok(Store { connection })
    }

    /// Closes the connection and with it writes the log back.
    pub fn close(self) -> Outcome<()> {
        self.connection.flush_prepared_statement_cache();
        self.connection.close().map_err(|(_, error)| error.into())
    }

    pub fn save_cases(&self, run: &str, cases: &[Case]) -> Outcome<()> {
        self.in_transaction(INSERT_CASE, |insert| {
            for (id, idx, input, output, expected, latency, tokens_in, tokens_out, error) in cases {
                insert.execute(params![
                    id, run, idx, input, output, expected, latency, tokens_in, tokens_out, error
                ])?;
            }
            Ok(())
        })
    }

    pub fn save_scores(&self, scores: &[Score]) -> Outcome<()> {
        self.in_transaction(INSERT_SCORE, |insert| {
            for (id, case, scorer, score, reason) in scores {
                insert.execute(params![id, case, scorer, score, reason])?;
            }
            Ok(())
        })
    }

    /// Makes a run like `run` under another id.
    pub fn copy_run(&self, run: &str, id: &str) -> Outcome<()> {
        self.in_transaction(COPY_RUN, |insert| Ok(insert.execute([run, id]).map(drop)?))
    }

    fn in_transaction(
        &self,
        sql: &str,
        work: impl FnOnce(&mut rusqlite::CachedStatement<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        work(&mut self.connection.prepare_cached(sql)?)?;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    pub fn count_suites(&self) -> Outcome<i64> {
        Ok(self.connection.query_row("SELECT count(*) FROM suites", [], |row| row.get(0))?)
    }

    pub fn run(&self, id: &str) -> Outcome<Vec<Option<String>>> {
        let mut statement = self.connection.prepare_cached(RUN)?;
        Ok(statement.query_row([id], |row| (0..7).map(|column| row.get(column)).collect())?)
    }

    pub fn cases(&self, run: &str) -> Outcome<Vec<Case>> {
        let mut statement = self.connection.prepare_cached(CASES)?;
        let cases = statement.query_map([run], to_case)?;
        Ok(cases.collect::<Result<_, _>>()?)
    }

    pub fn failing_cases(&self, run: &str, threshold: f64) -> Outcome<Vec<FailingCase>> {
        let mut statement = self.connection.prepare_cached(FAILING_CASES)?;
        let mut rows = statement.query(params![run, threshold])?;
        let mut cases: Vec<FailingCase> = Vec::new();
        while let Some(row) = rows.next()? {
            let score = (row.get(9)?, row.get(10)?, row.get(11)?);
            match cases.last_mut() {
                Some(last) if row.get_ref(0)?.as_str()? == last.case.0 => last.scores.push(score),
                _ => cases.push(FailingCase { case: to_case(row)?, scores: vec![score] }),
            }
        }
        Ok(cases)
    }

    pub fn summary(&self, run: &str) -> Outcome<Summary> {
        let mut totals = self.connection.prepare_cached(TOTALS)?;
        let totals = totals.query_row([run], |row| row.try_into())?;
        let mut statement = self.connection.prepare_cached(SCORES)?;
        let mut rows = statement.query([run])?;
        let mut lowest: HashMap<i64, f64> = HashMap::new();
        let mut sums: HashMap<String, (f64, f64)> = HashMap::new();
        while let Some(row) = rows.next()? {
            let score: f64 = row.get(2)?;
            lowest.entry(row.get(0)?).and_modify(|low| *low = low.min(score)).or_insert(score);
            let name = row.get_ref(1)?.as_str()?;
            match sums.get_mut(name) {
                Some((sum, count)) => (*sum, *count) = (*sum + score, *count + 1.0),
                None => drop(sums.insert(name.to_owned(), (score, 1.0))),
            }
        }
        let passed = lowest.values().filter(|low| **low >= 0.5).count();
        let means = sums.into_iter().map(|(name, (sum, count))| (name, sum / count)).collect();
        Ok((totals, [passed, lowest.len() - passed], means))
    }
}

fn to_case(row: &Row<'_>) -> rusqlite::Result<Case> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
    ))
}
