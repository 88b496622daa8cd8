//! Verdicts of gates.

use super::{Store, ids::Id, now};
use crate::db::{Row, Value};
use crate::error::{Argument, Code, Result, RowKind, Step, StoreError, number};
use crate::json;
use crate::model::{Decision, NewVerdict, Verdict, VerdictFilter, VerdictScorer};

const COLUMNS: &str =
    "id, suite_id, baseline_run_id, candidate_run_id, decision, alpha, scorers, created_at";

fn verdict(row: &dyn Row) -> Result<Verdict> {
    let id = row.text(0)?;
    let decision = row.text(4)?;
    Ok(Verdict {
        suite_id: row.text(1)?,
        baseline_run_id: row.text(2)?,
        candidate_run_id: row.text(3)?,
        decision: Decision::of_name(&decision)
            .ok_or_else(|| damaged(&id, &format!("has the decision \"{decision}\"")))?,
        alpha: row.optional_number(5)?.unwrap_or_default(),
        scorers: json::read(&row.text(6)?)
            .map_err(|error| damaged(&id, &format!("has unreadable scorers: {error}")))?,
        created_at: row.integer(7)?,
        id,
    })
}

fn damaged(id: &str, how: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("verdict \"{id}\" {how}"))
}

impl Store {
    /// Saves a verdict and returns its id.
    ///
    /// # Errors
    /// If alpha is not between 0 and 1, or there is no such candidate.
    pub fn record_verdict(&self, new: &NewVerdict) -> Result<String> {
        let sql = "INSERT INTO verdicts
                     (id, suite_id, baseline_run_id, candidate_run_id, decision, alpha, scorers, created_at)
                   SELECT ?, suite_id, ?, id, ?, ?, ?, ? FROM runs WHERE id = ?";
        let id = Id::new();
        self.run("recordVerdict", |db| {
            let scorers = checked(new)?;
            let parameters = [
                id.as_str().into(),
                new.baseline_run_id.as_str().into(),
                new.decision.name().into(),
                new.alpha.into(),
                scorers.as_str().into(),
                now().into(),
                new.candidate_run_id.as_str().into(),
            ];
            match db.execute(sql, &parameters)? {
                0 => Err(no_candidate(&new.candidate_run_id)),
                _ => Ok(()),
            }
        })?;
        Ok(id.as_str().to_owned())
    }

    /// Returns verdicts, newest first.
    pub fn list_verdicts(&self, filter: &VerdictFilter<'_>) -> Result<Vec<Verdict>> {
        let wanted = [("suite_id", filter.suite_id), ("candidate_run_id", filter.run_id)];
        let wanted = wanted.into_iter().filter_map(|(column, id)| Some((column, id?)));
        let (conditions, ids): (Vec<_>, Vec<_>) =
            wanted.map(|(column, id)| (format!("{column} = ?"), Value::from(id))).unzip();
        let condition = match conditions.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", conditions.join(" AND ")),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM verdicts {condition} ORDER BY created_at DESC, rowid DESC LIMIT ?"
        );
        // A negative limit means no limit in SQLite.
        let limit = Value::Integer(filter.limit.map_or(-1, i64::from));
        let parameters: Vec<_> = ids.into_iter().chain([limit]).collect();
        self.run("listVerdicts", |db| db.query_all(&sql, &parameters, verdict))
    }
}

/// Returns the scorers as JSON, which has neither NaN nor infinities.
fn checked(new: &NewVerdict) -> Result<String> {
    if !(new.alpha > 0.0 && new.alpha < 1.0) {
        return Err(StoreError::value(of_report("alpha"), "between 0 and 1", number(new.alpha)));
    }
    if let Some(at) = new.scorers.iter().position(|one| !one.margin.is_finite()) {
        let margin = of_report("scorers").then(Step::Index(at)).then(Step::Field("margin".into()));
        return Err(StoreError::value(margin, "a finite number", number(new.scorers[at].margin)));
    }
    let scorers: &[VerdictScorer] = &new.scorers;
    serde_json::to_string(scorers)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

fn of_report(field: &'static str) -> Argument {
    Argument::new("report").then(Step::Field(field.into()))
}

fn no_candidate(id: &str) -> StoreError {
    StoreError::missing(Code::Constraint, RowKind::Run, id)
}
