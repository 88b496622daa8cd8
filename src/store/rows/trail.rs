//! The rows of a run other than its cases.

use rustc_hash::FxHashSet;

use crate::db::{Connection, Row};
use crate::error::Result;
use crate::model::{BaselineRow, Prompt, ResultRow, RunRow, VerdictRow};
use crate::store::prompts;

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
        texts.collect(json);
    }
    let mut found = Vec::new();
    let mut find = db.prepare(prompts::BY_ID)?;
    for text in texts.in_order {
        find.query(&[text.as_str().into()], &mut |row| {
            found.push(prompts::prompt(row)?);
            Ok(crate::db::Step::Stop)
        })?;
    }
    Ok(found)
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
    /// Goes from text to text, however deep the JSON is nested; a parser would stop at some depth.
    fn collect(&mut self, json: &str) {
        let mut rest = json;
        while let Some(begin) = rest.find('"') {
            let Some(length) = length_of_text(&rest[begin..]) else { return };
            let (text, behind) = rest[begin..].split_at(length);
            let is_key = behind.trim_start().starts_with(':');
            match crate::json::read::<String>(text) {
                Ok(text) if !is_key => self.add(&text),
                _ => {}
            }
            rest = behind;
        }
    }

    fn add(&mut self, text: &str) {
        let fits = text.len() <= LONGEST_ID && self.in_order.len() < MOST_IDS;
        if fits && self.known.insert(text.to_owned()) {
            self.in_order.push(text.to_owned());
        }
    }
}

/// Returns how many bytes a text takes that begins here, with its quotes; `None` where it does not end.
fn length_of_text(json: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> Vec<String> {
        let mut texts = Texts::default();
        texts.collect(json);
        texts.in_order
    }

    #[test]
    fn texts_are_found_at_any_depth_and_keys_are_none() {
        let json = r#"{"key": ["one", {"\"two\"": "t\"wo\\"}], "x" : "one", "é": "\u00e9 \ud83d"}"#;
        assert_eq!(texts(json), ["one", "t\"wo\\", "é \u{fffd}"]);
        let deep = format!("{}\"id\"{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(texts(&deep), ["id"]);
        assert_eq!(texts("\"open"), Vec::<String>::new());
    }
}
