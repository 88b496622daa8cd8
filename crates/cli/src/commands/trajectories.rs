//! `runstore trajectories RUN [IDX]`

use serde::Serialize;

use super::episode::{Episode, measured, reward};
use crate::answer::Answer;
use crate::arguments::Trajectories;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::{Outcome, Run, TrajectoryFilter, TrajectoryList};
use runstore::store::Store;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{amount, count, duration};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};

/// Maximum number of characters of an error in a table.
const EXCERPT: usize = 300;

/// The matching trajectories.
#[derive(Serialize)]
struct Listed {
    run: Run,
    #[serde(flatten)]
    list: TrajectoryList,
}

pub(super) fn answer(
    arguments: &Trajectories,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let run = arguments.run.find(store)?;
    let benchmark = arguments.benchmark.as_deref();
    if let Some(idx) = arguments.idx {
        let episode = find(store, &run, benchmark, idx)?;
        return session.answer(&episode.json()?, |page| episode.write(page, arguments.full));
    }
    let outcome = arguments.outcome.as_deref().and_then(Outcome::of_name);
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let filter = TrajectoryFilter {
        benchmark,
        outcome,
        case_id: arguments.case.as_deref(),
        key: arguments.key.as_deref(),
        trial: arguments.trial.map(f64::from),
    };
    let list = store.list_trajectories(&run.id, &filter, limit)?;
    let listed = Listed { run, list };
    session.answer(&listed, |page| listed.write(page))
}

/// Returns the trajectory with an idx; if no benchmark is named, the only benchmark that has it.
fn find(store: &Store, run: &Run, benchmark: Option<&str>, idx: i64) -> Result<Episode, Failure> {
    let names = match benchmark {
        Some(name) => vec![name.to_owned()],
        None => store.list_benchmarks(&run.id)?,
    };
    let mut found = Vec::new();
    for name in &names {
        let row = store.get_trajectory(&run.id, name, idx as f64)?;
        found.extend(row.map(|row| (name.as_str(), row)));
    }
    let benchmarks: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    let several = benchmarks.join(", ");
    match (found.pop(), found.is_empty()) {
        (Some((_, trajectory)), true) => Ok(Episode(trajectory)),
        (Some(_), false) => {
            let message = format!("several benchmarks have a trajectory {idx}: {several}");
            Err(Failure::new(Exit::Data, message).hint("name one with --benchmark"))
        }
        (None, _) => {
            let of = benchmark.map_or(String::new(), |name| format!(" of benchmark \"{name}\""));
            Err(Failure::new(Exit::Missing, format!("the run has no trajectory {idx}{of}"))
                .hint("\"runstore trajectories RUN\" lists them"))
        }
    }
}

impl Listed {
    fn write(&self, page: &mut Page) {
        let (run, list) = (&self.run, &self.list);
        page.title(&format!("{} ({}, {})", run.name, run.model, short(&run.id)));
        if list.trajectories.is_empty() {
            return page.line(&["There is no such trajectory.".into()]);
        }
        page.table(&self.table());
        let shown = list.trajectories.len();
        if (shown as u64) < list.total {
            let note =
                format!("{shown} of {} trajectories; --limit 0 lists all", count(list.total));
            page.line(&[Cell::new(&note, Role::Faint)]);
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new([
            Column::text("benchmark").cut_to(6),
            Column::number("idx"),
            Column::text("example").cut_to(8).left_out(3),
            Column::number("turns").left_out(1),
            Column::number("tokens").left_out(2),
            Column::number("reward"),
            Column::number("took").left_out(4),
            Column::text("error").cut_to(8),
        ]);
        for one in &self.list.trajectories {
            let error =
                one.error.as_ref().map(|error| error.chars().take(EXCERPT).collect::<String>());
            let example = Some(&one.example_id).filter(|id| !id.is_empty());
            table.row([
                Cell::from(&one.benchmark),
                one.idx.to_string().into(),
                Cell::optional(example, Cell::from),
                count(one.turns).into(),
                Cell::optional(one.token_count.and_then(measured), |tokens| amount(tokens).into()),
                reward(one.reward),
                Cell::optional(one.time_seconds.and_then(measured), |took| {
                    duration(took * 1000.0).into()
                }),
                Cell::optional(error, |error| Cell::new(&error, Role::Bad)),
            ]);
        }
        table
    }
}
