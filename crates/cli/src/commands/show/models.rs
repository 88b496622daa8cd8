//! Shows several runs side by side, such as one for each model of a suite.

use std::collections::BTreeSet;

use super::one::Shown;
use crate::failure::Failure;
use runstore::model::{CaseReport, Run, RunQuery};
use runstore::store::Store;
use runstore_report::cell::Cell;
use runstore_report::numbers::{amount, count, dollars, duration, figure, percent};
use runstore_report::page::Page;
use runstore_report::run_label::ShortIds;
use runstore_report::table::{Column, Table};

/// Returns the latest completed run of each model, newest first.
pub(super) fn latest_of_each(store: &Store, suite_id: &str) -> Result<Vec<Run>, Failure> {
    let query = RunQuery {
        suite: Some(suite_id.to_owned()),
        status: Some("completed".to_owned()),
        limit: Some(u32::MAX),
        ..RunQuery::default()
    };
    // Damaged values of other runs do not matter here.
    let mut runs = store.find_all_runs(&query, &|_| Ok(()))?.runs;
    let mut models = BTreeSet::new();
    runs.retain(|run| models.insert(run.model.clone()));
    Ok(runs)
}

/// Runs in a table, one per row.
pub(super) struct SideBySide<'s>(pub(super) &'s [Shown]);

impl SideBySide<'_> {
    pub(super) fn write(&self, page: &mut Page) {
        if self.0.is_empty() {
            return page.line(&["The suite has no completed run.".into()]);
        }
        let scorers = self.scorers();
        let has_trials = self.0.iter().any(|shown| shown.report.all.most_trials > 1);
        let mut table = Table::new(columns(&scorers, has_trials));
        let short = ShortIds::among(self.0.iter().map(|shown| shown.run.id.as_str()));
        for shown in self.0 {
            table.row(row(shown, short.of(&shown.run.id), &scorers, has_trials));
        }
        page.table(&table);
    }

    /// Returns the scorers of all runs, by name.
    fn scorers(&self) -> Vec<&str> {
        let names = self.0.iter().flat_map(|shown| shown.report.all.mean_scores.keys());
        names.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn columns(scorers: &[&str], has_trials: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::text("model").cut_to(8),
        Column::text("id"),
        Column::text("suite").cut_to(6).left_out(9),
        Column::text("name").cut_to(6).left_out(8),
        Column::number("cases").left_out(7),
        Column::number("passed"),
    ];
    columns.extend(has_trials.then(|| Column::number("pass@k").left_out(4)));
    columns.extend(scorers.iter().map(|scorer| Column::number(scorer).cut_to(5).left_out(2)));
    columns.extend([
        Column::number("p50").called("p50 latency").left_out(5),
        Column::number("p95").called("p95 latency").left_out(6),
        Column::number("tokens").left_out(3),
        Column::number("cost").left_out(1),
    ]);
    columns
}

fn row(shown: &Shown, id: &str, scorers: &[&str], has_trials: bool) -> Vec<Cell> {
    let report = &shown.report.all;
    let latency = |ms: Option<f64>| Cell::optional(ms, |ms| duration(ms).into());
    let mut row = vec![
        Cell::from(&shown.run.model),
        id.into(),
        Cell::optional(shown.suite.as_ref(), |suite| Cell::from(&suite.name)),
        Cell::from(&shown.run.name),
        count(report.example_count).into(),
        passed(report),
    ];
    row.extend(has_trials.then(|| pass_at_most(report)));
    row.extend(scorers.iter().map(|scorer| {
        let mean = report.mean_scores.get(*scorer).copied().flatten();
        Cell::optional(mean, |mean| figure(mean).into())
    }));
    let tokens = [report.total_tokens_in, report.total_tokens_out]
        .into_iter()
        .flatten()
        .reduce(|one, other| one + other);
    row.extend([
        latency(report.latency_p50_ms),
        latency(report.latency_p95_ms),
        Cell::optional(tokens, |tokens| amount(tokens).into()),
        Cell::optional(report.total_cost_usd, |cost| dollars(cost).into()),
    ]);
    row
}

/// Returns the share of the scored attempts that passed.
fn passed(report: &CaseReport) -> Cell {
    let judged = report.pass_count + report.fail_count;
    let share = (judged > 0).then(|| report.pass_count as f64 / judged as f64);
    Cell::optional(share, |share| percent(share).into())
}

/// Returns `5: 0.750` for the largest k for which most cases have enough attempts: a few cases with more attempts than the
/// others say little about the model.
fn pass_at_most(report: &CaseReport) -> Cell {
    let of_most = |k: &u64| {
        let cases = report.pass_at_k_cases.get(k).copied().unwrap_or_default();
        cases * 2 > report.example_count
    };
    let last = report.pass_at_k.iter().rfind(|(k, _)| of_most(k));
    Cell::optional(last, |(k, share)| format!("{k}: {}", figure(*share)).into())
}
