//! Converts the scorecards of a file that was written by another program, or by hand, to rows of runs.

use std::path::Path;

use runstore::error::{Code, Result, StoreError};
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Suite};
use runstore::rows::{BATCH_ROWS, RowSink};
use serde_json::{Value, json};

use super::document::{FileSample, Pipeline, RunFile, from_file, in_words};
use super::parse::Reading;
use super::read::document;

/// Metrics of a sample that are not scores.
const COSTS: [&str; 4] = ["latency_ms", "tokens_in", "tokens_out", "cost_usd"];

/// Creates a run from each pipeline: a case from each sample, a score from each metric.
pub(super) fn rows_of(reading: &Reading<'_>, file: &RunFile, sink: &mut dyn RowSink) -> Result<()> {
    let started_at = started_at(reading.path(), file)?;
    let pipelines = file.pipeline_results.iter();
    let mut runs = Runs { file, started_at, pipelines, sink, current: None };
    document(reading, &mut |model, sample| runs.add(model, sample))?;
    while runs.begin_next()? {}
    Ok(())
}

/// The runs, in the order of the file.
struct Runs<'f, 's> {
    file: &'f RunFile,
    started_at: f64,
    pipelines: std::slice::Iter<'f, (String, Pipeline)>,
    sink: &'s mut dyn RowSink,
    current: Option<(&'f str, Cases)>,
}

impl Runs<'_, '_> {
    fn add(&mut self, model: &str, sample: FileSample) -> Result<()> {
        while self.current.as_ref().is_none_or(|(current, _)| *current != model) {
            if !self.begin_next()? {
                return Ok(());
            }
        }
        let Some((_, cases)) = &mut self.current else { return Ok(()) };
        cases.add(sample, self.sink)
    }

    /// Ends a run and starts the next; returns whether there is one.
    fn begin_next(&mut self) -> Result<bool> {
        if let Some((_, mut cases)) = self.current.take() {
            cases.flush(self.sink)?;
            self.sink.put_batch(RowBatch::End(cases.counts))?;
        }
        let Some((model, pipeline)) = self.pipelines.next() else { return Ok(false) };
        let head = head(self.file, model, pipeline, self.started_at)?;
        self.current = Some((model, Cases { run_id: head.run.id.clone(), ..Cases::default() }));
        self.sink.put_batch(RowBatch::Run(Box::new(head)))?;
        Ok(true)
    }
}

fn head(file: &RunFile, model: &str, pipeline: &Pipeline, started_at: f64) -> Result<RunHead> {
    let is_alone = file.pipeline_results.len() == 1;
    let id = if is_alone { file.run_id.clone() } else { format!("{}@{model}", file.run_id) };
    let suite_name = &file.metadata.suite_name;
    let suite = Suite {
        id: format!("evaluar:{suite_name}"),
        name: suite_name.clone(),
        created_at: started_at as i64,
    };
    let failed = file.failed_pipelines.iter().any(|one| one.as_str() == Some(model));
    // Fields for which our runs have no column.
    let kept = json!({
        "run_file": {
            "run_id": file.run_id,
            "source": file.metadata.source,
            "definition_path": file.metadata.definition_path,
            "final_scorecard": pipeline.final_scorecard,
        }
    });
    let run = RunRow {
        id,
        suite_id: suite.id.clone(),
        name: file.run_id.clone(),
        model: model.to_owned(),
        started_at,
        finished_at: Some(started_at + pipeline.elapsed_seconds.0 * 1000.0),
        status: if failed { "failed" } else { "completed" }.to_owned(),
        metadata: Some(text(&kept)?),
        ..RunRow::default()
    };
    Ok(RunHead { suite, run, thresholds: from_file(&pipeline.final_scorecard.thresholds) })
}

/// Returns the time in the id of the run, or else the file's.
fn started_at(path: &Path, file: &RunFile) -> Result<f64> {
    if let Some(time) = time_in(&file.run_id) {
        return Ok(time);
    }
    let changed = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    let changed = changed.map_err(|error| StoreError::io("read", path, &error))?;
    let since = changed.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(since.as_millis() as f64)
}

/// Reads `…2026-05-07_14-22…` and `…20260507_142233…`, as UTC.
fn time_in(run_id: &str) -> Option<f64> {
    let digits: String = run_id.chars().filter(char::is_ascii_digit).take(14).collect();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("0").parse::<i64>().ok();
    if digits.len() < 8 {
        return None;
    }
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let is_time = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    is_time
        .then(|| ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
        .map(|seconds| seconds as f64 * 1000.0)
}

/// Returns the days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The cases of a run, collected into batches.
#[derive(Default)]
struct Cases {
    run_id: String,
    rows: Vec<CaseRow>,
    counts: RowCounts,
    seen: u64,
}

impl Cases {
    fn add(&mut self, sample: FileSample, sink: &mut dyn RowSink) -> Result<()> {
        let case = self.case(sample)?;
        self.rows.push(case);
        self.seen += 1;
        if self.rows.len() >= BATCH_ROWS { self.flush(sink) } else { Ok(()) }
    }

    fn flush(&mut self, sink: &mut dyn RowSink) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let batch = RowBatch::Cases(std::mem::take(&mut self.rows));
        self.counts.add(&batch);
        sink.put_batch(batch)
    }

    fn case(&self, sample: FileSample) -> Result<CaseRow> {
        let id = format!("{}#{}", self.run_id, self.seen);
        let metric = |name: &str| Some(sample.metrics.get(name).copied().flatten()?.0);
        let scores = sample.metrics.iter().filter(|(name, _)| !COSTS.contains(&name.as_str()));
        let score = |(at, (name, value)): (usize, (&String, &Option<super::number::Number>))| {
            let (id, scorer_name, score) = (format!("{id}.{at}"), name.clone(), (*value)?.0);
            Some(ScoreRow { id, scorer_name, score, ..ScoreRow::default() })
        };
        let errors: Vec<String> = sample.errors.iter().map(in_words).collect();
        let artifacts = json!({ "artifacts": sample.artifacts });
        let metadata = (!sample.artifacts.is_empty()).then(|| text(&artifacts)).transpose()?;
        Ok(CaseRow {
            idx: self.seen as f64,
            input: "null".to_owned(),
            error: (!errors.is_empty()).then(|| errors.join("\n")),
            latency_ms: metric("latency_ms"),
            tokens_in: metric("tokens_in"),
            tokens_out: metric("tokens_out"),
            cost_usd: metric("cost_usd"),
            scores: scores.enumerate().filter_map(score).collect(),
            key: Some(sample.sample_id),
            metadata,
            id,
            ..CaseRow::default()
        })
    }
}

fn text(value: &Value) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_an_id_is_when_the_run_started() {
        assert_eq!(time_in("run_2026-05-07_14-22"), Some(1_778_163_720_000.0));
        assert_eq!(time_in("run_20261121_120000_abc123"), Some(1_795_262_400_000.0));
        for id in ["run", "run_99999999_1", "run_20261321_120000", "build-7"] {
            assert_eq!(time_in(id), None, "{id}");
        }
    }
}
