//! Adds the rows of one input, one by one.

use rustc_hash::FxHashMap;

use super::report::{Conflict, MergeOptions, TableCount};
use crate::db::{Connection, OwnedValue, Row, Statement, Step, Value};
use crate::error::Result;
use crate::maintenance::Findings;
use crate::schema::{Table, rowid_of};

/// Adds the rows of one input to the output.
pub(super) struct Merging<'m> {
    out: &'m dyn Connection,
    input: &'m str,
    options: &'m MergeOptions,
    conflicts: &'m mut Findings<Conflict>,
    /// Suites of the input that have another id in the output.
    suites: FxHashMap<Vec<u8>, OwnedValue>,
    /// Rows with numeric ids, which each file assigns itself: the table, the id in the input, and the id in the output.
    renumbered: FxHashMap<(&'static str, i64), i64>,
}

enum Outcome {
    Added,
    Known,
    Conflict,
}

impl<'m> Merging<'m> {
    pub(super) fn new(
        out: &'m dyn Connection,
        input: &'m str,
        options: &'m MergeOptions,
        conflicts: &'m mut Findings<Conflict>,
    ) -> Self {
        let (suites, renumbered) = Default::default();
        Merging { out, input, options, conflicts, suites, renumbered }
    }

    /// Adds the rows of a table in the order in which they were saved.
    pub(super) fn add(&mut self, from: &dyn Connection, table: &Table) -> Result<TableCount> {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let rowid = rowid_of(&table.columns);
        let sql = format!("SELECT {} FROM {} ORDER BY {rowid}", names.join(", "), table.name);
        let mut target = Target::new(self.out, table)?;
        let mut count = TableCount { table: table.name, added: 0, known: 0 };
        from.prepare(&sql)?.query(&[], &mut |row| {
            match self.add_row(row, table, &mut target)? {
                Outcome::Added => count.added += 1,
                Outcome::Known => count.known += 1,
                Outcome::Conflict => {}
            }
            Ok(Step::Next)
        })?;
        Ok(count)
    }

    fn add_row(
        &mut self,
        row: &dyn Row,
        table: &Table,
        target: &mut Target<'_>,
    ) -> Result<Outcome> {
        if table.name == "suites" && self.options.unite_suites && self.unite(row, table)? {
            return Ok(Outcome::Known);
        }
        let mut values = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            let value = row.value(at)?;
            values.push(match (column.name.as_str(), value) {
                ("suite_id", Value::Text(id)) => {
                    self.suites.get(id).map_or(value, OwnedValue::as_value)
                }
                ("trajectory_id", Value::Integer(id)) => self.renumbered("trajectories", id),
                ("text_id", Value::Integer(id)) => self.renumbered("texts", id),
                _ => value,
            });
        }
        let found = target.differing(&values)?;
        if let Some(there) = target.renumber(&mut values, found.is_some()) {
            self.renumbered.insert((table.name, there.0), there.1);
        }
        let Some(differing) = found else {
            target.insert.execute(&values)?;
            return Ok(Outcome::Added);
        };
        if differing.is_empty() {
            return Ok(Outcome::Known);
        }
        let columns = differing.iter().filter_map(|at| table.columns.get(*at));
        let columns = columns.map(|column| column.name.clone()).collect();
        let (key, path) = (target.key_of(&values), self.input.to_owned());
        self.conflicts.push(Conflict { table: table.name, key, columns, path });
        Ok(Outcome::Conflict)
    }

    fn renumbered(&self, table: &'static str, id: i64) -> Value<'static> {
        Value::Integer(self.renumbered.get(&(table, id)).copied().unwrap_or(id))
    }

    /// Returns whether the output contains a suite with this name; then its runs go there.
    fn unite(&mut self, row: &dyn Row, table: &Table) -> Result<bool> {
        let at = |name: &str| table.columns.iter().position(|one| one.name == name).unwrap_or(0);
        let (Value::Text(id), name) = (row.value(at("id"))?, row.value(at("name"))?) else {
            return Ok(false);
        };
        let sql = "SELECT id FROM suites WHERE name = ? ORDER BY rowid LIMIT 1";
        let same = self.out.query_one(sql, &[name], |row| Ok(row.value(0)?.into_owned()))?;
        let Some(same) = same.filter(|same| same.as_value() != Value::Text(id)) else {
            return Ok(false);
        };
        self.suites.insert(id.to_vec(), same);
        Ok(true)
    }
}

/// A table of the output.
struct Target<'c> {
    insert: Box<dyn Statement + 'c>,
    find: Box<dyn Statement + 'c>,
    /// Indexes of the columns that identify a row.
    key: Vec<usize>,
    /// Indexes of the columns that may differ between equal rows.
    indifferent: Vec<usize>,
    /// The numeric ids of the table, if it has any.
    numbers: Option<Numbers>,
}

/// Numeric ids, which have no meaning outside of their file.
struct Numbers {
    /// Index of the id column.
    at: usize,
    /// The id for the next new row.
    next: i64,
    /// The id of the row that was found last.
    found: i64,
}

impl Numbers {
    fn of(out: &dyn Connection, table: &Table) -> Result<Option<Self>> {
        let is_id = |column: &crate::schema::Column| column.name == "id" && column.is_integer();
        let Some(at) = table.columns.iter().position(is_id) else { return Ok(None) };
        let sql = format!("SELECT coalesce(max(id), 0) + 1 FROM {}", table.name);
        let next = out.query_one(&sql, &[], |row| row.integer(0))?.unwrap_or(1);
        Ok(Some(Numbers { at, next, found: 0 }))
    }
}

impl<'c> Target<'c> {
    fn new(out: &'c dyn Connection, table: &Table) -> Result<Self> {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let (list, name) = (names.join(", "), table.name);
        let places = vec!["?"; names.len()].join(", ");
        let at = |wanted: &[&str]| -> Vec<usize> {
            (0..names.len())
                .filter(|at| names.get(*at).is_some_and(|n| wanted.contains(n)))
                .collect()
        };
        let (key, indifferent) = match name {
            // Each shard inserts its own row of the same prompt; other rows refer to the version.
            "prompts" => (at(&["name", "version"]), at(&["id", "created_at"])),
            // The heartbeat of a running run changes.
            "runs" => {
                (at(&["id"]), at(&["owner_pid", "owner_host", "owner_marks", "heartbeat_at"]))
            }
            "baselines" => (at(&["suite_id", "name"]), at(&["set_at"])),
            "thresholds" => (at(&["suite_id", "metric"]), Vec::new()),
            "run_keywords" => (at(&["run_id", "kind", "keyword"]), Vec::new()),
            "benchmark_results" => (at(&["run_id", "benchmark"]), Vec::new()),
            "trajectories" => (at(&["run_id", "benchmark", "idx"]), at(&["id"])),
            "turns" => (at(&["trajectory_id", "position"]), Vec::new()),
            // The same text may be compressed differently.
            "texts" => (at(&["hash"]), at(&["id", "content"])),
            _ => (at(&["id"]), Vec::new()),
        };
        let is_key: Vec<_> =
            key.iter().filter_map(|at| names.get(*at)).map(|name| format!("{name} = ?")).collect();
        let find = format!("SELECT {list} FROM {name} WHERE {}", is_key.join(" AND "));
        Ok(Target {
            insert: out.prepare(&format!("INSERT INTO {name} ({list}) VALUES ({places})"))?,
            find: out.prepare(&find)?,
            key,
            indifferent,
            numbers: Numbers::of(out, table)?,
        })
    }

    /// Gives a new row an id of the output; returns the ids of the row in the input and in the output, if they are
    /// numeric.
    fn renumber(&mut self, values: &mut [Value<'_>], is_known: bool) -> Option<(i64, i64)> {
        let numbers = self.numbers.as_mut()?;
        let id = values.get_mut(numbers.at)?;
        let Value::Integer(before) = *id else { return None };
        let now = if is_known { numbers.found } else { numbers.next };
        numbers.next += i64::from(!is_known);
        *id = Value::Integer(now);
        Some((before, now))
    }

    /// Returns the indexes of the columns in which the row with this key differs; `None` when there is no such row.
    fn differing(&mut self, values: &[Value<'_>]) -> Result<Option<Vec<usize>>> {
        let key: Vec<_> = self.key.iter().filter_map(|at| values.get(*at).copied()).collect();
        let (mut differing, indifferent) = (None, &self.indifferent);
        let numbers = &mut self.numbers;
        self.find.query(&key, &mut |row| {
            if let Some(numbers) = numbers {
                numbers.found = row.integer(numbers.at)?;
            }
            let mut places = Vec::new();
            for (at, value) in values.iter().enumerate() {
                if !indifferent.contains(&at) && row.value(at)? != *value {
                    places.push(at);
                }
            }
            differing = Some(places);
            Ok(Step::Stop)
        })?;
        Ok(differing)
    }

    fn key_of(&self, values: &[Value<'_>]) -> String {
        let shown = |value: &Value<'_>| match value {
            Value::Text(text) | Value::Blob(text) => String::from_utf8_lossy(text).into_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Null => "null".to_owned(),
        };
        let parts: Vec<_> = self.key.iter().filter_map(|at| values.get(*at)).map(shown).collect();
        parts.join("/")
    }
}
