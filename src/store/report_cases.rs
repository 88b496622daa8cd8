//! What a report needs of the cases of a run, in one scan.

use super::Store;
use crate::db::{Row, Step, Value};
use crate::error::Result;

/// The cases of a run by idx, and those of one idx in the order in which they were saved.
#[derive(Debug, Default)]
pub struct ReportCases {
    /// The cases.
    pub cases: Vec<ReportCase>,
    /// Names of the scorers, in no order that means anything.
    pub scorers: Vec<String>,
}

/// One case, without its texts.
#[derive(Debug, Default)]
pub struct ReportCase {
    /// Its position in the dataset.
    pub idx: f64,
    /// Its name, stable across runs.
    pub key: Option<String>,
    /// The benchmark it belongs to.
    pub benchmark: Option<String>,
    /// The texts in `tags` of its metadata.
    pub tags: Vec<String>,
    /// Whether it has an error.
    pub is_errored: bool,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens read by the model.
    pub tokens_in: Option<f64>,
    /// Tokens written by the model.
    pub tokens_out: Option<f64>,
    /// US dollars.
    pub cost_usd: Option<f64>,
    /// Place of the scorer in [`ReportCases::scorers`], and score; a scorer may come more than once.
    pub scores: Vec<(usize, f64)>,
}

// Of two columns of one name, some handles return one.
const SQL: &str =
    "SELECT c.rowid AS case_rowid, s.scorer_name, s.score, c.idx, c.key, c.benchmark, c.error IS NOT NULL AS errored,
            c.latency_ms, c.tokens_in, c.tokens_out, c.cost_usd, c.metadata
     FROM cases c LEFT JOIN scores s ON s.case_id = c.id";

impl Store {
    /// Returns the cases of a run, or those of a benchmark alone; `operation` names what they are for in errors.
    pub fn report_cases(
        &self,
        run_id: &str,
        benchmark: Option<&str>,
        operation: &str,
    ) -> Result<ReportCases> {
        let (sql, parameters) = match benchmark {
            None => {
                (format!("{SQL} WHERE c.run_id = ? ORDER BY c.idx, c.rowid"), vec![run_id.into()])
            }
            Some(benchmark) => (
                format!("{SQL} WHERE c.run_id = ? AND c.benchmark = ? ORDER BY c.idx, c.rowid"),
                vec![run_id.into(), Value::from(benchmark)],
            ),
        };
        self.run(operation, |db| {
            let mut reader = Reader::default();
            db.prepare(&sql)?.query(&parameters, &mut |row| {
                reader.add(row)?;
                Ok(Step::Next)
            })?;
            Ok(reader.read)
        })
    }
}

#[derive(Default)]
struct Reader {
    read: ReportCases,
    current: Option<i64>,
}

impl Reader {
    fn add(&mut self, row: &dyn Row) -> Result<()> {
        let rowid = row.integer(0)?;
        if self.current != Some(rowid) {
            self.current = Some(rowid);
            self.read.cases.push(case(row)?);
        }
        let (Some(score), Value::Text(name)) = (row.optional_number(2)?, row.value(1)?) else {
            return Ok(());
        };
        let names = &mut self.read.scorers;
        let scorer = names.iter().position(|known| known.as_bytes() == name).unwrap_or_else(|| {
            names.push(String::from_utf8_lossy(name).into_owned());
            names.len() - 1
        });
        if let Some(case) = self.read.cases.last_mut() {
            case.scores.push((scorer, score));
        }
        Ok(())
    }
}

fn case(row: &dyn Row) -> Result<ReportCase> {
    Ok(ReportCase {
        idx: row.optional_number(3)?.unwrap_or_default(),
        key: row.optional_text(4)?,
        benchmark: row.optional_text(5)?,
        is_errored: row.integer(6)? != 0,
        latency_ms: row.optional_number(7)?,
        tokens_in: row.optional_number(8)?,
        tokens_out: row.optional_number(9)?,
        cost_usd: row.optional_number(10)?,
        tags: match row.value(11)? {
            Value::Text(metadata) => tags(metadata),
            _ => vec![],
        },
        scores: vec![],
    })
}

/// Returns the tags that metadata has, each once; none where `tags` is something else.
fn tags(metadata: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Tagged {
        tags: Vec<serde_json::Value>,
    }
    let tags = serde_json::from_slice::<Tagged>(metadata).map(|tagged| tagged.tags);
    let mut tags: Vec<String> = (tags.unwrap_or_default().into_iter())
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}
