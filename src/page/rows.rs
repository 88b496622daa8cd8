//! The rows of a page by column: one row for each case, with all of its trials.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use super::options::{Field, PageOptions};
use super::previews;
use crate::compare::{CaseTable, TableSide};
use crate::error::Result;
use crate::store::{CaseStart, Store};

/// The most rows that show outputs: the server of a live page keeps all rows in memory.
const MOST_WITH_OUTPUTS: usize = 100_000;

/// The rows by column; each column has one entry per row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// The key of the case, or its number.
    pub label: Vec<String>,
    /// The beginning of the input, without what the inputs of many rows begin with.
    pub preview: Vec<String>,
    /// The same of the output of the run, or of the error that it ended with: of the first trial that has one. Where that of the
    /// baseline is another, the words that differ. Empty in large runs.
    pub output: Vec<String>,
    /// The benchmark; `None` where no case has one.
    pub benchmark: Option<Column>,
    /// The cluster; `None` where no case has one.
    pub cluster: Option<Column>,
    /// 1 if the outputs of the two runs differ.
    pub changed: Vec<u8>,
    /// The rows of each group of failures, in the order of the groups.
    pub failures: Vec<Vec<usize>>,
    /// `None` on a page of one run.
    pub baseline: Option<Side>,
    /// The run itself, on a page of one.
    pub candidate: Side,
}

/// A text for each row: `values[at[row]]`; −1 stands for none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// The distinct texts.
    pub values: Vec<String>,
    /// The index of each row's text in `values`.
    pub at: Vec<i64>,
}

/// The columns of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Number of trials; 0 if the run lacks the case.
    pub trials: Vec<usize>,
    /// Trials with an error.
    pub errored: Vec<usize>,
    /// Mean over the trials, by scorer.
    pub scores: Vec<Vec<Option<f64>>>,
    /// Largest − smallest score of the trials, by scorer.
    pub spread: Vec<Vec<Option<f64>>>,
    /// Milliseconds.
    pub latency_ms: Vec<Option<f64>>,
    /// US dollars.
    pub cost_usd: Vec<Option<f64>>,
    /// Input and output tokens.
    pub tokens: Vec<Option<f64>>,
}

/// Returns the rows of a table whose runs have the ids `run_ids`.
pub(super) fn rows(
    store: &Store,
    run_ids: &[&str],
    table: &CaseTable,
    places: &Places<'_>,
    options: &PageOptions,
    operation: &str,
) -> Result<Rows> {
    let mut starts = Starts::none(table.keys.len());
    for run_id in run_ids {
        store.each_case_start(run_id, operation, &mut |case| {
            if let Some((row, side)) = places.get(case.id) {
                starts.add(*row, *side, &case, options);
            }
        })?;
    }
    Ok(with_starts(table, starts, options))
}

/// Returns the rows of a table that has only the beginning of its runs.
pub(super) fn few_rows(
    store: &Store,
    table: &CaseTable,
    options: &PageOptions,
    operation: &str,
) -> Result<Rows> {
    Ok(with_starts(table, Starts::of_cases(store, table, options, operation)?, options))
}

fn with_starts(table: &CaseTable, starts: Starts, options: &PageOptions) -> Rows {
    let label = |(key, idx): (&Option<String>, &f64)| match key {
        Some(key) if !options.leaves_out(Field::Key) => key.clone(),
        _ => format!("#{idx}"),
    };
    Rows {
        count: table.keys.len(),
        label: table.keys.iter().zip(&table.idx).map(label).collect(),
        preview: match starts.is_large() {
            true => starts.preview,
            false => previews::inputs(&starts.preview),
        },
        output: previews::outputs(&starts.output),
        benchmark: Column::of(&starts.benchmark),
        cluster: Column::of(&table.clusters),
        changed: changed(&starts.outputs, table),
        failures: vec![],
        baseline: table.baseline.as_ref().map(Side::of),
        candidate: Side::of(&table.candidate),
    }
}

/// Returns 1 for each row whose outputs differ; what one of the runs lacks did not change.
fn changed(outputs: &[[u64; 2]], table: &CaseTable) -> Vec<u8> {
    let Some(baseline) = &table.baseline else { return vec![0; outputs.len()] };
    let is_paired =
        |row: usize| !baseline.ids[row].is_empty() && !table.candidate.ids[row].is_empty();
    let rows = outputs.iter().enumerate();
    rows.map(|(row, [before, after])| u8::from(is_paired(row) && before != after)).collect()
}

impl Column {
    fn of(texts: &[Option<String>]) -> Option<Self> {
        let mut column = Column { values: vec![], at: vec![] };
        let mut places: BTreeMap<&str, i64> = BTreeMap::new();
        for text in texts {
            let place = text.as_deref().map(|text| {
                *places.entry(text).or_insert_with(|| {
                    column.values.push(text.to_owned());
                    column.values.len() as i64 - 1
                })
            });
            column.at.push(place.unwrap_or(-1));
        }
        (!column.values.is_empty()).then_some(column)
    }
}

impl Side {
    fn of(side: &TableSide) -> Self {
        let tokens = side.tokens_in.iter().zip(&side.tokens_out);
        Side {
            trials: side.ids.iter().map(Vec::len).collect(),
            errored: side.errored.clone(),
            scores: side.scores.clone(),
            spread: side.spread.clone(),
            latency_ms: side.latency_ms.clone(),
            cost_usd: side.cost_usd.clone(),
            tokens: tokens.map(|(read, written)| sum(*read, *written)).collect(),
        }
    }
}

fn sum(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.or(other)?;
    Some(one.unwrap_or(0.0) + other.unwrap_or(0.0))
}

/// The beginning of each row's input and output, and hashes that tell its outputs apart.
struct Starts {
    preview: Vec<String>,
    /// Of each side.
    output: Vec<[String; 2]>,
    benchmark: Vec<Option<String>>,
    /// For each side, a sum over the trials, so that their order does not matter.
    outputs: Vec<[u64; 2]>,
}

impl Starts {
    /// Reads the cases of a table one by one.
    fn of_cases(
        store: &Store,
        table: &CaseTable,
        options: &PageOptions,
        operation: &str,
    ) -> Result<Self> {
        let mut starts = Starts::none(table.keys.len());
        for (id, (row, side)) in places(table) {
            store.each_whole_case([id], operation, &mut |case| {
                starts.add(row, side, &CaseStart::from(&case), options);
                Ok(())
            })?;
        }
        Ok(starts)
    }

    fn none(count: usize) -> Self {
        Starts {
            preview: vec![String::new(); count],
            output: vec![[String::new(), String::new()]; count],
            benchmark: vec![None; count],
            outputs: vec![[0; 2]; count],
        }
    }

    fn is_large(&self) -> bool {
        self.preview.len() > MOST_WITH_OUTPUTS
    }

    fn add(&mut self, row: usize, side: usize, case: &CaseStart<'_>, options: &PageOptions) {
        let is_large = self.is_large();
        if self.preview[row].is_empty() && !options.leaves_out(Field::Input) {
            let start = previews::start_of_input(case.input);
            self.preview[row] = if is_large { previews::input(&start) } else { start };
        }
        if !is_large && self.output[row][side].is_empty() {
            let shown = |field, text| if options.leaves_out(field) { None } else { text };
            let output = shown(Field::Output, case.output);
            let text = output.or_else(|| shown(Field::Error, case.error)).unwrap_or_default();
            self.output[row][side] = previews::start(text).into_owned();
        }
        if self.benchmark[row].is_none() {
            self.benchmark[row] =
                case.benchmark.map(|name| String::from_utf8_lossy(name).into_owned());
        }
        let mut hasher = DefaultHasher::new();
        (case.output, case.error).hash(&mut hasher);
        self.outputs[row][side] = self.outputs[row][side].wrapping_add(hasher.finish());
    }
}

/// The row and the side of each case, by its id.
pub(super) type Places<'t> = HashMap<&'t str, (usize, usize)>;

pub(super) fn places(table: &CaseTable) -> Places<'_> {
    let sides = [table.baseline.as_ref(), Some(&table.candidate)];
    let mut places = Places::new();
    for (side, columns) in sides.into_iter().enumerate() {
        for (row, ids) in columns.into_iter().flat_map(|columns| columns.ids.iter().enumerate()) {
            places.extend(ids.iter().map(|id| (id.as_str(), (row, side))));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_of_rows_are_written_once() {
        let texts = ["b", "a", "b"].map(|text| Some(text.to_owned()));
        let column = Column::of(&[texts.as_slice(), &[None]].concat());
        let (values, at) = (vec!["b".to_owned(), "a".to_owned()], vec![0, 1, 0, -1]);
        assert_eq!(column, Some(Column { values, at }));
        assert_eq!(Column::of(&[None]), None);
    }
}
