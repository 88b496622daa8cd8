//! The commands: each makes an answer from its arguments and the store.

mod archive;
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
mod trajectories;
mod trend;
mod vacuum;
mod verdicts;
mod view;

use std::ffi::OsString;

use super::answer::Answer;
use super::arguments::{Asked, BaselineCommand, Command, ReportCommand, parse};
use super::environment::Environment;
use super::failure::Failure;
use super::session::{self, Session};

/// Returns what the command says.
pub(super) fn answer(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment<'_>,
) -> Result<Answer, Failure> {
    let arguments = match parse(arguments, session::width(environment))? {
        Asked::Command(arguments) => arguments,
        Asked::Answer(answer) => return Ok(answer),
    };
    let session = Session::new(&arguments.global, environment);
    match only_reads(&arguments.command) {
        // What names mean, and what is then read, is of one moment.
        true => session.at_one_moment(|| answered(&arguments.command, &session)),
        false => answered(&arguments.command, &session),
    }
}

/// Returns whether a command does nothing but read the store, in several steps.
fn only_reads(command: &Command) -> bool {
    match command {
        Command::Suites(suites) => suites.command.is_none(),
        Command::Runs(runs) => runs.command.is_none(),
        Command::Baseline(baseline) => {
            matches!(baseline.command, BaselineCommand::Show(_) | BaselineCommand::List(_))
        }
        Command::Mde(mde) => mde.run.is_some(),
        // The others may be about a folder of files, or delete.
        Command::Report(report) => matches!(report.command, ReportCommand::Html(_)),
        Command::Show(_)
        | Command::Cases(_)
        | Command::Benchmarks(_)
        | Command::Trajectories(_)
        | Command::Prompts(_)
        | Command::History(_)
        | Command::Trend(_)
        | Command::Calibrate(_)
        | Command::Verdicts(_)
        | Command::Judges(_) => true,
        _ => false,
    }
}

fn answered(command: &Command, session: &Session<'_>) -> Result<Answer, Failure> {
    match command {
        Command::Suites(suites) => suites::answer(suites, session),
        Command::Runs(runs) => runs::answer(runs, session),
        Command::Show(show) => show::answer(show, session),
        Command::Cases(cases) => cases::answer(cases, session),
        Command::Benchmarks(benchmarks) => benchmarks::answer(benchmarks, session),
        Command::Trajectories(trajectories) => trajectories::answer(trajectories, session),
        Command::Prompts(prompts) => prompts::answer(prompts, session),
        Command::Compare(compare) => compare::answer(compare, session),
        Command::Check(check) => check::answer(check, session),
        Command::Gate(gate) => gate::answer(gate, session),
        Command::History(history) => history::answer(history, session),
        Command::Trend(trend) => trend::answer(trend, session),
        Command::Calibrate(calibrate) => calibrate::answer(calibrate, session),
        Command::Baseline(baseline) => baseline::answer(&baseline.command, session),
        Command::Report(report) => report::answer(&report.command, session),
        Command::View(_) => view::answer(session),
        Command::Verdicts(verdicts) => verdicts::answer(verdicts, session),
        Command::Judges(judges) => judges::answer(judges, session),
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
