//! Runs by what is known of them, page by page.

use super::Store;
use super::damage::{OnDamage, refuse};
use super::run_rows::{WIDTH, run_columns, run_despite};
use crate::db::{Row, Step, Value};
use crate::error::{Code, Result, StoreError};
use crate::model::{RunOrder, RunPage, RunQuery};

/// Runs in a page unless the caller says otherwise.
const PAGE: u32 = 100;

impl Store {
    /// Returns a page of the runs that a query asks for.
    ///
    /// # Errors
    /// If the cursor is none of ours.
    pub fn query_runs(&self, query: &RunQuery) -> Result<RunPage> {
        self.query_runs_despite(query, &refuse)
    }

    /// Returns a page as [`Self::query_runs`] does, whatever is damaged in its runs.
    pub fn query_runs_despite(&self, query: &RunQuery, on: &OnDamage<'_>) -> Result<RunPage> {
        let limit = query.limit.unwrap_or(PAGE).max(1) as usize;
        self.run("queryRuns", |db| {
            let select = Select::of(query)?;
            let mut page = RunPage { runs: vec![], cursor: None };
            let mut last = None;
            db.prepare(&select.sql)?.query(&select.parameters, &mut |row| {
                // The first run of the next page only says that there is one.
                if page.runs.len() == limit {
                    page.cursor = last.map(Position::written);
                    return Ok(Step::Stop);
                }
                page.runs.push(run_despite(row, on)?);
                last = Some(Position::of(row)?);
                Ok(Step::Next)
            })?;
            Ok(page)
        })
    }
}

/// Where a page ends: a time, and among the runs of that time the order in which they were made.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    started_at: f64,
    rowid: i64,
}

impl Position {
    fn of(row: &dyn Row) -> Result<Self> {
        let started_at = row.optional_number(WIDTH)?.unwrap_or_default();
        Ok(Position { started_at, rowid: row.integer(WIDTH + 1)? })
    }

    pub(crate) fn written(self) -> String {
        format!("{}~{}", self.started_at, self.rowid)
    }

    pub(crate) fn read(cursor: &str) -> Result<Self> {
        let parts = cursor.split_once('~');
        let parsed = parts.and_then(|(started_at, rowid)| {
            let position: Position =
                Position { started_at: started_at.parse().ok()?, rowid: rowid.parse().ok()? };
            // No time is after it, nor before: the page would be empty, as if it were the last.
            (!position.started_at.is_nan()).then_some(position)
        });
        parsed.ok_or_else(|| {
            let message = format!("cursor must be one that queryRuns returned, not \"{cursor}\"");
            StoreError::new(Code::InvalidArgument, message)
        })
    }
}

/// What leads to the runs. One index does, the most selective one; the others are kept from it by a plus sign, because
/// without statistics SQLite takes them for equals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Keyword,
    Checkpoint,
    Suite,
    Model,
    Status,
    Time,
}

impl Way {
    fn of(query: &RunQuery) -> Self {
        let given = [
            (Way::Keyword, query.tag.is_some() || query.benchmark.is_some()),
            (Way::Checkpoint, query.checkpoint.is_some()),
            (Way::Suite, query.suite.is_some()),
            (Way::Model, query.model.is_some()),
            // Most runs are completed.
            (Way::Status, query.status.as_deref().is_some_and(|status| status != "completed")),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map_or(Way::Time, |(way, _)| way)
    }
}

struct Select<'q> {
    sql: String,
    parameters: Vec<Value<'q>>,
}

impl<'q> Select<'q> {
    fn of(query: &'q RunQuery) -> Result<Self> {
        let way = Way::of(query);
        let mut select = Select { sql: String::new(), parameters: vec![] };
        let started_at = select.begin(query, way);
        select.add_conditions(query, way);
        select.add_times(query, started_at);
        let (direction, before) = match query.order_by {
            RunOrder::Newest => ("DESC", "<"),
            RunOrder::Oldest => ("ASC", ">"),
        };
        if let Some(cursor) = &query.cursor {
            let Position { started_at: time, rowid } = Position::read(cursor)?;
            let rest = format!(
                "{started_at} {before}= ? AND ({started_at} {before} ? OR runs.rowid {before} ?)"
            );
            select.add(&rest, [time.into(), time.into(), rowid.into()]);
        }
        select.sql +=
            &format!(" ORDER BY {started_at} {direction}, runs.rowid {direction} LIMIT ?");
        select.parameters.push(Value::Integer(i64::from(query.limit.unwrap_or(PAGE).max(1)) + 1));
        Ok(select)
    }

    /// Writes the table to begin with, and returns the column that has the time there.
    fn begin(&mut self, query: &'q RunQuery, way: Way) -> &'static str {
        // Of two columns of one name, some handles return one.
        const BEGIN: &str = concat!("SELECT ", run_columns!());
        let keyword = query.tag.as_ref().map(|tag| ("tag", tag));
        let keyword = keyword.or(query.benchmark.as_ref().map(|name| ("benchmark", name)));
        match keyword {
            Some((kind, keyword)) if way == Way::Keyword => {
                self.sql = format!(
                    "{BEGIN}, keyword_time, runs.rowid AS position FROM
                     (SELECT run_id AS keyword_run, started_at AS keyword_time FROM run_keywords
                      WHERE kind = ? AND keyword = ?)
                     CROSS JOIN runs ON runs.id = keyword_run WHERE 1"
                );
                self.parameters = vec![kind.into(), keyword.as_str().into()];
                "keyword_time"
            }
            _ => {
                self.sql = format!(
                    "{BEGIN}, started_at AS time, runs.rowid AS position FROM runs WHERE 1"
                );
                "runs.started_at"
            }
        }
    }

    fn add_conditions(&mut self, query: &'q RunQuery, way: Way) {
        for (column, value, of) in [
            ("checkpoint_name", &query.checkpoint, Way::Checkpoint),
            ("suite_id", &query.suite, Way::Suite),
            ("model", &query.model, Way::Model),
        ] {
            if let Some(value) = value {
                let plus = if way == of { "" } else { "+" };
                self.add(&format!("{plus}runs.{column} = ?"), [value.as_str().into()]);
            }
        }
        if let Some(status) = &query.status {
            // The second condition is that of the index.
            let condition = match way {
                Way::Status => "status = ? AND status <> 'completed'",
                _ => "+status = ?",
            };
            self.add(condition, [status.as_str().into()]);
        }
        if let (Some(_), Some(benchmark)) = (&query.tag, &query.benchmark) {
            let also = "EXISTS (SELECT 1 FROM run_keywords AS also WHERE also.run_id = runs.id
                                AND also.kind = 'benchmark' AND also.keyword = ?)";
            self.add(also, [benchmark.as_str().into()]);
        }
        if let Some(part) = &query.search {
            let fields =
                ["name", "coalesce(label, '')", "model", "coalesce(checkpoint_name, '')", "id"];
            let fields = fields.join(" || char(10) || ");
            // Not LIKE, whose pattern would have to be kept and whose case a handle may change.
            self.add(&format!("instr(lower({fields}), lower(?)) > 0"), [part.as_str().into()]);
        }
    }

    fn add_times(&mut self, query: &RunQuery, started_at: &str) {
        if let Some(since) = query.since {
            self.add(&format!("{started_at} >= ?"), [since.into()]);
        }
        if let Some(until) = query.until {
            self.add(&format!("{started_at} <= ?"), [until.into()]);
        }
    }

    fn add<const N: usize>(&mut self, condition: &str, values: [Value<'q>; N]) {
        self.sql += " AND ";
        self.sql += condition;
        self.parameters.extend(values);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::db::{Bundled, Connection, OpenOptions};

    /// Returns the steps that SQLite takes for a query.
    fn plan(db: &dyn Connection, query: &str) -> Vec<String> {
        let query: RunQuery = serde_json::from_str(query).unwrap();
        let select = Select::of(&query).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", select.sql);
        db.query_all(&sql, &select.parameters, |row| row.text(3)).unwrap()
    }

    #[test]
    fn an_index_leads_to_each_page_and_nothing_is_sorted() {
        let db = Bundled::open(":memory:", &OpenOptions::default()).unwrap();
        crate::schema::prepare(&db).unwrap();
        for (query, index) in [
            (r#"{}"#, "idx_runs_started_at"),
            (r#"{"orderBy": "oldest"}"#, "idx_runs_started_at"),
            (r#"{"since": 1, "until": 2}"#, "idx_runs_started_at (started_at>? AND started_at<?)"),
            (r#"{"cursor": "5~7"}"#, "idx_runs_started_at (started_at<?)"),
            (r#"{"cursor": "5~7", "orderBy": "oldest"}"#, "idx_runs_started_at (started_at>?)"),
            (r#"{"status": "completed"}"#, "idx_runs_started_at"),
            (r#"{"search": "x"}"#, "idx_runs_started_at"),
            (r#"{"suite": "s"}"#, "idx_runs_suite_id (suite_id=?)"),
            (
                r#"{"suite": "s", "cursor": "5~7"}"#,
                "idx_runs_suite_id (suite_id=? AND started_at<?)",
            ),
            (
                r#"{"suite": "s", "model": "m", "status": "failed"}"#,
                "idx_runs_suite_id (suite_id=?)",
            ),
            (r#"{"model": "m", "status": "failed"}"#, "idx_runs_model (model=?)"),
            (
                r#"{"status": "failed", "cursor": "5~7"}"#,
                "idx_runs_not_completed (status=? AND started_at<?)",
            ),
            (
                r#"{"checkpoint": "c", "suite": "s"}"#,
                "idx_runs_checkpoint_name (checkpoint_name=?)",
            ),
        ] {
            let plan = plan(&db, query);
            assert_eq!(plan.len(), 1, "{query}: {plan:?}");
            assert!(plan[0].ends_with(&format!("USING INDEX {index}")), "{query}: {plan:?}");
        }
    }

    #[test]
    fn tags_and_benchmarks_lead_to_their_runs_in_time() {
        let db = Bundled::open(":memory:", &OpenOptions::default()).unwrap();
        crate::schema::prepare(&db).unwrap();
        for (query, range) in [
            (r#"{"tag": "t"}"#, ""),
            (r#"{"benchmark": "b", "suite": "s", "model": "m", "checkpoint": "c"}"#, ""),
            (r#"{"tag": "t", "status": "failed", "cursor": "5~7"}"#, " AND started_at<?"),
            (r#"{"tag": "t", "since": 1, "orderBy": "oldest"}"#, " AND started_at>?"),
        ] {
            let plan = plan(&db, query);
            let index = format!("idx_run_keywords_keyword (kind=? AND keyword=?{range})");
            assert!(plan[0].ends_with(&index), "{query}: {plan:?}");
            assert!(plan[1].ends_with("sqlite_autoindex_runs_1 (id=?)"), "{query}: {plan:?}");
            // Only runs of one millisecond are sorted.
            assert!(
                plan[2..].iter().all(|step| step.ends_with("LAST TERM OF ORDER BY")),
                "{plan:?}"
            );
        }
    }
}
