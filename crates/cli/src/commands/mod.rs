//! The commands: each computes an answer from its arguments and the store.

mod annotate;
pub(crate) mod archive;
mod backup;
mod baseline;
mod benchmarks;
mod calibrate;
mod cases;
mod check;
mod compare;
mod completions;
mod doctor;
mod episode;
mod export;
mod gate;
mod history;
mod import;
mod import_jsonl;
mod judges;
mod mde;
mod merge;
mod prompts;
mod prune;
mod recover;
mod report;
mod run_changes;
mod runs;
mod salvage;
mod show;
mod suite_changes;
mod suites;
mod thresholds;
mod trajectories;
mod trend;
mod vacuum;
mod verdicts;
mod view;

use std::ffi::OsString;

use super::answer::Answer;
use super::arguments::{Asked, Command, parse};
use super::environment::Environment;
use super::failure::Failure;
use super::session::Session;

/// Returns the answer of the command.
pub(super) fn answer(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment<'_>,
) -> Result<Answer, Failure> {
    let arguments = match parse(arguments, environment.width_of_output())? {
        Asked::Command(arguments) => arguments,
        Asked::Answer(answer) => return Ok(answer),
    };
    let session = Session::new(&arguments.global, environment);
    let answer = answered(&arguments.command, &session)?;
    Ok(Answer { remarks: session.remarks() + &answer.remarks, ..answer })
}

fn answered(command: &Command, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        Command::Suites(suites) => suites::answer(suites, session),
        Command::Runs(runs) => runs::answer(runs, session),
        Command::Show(show) => session.at_one_moment(|store| show::answer(show, store, session)),
        Command::Cases(cases) if cases.annotate.is_some() => annotate::answer(cases, session),
        Command::Cases(cases) => {
            session.at_one_moment(|store| cases::answer(cases, store, session))
        }
        Command::Benchmarks(benchmarks) => {
            session.at_one_moment(|store| benchmarks::answer(benchmarks, store, session))
        }
        Command::Trajectories(trajectories) => {
            session.at_one_moment(|store| trajectories::answer(trajectories, store, session))
        }
        Command::Prompts(prompts) => {
            session.at_one_moment(|store| prompts::answer(prompts, store, session))
        }
        Command::Compare(compare) => {
            session.at_one_moment(|store| compare::answer(compare, store, session))
        }
        Command::Check(check) => {
            session.at_one_moment(|store| check::answer(check, store, session))
        }
        Command::Thresholds(of) => thresholds::answer(&of.command, session),
        Command::Gate(gate) => gate::answer(gate, session),
        Command::History(history) => history::answer(history, session),
        Command::Trend(trend) => trend::answer(trend, session),
        Command::Calibrate(calibrate) => {
            session.at_one_moment(|store| calibrate::answer(calibrate, store, session))
        }
        Command::Baseline(baseline) => baseline::answer(&baseline.command, session),
        Command::Report(report) => report::answer(&report.command, session),
        Command::View(view) => view::answer(view, session),
        Command::Verdicts(verdicts) => {
            session.at_one_moment(|store| verdicts::answer(verdicts, store, session))
        }
        Command::Judges(judges) => {
            session.at_one_moment(|store| judges::answer(judges, store, session))
        }
        Command::Mde(mde) => mde::answer(mde, session),
        Command::Doctor(doctor) => doctor::answer(doctor, session),
        Command::Backup(backup) => backup::answer(backup, session),
        Command::Merge(merge) => merge::answer(merge, session),
        Command::Prune(prune) => prune::answer(prune, session),
        Command::Recover(recover) => recover::answer(recover, session),
        Command::Vacuum(_) => vacuum::answer(session),
        Command::Import(import) => import::answer(&import.command, session),
        Command::Export(export) => export::answer(&export.command, session),
        Command::Archive(archive) => archive::answer(archive, session),
        Command::Completions(completions) => completions::answer(completions),
    }
}
