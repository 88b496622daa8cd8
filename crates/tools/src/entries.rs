//! The entries of an archive as columns, from which `lib/rows/archived.js` makes objects: their texts one after the other, and their
//! numbers. A text that many entries share is passed once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use napi::bindgen_prelude::{Float64Array, Int32Array};
use napi_derive::napi;
use runstore_archive::Listed;

/// Number of entries that share a text in JavaScript, which is kept for as long as one of them is.
const AT_ONCE: usize = 1_000;

/// Some entries.
#[napi(object)]
pub struct EntryColumns {
    /// What differs from entry to entry: id, time, path and parent of each.
    pub texts: String,
    /// What many entries share.
    pub words: Vec<String>,
    /// For each entry, in the order of its fields, the length of a text, in code units, or the place of a word; -1 for none.
    pub places: Int32Array,
    /// For each entry, the number of its items, the difference and the p-value; NaN for none.
    pub numbers: Float64Array,
}

/// Returns the entries, many at once.
pub(crate) fn columns(entries: &[Listed<'_>]) -> Vec<EntryColumns> {
    entries.chunks(AT_ONCE).map(columns_of).collect()
}

fn columns_of(entries: &[Listed<'_>]) -> EntryColumns {
    let (mut texts, mut words) = (Texts::default(), Words::default());
    let (mut places, mut numbers) = (Vec::new(), Vec::new());
    for entry in entries {
        places.extend([
            texts.put(Some(entry.run_id())),
            words.place(Some(entry.model_id())),
            words.place(Some(entry.task_id())),
            words.place(Some(entry.metric_name())),
            texts.put(Some(entry.ts())),
            texts.put(Some(entry.path())),
            words.place(Some(entry.config_hash())),
            words.place(entry.verdict()),
            texts.put(entry.parent_run_id()),
        ]);
        numbers.extend([
            entry.n_items() as f64,
            entry.delta().unwrap_or(f64::NAN),
            entry.p_value().unwrap_or(f64::NAN),
        ]);
    }
    let words = words.all.into_iter().map(str::to_owned).collect();
    EntryColumns { texts: texts.0, words, places: places.into(), numbers: numbers.into() }
}

#[derive(Default)]
struct Texts(String);

impl Texts {
    /// Appends a text, and returns its length in JavaScript.
    fn put(&mut self, text: Option<&str>) -> i32 {
        let Some(text) = text else { return -1 };
        self.0.push_str(text);
        let length = if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
        counted(length)
    }
}

#[derive(Default)]
struct Words<'l> {
    all: Vec<&'l str>,
    places: HashMap<&'l str, i32, RandomState>,
}

impl<'l> Words<'l> {
    fn place(&mut self, word: Option<&'l str>) -> i32 {
        let Some(word) = word else { return -1 };
        let all = &mut self.all;
        *self.places.entry(word).or_insert_with(|| {
            all.push(word);
            counted(all.len() - 1)
        })
    }
}

/// No text of the log has gigabytes, and an entry has few words.
fn counted(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
