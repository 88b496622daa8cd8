//! Makes a page of a run, or of two.

use serde::Serialize;

use super::Page;
use super::failures::{FailureGroup, Failures, failures};
use super::head::{PageRun, PageScorecard, PageScorer, PageVerdict, PastRun, SuiteName, past_runs};
use super::limits::{Limits, limits};
use super::options::{PageOptions, Preset};
use super::rows::{Rows, places, rows};
use super::searched::Searched;
use super::shown::shown;
use super::words::{self, Each};
use crate::compare::{
    CaseTable, ComparisonOptions, Coverage, GateReport, JudgeAgreement, agreement_with_people,
    case_table, compare, gate, scored_table,
};
use crate::error::Result;
use crate::model::Run;
use crate::scorecard::Passing;
use crate::store::{HUMAN, Store, now};

/// The name of the format.
const FORMAT: &str = "runstore-page";
/// The version of the format.
const VERSION: u32 = 1;

/// The page without the bodies of its cases.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// `runstore-page`.
    pub format: &'static str,
    /// The version of the format.
    pub version: u32,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    /// The suite of the candidate.
    pub suite: SuiteName,
    /// `None` on a page of one run.
    pub baseline: Option<PageRun>,
    /// The run itself, on a page of one.
    pub candidate: PageRun,
    /// The outcome, in one sentence.
    pub headline: String,
    /// The scorer of that sentence; `None` on a page of one run.
    pub deciding: Option<String>,
    /// `None` on a page of one run.
    pub verdict: Option<PageVerdict>,
    /// Of the candidate; `None` if its suite has no thresholds, or until the run is read.
    pub scorecard: Option<PageScorecard>,
    /// By name.
    pub scorers: Vec<PageScorer>,
    /// The limits within which a score passes, in the order of the scorers.
    pub limits: Vec<Limits>,
    /// Warnings for the reader.
    pub notes: Vec<String>,
    /// How the cases were paired; `None` on a page of one run.
    pub coverage: Option<Coverage>,
    /// The last runs of the suite, oldest first.
    pub history: Vec<PastRun>,
    /// What was left out, in sentences.
    pub omitted: Vec<String>,
    /// The agreement of the candidate's scorers with people.
    pub agreement: Vec<JudgeAgreement>,
    /// Groups of failed cases; on a page of two runs, of cases that got worse.
    pub failures: Vec<FailureGroup>,
    /// What they have in common, in sentences.
    pub in_common: Vec<String>,
    /// The filters of the team.
    pub presets: Vec<Preset>,
    /// One for each case.
    pub rows: Rows,
}

/// Returns the page of a run, compared with a baseline if the options name one. Both are named as in
/// [`Store::find_run`].
///
/// # Errors
/// If there is no such run, both are the same, or the options do not fit the runs. Errors name `operation`.
pub fn page(store: &Store, run: &str, options: &PageOptions, operation: &str) -> Result<Page> {
    let made = store.at_one_moment(operation, || {
        // Also without a baseline, where nothing is compared.
        options.gate.check()?;
        let names = [options.baseline.as_deref(), Some(run)];
        let suite_id = options.gate.comparison.suite_id.as_deref();
        let sides = store.find_sides(names.each_ref().map(Option::as_slice), suite_id)?;
        let runs: Vec<String> = sides.into_iter().flatten().map(|named| named.run.id).collect();
        let options = &options.for_runs(store, &runs, operation)?;
        match &options.baseline {
            Some(baseline) => page_of_pair(store, baseline, run, options, operation),
            None => page_of_run(store, run, options, operation),
        }
    });
    made.map_err(|error| error.during(operation))
}

fn page_of_pair(
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &PageOptions,
    operation: &str,
) -> Result<Page> {
    let report = gate(store, &[baseline], &[candidate], &options.gate)?;
    let comparison = &report.comparison;
    let [before, after] = [&comparison.baseline.id, &comparison.candidate.id];
    let table = case_table(store, Some(before), after, &options.gate.comparison, operation)?;
    let (before, after) =
        (store.needed_run(operation, before)?, store.needed_run(operation, after)?);
    let deciding = words::deciding(&report).map(|scorer| scorer.scorer.clone());
    let ids = [before.id.as_str(), after.id.as_str()];
    let shared = index(store, &ids, &after, &table, deciding, options, operation)?;
    let index = Index {
        baseline: Some(PageRun::read(store, &before, operation)?),
        headline: words::headline_of_pair(&report, &shared.failures),
        verdict: Some(PageVerdict::from(&report)),
        scorers: scorers_of_pair(store, &report, &table, options)?,
        notes: words::notes(&comparison.notes),
        coverage: Some(comparison.coverage),
        ..shared
    };
    Ok(finished(index, table, options))
}

/// Returns the scorers of the table: those of the gate, and people, whose labels the gate ignores.
fn scorers_of_pair(
    store: &Store,
    report: &GateReport,
    table: &CaseTable,
    options: &PageOptions,
) -> Result<Vec<PageScorer>> {
    let comparison = &report.comparison;
    let pairs = comparison.scorers.iter().zip(&report.scorers);
    let mut found: Vec<PageScorer> = pairs
        .map(|(scorer, verdict)| PageScorer::of_pair(scorer, Some(verdict), report.alpha))
        .collect();
    let is_gated = |name: &String| comparison.scorers.iter().any(|one| one.scorer == *name);
    let people: Vec<String> =
        table.scorers.iter().filter(|name| !is_gated(name)).cloned().collect();
    if !people.is_empty() {
        let how = ComparisonOptions { scorers: people, ..options.gate.comparison.clone() };
        let ids = [[comparison.baseline.id.as_str()], [comparison.candidate.id.as_str()]];
        let labels = compare(store, &ids[0], &ids[1], &how)?;
        let labels = labels.scorers.iter();
        found.extend(labels.map(|scorer| PageScorer::of_pair(scorer, None, report.alpha)));
        // By name, as in the table.
        found.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(found)
}

fn page_of_run(store: &Store, run: &str, options: &PageOptions, operation: &str) -> Result<Page> {
    let how = &options.gate.comparison;
    let run = store.find_run(run, how.suite_id.as_deref())?.run;
    let level = 1.0 - how.alpha;
    let (table, means) = scored_table(store, &run, how, level, operation)?;
    let scorers: Vec<PageScorer> = means
        .iter()
        .map(|(name, mean)| {
            PageScorer::of_run(name, mean, how.lower_is_better.contains(name), level)
        })
        .collect();
    let passing = Passing::of_run(store, &run.id, operation)?;
    let counts = passing.counts(store, &run.id, operation)?;
    let index = index(store, &[&run.id], &run, &table, None, options, operation)?;
    let each = Each::of(index.candidate.cases, table.idx.len());
    let owner_ended = store.owner_ended(&run)?;
    let index = Index {
        headline: words::headline_of_run(&index.candidate, each, counts, &scorers),
        notes: words::notes_of_run(&index.candidate, owner_ended, each, counts),
        scorers,
        ..index
    };
    Ok(finished(index, table, options))
}

/// Returns the parts that pages of one run and of two share.
fn index(
    store: &Store,
    run_ids: &[&str],
    candidate: &Run,
    table: &CaseTable,
    deciding: Option<String>,
    options: &PageOptions,
    operation: &str,
) -> Result<Index> {
    let places = places(table);
    let limits = limits(store, candidate, table, options, operation)?;
    let deciding_name = deciding.as_deref();
    let of = Searched { table, places: &places, deciding: deciding_name, limits: &limits, options };
    let Failures { groups, rows: failed, in_common } = failures(store, run_ids, &of, operation)?;
    let rows =
        Rows { failures: failed, ..rows(store, run_ids, table, &places, options, operation)? };
    Ok(Index {
        limits,
        scorecard: PageScorecard::read(store, candidate, operation)?,
        history: past_runs(store, &candidate.suite_id, options.history)?,
        agreement: agreement(store, &candidate.id, table, options, operation)?,
        failures: groups,
        in_common,
        deciding,
        presets: options.presets.clone(),
        ..Index::of_rows(store, candidate, PageRun::read(store, candidate, operation)?, rows)?
    })
}

impl Index {
    /// Creates the page of a run from its rows; everything else is empty.
    pub(super) fn of_rows(
        store: &Store,
        run: &Run,
        candidate: PageRun,
        rows: Rows,
    ) -> Result<Self> {
        let suite = store.get_suite(&run.suite_id)?;
        Ok(Index {
            format: FORMAT,
            version: VERSION,
            created_at: now(),
            suite: SuiteName {
                id: run.suite_id.clone(),
                name: suite.map(|suite| suite.name).unwrap_or_default(),
            },
            baseline: None,
            candidate,
            headline: String::new(),
            deciding: None,
            verdict: None,
            scorecard: None,
            scorers: vec![],
            limits: vec![],
            notes: vec![],
            coverage: None,
            history: vec![],
            omitted: vec![],
            agreement: vec![],
            failures: vec![],
            in_common: vec![],
            presets: vec![],
            rows,
        })
    }
}

/// Reads the scores once more only if some are a person's.
fn agreement(
    store: &Store,
    run_id: &str,
    table: &CaseTable,
    options: &PageOptions,
    operation: &str,
) -> Result<Vec<JudgeAgreement>> {
    if !table.scorers.iter().any(|scorer| scorer.starts_with(HUMAN)) {
        return Ok(vec![]);
    }
    let how = &options.gate.comparison;
    agreement_with_people(store, run_id, &how.lower_is_better, 1.0 - how.alpha, operation)
}

fn finished(mut index: Index, table: CaseTable, options: &PageOptions) -> Page {
    let ids = shown(table, &index.limits, index.deciding.as_deref(), options);
    let count = ids.iter().filter(|ids| ids.is_some()).count();
    index.omitted = words::omitted(options, ids.len(), count);
    let title = options.title.clone().unwrap_or_else(|| {
        words::title(index.baseline.as_ref(), &index.candidate, index.verdict.as_ref())
    });
    Page { title, index, ids }
}
