//! The commands, each of which makes an answer out of its arguments and the store.

mod backup;
mod baseline;
mod benchmarks;
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
mod mde;
mod merge;
mod prompts;
mod prune;
mod recover;
mod report;
mod runs;
mod salvage;
mod show;
mod suites;
mod trajectories;
mod trend;
mod vacuum;
mod verdicts;

use std::ffi::OsString;

use super::answer::Answer;
use super::arguments::{Asked, Command, parse};
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
    match &arguments.command {
        Command::Suites(suites) => suites::answer(suites, &session),
        Command::Runs(runs) => runs::answer(runs, &session),
        Command::Show(show) => show::answer(show, &session),
        Command::Cases(cases) => cases::answer(cases, &session),
        Command::Benchmarks(benchmarks) => benchmarks::answer(benchmarks, &session),
        Command::Trajectories(trajectories) => trajectories::answer(trajectories, &session),
        Command::Prompts(prompts) => prompts::answer(prompts, &session),
        Command::Compare(compare) => compare::answer(compare, &session),
        Command::Check(check) => check::answer(check, &session),
        Command::Gate(gate) => gate::answer(gate, &session),
        Command::History(history) => history::answer(history, &session),
        Command::Trend(trend) => trend::answer(trend, &session),
        Command::Baseline(baseline) => baseline::answer(&baseline.command, &session),
        Command::Report(report) => report::answer(&report.command, &session),
        Command::Verdicts(verdicts) => verdicts::answer(verdicts, &session),
        Command::Mde(mde) => mde::answer(mde, &session),
        Command::Doctor(doctor) => doctor::answer(doctor, &session),
        Command::Backup(backup) => backup::answer(backup, &session),
        Command::Merge(merge) => merge::answer(merge, &session),
        Command::Prune(prune) => prune::answer(prune, &session),
        Command::Recover(recover) => recover::answer(recover, &session),
        Command::Vacuum(_) => vacuum::answer(&session),
        Command::Import(import) => import::answer(&import.command, &session),
        Command::Export(export) => export::answer(&export.command, &session),
        Command::Completions(completions) => completions::answer(completions),
    }
}
