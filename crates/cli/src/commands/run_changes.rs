//! `runstore runs rename|tag|delete`

use serde::Serialize;

use crate::answer::Answer;
use crate::arguments::{Confirmation, DeleteRuns, RenameRun, RunsCommand, TagRun};
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::{RUNNING, Run, RunChanges};
use runstore::store::{Store, refuse};
use runstore_report::numbers::counted;
use runstore_report::page::Page;
use runstore_report::run_label::short;

pub(super) fn answer(command: &RunsCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        RunsCommand::Rename(arguments) => rename(arguments, session),
        RunsCommand::Tag(arguments) => tag(arguments, session),
        RunsCommand::Delete(arguments) => delete(arguments, session),
    }
}

fn rename(arguments: &RenameRun, session: &Session<'_>) -> Result<Answer, Failure> {
    let (before, after) = session.all_or_nothing(|store| {
        let run = arguments.run.find(store)?;
        store.rename_run(&run.id, &arguments.name)?;
        let renamed = read_again(store, &run)?;
        Ok((run, renamed))
    })?;
    let words = format!("{} is now called {}.", told(&before), after.name);
    session.answer(&after, |page| page.line(&[words.into()]))
}

fn tag(arguments: &TagRun, session: &Session<'_>) -> Result<Answer, Failure> {
    let (run, tags) = session.all_or_nothing(|store| {
        let run = arguments.run.find(store)?;
        let tags = changed_tags(&run, arguments);
        let changes = RunChanges { tags: Some(Some(tags.clone())), ..RunChanges::default() };
        store.update_run(&run.id, &changes)?;
        Ok((read_again(store, &run)?, tags))
    })?;
    let words = match tags.as_slice() {
        [] => format!("{} has no tag any more.", told(&run)),
        tags => format!("The tags of {}: {}.", told(&run), tags.join(", ")),
    };
    session.answer(&run, |page| page.line(&[words.into()]))
}

/// Returns the tags in order, new ones last, without duplicates.
fn changed_tags(run: &Run, arguments: &TagRun) -> Vec<String> {
    let there: Vec<String> = run
        .tags
        .as_ref()
        .and_then(|tags| runstore::json::read(tags.get()).ok())
        .unwrap_or_default();
    let mut tags: Vec<String> = vec![];
    for tag in there.iter().chain(&arguments.add) {
        if !tags.contains(tag) && !arguments.remove.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

fn read_again(store: &Store, run: &Run) -> Result<Run, Failure> {
    let found = store.get_run(&run.id, &refuse)?;
    found.ok_or_else(|| Failure::bug("the run is gone"))
}

/// The deleted runs.
#[derive(Serialize)]
struct Deleted {
    dry_run: bool,
    runs: Vec<Run>,
    baselines: Vec<OfBaseline>,
}

#[derive(Serialize)]
struct OfBaseline {
    name: String,
    run_id: String,
}

fn delete(arguments: &DeleteRuns, session: &Session<'_>) -> Result<Answer, Failure> {
    let Confirmation { yes, dry_run } = arguments.confirmation;
    if dry_run || !yes {
        let meant = session.at_one_moment(|store| Deleted::of(arguments, store))?;
        if dry_run {
            return session.answer(&meant, |page| meant.write(page));
        }
        return Err(unconfirmed(&meant.in_words("this would delete")));
    }
    let deleted = session.all_or_nothing(|store| {
        let deleted = Deleted::of(arguments, store)?;
        deleted.runs.iter().try_for_each(|run| store.delete_run(&run.id))?;
        Ok(deleted)
    })?;
    session.answer(&deleted, |page| deleted.write(page))
}

/// The failure for a deletion that was not confirmed.
pub(super) fn unconfirmed(what: &str) -> Failure {
    Failure::usage(what.trim_end_matches('.'))
        .hint("run it again with --yes to delete it; it cannot be undone")
}

/// The failure for the deletion of a running run.
pub(super) fn running(run: &Run) -> Failure {
    Failure::new(Exit::Data, format!("{} is running", told(run)))
        .hint("\"runstore recover\" marks runs failed whose process has ended")
}

impl Deleted {
    fn of(arguments: &DeleteRuns, store: &Moment<'_>) -> Result<Self, Failure> {
        let runs = arguments.runs.find_each(store)?;
        if let Some(run) = runs.iter().find(|run| run.status == RUNNING) {
            return Err(running(run));
        }
        let mut baselines = vec![];
        for run in &runs {
            let of_suite = store.list_baselines(&run.suite_id)?.into_iter();
            let of_run = of_suite.filter(|baseline| baseline.run_id == run.id);
            baselines.extend(of_run.map(|one| OfBaseline { name: one.name, run_id: one.run_id }));
        }
        Ok(Deleted { dry_run: arguments.confirmation.dry_run, runs, baselines })
    }

    fn in_words(&self, begin: &str) -> String {
        let runs: Vec<_> = self.runs.iter().map(told).collect();
        let mut words = format!("{begin} {}: {}", counted(runs.len(), "run"), runs.join(", "));
        for baseline in &self.baselines {
            words.push_str(&format!(
                "; with it the baseline {} ({})",
                baseline.name,
                short(&baseline.run_id)
            ));
        }
        words + "."
    }

    fn write(&self, page: &mut Page) {
        let begin = if self.dry_run { "Would delete" } else { "Deleted" };
        page.words("", &self.in_words(begin), runstore_report::colour::Role::Plain);
    }
}

fn told(run: &Run) -> String {
    format!("{} ({}, {})", run.name, run.model, short(&run.id))
}
