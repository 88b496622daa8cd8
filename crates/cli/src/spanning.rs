//! Reads the runs of a suite from the store and an archive together.
//!
//! The runs of both are copied into a temporary store, so that every reader of a store also works on both.

use std::collections::{BTreeSet, HashSet};

use runstore::db::OpenOptions;
use runstore::error::{Result as StoreResult, StoreError};
use runstore::model::{BASELINE, RowBatch, RowCounts, Run, Suite};
use runstore::rows::{RowSource, copy_rows};
use runstore::store::{ExistingRun, RowImport, Store};
use runstore_archive::{Archive, ArchivedRun, DEFAULT_PROJECT, Query};
use tempfile::TempDir;

use crate::arguments::{Followed, Place};
use crate::commands::archive::place;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::progress::Progress;
use crate::session::Session;
use crate::suite_name;

const OPERATION: &str = "history";

/// With fewer archived scores, no progress is shown.
const MANY: u64 = 20_000;

/// The runs that a command follows.
pub(super) struct Followers<'a> {
    pub(super) of: &'a Followed,
    /// How many of the last are shown.
    pub(super) last: u32,
    /// Name of the baseline.
    pub(super) baseline: Option<&'a str>,
}

/// Reads the store as of one moment; with `--archive`, the store and the archive together.
pub(super) fn at_one_moment<T>(
    followers: &Followers<'_>,
    session: &Session<'_>,
    read: impl FnOnce(&Moment<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let Some(url) = &followers.of.archive else { return session.at_one_moment(read) };
    let place = Place {
        url: (!url.is_empty()).then(|| url.clone()),
        project: followers.of.project.clone().unwrap_or_else(|| DEFAULT_PROJECT.to_owned()),
    };
    let archive = place::open(&place, "--archive", session)?;
    let entries = archive.runs(&Query {
        model_id: followers.of.model.clone(),
        newest_first: true,
        ..Query::default()
    })?;
    let both = match is_without_store(session) {
        true => Both::copy(None, &archive, &entries, followers, session)?,
        false => session.at_one_moment(|store| {
            Both::copy(Some(store), &archive, &entries, followers, session)
        })?,
    };
    match both {
        Some(Both { store, .. }) => store.at_one_moment("read", || read(&Moment::of(&store))),
        None => session.at_one_moment(read),
    }
}

/// Returns whether there is no store, and none is named: the archive may contain all runs.
fn is_without_store(session: &Session<'_>) -> bool {
    let is_named = session.names_store() || session.environment.variable("RUNSTORE_DB").is_some();
    !is_named && session.store_path().is_err()
}

/// A copy of the runs of both. Fields are dropped in order: the store is closed before its folder is removed.
struct Both {
    store: Store,
    _folder: TempDir,
}

/// A run that may be among the last.
struct Candidate<'a> {
    id: &'a str,
    started_at: f64,
    is_archived: bool,
}

impl Both {
    /// Copies the last runs; `None` if all of them are in the store.
    fn copy(
        store: Option<&Moment<'_>>,
        archive: &Archive,
        entries: &[ArchivedRun],
        followers: &Followers<'_>,
        session: &Session<'_>,
    ) -> Result<Option<Both>, Failure> {
        let (suite, name) = suite(store, entries, followers.of.suite.as_deref())?;
        // One more than is shown: the first is compared with it.
        let most = followers.last.saturating_add(1);
        let model = followers.of.model.as_deref();
        let stored = match store.zip(suite.as_ref()) {
            Some((store, suite)) => {
                store.latest_completed_runs(&suite.id, model, most, OPERATION)?
            }
            None => vec![],
        };
        let candidates = candidates(&stored, entries, &name);
        if !candidates.iter().take(most as usize).any(|run| run.is_archived) {
            return Ok(None);
        }
        let scores: u64 =
            entries.iter().filter(|run| run.task_id == name).map(|run| run.n_items).sum();
        let mut copying = Copying::begin(suite)?;
        let mut progress = Progress::new("read both", session.environment);
        for candidate in &candidates {
            if copying.runs >= most {
                break;
            }
            if scores >= MANY {
                progress.show(copying.runs.into(), most.into());
            }
            match store.filter(|_| !candidate.is_archived) {
                Some(store) => copying.take(store.export_run(candidate.id), true)?,
                None => copying.take(archive.rows(candidate.id)?, false)?,
            }
        }
        if let Some((store, suite)) = store.zip(copying.suite.clone()) {
            copying.take_baseline(store, &suite, followers.baseline.unwrap_or(BASELINE))?;
        }
        Ok(Some(copying.into))
    }
}

/// Returns the runs of a suite in the store and the archive, newest first and each once.
fn candidates<'a>(
    stored: &'a [Run],
    entries: &'a [ArchivedRun],
    suite: &str,
) -> Vec<Candidate<'a>> {
    let known: HashSet<&str> = stored.iter().map(|run| run.id.as_str()).collect();
    let of_store = stored.iter().map(|run| Candidate {
        id: &run.id,
        started_at: run.started_at,
        is_archived: false,
    });
    let archived = archived(entries, suite).filter(|run| !known.contains(run.id));
    let mut candidates: Vec<_> = of_store.chain(archived).collect();
    candidates.sort_by(|one, other| other.started_at.total_cmp(&one.started_at));
    candidates
}

/// Returns the archived runs of a suite, newest first. A run has an entry for each of its scorers.
fn archived<'a>(entries: &'a [ArchivedRun], suite: &str) -> impl Iterator<Item = Candidate<'a>> {
    let mut seen = HashSet::new();
    let of_suite = entries.iter().filter(move |run| run.task_id == suite);
    of_suite.filter(move |run| seen.insert(run.run())).map(|run| Candidate {
        id: run.run(),
        started_at: run.started_at().unwrap_or(f64::NEG_INFINITY),
        is_archived: true,
    })
}

/// Returns the suite and its name; there is no suite if only the archive contains it.
fn suite(
    store: Option<&Moment<'_>>,
    entries: &[ArchivedRun],
    wanted: Option<&str>,
) -> Result<(Option<Suite>, String), Failure> {
    let in_archive = |name: &str| entries.iter().any(|run| run.task_id == name);
    let found = |name: &str| match store.map(|store| suite_name::find(store, name)) {
        Some(Ok(suite)) => Ok((Some(suite.clone()), suite.name)),
        Some(Err(failure)) if failure.exit != Exit::Missing || !in_archive(name) => Err(failure),
        None if !in_archive(name) => {
            Err(Failure::new(Exit::Missing, format!("there is no suite \"{name}\" in the archive"))
                .hint("\"runstore archive list\" shows what is in the archive"))
        }
        _ => Ok((None, name.to_owned())),
    };
    if let Some(wanted) = wanted {
        return found(wanted);
    }
    let suites = store.map_or(Ok(vec![]), |store| store.list_suites())?;
    let names: BTreeSet<&str> = suites
        .iter()
        .map(|suite| suite.name.as_str())
        .chain(entries.iter().map(|run| run.task_id.as_str()))
        .collect();
    match (names.first(), names.len()) {
        (Some(only), 1) => found(only),
        (Some(_), _) => Err(Failure::usage("there are several suites").hint(
            "name one with --suite; \"runstore suites\" and \"runstore archive list\" show them",
        )),
        (None, _) => {
            Err(Failure::new(Exit::Missing, "there is no run in the store or the archive")
                .hint("\"runstore archive push\" copies runs into an archive"))
        }
    }
}

/// The copy while runs are added to it.
struct Copying {
    into: Both,
    /// The suite of all copied runs: that of the store, otherwise that of the first run.
    suite: Option<Suite>,
    /// Runs that were copied.
    runs: u32,
    /// Whether the store has the suite, and so its current baselines; those of archived runs are outdated then.
    has_baselines: bool,
}

impl Copying {
    fn begin(suite: Option<Suite>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()
            .map_err(|error| StoreError::io("create", &std::env::temp_dir(), &error))?;
        let path = crate::paths::text(folder.path().join("both.db"))?;
        let store = Store::open(&path, &OpenOptions::default())?;
        let has_baselines = suite.is_some();
        Ok(Copying { into: Both { store, _folder: folder }, suite, runs: 0, has_baselines })
    }

    /// Copies a run, unless it is not completed.
    fn take(&mut self, rows: impl RowSource, is_stored: bool) -> Result<(), Failure> {
        let keeps_baselines = is_stored || !self.has_baselines;
        let mut rows = Scored {
            rows,
            suite: self.suite.take(),
            counts: RowCounts::default(),
            keeps_baselines,
        };
        let head = rows.next_batch();
        self.suite = rows.suite.clone();
        let Some(RowBatch::Run(head)) = head? else { return Ok(()) };
        if head.run.status != "completed" {
            return Ok(());
        }
        let import = RowImport { suite_id: None, existing: ExistingRun::Keep };
        let mut rows = AfterHead { head: Some(RowBatch::Run(head)), rows };
        copy_rows(&mut rows, &mut self.into.store.row_sink(import))?;
        self.runs += 1;
        Ok(())
    }

    /// Copies the run that is the baseline, which may be older than the others.
    fn take_baseline(
        &mut self,
        store: &Moment<'_>,
        suite: &Suite,
        name: &str,
    ) -> Result<(), Failure> {
        let baselines = store.list_baselines(&suite.id)?;
        match baselines.iter().find(|baseline| baseline.name == name) {
            Some(baseline) => self.take(store.export_run(&baseline.run_id), true),
            None => Ok(()),
        }
    }
}

/// The run and its cases, moved to a suite, without the rows that history and trend do not use.
struct Scored<S> {
    rows: S,
    suite: Option<Suite>,
    counts: RowCounts,
    keeps_baselines: bool,
}

impl<S: RowSource> RowSource for Scored<S> {
    fn next_batch(&mut self) -> StoreResult<Option<RowBatch>> {
        loop {
            let batch = match self.rows.next_batch()? {
                Some(RowBatch::Run(mut head)) => {
                    let suite = self.suite.get_or_insert_with(|| head.suite.clone());
                    head.suite.clone_from(suite);
                    head.run.suite_id.clone_from(&suite.id);
                    RowBatch::Run(head)
                }
                Some(RowBatch::End(_)) => RowBatch::End(self.counts),
                Some(batch @ RowBatch::Cases(_)) => batch,
                Some(batch @ RowBatch::Baselines(_)) if self.keeps_baselines => batch,
                Some(_) => continue,
                None => return Ok(None),
            };
            self.counts.add(&batch);
            return Ok(Some(batch));
        }
    }
}

/// Rows whose first batch was already read.
struct AfterHead<S> {
    head: Option<RowBatch>,
    rows: S,
}

impl<S: RowSource> RowSource for AfterHead<S> {
    fn next_batch(&mut self) -> StoreResult<Option<RowBatch>> {
        match self.head.take() {
            Some(head) => Ok(Some(head)),
            None => self.rows.next_batch(),
        }
    }
}
