//! The first rows of large runs, which are shown while all of them is read.

use super::head::{PageRun, PageScorer};
use super::limits::limits;
use super::options::PageOptions;
use super::rows::few_rows;
use super::shown::shown;
use super::{Index, Page, words};
use crate::compare::{CaseTable, ScorerMean, first_rows};
use crate::error::Result;
use crate::model::Run;
use crate::store::Store;

/// Runs with no more cases, taken together, are read whole soon enough.
const LARGE: u64 = 5000;
/// The cases that are read of the first run.
const FIRST: usize = 200;

/// Returns the first rows of the page of a large run, or of two, without any figures of the runs; `None` for smaller runs. A
/// row has the number that it has in the whole page. On a page of two runs, rows without one of the sides are not to be shown:
/// what is missing may come later in its run.
///
/// # Errors
/// If there is no such run; `operation` is what errors name.
pub fn beginning(
    store: &Store,
    run: &str,
    options: &PageOptions,
    operation: &str,
) -> Result<Option<Page>> {
    let read = store.at_one_moment(operation, || {
        let names = [options.baseline.as_deref(), Some(run)];
        let sides = store.find_sides(names.each_ref().map(Option::as_slice), None)?;
        let [baseline, candidate] = sides.map(|mut runs| runs.pop().map(|named| named.run));
        match candidate {
            Some(candidate) => of_runs(store, baseline.as_ref(), &candidate, options, operation),
            None => Ok(None),
        }
    });
    read.map_err(|error| error.during(operation))
}

fn of_runs(
    store: &Store,
    baseline: Option<&Run>,
    candidate: &Run,
    options: &PageOptions,
    operation: &str,
) -> Result<Option<Page>> {
    let unread =
        |run: &Run| -> Result<PageRun> { Ok(PageRun::unread(run, store.count_cases(&run.id)?)) };
    let (before, after) = (baseline.map(unread).transpose()?, unread(candidate)?);
    let cases = before.as_ref().map_or(0, |run| run.cases) + after.cases;
    if cases <= LARGE {
        return Ok(None);
    }
    let ids = [baseline.map(|run| run.id.as_str()), Some(candidate.id.as_str())];
    let table = first_rows(store, ids, FIRST, &options.gate.comparison, operation)?;
    let rows = few_rows(store, &table, options, operation)?;
    let index = Index {
        headline: words::headline_of_beginning(&after),
        baseline: before,
        scorers: scorers(&table, options),
        presets: options.presets.clone(),
        limits: limits(store, candidate, &table, options, operation)?,
        ..Index::of_rows(store, candidate, after, rows)?
    };
    let title = index.candidate.name.clone();
    Ok(Some(Page { title, ids: shown(table, &index.limits, None, options), index }))
}

/// Returns the scorers of a table, of which nothing else is known yet.
fn scorers(table: &CaseTable, options: &PageOptions) -> Vec<PageScorer> {
    let level = 1.0 - options.gate.comparison.alpha;
    let nothing = ScorerMean { n: 0, unscored: 0, errored: 0, mean: None, interval: None };
    let unknown = |name: &String| {
        PageScorer::of_run(name, &nothing, options.lower_is_better.contains(name), level)
    };
    table.scorers.iter().map(unknown).collect()
}
