//! The table of the runs that `prune` deletes and `recover` marks.

use runstore::model::Suite;
use runstore_report::cell::Cell;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

/// Maximum number of runs shown.
const SHOWN: usize = 20;

/// A row of the table.
pub(super) struct RunRow<'r> {
    pub(super) id: &'r str,
    pub(super) suite_id: &'r str,
    pub(super) name: &'r str,
    pub(super) model: &'r str,
    /// Milliseconds since the epoch.
    pub(super) started_at: i64,
    pub(super) cases: i64,
    /// Why it is in the table, where runs are for different reasons.
    pub(super) why: Option<String>,
}

/// Writes the table, unless there are no runs.
pub(super) fn write<'r, T>(
    page: &mut Page,
    runs: &'r [T],
    row: impl Fn(&'r T) -> RunRow<'r>,
    suites: &[Suite],
    now: i64,
) {
    if runs.is_empty() {
        return;
    }
    let rows: Vec<RunRow<'r>> = runs.iter().take(SHOWN).map(row).collect();
    let says_why = rows.iter().any(|run| run.why.is_some());
    let started = Column::text("started");
    let mut columns = vec![
        Column::text("run"),
        Column::text("suite").cut_to(8).left_out(2),
        Column::text("name").cut_to(8),
        Column::text("model").cut_to(6).left_out(1),
        // Beside a reason, which often has the time of the last heartbeat, it says little more.
        if says_why { started.left_out(3) } else { started },
        Column::number("attempts").left_out(4),
    ];
    if says_why {
        columns.push(Column::text("why"));
    }
    let mut table = Table::new(columns);
    for run in rows {
        let suite = suites.iter().find(|suite| suite.id == run.suite_id);
        let mut cells: Vec<Cell> = vec![
            short(run.id).into(),
            Cell::optional(suite, |suite| Cell::from(&suite.name)),
            Cell::from(run.name),
            Cell::from(run.model),
            ago(run.started_at as f64, now).into(),
            count(run.cases).into(),
        ];
        cells.extend(run.why.map(Cell::from));
        table.row(cells);
    }
    page.table(&table);
    page.more(runs.len() as u64, SHOWN);
    page.blank();
}
