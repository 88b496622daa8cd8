//! Cases of a run selected for display, with their scores.

use super::damage::{OnDamage, json};
use super::{Store, case_columns::COLUMNS};
use crate::db::{Connection, Row, Value, snapshot};
use crate::error::Result;
use crate::model::{CaseScore, ScoredCase};

/// Selects cases. A case has to be of one of the requested kinds; without a kind, all cases are selected.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CaseQuery<'q> {
    /// Cases with a score below this.
    pub failed_below: Option<f64>,
    /// Cases with an error.
    pub errored: bool,
    /// Cases without a score.
    pub unscored: bool,
    /// Only scores of this scorer count, and only they are listed.
    pub scorer: Option<&'q str>,
    /// Only cases that contain this text in their id, key, input, output, expected answer or error; case-insensitive
    /// for ASCII characters.
    pub search: Option<&'q str>,
    /// Only the case with this id.
    pub id: Option<&'q str>,
    /// Only cases with this key.
    pub key: Option<&'q str>,
    /// Only cases whose metadata contain this text in `tags`.
    pub tag: Option<&'q str>,
    /// Only cases whose metadata contain these values: keys joined by dots, and the value as text or as JSON.
    pub metadata: &'q [(String, String)],
}

/// A part of the selected cases.
#[derive(Clone, Debug, Default)]
pub struct CaseList {
    /// Number of selected cases, listed or not.
    pub total: u64,
    /// The first of them, by idx, then in the order they were saved.
    pub cases: Vec<ScoredCase>,
}

/// `tags` may be a text instead of a list, and metadata of other programs may not be JSON.
const IS_TAGGED: &str = "EXISTS (SELECT 1 FROM json_each(
   CASE WHEN json_valid(c.metadata) AND json_type(c.metadata, '$.tags') = 'array' THEN c.metadata END, '$.tags')
   AS tag WHERE tag.type = 'text' AND tag.value = ?)";

/// A value of the metadata: its SQL expression, and the wanted value.
struct OfMetadata<'q> {
    path: String,
    value: &'q str,
}

impl<'q> OfMetadata<'q> {
    fn new((keys, value): &'q (String, String)) -> Self {
        let path = keys.split('.').map(|key| format!(".\"{key}\"")).collect::<String>();
        OfMetadata { path: format!("${path}"), value }
    }
}

impl CaseQuery<'_> {
    /// Returns the condition on a case `c`, and its parameters, including `of_metadata`.
    fn condition<'q>(&'q self, of_metadata: &'q [OfMetadata<'q>]) -> (String, Vec<Value<'q>>) {
        let (any, mut parameters) = self.kinds();
        let mut all = vec![format!("({any})")];
        let mut and = |condition: &str, values: &[Value<'q>]| {
            all.push(condition.to_owned());
            parameters.extend_from_slice(values);
        };
        if let Some(text) = self.search {
            let fields = ["id", "key", "input", "output", "expected", "error"];
            let fields =
                fields.map(|field| format!("coalesce(c.{field}, '')")).join(" || char(10) || ");
            // Not LIKE, whose pattern gives some characters a special meaning.
            and(&format!("instr(lower({fields}), lower(?)) > 0"), &[text.into()]);
        }
        if let Some(id) = self.id {
            and("c.id = ?", &[id.into()]);
        }
        if let Some(key) = self.key {
            and("c.key = ?", &[key.into()]);
        }
        if let Some(tag) = self.tag {
            and(IS_TAGGED, &[tag.into()]);
        }
        for OfMetadata { path, value } in of_metadata {
            let (path, value) = (path.as_str().into(), (*value).into());
            and(
                "json_valid(c.metadata) AND (c.metadata ->> ? = ? OR c.metadata -> ? = ?)",
                &[path, value, path, value],
            );
        }
        (all.join(" AND "), parameters)
    }

    /// Returns the condition that a case is of one of the requested kinds.
    fn kinds(&self) -> (String, Vec<Value<'_>>) {
        let of_scorer = if self.scorer.is_some() { " AND s.scorer_name = ?" } else { "" };
        let scores = format!("SELECT 1 FROM scores s WHERE s.case_id = c.id{of_scorer}");
        let mut any = vec![];
        let mut parameters = vec![];
        if let Some(threshold) = self.failed_below {
            any.push(format!("EXISTS ({scores} AND s.score < ?)"));
            parameters.extend(self.scorer.map(Value::from));
            parameters.push(threshold.into());
        }
        if self.unscored {
            any.push(format!("NOT EXISTS ({scores})"));
            parameters.extend(self.scorer.map(Value::from));
        }
        if self.errored {
            any.push("c.error IS NOT NULL".to_owned());
        }
        if any.is_empty() {
            any.push("1".to_owned());
        }
        (any.join(" OR "), parameters)
    }
}

impl Store {
    /// Returns the selected cases of a run, at most `limit`, with their scores; `on` decides about values that are not
    /// JSON.
    pub fn list_cases(
        &self,
        run_id: &str,
        query: &CaseQuery<'_>,
        limit: usize,
        on: &OnDamage<'_>,
    ) -> Result<CaseList> {
        let of_metadata: Vec<_> = query.metadata.iter().map(OfMetadata::new).collect();
        let (condition, more) = query.condition(&of_metadata);
        let parameters: Vec<Value<'_>> = [run_id.into()].into_iter().chain(more).collect();
        let from = format!("FROM cases c WHERE c.run_id = ? AND {condition}");
        let counted = format!("SELECT count(*) {from}");
        let listed = format!("SELECT {COLUMNS} {from} ORDER BY c.idx, c.rowid LIMIT ?");
        let limit = Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX));
        let limited: Vec<Value<'_>> = parameters.iter().copied().chain([limit]).collect();
        self.run("listCases", |db| {
            // In one transaction, so that all statements read the same state.
            snapshot(db, || {
                let total = db.query_one(&counted, &parameters, |row| row.integer(0))?;
                let mut cases = db.query_all(&listed, &limited, |row| case(row, run_id, on))?;
                for case in &mut cases {
                    case.scores = scores(db, &case.id, query.scorer, on)?;
                }
                Ok(CaseList { total: total.map_or(0, i64::unsigned_abs), cases })
            })
        })
    }
}

/// Creates a case from [`COLUMNS`].
fn case(row: &dyn Row, run_id: &str, on: &OnDamage<'_>) -> Result<ScoredCase> {
    let id = row.text(0)?;
    let json = |column, name| json(row.optional_text(column)?, ("cases", &id, name), on);
    Ok(ScoredCase {
        run_id: run_id.to_owned(),
        output: row.optional_text(1)?,
        error: row.optional_text(2)?,
        input: json(3, "input")?,
        expected: json(4, "expected")?,
        idx: row.optional_number(5)?.unwrap_or_default(),
        latency_ms: row.optional_number(6)?,
        tokens_in: row.optional_number(7)?,
        tokens_out: row.optional_number(8)?,
        key: row.optional_text(9)?,
        trial: row.optional_number(10)?,
        benchmark: row.optional_text(11)?,
        cluster: row.optional_text(12)?,
        metadata: json(13, "metadata")?,
        cost_usd: row.optional_number(14)?,
        started_at: row.optional_number(15)?,
        scores: vec![],
        id,
    })
}

fn scores(
    db: &dyn Connection,
    case_id: &str,
    scorer: Option<&str>,
    on: &OnDamage<'_>,
) -> Result<Vec<CaseScore>> {
    let of_scorer = if scorer.is_some() { "AND scorer_name = ?" } else { "" };
    let sql = format!(
        "SELECT scorer_name, score, reason, metadata, answer FROM scores
         WHERE case_id = ? {of_scorer} ORDER BY rowid"
    );
    let parameters: Vec<Value<'_>> =
        [Value::from(case_id)].into_iter().chain(scorer.map(Value::from)).collect();
    db.query_all(&sql, &parameters, |row| {
        Ok(CaseScore {
            scorer_name: row.text(0)?,
            score: row.optional_number(1)?.unwrap_or(f64::NAN),
            reason: row.optional_text(2)?,
            metadata: json(row.optional_text(3)?, ("scores", case_id, "metadata"), on)?,
            answer: row.optional_text(4)?,
        })
    })
}
