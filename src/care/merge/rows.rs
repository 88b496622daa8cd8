//! The rows of one input, added one by one.

use rustc_hash::FxHashMap;

use super::report::{Conflict, MergeOptions, TableCount};
use crate::care::Findings;
use crate::db::{Connection, OwnedValue, Row, Statement, Step, Value};
use crate::error::Result;
use crate::schema::{Table, rowid_of};

/// Adds the rows of one input to the output.
pub(super) struct Merging<'m> {
    out: &'m dyn Connection,
    input: &'m str,
    options: &'m MergeOptions,
    conflicts: &'m mut Findings<Conflict>,
    /// Suites of the input that go by another id in the output.
    suites: FxHashMap<Vec<u8>, OwnedValue>,
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
        Merging { out, input, options, conflicts, suites: FxHashMap::default() }
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
                _ => value,
            });
        }
        let Some(differing) = target.differing(&values)? else {
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

    /// Returns whether the suite is in the output under its name; its runs go there then.
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
    /// Places of the columns by which a row is known.
    key: Vec<usize>,
    /// Places of columns that may differ in what is one row all the same.
    indifferent: Vec<usize>,
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
            // Each part of a matrix makes its own row of the same prompt; the version is what others go by.
            "prompts" => (at(&["name", "version"]), at(&["id", "created_at"])),
            "baselines" => (at(&["suite_id", "name"]), at(&["set_at"])),
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
        })
    }

    /// Returns the places in which the row of this key differs, `None` when there is no such row.
    fn differing(&mut self, values: &[Value<'_>]) -> Result<Option<Vec<usize>>> {
        let key: Vec<_> = self.key.iter().filter_map(|at| values.get(*at).copied()).collect();
        let (mut differing, indifferent) = (None, &self.indifferent);
        self.find.query(&key, &mut |row| {
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
