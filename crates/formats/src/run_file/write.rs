//! Writes a run file.

use std::io::Write;
use std::path::{Path, PathBuf};

use runstore::error::{Code, Result, StoreError};
use runstore::model::{RowBatch, RowCounts, RunHead};
use runstore::rows::{BatchOrder, RowSink, check_batch};
use runstore::scorecard::{Grade, Tally};
use rustc_hash::FxHashSet;
use serde::Serialize;

use super::document::{FileMetadata, FileSample, FileScorecard, ROLLUP, in_file};
use super::fields::{
    InBaseline, InCase, InPrompt, InResult, InRun, InSuite, InTrajectory, InVerdict,
};
use super::number::Number;
use super::spool::Spool;
use super::{VERSION, check_run_id, default_run_id, path_of};
use crate::new_file::replace;

const OPERATION: &str = "writeRunFile";

/// The options of a file.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RunFileOptions {
    /// The id of the file; by default the id of the run, or a new one for several runs.
    pub run_id: Option<String>,
    /// `CLI` or `API`.
    pub source: String,
    /// The file that defines the evaluation.
    pub definition_path: Option<String>,
    /// The type of task; `evaluation` by default.
    pub task_type: Option<String>,
    /// Milliseconds since the epoch, for a new id.
    pub now: i64,
    /// Random digits for a new id.
    pub random: u32,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenFile {
    /// Its id.
    pub run_id: String,
    /// Its path.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// The verdict of the rollup scorecard.
    pub verdict: Grade,
}

/// Takes runs, and writes them to one file, which appears when [`Self::finish`] is called.
pub struct RunFileWriter {
    folder: PathBuf,
    options: RunFileOptions,
    order: BatchOrder,
    done: Vec<Done>,
    current: Option<Current>,
    /// The scorecards of the samples, and the rows.
    samples: Spool,
    rows: Spool,
    /// Of all runs so far: the first run's, with the others added.
    rollup: Option<Tally>,
    sample_ids: SampleIds,
}

/// The distinct samples of all pipelines, in order.
#[derive(Default)]
struct SampleIds {
    listed: Vec<String>,
    known: FxHashSet<String>,
}

impl SampleIds {
    fn add(&mut self, id: &str) {
        if !self.known.contains(id) {
            self.known.insert(id.to_owned());
            self.listed.push(id.to_owned());
        }
    }
}

/// A finished run.
struct Done {
    run_id: String,
    suite_id: String,
    suite_name: String,
    model: String,
    status: String,
    started_at: f64,
    ended_at: f64,
    card: runstore::scorecard::Scorecard,
    failed_samples: Vec<String>,
    /// The range of its samples.
    samples: (u64, u64),
}

/// The current run.
struct Current {
    head: RunHead,
    tally: Tally,
    failed_samples: Vec<String>,
    samples_from: u64,
    /// The open list under our own key.
    section: Option<&'static str>,
}

impl RunFileWriter {
    /// Starts a file in this folder.
    ///
    /// # Errors
    /// If the requested id is not a valid file name.
    pub fn new(folder: &Path, options: RunFileOptions) -> Result<Self> {
        options.run_id.as_deref().map(check_run_id).transpose()?;
        Ok(RunFileWriter {
            folder: folder.to_owned(),
            options,
            order: BatchOrder::default(),
            done: vec![],
            current: None,
            samples: Spool::new(),
            rows: Spool::new(),
            rollup: None,
            sample_ids: SampleIds::default(),
        })
    }

    /// Writes the file to its folder under its id, replacing an older one.
    ///
    /// # Errors
    /// If there was no run, the last one did not end, or the file cannot be written; then nothing changes.
    pub fn finish(self) -> Result<WrittenFile> {
        let path = path_of(&self.folder, &self.run_id())?;
        self.finish_as(&path)
    }

    /// Writes the content of the file to a writer.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn write_to(mut self, to: &mut dyn Write) -> Result<()> {
        self.check_ended()?;
        let (run_id, verdict) = (self.run_id(), self.verdict());
        self.write(&run_id, verdict, to).map_err(|error| {
            StoreError::io("write", Path::new("the run file"), &error).during(OPERATION)
        })
    }

    /// Returns about how many bytes the file will have.
    pub fn length(&self) -> u64 {
        self.samples.length() + self.rows.length()
    }

    /// Writes the file under another path, for instance into an archive.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn finish_as(mut self, path: &Path) -> Result<WrittenFile> {
        self.check_ended()?;
        let (run_id, verdict) = (self.run_id(), self.verdict());
        let bytes = replace(path, |to| self.write(&run_id, verdict, to))
            .map_err(|error| error.during(OPERATION))?;
        Ok(WrittenFile { run_id, path: path.to_owned(), bytes, verdict })
    }

    fn check_ended(&self) -> Result<()> {
        match self.done.is_empty() || self.order.is_within_run() {
            false => Ok(()),
            true => {
                let message = "the rows end before the run does";
                Err(StoreError::new(Code::InvalidArgument, message).during(OPERATION))
            }
        }
    }

    fn run_id(&self) -> String {
        match (&self.options.run_id, &self.done[..]) {
            (Some(given), _) => given.clone(),
            (None, [only]) => only.run_id.clone(),
            _ => default_run_id(self.options.now, self.options.random),
        }
    }

    /// The worst verdict of the pipelines.
    fn verdict(&self) -> Grade {
        self.done.iter().map(|done| done.card.verdict).max().unwrap_or_default()
    }

    fn write(&mut self, run_id: &str, verdict: Grade, to: &mut dyn Write) -> std::io::Result<()> {
        let keys = keys(&self.done);
        let mut card =
            self.rollup.as_ref().map(|rollup| rollup.card("completed")).unwrap_or_default();
        card.verdict = verdict;
        card.reasons = self.done.iter().flat_map(|done| done.card.reasons.clone()).collect();
        card.reasons.dedup();
        let rollup = FileScorecard::of(&card, run_id, ROLLUP.0, ROLLUP.1);
        let failed = self.done.iter().zip(&keys).filter(|(done, _)| done.status == "failed");
        let failed: Vec<&String> = failed.map(|(_, key)| key).collect();
        entry(to, "{\n", "run_id", &run_id)?;
        entry(to, ",\n", "elapsed_seconds", &Number(elapsed(&self.done)))?;
        entry(to, ",\n", "failed_pipelines", &failed)?;
        entry(to, ",\n", "rollup_scorecard", &rollup)?;
        self.write_pipelines(run_id, &keys, to)?;
        entry(to, ",\n", "metadata", &self.metadata(&keys))?;
        write!(to, ",\n\"runstore\": {{\"version\": {VERSION}, \"runs\": [")?;
        let end = self.rows.length();
        self.rows.copy(0, end, to)?;
        to.write_all(b"\n]}\n}\n")
    }

    fn write_pipelines(
        &mut self,
        run_id: &str,
        keys: &[String],
        to: &mut dyn Write,
    ) -> std::io::Result<()> {
        let task_type = self.options.task_type.as_deref().unwrap_or("evaluation");
        to.write_all(b",\n\"pipeline_results\": {")?;
        for (at, (done, key)) in self.done.iter().zip(keys).enumerate() {
            to.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            json(to, key)?;
            to.write_all(b": {\n")?;
            let card = FileScorecard::of(&done.card, run_id, key, task_type);
            entry(to, "", "run_id", &run_id)?;
            entry(to, ",\n", "elapsed_seconds", &Number(seconds(done.started_at, done.ended_at)))?;
            entry(to, ",\n", "failed_samples", &done.failed_samples)?;
            entry(to, ",\n", "final_scorecard", &card)?;
            to.write_all(b",\n\"per_sample_scorecards\": [")?;
            self.samples.copy(done.samples.0, done.samples.1, to)?;
            to.write_all(b"\n]}")?;
        }
        to.write_all(b"\n}")
    }

    fn metadata(&self, keys: &[String]) -> FileMetadata {
        FileMetadata {
            source: self.options.source.clone(),
            suite_name: self.done.first().map(|done| done.suite_name.clone()).unwrap_or_default(),
            definition_path: self.options.definition_path.clone(),
            sample_ids: self.sample_ids.listed.clone(),
            pipeline_ids: keys.to_vec(),
            more: Default::default(),
        }
    }

    /// The pipelines of a file are different runs of one suite, whose thresholds apply to the rollup.
    fn check_run(&self, batch: &RowBatch) -> Result<()> {
        let RowBatch::Run(head) = batch else { return Ok(()) };
        if self.done.iter().any(|done| done.run_id == head.run.id) {
            let message = format!("the run {:?} is there twice", head.run.id);
            return Err(StoreError::new(Code::InvalidArgument, message));
        }
        match self.done.first().filter(|first| first.suite_id != head.suite.id) {
            None => Ok(()),
            Some(first) => {
                let message = format!(
                    "a run file holds runs of one suite: {:?} is of {:?}, and {:?} of {:?}",
                    first.run_id, first.suite_name, head.run.id, head.suite.name
                );
                Err(StoreError::new(Code::InvalidArgument, message))
            }
        }
    }

    fn take(&mut self, batch: RowBatch) -> std::io::Result<()> {
        match batch {
            RowBatch::Run(head) => self.begin(*head),
            RowBatch::Cases(cases) => {
                cases.iter().try_for_each(|case| self.add_sample(case))?;
                self.add("cases", cases.into_iter().map(InCase))
            }
            RowBatch::Trajectories(rows) => {
                self.add("trajectories", rows.into_iter().map(InTrajectory))
            }
            RowBatch::Results(rows) => self.add("results", rows.into_iter().map(InResult)),
            RowBatch::Baselines(rows) => self.add("baselines", rows.into_iter().map(InBaseline)),
            RowBatch::Verdicts(rows) => self.add("verdicts", rows.into_iter().map(InVerdict)),
            RowBatch::Prompts(rows) => self.add("prompts", rows.into_iter().map(InPrompt)),
            RowBatch::End(counts) => self.end(counts),
        }
    }

    fn begin(&mut self, head: RunHead) -> std::io::Result<()> {
        let rows = &mut self.rows;
        rows.write_all(if self.done.is_empty() { b"\n" } else { b",\n" })?;
        entry(rows, "{", "suite", &InSuite(head.suite.clone()))?;
        entry(rows, ",\n", "run", &InRun(head.run.clone()))?;
        entry(rows, ",\n", "thresholds", &in_file(head.thresholds.clone()))?;
        self.current = Some(Current {
            tally: Tally::new(head.thresholds.clone()),
            head,
            failed_samples: vec![],
            samples_from: self.samples.length(),
            section: None,
        });
        Ok(())
    }

    fn add_sample(&mut self, case: &runstore::model::CaseRow) -> std::io::Result<()> {
        let Some(current) = &mut self.current else { return Ok(()) };
        if let Some(rollup) = &mut self.rollup {
            rollup.add(case);
        }
        let sample = current.tally.add(case);
        self.sample_ids.add(&sample.sample_id);
        if sample.card.verdict == Grade::Fail || !sample.errors.is_empty() {
            current.failed_samples.push(sample.sample_id.clone());
        }
        let is_first = self.samples.length() == current.samples_from;
        self.samples.json(if is_first { b"\n" } else { b",\n" }, &FileSample::from(sample))
    }

    fn add<T: Serialize>(
        &mut self,
        section: &'static str,
        rows: impl Iterator<Item = T>,
    ) -> std::io::Result<()> {
        let Some(current) = &mut self.current else { return Ok(()) };
        let mut begins = current.section != Some(section);
        if begins {
            self.rows.write_all(if current.section.is_some() { b"\n],\n" } else { b",\n" })?;
            write!(self.rows, "\"{section}\": [")?;
            current.section = Some(section);
        }
        for row in rows {
            self.rows.json(if begins { b"\n" } else { b",\n" }, &row)?;
            begins = false;
        }
        Ok(())
    }

    fn end(&mut self, counts: RowCounts) -> std::io::Result<()> {
        let Some(Current { head, tally, failed_samples, samples_from, section }) =
            self.current.take()
        else {
            return Ok(());
        };
        self.rows.write_all(if section.is_some() { b"\n]" } else { b"" })?;
        entry(&mut self.rows, ",\n", "counts", &counts)?;
        self.rows.write_all(b"}")?;
        self.rollup.get_or_insert_with(|| tally.clone());
        let run = head.run;
        self.done.push(Done {
            card: tally.card(&run.status),
            ended_at: run.finished_at.or(run.heartbeat_at).unwrap_or(run.started_at),
            started_at: run.started_at,
            run_id: run.id,
            suite_id: head.suite.id,
            suite_name: head.suite.name,
            model: run.model,
            status: run.status,
            failed_samples,
            samples: (samples_from, self.samples.length()),
        });
        Ok(())
    }
}

impl RowSink for RunFileWriter {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        let checked = self.order.next(&batch).and_then(|()| check_batch(&batch));
        let checked = checked.and_then(|()| self.check_run(&batch));
        checked.map_err(|error| error.during(OPERATION))?;
        let failed =
            |error| StoreError::io("write to", &std::env::temp_dir(), &error).during(OPERATION);
        self.take(batch).map_err(failed)
    }
}

/// Returns the keys of the pipelines: their models, with the id of the run if several have the same model.
fn keys(done: &[Done]) -> Vec<String> {
    let is_alone = |model: &str| done.iter().filter(|other| other.model == model).count() == 1;
    let key = |one: &Done| match is_alone(&one.model) {
        true => one.model.clone(),
        false => format!("{}@{}", one.model, one.run_id),
    };
    done.iter().map(key).collect()
}

fn elapsed(done: &[Done]) -> f64 {
    let first = done.iter().map(|done| done.started_at).fold(f64::INFINITY, f64::min);
    let last = done.iter().map(|done| done.ended_at).fold(f64::NEG_INFINITY, f64::max);
    seconds(first, last)
}

/// A clock that was set back does not make a duration negative.
fn seconds(from: f64, to: f64) -> f64 {
    let seconds = (to - from) / 1000.0;
    if seconds.is_finite() { seconds.max(0.0) } else { 0.0 }
}

fn entry(
    to: &mut (impl Write + ?Sized),
    before: &str,
    name: &str,
    value: &(impl Serialize + ?Sized),
) -> std::io::Result<()> {
    write!(to, "{before}\"{name}\": ")?;
    json(to, value)
}

fn json(to: &mut (impl Write + ?Sized), value: &(impl Serialize + ?Sized)) -> std::io::Result<()> {
    serde_json::to_writer(to, value).map_err(|error| match error.io_error_kind() {
        Some(kind) => std::io::Error::new(kind, error),
        None => std::io::Error::other(error),
    })
}
