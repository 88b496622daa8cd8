//! The rows of a run other than its cases.

use rustc_hash::FxHashSet;

use crate::db::{Connection, Row};
use crate::error::Result;
use crate::model::{BaselineRow, Prompt, ResultRow, RunRow, VerdictRow};

pub(super) fn results(db: &dyn Connection, run_id: &str) -> Result<Vec<ResultRow>> {
    let sql = "SELECT benchmark, score, num_examples, num_correct, num_errors, num_truncated, metrics, time_seconds,
                 pass_at_k FROM benchmark_results WHERE run_id = ? ORDER BY benchmark";
    db.query_all(sql, &[run_id.into()], |row| {
        Ok(ResultRow {
            benchmark: row.text(0)?,
            score: row.optional_number(1)?.unwrap_or_default(),
            num_examples: row.integer(2)?,
            num_correct: row.integer(3)?,
            num_errors: row.integer(4)?,
            num_truncated: row.integer(5)?,
            metrics: row.text(6)?,
            time_seconds: row.optional_number(7)?,
            pass_at_k: row.text(8)?,
        })
    })
}

pub(super) fn baselines(db: &dyn Connection, run_id: &str) -> Result<Vec<BaselineRow>> {
    let sql = "SELECT name, set_at FROM baselines WHERE run_id = ? ORDER BY name";
    let baseline = |row: &dyn Row| Ok(BaselineRow { name: row.text(0)?, set_at: row.integer(1)? });
    db.query_all(sql, &[run_id.into()], baseline)
}

pub(super) fn verdicts(db: &dyn Connection, run_id: &str) -> Result<Vec<VerdictRow>> {
    let sql = "SELECT id, baseline_run_id, decision, alpha, scorers, created_at FROM verdicts
               WHERE candidate_run_id = ? ORDER BY created_at, rowid";
    db.query_all(sql, &[run_id.into()], |row| {
        Ok(VerdictRow {
            id: row.text(0)?,
            baseline_run_id: row.text(1)?,
            decision: row.text(2)?,
            alpha: row.optional_number(3)?.unwrap_or_default(),
            scorers: row.text(4)?,
            created_at: row.integer(5)?,
        })
    })
}

/// Returns the prompts that a run used, as far as known: those whose id appears as a text in its config or metadata.
pub(super) fn prompts(db: &dyn Connection, run: &RunRow) -> Result<Vec<Prompt>> {
    let mut texts = Texts::default();
    for json in [&run.config, &run.metadata].into_iter().flatten() {
        // JSON that cannot be parsed contains no ids.
        texts.collect(&crate::json::read(json).unwrap_or_default());
    }
    let mut prompts = Vec::new();
    let mut find =
        db.prepare("SELECT id, name, version, content, created_at FROM prompts WHERE id = ?")?;
    for text in texts.in_order {
        find.query(&[text.as_str().into()], &mut |row| {
            prompts.push(prompt(row)?);
            Ok(crate::db::Step::Stop)
        })?;
    }
    Ok(prompts)
}

fn prompt(row: &dyn Row) -> Result<Prompt> {
    Ok(Prompt {
        id: row.text(0)?,
        name: row.text(1)?,
        version: row.integer(2)?,
        content: row.text(3)?,
        created_at: row.integer(4)?,
    })
}

/// Returns the numbers of cases, scores, trajectories and turns of a run.
pub(super) fn counts(db: &dyn Connection, run_id: &str) -> Result<[u64; 4]> {
    let sql = "SELECT (SELECT count(*) FROM cases WHERE run_id = ?1),
                 (SELECT count(*) FROM cases c JOIN scores s ON s.case_id = c.id WHERE c.run_id = ?1),
                 (SELECT count(*) FROM trajectories WHERE run_id = ?1),
                 (SELECT count(*) FROM trajectories t JOIN turns ON trajectory_id = t.id WHERE t.run_id = ?1)";
    let sql = sql.replace("?1", "?");
    let id = run_id.into();
    let count = |row: &dyn Row, column| row.integer(column).map(|n| u64::try_from(n).unwrap_or(0));
    let found = db.query_one(&sql, &[id; 4], |row| {
        Ok([count(row, 0)?, count(row, 1)?, count(row, 2)?, count(row, 3)?])
    })?;
    Ok(found.unwrap_or_default())
}

/// The length of the longest id that is considered, and the maximum number of ids.
const LONGEST_ID: usize = 200;
const MOST_IDS: usize = 1000;

/// The distinct texts in JSON that are short enough to be ids.
#[derive(Default)]
struct Texts {
    known: FxHashSet<String>,
    in_order: Vec<String>,
}

impl Texts {
    fn collect(&mut self, json: &serde_json::Value) {
        match json {
            serde_json::Value::String(text) => self.add(text),
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            serde_json::Value::Object(fields) => {
                fields.values().for_each(|item| self.collect(item))
            }
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let fits = text.len() <= LONGEST_ID && self.in_order.len() < MOST_IDS;
        if fits && self.known.insert(text.to_owned()) {
            self.in_order.push(text.to_owned());
        }
    }
}
