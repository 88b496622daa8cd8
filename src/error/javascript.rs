//! An error as both addons pass it to JavaScript; `lib/errors.js` creates the Error object.

use serde::Serialize;

use super::{Argument, Code, Face, Operation, Problem, RowId, RowKind, StoreError, write_steps};

/// An error in the two strings that Node-API provides.
pub struct JavaScriptError {
    /// Its properties as JSON; for an exception of the host, its code.
    pub known: String,
    /// The message in the notation of JavaScript.
    pub message: String,
}

impl From<&StoreError> for JavaScriptError {
    fn from(error: &StoreError) -> Self {
        let code = error.code.name();
        if error.code == Code::Host {
            return JavaScriptError { known: code.to_owned(), message: error.message() };
        }
        let (expected, given) = match &error.problem {
            Problem::Value { expected, given } => (Some(expected.as_ref()), Some(given.as_str())),
            _ => (None, None),
        };
        let properties = Properties {
            code,
            operation: error.operation.as_deref(),
            argument: error.argument.as_ref().map(|argument| JavaScript.argument(argument)),
            expected,
            given,
            constraint: Constraint::of(&error.problem),
            path: error.place.as_deref(),
            sqlite_code: error.sqlite,
        };
        let known = serde_json::to_string(&properties).unwrap_or_else(|_| code.to_owned());
        JavaScriptError { known, message: error.worded(&JavaScript) }
    }
}

/// The properties of the Error object, in the order in which they are printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'e> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    argument: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint: Option<Constraint<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sqlite_code: Option<i32>,
}

/// The row that exists already or does not exist.
#[derive(Serialize)]
struct Constraint<'e> {
    kind: &'static str,
    row: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'e str>,
}

impl<'e> Constraint<'e> {
    fn of(problem: &'e Problem) -> Option<Self> {
        let (kind, row) = match problem {
            Problem::Duplicate(row) => ("duplicate", row),
            Problem::Missing(row) => ("missing", row),
            _ => return None,
        };
        let (row, id) = match row {
            RowId::Id { kind, id } | RowId::Elsewhere { kind, id, .. } => {
                (*kind, Some(id.as_str()))
            }
            RowId::Trajectory { .. } => (RowKind::Trajectory, None),
        };
        Some(Constraint { kind, row: row.name(), id })
    }
}

/// The notation of JavaScript: `options.sliceBy`, `clusterIds`. Fields of rows are the columns of the store.
pub struct JavaScript;

impl Face for JavaScript {
    fn argument(&self, argument: &Argument) -> String {
        let mut name = camel_case(&argument.parameter);
        // Writing to a string cannot fail.
        let _ = write_steps(&argument.steps, camel_case, &mut name);
        name
    }

    fn operation(&self, operation: Operation) -> String {
        match operation {
            Operation::RebuildManifest => "archive.rebuildManifest()".to_owned(),
        }
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Step;

    #[test]
    fn options_are_in_camel_case_and_fields_of_rows_are_not() {
        let slice_by = Argument::option("slice_by");
        assert_eq!(JavaScript.argument(&slice_by), "options.sliceBy");
        let run_id = Argument::row("cases", 3).then(Step::Field("run_id".into()));
        assert_eq!(JavaScript.argument(&run_id), "cases[3].run_id");
        assert_eq!(JavaScript.argument(&Argument::new("cluster_ids")), "clusterIds");
    }
}
