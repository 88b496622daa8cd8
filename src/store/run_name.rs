//! Finds the run that a name refers to: an id, the start of one, `latest`, `baseline`, or a name.

use super::Store;
use super::damage::refuse;
use super::run_rows::{run, run_columns};
use crate::db::Value;
use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{BASELINE, Run};

/// Maximum number of candidates that an error lists.
const LISTED: usize = 5;

/// The kinds of names of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming<'t> {
    /// The most recently started completed run, optionally of a model or with a name.
    Latest(Option<&'t str>),
    /// A baseline, by its name.
    Baseline(&'t str),
    /// An id, the start of an id, or a name.
    Text(&'t str),
}

impl<'t> Naming<'t> {
    fn of(text: &'t str) -> Self {
        match text.split_once(':') {
            None if text == "latest" => Naming::Latest(None),
            None if text == "baseline" => Naming::Baseline(BASELINE),
            Some(("latest", of)) => Naming::Latest(Some(of)),
            Some(("baseline", name)) => Naming::Baseline(name),
            _ => Naming::Text(text),
        }
    }

    /// Whether the name refers to the same run in every suite.
    fn is_definite(self) -> bool {
        matches!(self, Naming::Text(_))
    }
}

/// The runs that `latest` considers.
#[derive(Clone, Copy)]
enum LatestOf<'t> {
    Any,
    Model(&'t str),
    Name(&'t str),
}

impl<'t> LatestOf<'t> {
    /// Returns the condition on a run, with [`Self::text`] as its parameter.
    fn condition(self) -> &'static str {
        match self {
            LatestOf::Any | LatestOf::Model(_) => "model = COALESCE(?, model)",
            LatestOf::Name(_) => "name = ?",
        }
    }

    fn text(self) -> Option<&'t str> {
        match self {
            LatestOf::Any => None,
            LatestOf::Model(text) | LatestOf::Name(text) => Some(text),
        }
    }
}

/// A run found by name.
#[derive(Clone, Debug)]
pub struct NamedRun {
    /// The run.
    pub run: Run,
    /// For `latest`: the newest run that was started later and has not completed.
    pub newer: Option<Run>,
}

impl From<Run> for NamedRun {
    fn from(run: Run) -> Self {
        NamedRun { run, newer: None }
    }
}

impl Store {
    /// Returns the run that `name` refers to: its id, at least the first four characters of it, its name, `latest`,
    /// `latest:NAME` (a model or a name), `baseline` or `baseline:NAME`. With `suite_id`, only runs of that suite are
    /// considered.
    ///
    /// # Errors
    /// [`Code::NotFound`] if there is no such run, [`Code::Ambiguous`] if there are several.
    pub fn find_run(&self, name: &str, suite_id: Option<&str>) -> Result<NamedRun> {
        match Naming::of(name) {
            Naming::Text(text) => self.named_run(text, suite_id).map(NamedRun::from),
            Naming::Latest(of) => self.latest_run(suite_id, of),
            Naming::Baseline(name) => self.baseline_run(suite_id, name).map(NamedRun::from),
        }
    }

    /// Returns the runs of both sides of a comparison. A name that is relative to a suite (`latest`, `baseline`) refers
    /// to the suite of the runs that are named in full.
    pub fn find_sides(
        &self,
        sides: [&[&str]; 2],
        suite_id: Option<&str>,
    ) -> Result<[Vec<NamedRun>; 2]> {
        let suite = match (suite_id, definite(sides).or_else(|| sides[1].first().copied())) {
            (Some(suite_id), _) => Some(suite_id.to_owned()),
            (None, Some(name)) if sides.into_iter().flatten().any(|name| !is_definite(name)) => {
                Some(self.find_run(name, None)?.run.suite_id)
            }
            _ => None,
        };
        let find = |name: &&str| {
            let narrowed = if is_definite(name) { suite_id } else { suite.as_deref() };
            self.find_run(name, narrowed)
        };
        let find_all = |role: &str, names: &[&str]| {
            let found: Result<Vec<NamedRun>> = names.iter().map(find).collect();
            found.map_err(|error| error.at(Argument::new(role.to_owned())))
        };
        let [baseline, candidate] = sides;
        Ok([find_all("baseline", baseline)?, find_all("candidate", candidate)?])
    }

    fn latest_run(&self, suite_id: Option<&str>, of: Option<&str>) -> Result<NamedRun> {
        let latest = |of| self.latest_completed_run(suite_id, of);
        let Some(text) = of else {
            return self.with_newer(latest(LatestOf::Any)?, suite_id, LatestOf::Any);
        };
        let (of_model, of_name) = (LatestOf::Model(text), LatestOf::Name(text));
        match (latest(of_model)?, latest(of_name)?) {
            (Some(one), Some(other)) if one.id != other.id => {
                let told = |run: &Run| format!("{} ({}, {})", run.id, run.name, run.model);
                let message = format!(
                    "\"latest:{text}\" may mean the latest run of the model, {}, or of the name, {}",
                    told(&one),
                    told(&other)
                );
                Err(StoreError::new(Code::Ambiguous, message))
            }
            (None, Some(named)) => self.with_newer(Some(named), suite_id, of_name),
            (found, _) => self.with_newer(found, suite_id, of_model),
        }
    }

    /// Finds a run that was started later and has not completed.
    fn with_newer(
        &self,
        found: Option<Run>,
        suite_id: Option<&str>,
        of: LatestOf<'_>,
    ) -> Result<NamedRun> {
        let run = found.ok_or_else(|| {
            let of =
                of.text().map_or(String::new(), |text| format!(" of a model or name \"{text}\""));
            StoreError::new(Code::NotFound, format!("there is no completed run{of}"))
        })?;
        let newer = self.newer_incomplete_run(&run, suite_id, of)?;
        Ok(NamedRun { run, newer })
    }

    fn newer_incomplete_run(
        &self,
        than: &Run,
        suite_id: Option<&str>,
        of: LatestOf<'_>,
    ) -> Result<Option<Run>> {
        let sql = format!(
            "SELECT {} FROM runs WHERE id IS NOT NULL AND status <> 'completed' AND started_at > ?
             AND suite_id = COALESCE(?, suite_id) AND {}
             ORDER BY started_at DESC, rowid DESC LIMIT 1",
            run_columns!(),
            of.condition()
        );
        let parameters = [
            Value::Real(than.started_at),
            Value::optional_text(suite_id),
            Value::optional_text(of.text()),
        ];
        self.run("findRun", |db| db.query_one(&sql, &parameters, |row| run(row, &refuse)))
    }

    /// Returns the most recently started completed run, of the suite if given.
    fn latest_completed_run(
        &self,
        suite_id: Option<&str>,
        of: LatestOf<'_>,
    ) -> Result<Option<Run>> {
        let sql = format!(
            "SELECT {} FROM runs WHERE id IS NOT NULL AND status = 'completed'
             AND suite_id = COALESCE(?, suite_id) AND {}
             ORDER BY started_at DESC, rowid DESC LIMIT 1",
            run_columns!(),
            of.condition()
        );
        let parameters = [Value::optional_text(suite_id), Value::optional_text(of.text())];
        self.run("findRun", |db| db.query_one(&sql, &parameters, |row| run(row, &refuse)))
    }

    /// Returns the run of a baseline; without a suite, only one suite may have a baseline with this name.
    fn baseline_run(&self, suite_id: Option<&str>, name: &str) -> Result<Run> {
        let suites = match suite_id {
            Some(suite_id) => vec![suite_id.to_owned()],
            None => self.list_suites()?.into_iter().map(|suite| suite.id).collect(),
        };
        let mut found = vec![];
        for suite_id in &suites {
            found.extend(self.get_baseline(suite_id, name)?);
        }
        match (found.pop(), found.is_empty()) {
            (Some(baseline), true) => Ok(baseline.run),
            (Some(_), false) => {
                let message = format!("several suites have a baseline \"{name}\"; name the suite");
                Err(StoreError::new(Code::Ambiguous, message))
            }
            (None, _) => {
                let suite = suite_id.map(|id| self.get_suite(id)).transpose()?.flatten();
                let place = suite.map(|suite| format!("suite \"{}\" has", suite.name));
                let place = place.as_deref().unwrap_or("there is");
                Err(StoreError::new(Code::NotFound, format!("{place} no baseline \"{name}\"")))
            }
        }
    }

    fn named_run(&self, text: &str, suite_id: Option<&str>) -> Result<Run> {
        let mut found = self.find_runs(text, suite_id)?;
        if let Some(at) = found.iter().position(|run| run.id == text) {
            return Ok(found.swap_remove(at));
        }
        match (found.pop(), found.is_empty()) {
            (Some(run), true) => Ok(run),
            (Some(run), false) => {
                found.push(run);
                Err(ambiguous(text, &found))
            }
            (None, _) => {
                let place = if suite_id.is_some() { " in this suite" } else { "" };
                let message = format!("there is no run \"{text}\"{place}");
                Err(StoreError::new(Code::NotFound, message))
            }
        }
    }
}

fn is_definite(name: &str) -> bool {
    Naming::of(name).is_definite()
}

fn definite<'t>(sides: [&[&'t str]; 2]) -> Option<&'t str> {
    sides.into_iter().flatten().copied().find(|name| is_definite(name))
}

fn ambiguous(text: &str, found: &[Run]) -> StoreError {
    let shown = found.iter().rev().take(LISTED);
    let shown: Vec<String> =
        shown.map(|run| format!("{} ({}, {})", run.id, run.name, run.model)).collect();
    let more = match found.len() - shown.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let message = format!("\"{text}\" may mean {} runs: {}{more}", found.len(), shown.join(", "));
    StoreError::new(Code::Ambiguous, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_run_is_named() {
        assert_eq!(Naming::of("latest"), Naming::Latest(None));
        assert_eq!(Naming::of("latest:gpt:4"), Naming::Latest(Some("gpt:4")));
        assert_eq!(Naming::of("baseline"), Naming::Baseline("main"));
        assert_eq!(Naming::of("baseline:v1"), Naming::Baseline("v1"));
        assert_eq!(Naming::of("later:x"), Naming::Text("later:x"));
        assert_eq!(Naming::of("latest run"), Naming::Text("latest run"));
    }
}
