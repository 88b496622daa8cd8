//! `runstore cases RUN`

use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::arguments::Cases;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::scorer_name;
use crate::session::Session;
use runstore::model::{CaseScore, Readable, Run, ScoredCase};
use runstore::store::{CaseQuery, despite_damage};
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::json::readable;
use runstore_report::numbers::{count, counted, dollars, duration, figure};
use runstore_report::page::Page;
use runstore_report::run_label::short;
use runstore_report::table::{Column, Table};

/// Maximum number of scorers with a column each; with more, all scores share one.
const COLUMNS_OF_SCORERS: usize = 4;
/// Maximum number of characters of a text in a table.
const EXCERPT: usize = 300;

/// The selected cases.
#[derive(Serialize)]
struct Listed {
    run: Run,
    total: u64,
    cases: Vec<ScoredCase>,
    #[serde(skip)]
    threshold: f64,
}

pub(super) fn answer(
    arguments: &Cases,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let run = arguments.run.find(store)?;
    // Without a score of the scorer, all cases are unscored: a list that may be wanted.
    if arguments.scorer.is_some() && !arguments.unscored {
        let means = store.get_run_summary(&run.id, arguments.threshold)?.mean_scores;
        let known: Vec<&str> = means.iter().map(|(scorer, _)| scorer.as_str()).collect();
        scorer_name::check(
            arguments.scorer.as_deref(),
            &known,
            &format!("run \"{}\" has no", run.name),
        )?;
    }
    let query = query(arguments);
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    let Readable { readable: list, damaged } =
        despite_damage(|on| store.list_cases(&run.id, &query, limit, on))?;
    let listed =
        Listed { run, total: list.total, cases: list.cases, threshold: arguments.threshold };
    let failure = Failure::damaged(damaged.into_iter());
    session.answer_with(&listed, failure, |page| listed.write(page, arguments.full))
}

/// Returns the selection.
pub(super) fn query(arguments: &Cases) -> CaseQuery<'_> {
    CaseQuery {
        failed_below: arguments.failed.then_some(arguments.threshold),
        errored: arguments.errored,
        unscored: arguments.unscored,
        scorer: arguments.scorer.as_deref(),
        search: arguments.search.as_deref(),
        id: arguments.id.as_deref(),
        key: arguments.key.as_deref(),
        tag: arguments.tag.as_deref(),
        metadata: &arguments.metadata,
    }
}

impl Listed {
    fn write(&self, page: &mut Page, full: bool) {
        let run = &self.run;
        page.title(&format!("{} ({}, {})", run.name, run.model, short(&run.id)));
        match (self.cases.is_empty(), full) {
            (true, _) => page.line(&["There is no such case.".into()]),
            (false, true) => self.cases.iter().for_each(|case| self.write_full(page, case)),
            (false, false) => self.write_table(page),
        }
        if (self.cases.len() as u64) < self.total {
            let note =
                format!("{} of {} cases; --limit 0 lists all", self.cases.len(), count(self.total));
            page.line(&[Cell::new(&note, Role::Faint)]);
        }
    }

    fn write_table(&self, page: &mut Page) {
        let scorers = self.scorers();
        let parts = self.parts(&scorers);
        let mut table = Table::new(parts.iter().map(|part| part.column()).collect::<Vec<_>>());
        for case in &self.cases {
            table.row(parts.iter().map(|part| part.cell(case, self.threshold)).collect::<Vec<_>>());
        }
        page.table(&table);
    }

    /// Returns the scorers of all cases in order of appearance, without duplicates.
    fn scorers(&self) -> Vec<&str> {
        let mut scorers: Vec<&str> = vec![];
        for score in self.cases.iter().flat_map(|case| &case.scores) {
            if !scorers.contains(&score.scorer_name.as_str()) {
                scorers.push(&score.scorer_name);
            }
        }
        scorers
    }

    /// Returns the columns that are not empty.
    fn parts<'s>(&self, scorers: &[&'s str]) -> Vec<Part<'s>> {
        let has = |given: fn(&ScoredCase) -> bool| self.cases.iter().any(given);
        let mut parts = vec![Part::Idx];
        parts.extend(has(|case| case.key.is_some()).then_some(Part::Key));
        parts.extend(has(|case| case.trial.is_some()).then_some(Part::Trial));
        match scorers.len() {
            0..=COLUMNS_OF_SCORERS => {
                parts.extend(scorers.iter().map(|scorer| Part::Scorer(scorer)))
            }
            _ => parts.push(Part::Scores),
        }
        parts.extend(has(|case| case.error.is_some()).then_some(Part::Error));
        parts.push(Part::Input);
        parts.extend(has(|case| case.output.is_some()).then_some(Part::Output));
        parts.extend(has(|case| case.expected.is_some()).then_some(Part::Expected));
        parts
    }

    fn write_full(&self, page: &mut Page, case: &ScoredCase) {
        let key = case.key.as_ref().map_or(String::new(), |key| format!(" · {key}"));
        let trial = case.trial.map_or(String::new(), |trial| format!(" · trial {trial}"));
        page.blank();
        page.title(&format!("case {}{key}{trial}", case.idx));
        page.line(&[Cell::new(&format!("  id {}", case.id), Role::Faint)]);
        let json =
            |value: &Option<Box<RawValue>>| value.as_ref().map(|value| readable(value.get()));
        let texts = [
            ("input", json(&case.input)),
            ("expected", json(&case.expected)),
            ("output", case.output.clone()),
            ("error", case.error.clone()),
            ("metadata", json(&case.metadata)),
        ];
        for (name, text) in texts {
            let Some(text) = text else { continue };
            page.line(&[Cell::new(&format!("  {name}"), Role::Faint)]);
            page.verbatim("    ", &text);
        }
        self.write_scores(page, case);
        self.write_usage(page, case);
    }

    fn write_scores(&self, page: &mut Page, case: &ScoredCase) {
        if case.scores.is_empty() {
            return page.line(&[Cell::new("  no score", Role::Unsure)]);
        }
        for score in &case.scores {
            let name = Cell::new(&format!("  {} ", score.scorer_name), Role::Faint);
            page.line(&[name, number(score.score, self.threshold)]);
            if let Some(reason) = &score.reason {
                page.verbatim("    ", reason);
            }
        }
    }

    fn write_usage(&self, page: &mut Page, case: &ScoredCase) {
        let tokens =
            |tokens: f64, way: &str| format!("{} {way}", counted(tokens as usize, "token"));
        let used = [
            case.latency_ms.map(duration),
            case.tokens_in.map(|number| tokens(number, "in")),
            case.tokens_out.map(|number| tokens(number, "out")),
            case.cost_usd.map(dollars),
        ];
        let used: Vec<String> = used.into_iter().flatten().collect();
        if !used.is_empty() {
            page.line(&[Cell::new(&format!("  {}", used.join(", ")), Role::Faint)]);
        }
    }
}

/// A column of the table.
#[derive(Clone, Copy)]
enum Part<'s> {
    Idx,
    Key,
    Trial,
    Scorer(&'s str),
    Scores,
    Error,
    Input,
    Output,
    Expected,
}

impl Part<'_> {
    fn column(self) -> Column {
        match self {
            Part::Idx => Column::number("idx"),
            Part::Key => Column::text("key").cut_to(8),
            Part::Trial => Column::number("trial").left_out(3),
            Part::Scorer(scorer) => Column::number(scorer).cut_to(6),
            Part::Scores => Column::text("scores").cut_to(12),
            Part::Error => Column::text("error").cut_to(8),
            Part::Input => Column::text("input").cut_to(8),
            Part::Output => Column::text("output").cut_to(8),
            Part::Expected => Column::text("expected").cut_to(8).left_out(1),
        }
    }

    fn cell(self, case: &ScoredCase, threshold: f64) -> Cell {
        let text = |text: Option<&str>| Cell::optional(text, |text| excerpt(text).into());
        let json = |json: Option<&RawValue>| text(json.map(|json| readable(json.get())).as_deref());
        match self {
            Part::Idx => case.idx.to_string().into(),
            Part::Key => text(case.key.as_deref()),
            Part::Trial => Cell::optional(case.trial, |trial| trial.to_string().into()),
            Part::Scorer(scorer) => {
                let score = case.scores.iter().rfind(|score| score.scorer_name == scorer);
                Cell::optional(score, |score| number(score.score, threshold))
            }
            Part::Scores => all_scores(&case.scores).into(),
            Part::Error => {
                Cell::optional(case.error.as_deref(), |error| Cell::new(&excerpt(error), Role::Bad))
            }
            Part::Input => json(case.input.as_deref()),
            Part::Output => text(case.output.as_deref()),
            Part::Expected => json(case.expected.as_deref()),
        }
    }
}

/// Returns a score, marked if it is below the threshold.
fn number(score: f64, threshold: f64) -> Cell {
    Cell::new(&figure(score), if score < threshold { Role::Bad } else { Role::Plain })
}

fn all_scores(scores: &[CaseScore]) -> String {
    let told = scores.iter().map(|score| format!("{} {}", score.scorer_name, figure(score.score)));
    told.collect::<Vec<_>>().join(", ")
}

/// Returns the start of a text, enough for a table; a text can have 500 MB.
fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}
