//! `runstore suites rename|unite|delete`

use serde::Serialize;

use super::run_changes::{running, unconfirmed};
use crate::answer::Answer;
use crate::arguments::{Confirmation, DeleteSuite, RenameSuite, SuitesCommand, UniteSuites};
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use crate::suite_name;
use runstore::model::{RUNNING, RunQuery, Suite};
use runstore::store::refuse;
use runstore_report::numbers::counted;

pub(super) fn answer(command: &SuitesCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        SuitesCommand::Rename(arguments) => rename(arguments, session),
        SuitesCommand::Unite(arguments) => unite(arguments, session),
        SuitesCommand::Delete(arguments) => delete(arguments, session),
    }
}

fn rename(arguments: &RenameSuite, session: &Session<'_>) -> Result<Answer, Failure> {
    let RenameSuite { suite, name } = arguments;
    let (before, after) = session.all_or_nothing(|store| {
        let suite = suite_name::find(store, suite)?;
        let namesake = store.find_suite_by_name(name)?.filter(|other| other.id != suite.id);
        if namesake.is_some() {
            return Err(Failure::new(Exit::Data, format!("there is a suite \"{name}\" already"))
                .hint("two suites with the same name are ambiguous; choose another name"));
        }
        store.rename_suite(&suite.id, name)?;
        let renamed = Suite { name: name.clone(), ..suite.clone() };
        Ok((suite, renamed))
    })?;
    let words = format!("The suite {} is now called {}.", before.name, after.name);
    session.answer(&after, |page| page.line(&[words.into()]))
}

fn unite(arguments: &UniteSuites, session: &Session<'_>) -> Result<Answer, Failure> {
    let united = session.writable_store()?.unite_suites(&arguments.name)?;
    let name = &united.suite.name;
    let words = match united.removed.len() {
        0 => format!("Only one suite is called {name}; nothing was changed."),
        others => format!(
            "Moved {} to the suite {name} ({}) and removed {}.",
            counted(usize::try_from(united.runs).unwrap_or(usize::MAX), "run"),
            united.suite.id,
            counted(others, "suite"),
        ),
    };
    session.answer(&united, |page| page.line(&[words.into()]))
}

/// The deleted suite.
#[derive(Serialize)]
struct Deleted {
    dry_run: bool,
    suite: Suite,
    /// Its number of runs.
    runs: u64,
}

fn delete(arguments: &DeleteSuite, session: &Session<'_>) -> Result<Answer, Failure> {
    let Confirmation { yes, dry_run } = arguments.confirmation;
    if dry_run || !yes {
        let meant = session.at_one_moment(|store| Deleted::of(arguments, store))?;
        if dry_run {
            let words = meant.in_words("Would delete");
            return session.answer(&meant, |page| page.line(&[words.into()]));
        }
        return Err(unconfirmed(&meant.in_words("this would delete")));
    }
    let deleted = session.all_or_nothing(|store| {
        let deleted = Deleted::of(arguments, store)?;
        store.delete_suite(&deleted.suite.id)?;
        Ok(deleted)
    })?;
    let words = deleted.in_words("Deleted");
    session.answer(&deleted, |page| page.line(&[words.into()]))
}

impl Deleted {
    fn of(arguments: &DeleteSuite, store: &Moment<'_>) -> Result<Self, Failure> {
        let suite = suite_name::find(store, &arguments.suite)?;
        let of_suite = RunQuery {
            suite: Some(suite.id.clone()),
            status: Some(RUNNING.to_owned()),
            ..RunQuery::default()
        };
        if let Some(run) = store.query_runs(&of_suite, &refuse)?.runs.first() {
            return Err(running(run));
        }
        let counts = store.run_counts()?;
        let runs = counts.iter().find(|(id, _, _)| *id == suite.id).map_or(0, |(_, runs, _)| *runs);
        Ok(Deleted { dry_run: arguments.confirmation.dry_run, suite, runs })
    }

    fn in_words(&self, begin: &str) -> String {
        let runs = counted(usize::try_from(self.runs).unwrap_or(usize::MAX), "run");
        format!("{begin} the suite {} with {runs}.", self.suite.name)
    }
}
