//! `runstore report …`: reports on runs of the store, or of a folder of run files.

mod archive;
mod export;
mod html;
mod import;
mod list;
mod remove;
mod save;
mod show;
mod source;

pub(super) use import::imported_answer;
pub(super) use source::Watched;

use crate::answer::Answer;
use crate::arguments::ReportCommand;
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn answer(command: &ReportCommand, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        ReportCommand::List(arguments) => list::answer(arguments, session),
        ReportCommand::Show(arguments) => show::answer(arguments, session),
        ReportCommand::Html(arguments) => {
            session.at_one_moment(|store| html::answer(arguments, store, session))
        }
        ReportCommand::Export(arguments) => export::answer(arguments, session),
        ReportCommand::Archive(arguments) => archive::answer(arguments, session),
        ReportCommand::Save(arguments) => save::answer(arguments, session),
        ReportCommand::Import(arguments) => import::answer(arguments, session),
        ReportCommand::Delete(arguments) => remove::delete(arguments, session),
        ReportCommand::Clear(arguments) => remove::clear(arguments, session),
        ReportCommand::Prune(arguments) => remove::prune(arguments, session),
    }
}
