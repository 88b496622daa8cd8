//! `runstore show RUN`

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::runs::status;
use crate::answer::Answer;
use crate::arguments::Show;
use crate::failure::Failure;
use crate::session::Session;
use runstore::model::{Run, RunSummary, Suite};
use runstore::store::{CaseQuery, Store};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{amount, count, dollars, duration, figure, percent};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, date_time};

/// What is known of a run.
#[derive(Serialize)]
struct Shown {
    run: Run,
    suite: Option<Suite>,
    threshold: f64,
    errored: u64,
    unscored: u64,
    cost_usd: Option<f64>,
    summary: Summary,
}

/// The documented summary, as JavaScript has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    total_cases: u64,
    pass_count: u64,
    fail_count: u64,
    mean_scores: BTreeMap<String, Option<f64>>,
    total_latency_ms: f64,
    total_tokens_in: f64,
    total_tokens_out: f64,
}

impl From<RunSummary> for Summary {
    fn from(summary: RunSummary) -> Self {
        Summary {
            total_cases: summary.total_cases,
            pass_count: summary.pass_count,
            fail_count: summary.fail_count,
            mean_scores: summary.mean_scores.into_iter().collect(),
            total_latency_ms: summary.total_latency_ms,
            total_tokens_in: summary.total_tokens_in,
            total_tokens_out: summary.total_tokens_out,
        }
    }
}

pub(super) fn answer(arguments: &Show, session: &Session<'_>) -> Result<Answer, Failure> {
    let store = session.store()?;
    let shown = Shown::new(store, arguments.run.find(store)?, arguments.threshold)?;
    session.answer(&shown, |page| shown.write(page, session.now()))
}

impl Shown {
    fn new(store: &Store, run: Run, threshold: f64) -> Result<Self, Failure> {
        let counted = |query| store.list_cases(&run.id, &query, 0).map(|list| list.total);
        Ok(Shown {
            suite: store.get_suite(&run.suite_id)?,
            threshold,
            errored: counted(CaseQuery { errored: true, ..CaseQuery::default() })?,
            unscored: counted(CaseQuery { unscored: true, ..CaseQuery::default() })?,
            cost_usd: store.total_cost(&run.id)?,
            summary: store.get_run_summary(&run.id, threshold)?.into(),
            run,
        })
    }

    fn write(&self, page: &mut Page, now: i64) {
        page.title(&self.run.name);
        page.fields(&self.fields(now));
        page.blank();
        self.write_cases(page);
        if !self.summary.mean_scores.is_empty() {
            page.blank();
            self.write_scorers(page);
        }
    }

    fn fields(&self, now: i64) -> Vec<(&'static str, Cell)> {
        let run = &self.run;
        let time = |ms: f64| Cell::from(format!("{} UTC ({})", date_time(ms), ago(ms, now)));
        let took = run.finished_at.map(|finished| finished - run.started_at);
        let mut fields = vec![
            ("id", Cell::from(&run.id)),
            ("suite", Cell::optional(self.suite.as_ref(), |suite| Cell::from(&suite.name))),
            ("model", Cell::from(&run.model)),
            ("status", status(&run.status)),
            ("started", time(run.started_at)),
        ];
        fields.extend(took.map(|took| ("took", duration(took).into())));
        let json =
            |value: &Option<Box<RawValue>>| value.as_ref().map(|json| Cell::from(json.get()));
        let more = [("config", &run.config), ("tags", &run.tags), ("metadata", &run.metadata)];
        fields.extend(more.into_iter().filter_map(|(name, value)| Some((name, json(value)?))));
        fields
    }

    fn write_cases(&self, page: &mut Page) {
        let summary = &self.summary;
        let judged = summary.pass_count + summary.fail_count;
        let share = (judged > 0).then(|| summary.pass_count as f64 / judged as f64);
        let share = share.map_or(String::new(), |share| format!(" ({})", percent(share)));
        let passed =
            format!("{}{share}, no score below {}", count(summary.pass_count), self.threshold);
        let worry = |number: u64| {
            Cell::new(&count(number), if number > 0 { Role::Bad } else { Role::Plain })
        };
        let mut fields = vec![
            ("cases", count(summary.total_cases).into()),
            ("passed", passed.into()),
            ("failed", worry(summary.fail_count)),
            ("errored", worry(self.errored)),
            ("unscored", worry(self.unscored)),
            ("latency", self.mean(summary.total_latency_ms, duration)),
            ("tokens in", self.mean(summary.total_tokens_in, amount)),
            ("tokens out", self.mean(summary.total_tokens_out, amount)),
        ];
        fields.extend(self.cost_usd.map(|cost| ("cost", self.mean(cost, dollars))));
        page.fields(&fields);
    }

    /// A total, and what it is a case.
    fn mean(&self, total: f64, told: impl Fn(f64) -> String) -> Cell {
        match self.summary.total_cases {
            0 => Cell::nothing(),
            cases => format!("{}, {} a case", told(total), told(total / cases as f64)).into(),
        }
    }

    fn write_scorers(&self, page: &mut Page) {
        let mut table = Table::new([Column::text("scorer").cut_to(12), Column::number("mean")]);
        for (scorer, mean) in &self.summary.mean_scores {
            table.row([Cell::from(scorer), Cell::optional(*mean, |mean| figure(mean).into())]);
        }
        page.table(&table);
    }
}
