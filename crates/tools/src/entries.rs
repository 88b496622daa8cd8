//! The entries of an archive as columns, which `lib/rows/archived.js` reads: JSON with a list for each field, where a text
//! that many entries share is written once.

use std::collections::HashMap;

use runstore_archive::Listed;
use serde::Serialize;

use crate::json::json;

/// Number of entries in a JSON text. JavaScript's texts have half a gigabyte at most.
const AT_ONCE: usize = 10_000;

/// Returns the entries as JSON, thousands in a text.
pub(crate) fn columns(entries: &[Listed<'_>]) -> runstore::Result<Vec<String>> {
    entries.chunks(AT_ONCE).map(|some| json(&Columns::of(some))).collect()
}

/// The fields in the order in which JavaScript gets them; numbers stand for texts in `words`.
#[derive(Serialize)]
struct Columns<'l> {
    words: Vec<&'l str>,
    run_id: Vec<&'l str>,
    model_id: Vec<usize>,
    task_id: Vec<usize>,
    metric_name: Vec<usize>,
    ts: Vec<&'l str>,
    path: Vec<&'l str>,
    n_items: Vec<u64>,
    config_hash: Vec<usize>,
    delta: Vec<Option<f64>>,
    p_value: Vec<Option<f64>>,
    verdict: Vec<Option<usize>>,
    parent_run_id: Vec<Option<&'l str>>,
}

impl<'l> Columns<'l> {
    fn of(entries: &[Listed<'l>]) -> Self {
        fn each<'l, T>(entries: &[Listed<'l>], field: impl FnMut(Listed<'l>) -> T) -> Vec<T> {
            entries.iter().copied().map(field).collect()
        }
        let mut words = Words::default();
        Columns {
            run_id: each(entries, Listed::run_id),
            model_id: each(entries, |listed| words.place(listed.model_id())),
            task_id: each(entries, |listed| words.place(listed.task_id())),
            metric_name: each(entries, |listed| words.place(listed.metric_name())),
            ts: each(entries, Listed::ts),
            path: each(entries, Listed::path),
            n_items: each(entries, Listed::n_items),
            config_hash: each(entries, |listed| words.place(listed.config_hash())),
            delta: each(entries, Listed::delta),
            p_value: each(entries, Listed::p_value),
            verdict: each(entries, |listed| listed.verdict().map(|verdict| words.place(verdict))),
            parent_run_id: each(entries, Listed::parent_run_id),
            words: words.all,
        }
    }
}

#[derive(Default)]
struct Words<'l> {
    all: Vec<&'l str>,
    places: HashMap<&'l str, usize>,
}

impl<'l> Words<'l> {
    fn place(&mut self, word: &'l str) -> usize {
        let all = &mut self.all;
        *self.places.entry(word).or_insert_with(|| {
            all.push(word);
            all.len() - 1
        })
    }
}
