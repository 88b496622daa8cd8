//! Shows one run with all of its figures.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::commands::runs::status_of;
use crate::failure::Failure;
use runstore::model::{
    CaseReport, RUNNING, Run, RunOwner, RunReport, RunSummary, Suite, THRESHOLD,
};
use runstore::results::{ReportOptions, get_run_report};
use runstore::scorecard::Passing;
use runstore::store::{Store, Total, Usage};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::numbers::{amount, count, dollars, duration, figure, percent};
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use runstore_report::times::{ago, date_time};

/// The data of a run.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) run: Run,
    pub(super) suite: Option<Suite>,
    /// The owner of a run that is running; `None` if it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<RunOwner>,
    /// `None` if cases pass by the thresholds of the suite.
    threshold: Option<f64>,
    errored: u64,
    unscored: u64,
    cost_usd: Option<f64>,
    summary: Summary,
    pub(super) report: RunReport,
    #[serde(skip)]
    usage: Usage,
}

/// The documented summary, with the names of JavaScript.
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

impl Shown {
    pub(super) fn new(store: &Store, run: Run, asked: Option<f64>) -> Result<Self, Failure> {
        let passing = match asked {
            Some(least) => Passing::AtLeast(least),
            None => Passing::of_run(store, &run.id, "show")?,
        };
        let threshold = match passing {
            Passing::AtLeast(least) => Some(least),
            Passing::Thresholds(_) => None,
        };
        let options = ReportOptions { passing, ..ReportOptions::default() };
        let report = get_run_report(store, &run.id, &options)?;
        let usage = store.usage(&run.id)?;
        Ok(Shown {
            suite: store.get_suite(&run.suite_id)?,
            owner: if run.status == RUNNING { store.get_run_owner(&run.id)? } else { None },
            threshold,
            errored: report.all.errored_count,
            unscored: report.all.unscored_count,
            cost_usd: usage.cost_usd.map(|total| total.sum),
            summary: store.get_run_summary(&run.id, threshold.unwrap_or(THRESHOLD))?.into(),
            report,
            usage,
            run,
        })
    }

    pub(super) fn write(&self, page: &mut Page, now: i64) {
        page.title(&self.run.name);
        page.fields(&self.fields(now));
        page.blank();
        self.write_cases(page);
        if !self.summary.mean_scores.is_empty() {
            page.blank();
            self.write_scorers(page);
        }
    }

    fn owner_ended(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.alive == Some(false))
    }

    fn fields(&self, now: i64) -> Vec<(&'static str, Cell)> {
        let run = &self.run;
        let time = |ms: f64| Cell::from(format!("{} UTC ({})", date_time(ms), ago(ms, now)));
        let took = run.finished_at.map(|finished| finished - run.started_at);
        let mut fields = vec![
            ("id", Cell::from(&run.id)),
            ("suite", Cell::optional(self.suite.as_ref(), |suite| Cell::from(&suite.name))),
            ("model", Cell::from(&run.model)),
            ("status", status_of(run, self.owner_ended())),
            ("started", time(run.started_at)),
        ];
        fields.extend(took.map(|took| ("took", duration(took).into())));
        let heartbeat = self.owner.as_ref().map(|owner| time(owner.heartbeat_at as f64));
        fields.extend(heartbeat.map(|at| ("heartbeat", at)));
        let json =
            |value: &Option<Box<RawValue>>| value.as_ref().map(|json| Cell::from(json.get()));
        let tags = run.tags.as_ref().map(|tags| Cell::from(listed(tags)));
        let more =
            [("config", json(&run.config)), ("tags", tags), ("metadata", json(&run.metadata))];
        fields.extend(more.into_iter().filter_map(|(name, value)| Some((name, value?))));
        fields
    }

    fn write_cases(&self, page: &mut Page) {
        let report = &self.report.all;
        let worry = |number: u64| {
            Cell::new(&count(number), if number > 0 { Role::Bad } else { Role::Plain })
        };
        let mut fields = vec![
            ("cases", count(report.example_count).into()),
            ("passed", self.passed().into()),
            ("failed", worry(report.fail_count)),
            ("errored", worry(report.errored_count)),
            ("unscored", worry(report.unscored_count)),
            ("latency", self.latency()),
            ("tokens in", self.total(self.usage.tokens_in, amount)),
            ("tokens out", self.total(self.usage.tokens_out, amount)),
        ];
        if self.usage.cost_usd.is_some() {
            fields.push(("cost", self.total(self.usage.cost_usd, dollars)));
        }
        if self.has_trials() {
            fields.insert(1, ("attempts", attempts(report).into()));
            fields.push(("pass@k", pass_at_k(report).into()));
        }
        page.fields(&fields);
    }

    /// Whether some case has several trials.
    fn has_trials(&self) -> bool {
        self.report.all.most_trials > 1
    }

    fn passed(&self) -> String {
        let CaseReport { pass_count, fail_count, .. } = &self.report.all;
        let judged = pass_count + fail_count;
        let share = (judged > 0).then(|| *pass_count as f64 / judged as f64);
        let share = share.map_or(String::new(), |share| {
            let of = if self.has_trials() { " of the scored attempts" } else { "" };
            format!(" ({}{of})", percent(share))
        });
        let rule = match self.threshold {
            Some(least) => format!("no score below {least}"),
            None => "by the thresholds of the suite".to_owned(),
        };
        format!("{}{share}, {rule}", count(*pass_count))
    }

    fn latency(&self) -> Cell {
        let Some((p50, p95)) = self.report.all.latency_p50_ms.zip(self.report.all.latency_p95_ms)
        else {
            return Cell::nothing();
        };
        let total = self.total(self.usage.latency_ms, duration);
        format!("{}, p50 {}, p95 {}", total.text(), duration(p50), duration(p95)).into()
    }

    /// A total, and its mean over the cases that have a value.
    fn total(&self, total: Option<Total>, told: impl Fn(f64) -> String) -> Cell {
        let one = if self.has_trials() { "an attempt" } else { "a case" };
        Cell::optional(total, |total| {
            format!("{}, {} {one}", told(total.sum), told(total.mean())).into()
        })
    }

    /// Writes the means over cases, and beside them the means over all scores, if they differ.
    fn write_scorers(&self, page: &mut Page) {
        let rows = self.report.all.mean_scores.iter().map(|(scorer, mean)| {
            let of_scores = self.summary.mean_scores.get(scorer).copied().flatten();
            (scorer, told(*mean), told(of_scores))
        });
        let rows: Vec<_> = rows.collect();
        let is_other = rows.iter().any(|(_, mean, of_scores)| mean != of_scores);
        let mut columns = vec![Column::text("scorer").cut_to(12), Column::number("mean")];
        columns.extend(is_other.then(|| Column::number("of all scores")));
        let mut table = Table::new(columns);
        for (scorer, mean, of_scores) in rows {
            let mut row = vec![Cell::from(scorer), mean.into()];
            row.extend(is_other.then(|| of_scores.into()));
            table.row(row);
        }
        page.table(&table);
        if is_other {
            page.words("", ONE_SCORE_A_CASE, Role::Faint);
        }
    }
}

const ONE_SCORE_A_CASE: &str = "The mean is over cases: several scores of a case are averaged first, as compare, gate, \
     history and trend do. \"of all scores\" is the mean in the run's summary, where each score counts.";

/// Returns `nightly, gpu` for a JSON array of texts; other JSON as it is.
fn listed(tags: &RawValue) -> String {
    let texts: Result<Vec<String>, _> = runstore::json::read(tags.get());
    texts.map_or_else(|_| tags.get().to_owned(), |texts| texts.join(", "))
}

fn told(mean: Option<f64>) -> String {
    mean.map_or("–".to_owned(), figure)
}

/// Returns `120, up to 3 a case`.
fn attempts(report: &CaseReport) -> String {
    format!("{}, up to {} a case", count(report.total_cases), count(report.most_trials))
}

/// Returns `1: 0.500, 5: 0.750 (2 of 3 cases)`: which cases have so many attempts, unless all have.
fn pass_at_k(report: &CaseReport) -> String {
    let told = report.pass_at_k.iter().map(|(k, share)| {
        let cases = report.pass_at_k_cases.get(k).copied().unwrap_or_default();
        let of = match cases < report.example_count {
            true => format!(" ({} of {} cases)", count(cases), count(report.example_count)),
            false => String::new(),
        };
        format!("{k}: {}{of}", figure(*share))
    });
    told.collect::<Vec<_>>().join(", ")
}
