//! Queries for runs, page by page.

use super::Store;
use super::damage::OnDamage;
use super::run_position::Position;
use super::run_rows::{WIDTH, run, run_columns};
use super::suites::id_by_id_or_name;
use crate::db::{Connection, Step, Value};
use crate::error::Result;
use crate::model::{RunOrder, RunPage, RunQuery};
use std::borrow::Cow;

/// Default number of runs in a page.
const PAGE: u32 = 100;

/// Maximum number of runs examined for a page. Conditions beside the first have no index, and a text search has none at
/// all, so the cost of a page would grow with the number of runs that do not match.
const MAX_SCANNED: i64 = 10_000;
/// The same where the index by time answers the whole query: no run is looked at that does not match.
const MAX_SCANNED_IN_INDEX: i64 = 200_000;

impl Store {
    /// Returns a page of the runs that match a query; `on` decides about values that are not JSON.
    ///
    /// # Errors
    /// If the cursor is not valid.
    pub fn query_runs(&self, query: &RunQuery, on: &OnDamage<'_>) -> Result<RunPage> {
        self.run("queryRuns", |db| {
            let query = &*with_suite_id(db, query)?;
            let mut range = Range::of(query)?;
            let others = Conditions::beside(range.path, query);
            let mut page = RunPage { runs: vec![], cursor: None };
            if !others.sql.is_empty() {
                let (sql, values) = range.end(max_scanned(range.path, query));
                if let Some(end) = db.query_one(&sql, &values, |row| Position::of(row, 0))? {
                    range.narrow(Side::UpTo, end);
                    page.cursor = Some(end.written());
                }
            }
            let limit = limit(query);
            let (sql, values) = range.page(&others, limit);
            let mut last = None;
            db.prepare(&sql)?.query(&values, &mut |row| {
                // The first run of the next page only shows that there is one.
                if page.runs.len() == limit as usize {
                    page.cursor = last.map(Position::written);
                    return Ok(Step::Stop);
                }
                page.runs.push(run(row, on)?);
                last = Some(Position::of(row, WIDTH)?);
                Ok(Step::Next)
            })?;
            Ok(page)
        })
    }

    /// Returns up to `limit` matching runs, examining as many runs as necessary.
    pub fn find_all_runs(&self, query: &RunQuery, on: &OnDamage<'_>) -> Result<RunPage> {
        let limit = limit(query);
        let mut found = RunPage { runs: vec![], cursor: query.cursor.clone() };
        loop {
            let rest = limit - found.runs.len() as u32;
            let query = RunQuery { limit: Some(rest), cursor: found.cursor, ..query.clone() };
            let page = self.query_runs(&query, on)?;
            found.runs.extend(page.runs);
            found.cursor = page.cursor;
            if found.cursor.is_none() || found.runs.len() as u32 >= limit {
                return Ok(found);
            }
        }
    }
}

/// Returns the query with the id of its suite, which may be given by name.
fn with_suite_id<'q>(db: &dyn Connection, query: &'q RunQuery) -> Result<Cow<'q, RunQuery>> {
    let Some(suite) = &query.suite else { return Ok(Cow::Borrowed(query)) };
    Ok(match id_by_id_or_name(db, suite)? {
        Some(id) if id != *suite => Cow::Owned(RunQuery { suite: Some(id), ..query.clone() }),
        _ => Cow::Borrowed(query),
    })
}

fn max_scanned(path: AccessPath, query: &RunQuery) -> i64 {
    match (path, &query.search) {
        (AccessPath::Time, None) => MAX_SCANNED_IN_INDEX,
        _ => MAX_SCANNED,
    }
}

fn limit(query: &RunQuery) -> u32 {
    query.limit.unwrap_or(PAGE).max(1)
}

/// The index that finds the runs: the most selective one. A plus sign disables the others, because SQLite has no
/// statistics to choose by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum AccessPath {
    Keyword,
    Checkpoint,
    Suite,
    Time,
}

impl AccessPath {
    fn of(query: &RunQuery) -> Self {
        let given = [
            (AccessPath::Keyword, query.tag.is_some() || query.benchmark.is_some()),
            (AccessPath::Checkpoint, query.checkpoint.is_some()),
            (AccessPath::Suite, query.suite.is_some()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map_or(AccessPath::Time, |(path, _)| path)
    }
}

/// The runs that an access path finds, in the requested order: conditions that its index answers.
struct Range<'q> {
    path: AccessPath,
    /// The FROM clause.
    from: &'static str,
    conditions: Conditions<'q>,
    /// The column with the time.
    time: &'static str,
    order: RunOrder,
    since: Option<f64>,
    until: Option<f64>,
}

impl<'q> Range<'q> {
    fn of(query: &'q RunQuery) -> Result<Self> {
        let path = AccessPath::of(query);
        let mut conditions = Conditions::default();
        let (from, time) = match keyword(query) {
            Some((kind, keyword)) => {
                conditions.values = vec![kind.into(), keyword.into()];
                let from =
                    "(SELECT run_id AS keyword_run, started_at AS keyword_time FROM run_keywords
                             WHERE kind = ? AND keyword = ?)
                            CROSS JOIN runs ON runs.id = keyword_run";
                (from, "keyword_time")
            }
            None => ("runs", "runs.started_at"),
        };
        if path == AccessPath::Time {
            conditions.add("runs.id IS NOT NULL", []);
        }
        conditions.add_of_path(path, query);
        let RunQuery { since, until, order_by: order, .. } = *query;
        let mut range = Range { path, from, conditions, time, order, since, until };
        if let Some(cursor) = &query.cursor {
            range.narrow(Side::Behind, Position::read(cursor)?);
        }
        Ok(range)
    }

    /// Restricts the range to one side of a position.
    fn narrow(&mut self, side: Side, place: Position) {
        let time = self.time;
        let Position { started_at, rowid } = place;
        let is_before = (self.order == RunOrder::Oldest) == (side == Side::UpTo);
        // Given two bounds on one side, SQLite might use either for the index, and read everything in between.
        let sign = match is_before {
            true => {
                self.until = Some(self.until.map_or(started_at, |until| until.min(started_at)));
                '<'
            }
            false => {
                self.since = Some(self.since.map_or(started_at, |since| since.max(started_at)));
                '>'
            }
        };
        let or_at = if side == Side::UpTo { "=" } else { "" };
        self.conditions.add(
            &format!("({time} {sign} ? OR runs.rowid {sign}{or_at} ?)"),
            [started_at.into(), rowid.into()],
        );
    }

    /// Returns the statement for the position of the last run that a page examines, if there are more.
    fn end(&self, max_scanned: i64) -> (String, Vec<Value<'q>>) {
        let columns = format!("{} AS time, runs.rowid AS position", self.time);
        self.select(&columns, &Conditions::default(), "1 OFFSET ?", max_scanned - 1)
    }

    /// Returns the statement for the runs that also meet the other conditions.
    fn page(&self, others: &Conditions<'q>, limit: u32) -> (String, Vec<Value<'q>>) {
        // Some handles return only one of two columns with the same name.
        let columns = format!("{}, {} AS time, runs.rowid AS position", run_columns!(), self.time);
        self.select(&columns, others, "?", i64::from(limit) + 1)
    }

    fn select(
        &self,
        columns: &str,
        others: &Conditions<'q>,
        limit: &str,
        value_of_limit: i64,
    ) -> (String, Vec<Value<'q>>) {
        let Range { from, time, conditions, .. } = self;
        let (mut sql, mut values) = (conditions.sql.clone(), conditions.values.clone());
        for (bound, sign) in [(self.since, '>'), (self.until, '<')] {
            if let Some(bound) = bound {
                sql += &format!(" AND {time} {sign}= ?");
                values.push(bound.into());
            }
        }
        sql += &others.sql;
        values.extend(&others.values);
        values.push(Value::Integer(value_of_limit));
        let direction = match self.order {
            RunOrder::Newest => "DESC",
            RunOrder::Oldest => "ASC",
        };
        let sql = format!(
            "SELECT {columns} FROM {from} WHERE 1{sql}
             ORDER BY {time} {direction}, runs.rowid {direction} LIMIT {limit}"
        );
        (sql, values)
    }
}

/// The side of a position, in the requested order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Behind,
    UpTo,
}

/// Returns the keyword whose index is used.
fn keyword(query: &RunQuery) -> Option<(&'static str, &str)> {
    let tag = query.tag.as_ref().map(|tag| ("tag", tag.as_str()));
    tag.or(query.benchmark.as_ref().map(|benchmark| ("benchmark", benchmark.as_str())))
}

/// Conditions, each preceded by AND, and their values.
#[derive(Default)]
struct Conditions<'q> {
    sql: String,
    values: Vec<Value<'q>>,
}

impl<'q> Conditions<'q> {
    /// Returns the conditions for which runs have to be examined.
    fn beside(path: AccessPath, query: &'q RunQuery) -> Self {
        let mut conditions = Conditions::default();
        for (column, value, of) in columns(query) {
            if let (Some(value), true) = (value, Some(path) != of) {
                // The plus sign disables its index.
                conditions.add(&format!("+runs.{column} = ?"), [value.as_str().into()]);
            }
        }
        if let (Some(_), Some(benchmark)) = (&query.tag, &query.benchmark) {
            let also = "EXISTS (SELECT 1 FROM run_keywords AS also WHERE also.run_id = runs.id
                                AND also.kind = 'benchmark' AND also.keyword = ?)";
            conditions.add(also, [benchmark.as_str().into()]);
        }
        if let Some(part) = &query.search {
            let fields =
                ["name", "coalesce(label, '')", "model", "coalesce(checkpoint_name, '')", "id"];
            let fields = fields.join(" || char(10) || ");
            // Not LIKE, whose pattern would have to be stored and whose case sensitivity a handle may change.
            conditions
                .add(&format!("instr(lower({fields}), lower(?)) > 0"), [part.as_str().into()]);
        }
        conditions
    }

    fn add_of_path(&mut self, path: AccessPath, query: &'q RunQuery) {
        for (column, value, of) in columns(query) {
            if let (Some(value), true) = (value, Some(path) == of) {
                self.add(&format!("runs.{column} = ?"), [value.as_str().into()]);
            }
        }
    }

    fn add<const N: usize>(&mut self, condition: &str, values: [Value<'q>; N]) {
        self.sql += " AND ";
        self.sql += condition;
        self.values.extend(values);
    }
}

/// Returns the columns that the query restricts to one value, with the access path of each.
fn columns(query: &RunQuery) -> [(&'static str, &Option<String>, Option<AccessPath>); 4] {
    [
        ("checkpoint_name", &query.checkpoint, Some(AccessPath::Checkpoint)),
        ("suite_id", &query.suite, Some(AccessPath::Suite)),
        ("model", &query.model, None),
        ("status", &query.status, None),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::db::{Bundled, OpenOptions, Row};

    /// Returns SQLite's query plan.
    fn plan(db: &dyn Connection, query: &str) -> Vec<String> {
        let query: RunQuery = crate::json::read(query).unwrap();
        let range = Range::of(&query).unwrap();
        let others = Conditions::beside(range.path, &query);
        let (sql, values) = range.page(&others, 1);
        db.query_all(&format!("EXPLAIN QUERY PLAN {sql}"), &values, |row| row.text(3)).unwrap()
    }

    /// Whether a step sorts only runs that were started at the same time, by the order in which they were made.
    fn sorts_one_instant(step: &str) -> bool {
        step.ends_with("LAST TERM OF ORDER BY")
    }

    #[test]
    fn an_index_leads_to_each_page_and_only_runs_of_one_instant_are_sorted() {
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
            (r#"{"model": "m", "status": "failed"}"#, "idx_runs_started_at"),
            (r#"{"status": "failed", "cursor": "5~7"}"#, "idx_runs_started_at (started_at<?)"),
            (
                r#"{"checkpoint": "c", "suite": "s"}"#,
                "idx_runs_checkpoint_name (checkpoint_name=?)",
            ),
        ] {
            let plan = plan(&db, query);
            assert!(plan[0].ends_with(&format!("USING INDEX {index}")), "{query}: {plan:?}");
            assert!(plan[1..].iter().all(|step| sorts_one_instant(step)), "{query}: {plan:?}");
        }
    }

    /// A run that is of another model or status costs a step along the index, not a row of the table.
    #[test]
    fn models_and_statuses_are_compared_in_the_index() {
        let db: &dyn Connection = &Bundled::open(":memory:", &OpenOptions::default()).unwrap();
        crate::schema::prepare(db).unwrap();
        let query: RunQuery = crate::json::read(r#"{"model": "m", "status": "failed"}"#).unwrap();
        let range = Range::of(&query).unwrap();
        let (sql, values) = range.page(&Conditions::beside(range.path, &query), 1);
        // The address, the operation and its first operand, which is a cursor; the table's is 0.
        let step = |row: &dyn Row| Ok((row.text(1)?, row.integer(2)?));
        let steps = db.query_all(&format!("EXPLAIN {sql}"), &values, step).unwrap();
        let to_row = steps.iter().position(|(operation, _)| operation == "DeferredSeek").unwrap();
        let compared = steps[to_row..].iter().filter(|(operation, _)| operation == "Ne").count();
        let last = steps.iter().rposition(|(operation, _)| operation == "Ne").unwrap();
        let from_table =
            |(operation, cursor): &&(String, i64)| operation == "Column" && *cursor == 0;
        assert_eq!(compared, 2, "{steps:?}");
        assert_eq!(steps[to_row..last].iter().find(from_table), None, "{steps:?}");
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
            assert!(plan[2..].iter().all(|step| sorts_one_instant(step)), "{plan:?}");
        }
    }
}
