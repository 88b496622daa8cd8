//! `runstore cases RUN --annotate LABEL --by NAME`

use serde::Serialize;

use super::cases::query;
use crate::answer::Answer;
use crate::arguments::Cases;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::{Run, ScoredCase};
use runstore::store::{Annotation, HUMAN, NewAnnotation, refuse};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted, figure};
use runstore_report::run_label::short;

/// A labelled case.
#[derive(Serialize)]
struct Labelled {
    run: Run,
    case: ScoredCase,
    annotation: Annotation,
}

/// Labels the case that the arguments select.
pub(super) fn answer(arguments: &Cases, session: &Session<'_>) -> Result<Answer, Failure> {
    let (Some(score), Some(name)) = (arguments.annotate, arguments.by.as_deref()) else {
        return Err(Failure::usage("--annotate goes with --by"));
    };
    let labelled = session.all_or_nothing(|store| {
        let run = arguments.run.find(store)?;
        let case = the_case(store, &run, arguments)?;
        let note = arguments.note.clone();
        let new = NewAnnotation { case_id: case.id.clone(), name: name.to_owned(), score, note };
        store.save_annotations(&[new])?;
        let annotation = kept(store, &run, &case, name)?;
        Ok(Labelled { run, case, annotation })
    })?;
    session.answer(&labelled, |page| {
        page.line(&[labelled.words().as_str().into()]);
        if let Some(before) = labelled.annotation.earlier.first() {
            let words = format!("{name} said {} before, which is kept.", figure(before.score));
            page.line(&[Cell::new(&words, Role::Faint)]);
        }
    })
}

impl Labelled {
    fn words(&self) -> String {
        let Labelled { run, case, annotation } = self;
        let key = case.key.as_ref().map_or(String::new(), |key| format!(" ({key})"));
        let score = figure(annotation.judgement.score);
        let run = format!("{} ({}, {})", run.name, run.model, short(&run.id));
        format!("Case {}{key} of {run}: {HUMAN}{} is {score}.", case.idx, annotation.name)
    }
}

/// Returns the selected case, if it is exactly one.
fn the_case(store: &Moment<'_>, run: &Run, arguments: &Cases) -> Result<ScoredCase, Failure> {
    let mut list = store.list_cases(&run.id, &query(arguments), 1, &refuse)?;
    match (list.total, list.cases.pop()) {
        (1, Some(case)) => Ok(case),
        (0, _) | (_, None) => Err(Failure::new(Exit::Missing, "no case matches")
            .hint("run \"runstore cases RUN\" to list the cases")),
        (several, _) => {
            let said =
                format!("{} match, and only one can be labelled at a time", counted_cases(several));
            Err(Failure::new(Exit::Data, said)
                .hint("name it with --id; \"runstore cases RUN --full\" shows the ids"))
        }
    }
}

fn counted_cases(number: u64) -> String {
    usize::try_from(number)
        .map_or_else(|_| format!("{} cases", count(number)), |number| counted(number, "case"))
}

/// Returns the stored label.
fn kept(
    store: &Moment<'_>,
    run: &Run,
    case: &ScoredCase,
    name: &str,
) -> Result<Annotation, Failure> {
    let mut annotations = store.list_annotations(&run.id)?.into_iter();
    let kept = annotations.find(|one| one.case_id == case.id && one.name == name);
    kept.ok_or_else(|| Failure::bug("the label was not kept"))
}
