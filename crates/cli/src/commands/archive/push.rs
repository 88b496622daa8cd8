//! `runstore archive push`

use std::sync::Arc;

use runstore::error::{Code, StoreError};
use runstore::model::{Run, RunOrder, RunQuery};
use runstore::rows::copy_rows;
use runstore::store::{Store, refuse};
use runstore_archive::{Archive, ArchivedRun};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use serde::Serialize;

use super::time;
use crate::answer::Answer;
use crate::arguments::Push;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::progress::Progress;
use crate::session::Session;
use crate::{run_name, suite_name};

/// Number of runs per commit: a commit takes the same time for one as for many.
const AT_ONCE: usize = 50;

/// Maximum number of runs shown.
const SHOWN: usize = 20;

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pushed {
    runs: Vec<ArchivedRun>,
    unchanged: Vec<String>,
    pruned: Vec<String>,
    unfinished: Vec<String>,
    dry_run: bool,
}

pub(super) fn answer(
    arguments: &Push,
    archive: &Arc<Archive>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    if arguments.prune && !arguments.dry_run {
        session.writable_store()?;
    }
    let (mut pushed, wanted) =
        session.at_one_moment(|store| push_all(arguments, archive, store, session))?;
    if arguments.dry_run {
        return session.answer(&pushed, |page| write_plan(page, &wanted));
    }
    if arguments.prune {
        pushed.pruned = prune(archive, &wanted, session)?;
    }
    archive.close()?;
    session.answer(&pushed, |page| write(page, &pushed, wanted.len() - pushed.unchanged.len()))
}

/// Pushes the selected runs, unless this is a dry run; returns what was done, and the runs.
fn push_all(
    arguments: &Push,
    archive: &Arc<Archive>,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<(Pushed, Vec<Run>), Failure> {
    let (wanted, unfinished) = wanted(arguments, store, session)?;
    let unfinished = unfinished.into_iter().map(|run| run.id).collect();
    let mut pushed = Pushed { unfinished, dry_run: arguments.dry_run, ..Pushed::default() };
    if arguments.dry_run {
        return Ok((pushed, wanted));
    }
    let mut progress = Progress::new("archive", session.environment);
    for (at, some) in wanted.chunks(AT_ONCE).enumerate() {
        if wanted.len() > AT_ONCE {
            progress.show((at * AT_ONCE) as u64, wanted.len() as u64);
        }
        let (new, unchanged) = new(store, archive, some)?;
        pushed.runs.extend(push(store, archive, &new)?);
        pushed.unchanged.extend(unchanged);
    }
    Ok((pushed, wanted))
}

/// Returns the selected runs that can be archived, oldest first, and those that are still running.
fn wanted(
    arguments: &Push,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<(Vec<Run>, Vec<Run>), Failure> {
    let suite_id = suite_name::find_id(store, arguments.suite.as_deref())?;
    let suite_id = suite_id.as_deref();
    let is_finished = |run: &Run| run.status != "running";
    if !arguments.runs.is_empty() {
        let runs = arguments.runs.iter().map(|run| run_name::find(store, run, suite_id));
        let runs: Vec<Run> = runs.collect::<Result<_, _>>()?;
        return match runs.iter().find(|run| !is_finished(run)) {
            None => Ok((runs, vec![])),
            Some(run) => Err(Failure::new(Exit::Data, format!("run {} is still running", short(&run.id)))
                .hint("archive it once it is finished; \"runstore recover\" ends runs whose process has ended")),
        };
    }
    let mut query = RunQuery {
        suite: suite_id.map(str::to_owned),
        since: time("--since", arguments.since.as_deref(), session.now())?,
        until: time("--until", arguments.until.as_deref(), session.now())?,
        order_by: RunOrder::Oldest,
        ..RunQuery::default()
    };
    let mut runs = Vec::new();
    loop {
        let page = store.query_runs(&query, &refuse)?;
        runs.extend(page.runs);
        match page.cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return Ok(runs.into_iter().partition(is_finished)),
        }
    }
}

/// Returns the runs that the archive does not contain in this state, and the ids of those that it contains unchanged.
fn new<'r>(
    store: &Store,
    archive: &Arc<Archive>,
    runs: &'r [Run],
) -> Result<(Vec<&'r Run>, Vec<String>), Failure> {
    let (mut new, mut unchanged) = (vec![], vec![]);
    for run in runs {
        match archive.holds(&run.id, &mut store.export_run(&run.id))? {
            true => unchanged.push(run.id.clone()),
            false => new.push(run),
        }
    }
    Ok((new, unchanged))
}

fn push(store: &Store, archive: &Arc<Archive>, runs: &[&Run]) -> Result<Vec<ArchivedRun>, Failure> {
    let mut writer = archive.writer();
    for run in runs {
        copy_rows(&mut store.export_run(&run.id), &mut writer)?;
    }
    Ok(writer.commit()?)
}

/// Deletes the runs that the archive returns unchanged, except baselines.
fn prune(
    archive: &Arc<Archive>,
    runs: &[Run],
    session: &Session<'_>,
) -> Result<Vec<String>, Failure> {
    let mut pruned = Vec::new();
    let mut progress = Progress::new("prune", session.environment);
    for (at, run) in runs.iter().enumerate() {
        if runs.len() > AT_ONCE {
            progress.show(at as u64, runs.len() as u64);
        }
        if prune_one(archive, run, session.writable_store()?)? {
            pruned.push(run.id.clone());
        }
    }
    Ok(pruned)
}

fn prune_one(archive: &Arc<Archive>, run: &Run, store: &Store) -> Result<bool, Failure> {
    if store.list_baselines(&run.suite_id)?.iter().any(|baseline| baseline.run_id == run.id) {
        return Ok(false);
    }
    let Some(digest) = archive.digest_if_held(&run.id, &mut store.export_run(&run.id))? else {
        let message = format!(
            "run \"{}\" in the archive differs from the one in the store, which was not deleted",
            run.id
        );
        return Err(StoreError::new(Code::Corrupt, message).into());
    };
    match store.delete_equal_run(&run.id, &digest)? {
        true => Ok(true),
        false => {
            let message =
                format!("run \"{}\" changed while it was archived; it was not deleted", run.id);
            Err(StoreError::new(Code::Busy, message).into())
        }
    }
}

fn write_plan(page: &mut Page, runs: &[Run]) {
    let words = format!("{} would be archived; nothing was.", counted(runs.len(), "run"));
    page.words("", &words, Role::Plain);
}

fn write(page: &mut Page, pushed: &Pushed, runs: usize) {
    let mut table = Table::new([
        Column::text("run"),
        Column::text("suite").cut_to(8).left_out(1),
        Column::text("model").cut_to(8).left_out(2),
        Column::text("scorer").cut_to(8),
        Column::number("scores"),
    ]);
    for run in pushed.runs.iter().take(SHOWN) {
        table.row([
            short(run.run()).into(),
            Cell::from(&run.task_id),
            Cell::from(&run.model_id),
            Cell::from(&run.metric_name),
            count(run.n_items).into(),
        ]);
    }
    if !pushed.runs.is_empty() {
        page.table(&table);
        page.more(pushed.runs.len() as u64, SHOWN);
        page.blank();
    }
    let mut words = format!("{} archived", counted(runs, "run"));
    if !pushed.unchanged.is_empty() {
        words.push_str(&format!(", {} there already", count(pushed.unchanged.len() as u64)));
    }
    if !pushed.pruned.is_empty() {
        words
            .push_str(&format!(", {} deleted from the store", counted(pushed.pruned.len(), "run")));
    }
    page.words("", &format!("{words}."), Role::Plain);
    if !pushed.unfinished.is_empty() {
        let words =
            format!("{} still running: not archived.", counted(pushed.unfinished.len(), "run"));
        page.words("", &words, Role::Unsure);
    }
}
