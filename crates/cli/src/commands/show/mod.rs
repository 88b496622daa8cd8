//! `runstore show [RUN]…`

mod models;
mod one;

use crate::answer::Answer;
use crate::arguments::Show;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::run_name;
use crate::session::Session;
use crate::suite_name;
use models::SideBySide;
use one::Shown;
use runstore::model::Run;

pub(super) fn answer(
    arguments: &Show,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let shown = runs(arguments, store)?
        .into_iter()
        .map(|run| Shown::new(store, run, arguments.threshold))
        .collect::<Result<Vec<_>, _>>()?;
    match (arguments.runs.len(), shown.as_slice()) {
        (1, [shown]) => session.answer(shown, |page| shown.write(page, session.now())),
        _ => session.answer(&shown, |page| SideBySide(&shown).write(page)),
    }
}

/// Returns the named runs; without names, the latest completed run of each model of the suite.
fn runs(arguments: &Show, store: &Moment<'_>) -> Result<Vec<Run>, Failure> {
    if arguments.runs.is_empty() {
        let suite = suite_name::find_or_only(store, arguments.suite.as_deref())?;
        return models::latest_of_each(store, &suite.id);
    }
    let suite_id = suite_name::find_id(store, arguments.suite.as_deref())?;
    arguments.runs.iter().map(|run| run_name::find(store, run, suite_id.as_deref())).collect()
}
