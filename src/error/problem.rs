//! What is wrong, as data.

use std::borrow::Cow;
use std::path::PathBuf;

use super::{Argument, Face};

/// What is wrong with the argument, row or file that an error names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The argument must be something else.
    Value {
        /// What it must be, in words that follow "must be".
        expected: Cow<'static, str>,
        /// What it is, as it can be quoted.
        given: String,
    },
    /// The argument cannot be used: words that follow its name.
    Unsuitable(String),
    /// None of these arguments is given, and one has to be.
    NoneOf(Vec<Argument>),
    /// A row of this id is there already.
    Duplicate(RowId),
    /// A row that is referred to is not there.
    Missing(RowId),
    /// The operating system refused.
    Io {
        /// What was tried, to follow "cannot".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        reason: String,
    },
    /// SQLite refused, in its own words.
    Sqlite {
        /// SQLite's message.
        words: String,
        /// The kind of constraint that a row violates, where it is that.
        violated: Option<Violated>,
    },
    /// Anything else, in words that are the same everywhere.
    Other(String),
}

impl Problem {
    /// Returns whether its words go on from the name of the argument.
    pub(super) fn follows_the_name(&self) -> bool {
        matches!(self, Problem::Value { .. } | Problem::Unsuitable(_))
    }

    /// Returns its words, with the names of a face.
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
    /// By what it is and its id.
    Id {
        /// What it is.
        kind: RowKind,
        /// Its id.
        id: String,
    },
    /// By its id, where it belongs to another run than is meant.
    Elsewhere {
        /// What it is.
        kind: RowKind,
        /// Its id.
        id: String,
        /// The run that it belongs to.
        run_id: String,
    },
    /// A trajectory, which callers know by its run, benchmark and index.
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

/// What a row is.
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
    /// Names the row of this id.
    pub fn of_id(self, id: &str) -> RowId {
        RowId::Id { kind: self, id: id.to_owned() }
    }

    /// Returns the word for one.
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

/// The constraints of a table that rows violate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violated {
    /// The value of a unique column is there already.
    Unique,
    /// What a column refers to is not there.
    Reference,
}

/// Quotes a number as JavaScript and JSON users know it: `Infinity`, not `inf`.
pub fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value => value.to_string(),
    }
}
