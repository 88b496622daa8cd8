//! The rows to save, read once from the files that the bench wrote.

use std::fs::File;
use std::io::{BufRead, BufReader};

use serde::de::DeserializeOwned;

use crate::Outcome;

/// In the order of the columns: `id`, `idx`, `input`, `output`, `expected`, `latency_ms`, `tokens_in`, `tokens_out`, `error`.
pub type Case =
    (String, i64, String, Option<String>, Option<String>, f64, f64, f64, Option<String>);

/// `id`, `case_id`, `scorer_name`, `score`, `reason`.
pub type Score = (String, String, String, f64, Option<String>);

#[derive(Default)]
pub struct Data {
    files: (String, String),
    pub cases: Vec<Case>,
    pub scores: Vec<Score>,
}

impl Data {
    /// Reads the files unless they are the ones that are there already.
    pub fn load(&mut self, cases: &str, scores: &str) -> Outcome<()> {
        let files = (cases.to_owned(), scores.to_owned());
        if self.files != files {
            *self = Data { cases: read_lines(cases)?, scores: read_lines(scores)?, files };
        }
        Ok(())
    }
}

fn read_lines<T: DeserializeOwned>(path: &str) -> Outcome<Vec<T>> {
    BufReader::new(File::open(path)?)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect()
}
