//! Stored values that cannot be read.

use std::fmt;

/// A stored value that should be JSON and is not.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Damage {
    /// `runs`, `cases` or `scores`.
    pub table: &'static str,
    /// Id of the row; for a score, the id of its case.
    pub id: String,
    /// The column.
    pub column: &'static str,
    /// The message of the JSON parser.
    pub reason: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Damage { table, id, column, reason } = self;
        let of = match *table {
            "runs" => "run",
            "cases" => "case",
            _ => "a score of case",
        };
        write!(f, "{column} of {of} \"{id}\" is not JSON: {reason}")
    }
}

/// A result without the values that cannot be read.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Readable<T> {
    /// The result, with null for each of these values.
    pub readable: T,
    /// The values that cannot be read.
    pub damaged: Vec<Damage>,
}
