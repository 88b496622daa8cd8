//! The error type of the core, as data: the operation, the argument, row or file, and the problem. Each face
//! (JavaScript, the command) words it in its own notation: see [`StoreError::worded`].

mod argument;
mod code;
mod javascript;
mod problem;
mod remedy;

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::path::Path;

pub use argument::{Argument, Step, write_steps};
pub use code::Code;
pub use javascript::{JavaScript, JavaScriptError};
pub use problem::{Problem, RowId, RowKind, Violated, number};
pub use remedy::{Operation, Remedy};

/// An error of the store: a pointer, so that results without an error stay small.
#[derive(Clone, Debug)]
pub struct StoreError(Box<ErrorData>);

/// The data of an error.
#[derive(Clone, Debug)]
pub struct ErrorData {
    /// The kind of error.
    pub code: Code,
    /// The operation that the caller requested, with its name in `index.d.ts`.
    pub operation: Option<String>,
    /// The argument or row at fault.
    pub argument: Option<Argument>,
    /// The problem.
    pub problem: Problem,
    /// What the caller can do about it.
    pub remedy: Option<Remedy>,
    /// The file of the store, or a description of it.
    pub place: Option<String>,
    /// SQLite's extended result code, when SQLite was involved.
    pub sqlite: Option<i32>,
}

/// The result type of the core.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The notation for arguments and operations in error messages.
pub trait Face {
    /// Returns the name of an argument.
    fn argument(&self, argument: &Argument) -> String;

    /// Returns how an operation is called.
    fn operation(&self, operation: Operation) -> String;

    /// Returns whether messages begin with the operation.
    fn names_operations(&self) -> bool {
        true
    }
}

/// The notation of Rust.
struct Rust;

impl Face for Rust {
    fn argument(&self, argument: &Argument) -> String {
        argument.to_string()
    }

    fn operation(&self, operation: Operation) -> String {
        match operation {
            Operation::RebuildManifest => "Archive::rebuild".to_owned(),
        }
    }
}

impl StoreError {
    /// Creates an error from a complete message.
    pub fn new(code: Code, words: impl Into<String>) -> Self {
        StoreError::of(code, Problem::Other(words.into()))
    }

    /// Creates an error from a problem.
    pub fn of(code: Code, problem: Problem) -> Self {
        StoreError(Box::new(ErrorData {
            code,
            operation: None,
            argument: None,
            problem,
            remedy: None,
            place: None,
            sqlite: None,
        }))
    }

    /// Creates an error for an argument that must be something else: `expected` follows "must be".
    pub fn value(
        argument: Argument,
        expected: impl Into<Cow<'static, str>>,
        given: impl fmt::Display,
    ) -> Self {
        let problem = Problem::Value { expected: expected.into(), given: given.to_string() };
        StoreError::of(Code::InvalidArgument, problem).at(argument)
    }

    /// Creates an error for an argument that cannot be used: `words` follow its name.
    pub fn unsuitable(argument: Argument, words: impl Into<String>) -> Self {
        StoreError::of(Code::InvalidArgument, Problem::Unsuitable(words.into())).at(argument)
    }

    /// Creates an error for a row that does not exist; `code` distinguishes a lookup from a reference.
    pub fn missing(code: Code, kind: RowKind, id: &str) -> Self {
        StoreError::of(code, Problem::Missing(kind.of_id(id)))
    }

    /// Creates an error for a file operation of the operating system.
    pub fn io(doing: &'static str, path: &Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Code::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem => Code::ReadOnly,
            _ => Code::Io,
        };
        let reason = error.to_string();
        StoreError::of(code, Problem::Io { doing, path: path.to_owned(), reason })
    }

    /// Sets the operation; the outermost one, which the caller requested, wins. An exception of the host stays
    /// unchanged.
    #[must_use]
    pub fn during(mut self, operation: &str) -> Self {
        if self.code != Code::Host {
            self.operation = Some(operation.to_owned());
        }
        self
    }

    /// Sets the argument or row. A known one becomes a part of it.
    #[must_use]
    pub fn at(mut self, argument: Argument) -> Self {
        if self.code != Code::Host {
            self.argument = Some(match self.argument.take() {
                Some(inner) => argument.around(inner),
                None => argument,
            });
        }
        self
    }

    /// Adds a prefix to the words.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        if self.code != Code::Host {
            self.problem = Problem::Other(format!("{what}: {}", self.problem.worded(&Rust)));
        }
        self
    }

    /// Sets the file, unless it is set already.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        if self.code != Code::Host && self.place.is_none() {
            self.place = Some(path.to_owned());
        }
        self
    }

    /// Sets the argument that would help.
    #[must_use]
    pub fn remedied_by(mut self, argument: Argument, does: &'static str) -> Self {
        self.remedy = Some(Remedy::Argument(argument, does));
        self
    }

    /// Sets the operation that would help.
    #[must_use]
    pub fn remedied_by_calling(mut self, operation: Operation, does: &'static str) -> Self {
        self.remedy = Some(Remedy::Operation(operation, does));
        self
    }

    /// Turns a refusal of SQLite into the row that exists already or does not exist.
    #[must_use]
    pub fn explained(
        mut self,
        duplicate: impl FnOnce() -> RowId,
        missing: impl FnOnce() -> RowId,
    ) -> Self {
        match self.violated() {
            Some(Violated::Unique) => self.problem = Problem::Duplicate(duplicate()),
            Some(Violated::Reference) => self.problem = Problem::Missing(missing()),
            None => {}
        }
        self
    }

    fn violated(&self) -> Option<Violated> {
        match &self.problem {
            Problem::Sqlite { violated, .. } => *violated,
            _ => None,
        }
    }

    /// Returns the message in the notation of a face.
    pub fn worded(&self, face: &dyn Face) -> String {
        let mut message = String::new();
        if let (Some(operation), true) = (&self.operation, face.names_operations()) {
            message.push_str(&format!("{operation}: "));
        }
        if let Some(argument) = &self.argument {
            let joint = if self.problem.follows_the_name() { " " } else { ": " };
            message.push_str(&format!("{}{joint}", face.argument(argument)));
        }
        message.push_str(&self.problem.worded(face));
        if let Some(remedy) = &self.remedy {
            message.push_str(&format!("; {}", remedy.worded(face)));
        }
        if let Some(place) = self.place.as_ref().filter(|place| !message.contains(*place)) {
            message.push_str(&format!(" (in {place})"));
        }
        message
    }

    /// Returns the message in the notation of Rust.
    pub fn message(&self) -> String {
        self.worded(&Rust)
    }
}

impl Deref for StoreError {
    type Target = ErrorData;

    fn deref(&self) -> &ErrorData {
        &self.0
    }
}

impl DerefMut for StoreError {
    fn deref_mut(&mut self) -> &mut ErrorData {
        &mut self.0
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Shouting;

    impl Face for Shouting {
        fn argument(&self, argument: &Argument) -> String {
            argument.to_string().to_uppercase()
        }

        fn operation(&self, operation: Operation) -> String {
            format!("{operation:?}").to_uppercase()
        }
    }

    #[test]
    fn what_would_help_is_called_as_the_face_calls_it() {
        let error = StoreError::new(Code::Corrupt, "it is damaged")
            .remedied_by_calling(Operation::RebuildManifest, "replaces it");
        assert_eq!(error.worded(&Shouting), "it is damaged; REBUILDMANIFEST replaces it");
        assert_eq!(error.message(), "it is damaged; Archive::rebuild replaces it");
        let words = error.worded(&JavaScript);
        assert_eq!(words, "it is damaged; archive.rebuildManifest() replaces it");
    }

    #[test]
    fn a_value_is_worded_with_the_names_of_the_face() {
        let margin = Argument::option("margin").then(Step::Key("exact".to_owned()));
        let error = StoreError::value(margin, "a finite number", number(f64::INFINITY))
            .during("gate")
            .in_file("store.db");
        let says =
            "gate: options.margin[\"exact\"] must be a finite number, not Infinity (in store.db)";
        assert_eq!(error.message(), says);
        let says =
            "gate: OPTIONS.MARGIN[\"EXACT\"] must be a finite number, not Infinity (in store.db)";
        assert_eq!(error.worded(&Shouting), says);
    }

    #[test]
    fn the_outermost_operation_and_the_innermost_file_are_named() {
        let error = StoreError::missing(Code::NotFound, RowKind::Run, "r").during("getRun");
        let error = error.in_file("a.db").during("merge").in_file("b.db");
        assert_eq!(error.message(), "merge: there is no run with id \"r\" (in a.db)");
    }

    #[test]
    fn a_row_in_a_row_is_named_from_the_outside_in() {
        let score = StoreError::missing(Code::Constraint, RowKind::Case, "c");
        let error = score.at(Argument::row("scores", 1)).at(Argument::row("results", 3));
        assert_eq!(error.message(), "results[3].scores[1]: there is no case with id \"c\"");
    }

    #[test]
    fn exceptions_of_the_hosts_own_code_are_unchanged() {
        let error = StoreError::new(Code::Host, "oh").during("saveCases").in_file("a.db");
        assert_eq!(error.at(Argument::row("cases", 0)).message(), "oh");
    }

    #[test]
    fn a_file_is_named_once() {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = StoreError::io("read", Path::new("/a/b.db"), &refused).in_file("/a/b.db");
        assert_eq!(error.message(), format!("cannot read /a/b.db: {refused}"));
    }
}
