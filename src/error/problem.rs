//! The problem of an error, as data.

use std::borrow::Cow;
use std::path::PathBuf;

use super::{Argument, Face};

/// The problem with the argument, row or file that an error names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The argument must be something else.
    Value {
        /// What it must be, in words that follow "must be".
        expected: Cow<'static, str>,
        /// The given value, quoted.
        given: String,
    },
    /// The argument cannot be used: words that follow its name.
    Unsuitable(String),
    /// At least one of these arguments is required.
    NoneOf(Vec<Argument>),
    /// A row with this id exists already.
    Duplicate(RowId),
    /// A referenced row does not exist.
    Missing(RowId),
    /// The operating system refused.
    Io {
        /// The failed action, which follows "cannot".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The message of the system.
        reason: String,
    },
    /// A refusal of SQLite.
    Sqlite {
        /// SQLite's message.
        words: String,
        /// The kind of constraint that a row violates, if any.
        violated: Option<Violated>,
    },
    /// Another problem, with the same words everywhere.
    Other(String),
}

impl Problem {
    /// Returns whether its words continue after the name of the argument.
    pub(super) fn follows_the_name(&self) -> bool {
        matches!(self, Problem::Value { .. } | Problem::Unsuitable(_))
    }

    /// Returns its words in the notation of a face.
    pub(super) fn worded(&self, face: &dyn Face) -> String {
        match self {
            Problem::Value { expected, given } => format!("must be {expected}, not {given}"),
            Problem::NoneOf(arguments) => {
                let names: Vec<_> = arguments.iter().map(|one| face.argument(one)).collect();
                format!("at least one of {} has to be given", listed(&names))
            }
            Problem::Duplicate(row) => row.is_there(),
            Problem::Missing(row) => format!("there is no {}", row.named()),
            Problem::Io { doing, path, reason } => {
                format!("cannot {doing} {}: {reason}", path.display())
            }
            Problem::Unsuitable(words) | Problem::Other(words) | Problem::Sqlite { words, .. } => {
                words.clone()
            }
        }
    }
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// Names a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    /// By kind and id.
    Id {
        /// The kind of row.
        kind: RowKind,
        /// Its id.
        id: String,
    },
    /// By id, for a row of another run than the given one.
    Elsewhere {
        /// The kind of row.
        kind: RowKind,
        /// Its id.
        id: String,
        /// The run that it belongs to.
        run_id: String,
    },
    /// A trajectory, which callers identify by run, benchmark and index.
    Trajectory {
        /// The run.
        run_id: String,
        /// The benchmark.
        benchmark: String,
        /// The index in the benchmark.
        idx: i64,
    },
}

impl RowId {
    fn named(&self) -> String {
        match self {
            RowId::Id { kind, id } | RowId::Elsewhere { kind, id, .. } => {
                format!("{} with id \"{id}\"", kind.name())
            }
            RowId::Trajectory { benchmark, idx, .. } => {
                format!("trajectory {idx} of benchmark \"{benchmark}\"")
            }
        }
    }

    fn is_there(&self) -> String {
        let named = self.named();
        match self {
            RowId::Id { .. } => format!("there is a {named} already"),
            RowId::Elsewhere { run_id, .. } => {
                format!("there is a {named} already, in run \"{run_id}\"")
            }
            RowId::Trajectory { run_id, .. } => format!("run \"{run_id}\" has a {named} already"),
        }
    }
}

/// The kinds of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A suite.
    Suite,
    /// A run.
    Run,
    /// A case.
    Case,
    /// A score.
    Score,
    /// A trajectory.
    Trajectory,
}

impl RowKind {
    /// Returns the row with this id.
    pub fn of_id(self, id: &str) -> RowId {
        RowId::Id { kind: self, id: id.to_owned() }
    }

    /// Returns the noun for a row.
    pub fn name(self) -> &'static str {
        match self {
            RowKind::Suite => "suite",
            RowKind::Run => "run",
            RowKind::Case => "case",
            RowKind::Score => "score",
            RowKind::Trajectory => "trajectory",
        }
    }
}

/// The constraints of tables that rows can violate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violated {
    /// A unique value exists already.
    Unique,
    /// A referenced row does not exist.
    Reference,
}

/// Formats a number as in JavaScript: `Infinity`, not `inf`.
pub fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value => value.to_string(),
    }
}
