//! Annotations: what people say about cases, stored as scores of a scorer `human:NAME` with their history.
//!
//! The score counts in summaries; comparisons include it only on request. Its metadata contains the time and the
//! earlier judgements.

use serde::{Deserialize, Serialize};

use super::{Store, ids::Id, now};
use crate::db::{Connection, Row, Value};
use crate::error::{Argument, Code, Result, RowKind, StoreError, number};

/// Prefix of the scorers that are people.
pub const HUMAN: &str = "human:";

/// A judgement to save.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAnnotation {
    /// The case, one trial of it.
    pub case_id: String,
    /// Name of the person.
    pub name: String,
    /// The score; 1 for pass and 0 for fail.
    pub score: f64,
    /// The reason.
    pub note: Option<String>,
}

/// A person's judgement of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotation {
    /// The case.
    pub case_id: String,
    /// Name of the person.
    pub name: String,
    /// The current judgement.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// Earlier judgements of the same person, latest first.
    pub earlier: Vec<Judgement>,
}

/// A judgement and its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The score.
    pub score: f64,
    /// The reason.
    pub note: Option<String>,
    /// Milliseconds since the epoch.
    pub at: i64,
}

/// The content of the metadata of such a score.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    at: i64,
    earlier: Vec<Judgement>,
}

impl Kept {
    /// Metadata in another format contain no history.
    fn read(metadata: &str) -> Self {
        crate::json::read(metadata).unwrap_or_default()
    }
}

/// Returns the earlier judgements of a person, latest first, from the metadata of a score of `human:NAME`.
pub(super) fn earlier_judgements(metadata: &str) -> Vec<Judgement> {
    Kept::read(metadata).earlier
}

const COLUMNS: &str = "s.id, s.case_id, s.scorer_name, s.score, s.reason, s.metadata";

impl Store {
    /// Saves judgements, all or none. Earlier judgements of the same person on a case are kept as history.
    ///
    /// # Errors
    /// If a name is empty, a score is not finite, or there is no such case; the error names the row.
    pub fn save_annotations(&self, annotations: &[NewAnnotation]) -> Result<()> {
        self.write("saveAnnotations", |db| {
            for (row, annotation) in annotations.iter().enumerate() {
                let place = Argument::row("annotations", row);
                save(db, annotation).map_err(|error| error.at(place))?;
            }
            Ok(())
        })
    }

    /// Returns the judgements of the cases of a run, in the order of the cases, then by name.
    ///
    /// # Errors
    /// Also if there is no such run.
    pub fn list_annotations(&self, run_id: &str) -> Result<Vec<Annotation>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cases c JOIN scores s ON s.case_id = c.id
             WHERE c.run_id = ? AND s.scorer_name GLOB 'human:*' ORDER BY c.idx, c.rowid, s.scorer_name, s.rowid"
        );
        const OPERATION: &str = "listAnnotations";
        let found = self.run(OPERATION, |db| {
            db.query_all(&sql, &[run_id.into()], |row| Ok(annotation(row)?.1))
        })?;
        if found.is_empty() {
            self.expect_run(run_id, OPERATION)?;
        }
        Ok(found)
    }
}

fn save(db: &dyn Connection, new: &NewAnnotation) -> Result<()> {
    if new.name.trim().is_empty() {
        return Err(StoreError::value(Argument::new("name"), "a name", "an empty text"));
    }
    if !new.score.is_finite() {
        return Err(StoreError::value(
            Argument::new("score"),
            "a finite number",
            number(new.score),
        ));
    }
    let scorer = format!("{HUMAN}{}", new.name);
    let sql = format!(
        "SELECT {COLUMNS} FROM scores s WHERE s.case_id = ? AND s.scorer_name = ? ORDER BY s.rowid DESC LIMIT 1"
    );
    let keys = [new.case_id.as_str().into(), scorer.as_str().into()];
    match db.query_one(&sql, &keys, annotation)? {
        Some((id, before)) => update(db, &id, before, new),
        None => insert(db, &scorer, new),
    }
}

fn update(db: &dyn Connection, id: &str, before: Annotation, new: &NewAnnotation) -> Result<()> {
    let mut earlier = before.earlier;
    earlier.insert(0, before.judgement);
    let metadata = metadata(earlier)?;
    let values = [
        new.score.into(),
        Value::optional_text(new.note.as_deref()),
        metadata.as_str().into(),
        id.into(),
    ];
    db.execute("UPDATE scores SET score = ?, reason = ?, metadata = ? WHERE id = ?", &values)
        .map(drop)
}

fn insert(db: &dyn Connection, scorer: &str, new: &NewAnnotation) -> Result<()> {
    let sql = "INSERT INTO scores (id, case_id, scorer_name, score, reason, metadata)
               SELECT ?, id, ?, ?, ?, ? FROM cases WHERE id = ?";
    let (id, metadata) = (Id::new(), metadata(vec![])?);
    let values = [
        id.as_str().into(),
        scorer.into(),
        new.score.into(),
        Value::optional_text(new.note.as_deref()),
        metadata.as_str().into(),
        new.case_id.as_str().into(),
    ];
    match db.execute(sql, &values)? {
        0 => Err(StoreError::missing(Code::NotFound, RowKind::Case, &new.case_id)),
        _ => Ok(()),
    }
}

fn metadata(earlier: Vec<Judgement>) -> Result<String> {
    serde_json::to_string(&Kept { at: now(), earlier })
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

/// Returns the id of the score, and the annotation.
fn annotation(row: &dyn Row) -> Result<(String, Annotation)> {
    let kept = row.optional_text(5)?.map(|text| Kept::read(&text)).unwrap_or_default();
    let scorer = row.text(2)?;
    let annotation = Annotation {
        case_id: row.text(1)?,
        name: scorer.strip_prefix(HUMAN).unwrap_or(&scorer).to_owned(),
        judgement: Judgement {
            score: row.optional_number(3)?.unwrap_or_default(),
            note: row.optional_text(4)?,
            at: kept.at,
        },
        earlier: kept.earlier,
    };
    Ok((row.text(0)?, annotation))
}
