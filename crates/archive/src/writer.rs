//! Writes the rows of runs to the archive.

use std::collections::BTreeMap;
use std::sync::Arc;

use runstore::error::{Code, Result, StoreError};
use runstore::model::{CaseRow, RowBatch, RunHead, RunRow, VerdictRow, VerdictScorer};
use runstore::rows::{BatchOrder, RowSink, check_batch};
use tempfile::NamedTempFile;

use crate::archive::{Archive, Staged, StagedFile, StagedFrame};
use crate::body::BodyWriter;
use crate::item::{Epochs, item};
use crate::names::{UNIQUE, escaped, hex};
use crate::record::{ArchivedRun, Decision, Source};
use crate::score_file::{Constants, ScoreFileWriter, Written};
use crate::time::Moment;

/// The folder of the files with all rows of a run.
pub(crate) const ROWS: &str = "_runstore/runs/";

/// Maximum number of scorers of a run: each has its own file.
const MOST_SCORERS: usize = 1000;

/// Takes the rows of runs and writes their files. They are in the archive when [`Self::commit`] returns.
pub struct RunWriter {
    archive: Arc<Archive>,
    decision: Decision,
    order: BatchOrder,
    open: Option<OpenRun>,
    staged: Vec<Staged>,
}

impl RunWriter {
    pub(crate) fn new(archive: Arc<Archive>) -> Self {
        let (decision, order) = Default::default();
        RunWriter { archive, decision, order, open: None, staged: vec![] }
    }

    /// Sets the verdict for the next run. By default, each entry gets the verdict of the last gate on its scorer.
    pub fn decide(&mut self, decision: Decision) {
        self.decision = decision;
    }

    /// Takes scores that do not come from a store: see [`Archive::stage`].
    ///
    /// # Errors
    /// If the previous run has not ended.
    pub fn put_staged(&mut self, StagedFrame(staged): StagedFrame) -> Result<()> {
        self.check_ended()?;
        self.staged.push(staged);
        Ok(())
    }

    /// Adds all written runs to the log, in one commit, and returns their entries.
    ///
    /// # Errors
    /// If a run has not ended, or the log cannot be written; then no run is in the archive.
    pub fn commit(&mut self) -> Result<Vec<ArchivedRun>> {
        self.check_ended()?;
        self.archive.add(std::mem::take(&mut self.staged))
    }

    fn check_ended(&self) -> Result<()> {
        match self.open {
            None => Ok(()),
            Some(_) => Err(StoreError::new(
                Code::InvalidArgument,
                "the rows of the last run were not all written",
            )),
        }
    }
}

impl RowSink for RunWriter {
    fn put_batch(&mut self, batch: RowBatch) -> Result<()> {
        self.order.next(&batch)?;
        check_batch(&batch)?;
        match &batch {
            RowBatch::Run(head) => {
                self.open =
                    Some(OpenRun::begin(&self.archive, head, std::mem::take(&mut self.decision))?)
            }
            RowBatch::Cases(cases) => {
                if let Some(open) = &mut self.open {
                    cases.iter().try_for_each(|case| open.put_case(&self.archive, case))?;
                }
            }
            RowBatch::Verdicts(verdicts) => {
                if let (Some(open), Some(last)) = (&mut self.open, verdicts.last()) {
                    open.gate = Gate::read(last);
                }
            }
            _ => {}
        }
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.body.put(&batch)?;
        match batch {
            RowBatch::End(_) => self.staged.push(open.finish(&self.archive)?),
            _ => self.open = Some(open),
        }
        Ok(())
    }
}

/// The verdict of a gate on a run.
#[derive(Default)]
struct Gate {
    baseline_run_id: String,
    scorers: Vec<VerdictScorer>,
}

impl Gate {
    fn read(row: &VerdictRow) -> Self {
        let baseline_run_id = row.baseline_run_id.clone();
        Gate { baseline_run_id, scorers: runstore::json::read(&row.scorers).unwrap_or_default() }
    }

    /// Returns the verdict on a scorer; an empty one if it was not judged.
    fn on(&self, scorer: &str) -> Decision {
        let judged = self.scorers.iter().find(|judged| judged.scorer_name == scorer);
        judged.map_or_else(Decision::default, |judged| Decision {
            delta: judged.delta,
            p_value: judged.p_value,
            verdict: Some(judged.decision.name().to_owned()),
            parent_run_id: Some(entry_id(&self.baseline_run_id, scorer)),
        })
    }
}

/// The current run. Dropping it removes its files.
struct OpenRun {
    constants: Constants,
    run_id: String,
    decision: Decision,
    gate: Gate,
    moment: Moment,
    epochs: Epochs,
    scorers: BTreeMap<String, (NamedTempFile, ScoreFileWriter)>,
    body: BodyWriter,
    body_file: NamedTempFile,
    body_path: String,
}

impl OpenRun {
    fn begin(archive: &Archive, head: &RunHead, decision: Decision) -> Result<Self> {
        let RunHead { suite, run, .. } = head;
        let moment = Moment::of_ms(run.started_at)?;
        archive.check_before_writing()?;
        let body_path = format!("{ROWS}{}.cbor.zst", unique(&run.id));
        let body_file = archive.storage().scratch(&body_path)?;
        Ok(OpenRun {
            constants: Constants {
                project_id: archive.project().to_owned(),
                run_id: String::new(),
                model_id: run.model.clone(),
                task_id: suite.name.clone(),
                metric_name: String::new(),
                config_hash: config_hash(run),
                ts: moment.0,
            },
            run_id: run.id.clone(),
            decision,
            gate: Gate::default(),
            moment,
            epochs: Epochs::default(),
            scorers: BTreeMap::new(),
            body: BodyWriter::new(&body_file)?,
            body_file,
            body_path,
        })
    }

    fn put_case(&mut self, archive: &Archive, case: &CaseRow) -> Result<()> {
        for score in &case.scores {
            let item = item(case, score, &mut self.epochs)?;
            if !self.scorers.contains_key(&score.scorer_name) {
                let opened = self.open_scorer(archive, &score.scorer_name)?;
                self.scorers.insert(score.scorer_name.clone(), opened);
            }
            if let Some((_, writer)) = self.scorers.get_mut(&score.scorer_name) {
                writer.put(item)?;
            }
        }
        Ok(())
    }

    fn open_scorer(
        &self,
        archive: &Archive,
        scorer: &str,
    ) -> Result<(NamedTempFile, ScoreFileWriter)> {
        if self.scorers.len() >= MOST_SCORERS {
            let message = format!("run \"{}\" has more than {MOST_SCORERS} scorers", self.run_id);
            return Err(StoreError::new(Code::TooLarge, message));
        }
        let constants = Constants {
            run_id: entry_id(&self.run_id, scorer),
            metric_name: scorer.to_owned(),
            ..self.constants.clone()
        };
        let file = archive.storage().scratch(&format!("{}run", self.folder()))?;
        let writer = ScoreFileWriter::new(&file, constants)?;
        Ok((file, writer))
    }

    /// Returns a path in the folder of the month.
    fn folder(&self) -> String {
        let (year, month) = self.moment.month();
        format!("year={year:04}/month={month:02}/")
    }

    fn decision_on(&self, scorer: &str) -> Decision {
        match self.decision == Decision::default() {
            true => self.gate.on(scorer),
            false => self.decision.clone(),
        }
    }

    fn finish(mut self, archive: &Archive) -> Result<Staged> {
        if self.scorers.is_empty() {
            // A Delta table only lists files: without one, the run would not be listed.
            let none = self.open_scorer(archive, "")?;
            self.scorers.insert(String::new(), none);
        }
        let source = Source { run_id: self.run_id.clone(), body: self.body_path.clone() };
        let folder = self.folder();
        let mut files = Vec::new();
        for (scorer, (file, writer)) in std::mem::take(&mut self.scorers) {
            let Written { rows, mean } = writer.finish()?;
            let decision = self.decision_on(&scorer);
            let id = entry_id(&self.run_id, &scorer);
            let record = ArchivedRun {
                path: format!("{folder}run_id={}.parquet", unique(&id)),
                run_id: id,
                model_id: self.constants.model_id.clone(),
                task_id: self.constants.task_id.clone(),
                metric_name: scorer,
                ts: self.moment.written(),
                n_items: rows,
                config_hash: self.constants.config_hash.clone(),
                delta: decision.delta.filter(|delta| delta.is_finite()),
                p_value: decision.p_value.filter(|p| p.is_finite()),
                verdict: decision.verdict,
                parent_run_id: decision.parent_run_id,
                mean,
                source: Some(source.clone()),
            };
            files.push(StagedFile { file, record });
        }
        self.body.finish()?;
        Ok(Staged { files, body: Some((self.body_file, self.body_path)) })
    }
}

/// Returns a hash of the config of a run; empty without one.
pub(crate) fn config_hash(run: &RunRow) -> String {
    run.config.as_deref().map_or(String::new(), |config| hex(config.as_bytes()))
}

/// Returns the id of an entry, by the same rule for all runs, so that a second scorer does not change the first one's
/// id.
pub(crate) fn entry_id(run_id: &str, scorer: &str) -> String {
    if scorer.is_empty() { run_id.to_owned() } else { format!("{run_id}::{scorer}") }
}

/// Returns a unique part of a file name: files are never overwritten.
pub(crate) fn unique(name: &str) -> String {
    let made = uuid::Uuid::new_v4().simple().to_string();
    format!("{}.{}", escaped(name), made.get(..UNIQUE).unwrap_or_default())
}
