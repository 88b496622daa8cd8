//! Finds the suite that a name refers to.

use super::failure::{Exit, Failure};
use super::moment::Moment;
use super::session::Session;
use runstore::model::Suite;
use uuid::Uuid;

/// Returns the suite with this id or name.
pub(super) fn find(store: &Moment<'_>, text: &str) -> Result<Suite, Failure> {
    let suites = store.list_suites()?;
    if let Some(suite) = suites.iter().find(|suite| suite.id == text) {
        return Ok(suite.clone());
    }
    let mut named = suites.iter().filter(|suite| suite.name == text);
    match (named.next(), named.next()) {
        (Some(suite), None) => Ok(suite.clone()),
        (Some(_), Some(_)) => Err(ambiguous(&suites, text)),
        (None, _) => Err(missing(&suites, text)),
    }
}

/// Returns the suite with this id or name; if there is none, one that is created with its first run.
pub(super) fn find_or_new(text: &str, session: &Session<'_>) -> Result<Suite, Failure> {
    match session.at_one_moment(|store| find(store, text)) {
        Err(failure) if failure.exit == Exit::Missing => {
            let (id, created_at) = (Uuid::now_v7().to_string(), session.now());
            Ok(Suite { id, name: text.to_owned(), created_at })
        }
        found => found,
    }
}

/// Returns the id of the named suite, if one is named.
pub(super) fn find_id(store: &Moment<'_>, text: Option<&str>) -> Result<Option<String>, Failure> {
    text.map(|text| find(store, text).map(|suite| suite.id)).transpose()
}

/// Returns the named suite; without a name, the only one.
pub(super) fn find_or_only(store: &Moment<'_>, text: Option<&str>) -> Result<Suite, Failure> {
    if let Some(text) = text {
        return find(store, text);
    }
    let mut suites = store.list_suites()?;
    match (suites.pop(), suites.is_empty()) {
        (Some(suite), true) => Ok(suite),
        (Some(_), false) => Err(Failure::usage("the store has several suites")
            .hint("name one with --suite; \"runstore suites\" lists them")),
        (None, _) => Err(Failure::new(Exit::Missing, "the store has no suite yet")
            .hint("an evaluation that saves its runs creates one")),
    }
}

fn ambiguous(suites: &[Suite], text: &str) -> Failure {
    let ids = suites.iter().filter(|suite| suite.name == text).map(|suite| suite.id.as_str());
    let ids: Vec<&str> = ids.collect();
    Failure::new(Exit::Data, format!("several suites are called \"{text}\": {}", ids.join(", ")))
        .hint(format!(
            "give --suite the id of one of them, or run \"runstore suites unite {}\" to merge them",
            quoted(text)
        ))
}

fn missing(suites: &[Suite], text: &str) -> Failure {
    let names: Vec<&str> = suites.iter().take(10).map(|suite| suite.name.as_str()).collect();
    let hint = match names.is_empty() {
        true => "the store has no suite yet".to_owned(),
        false => format!("there are: {}", names.join(", ")),
    };
    Failure::new(Exit::Missing, format!("there is no suite \"{text}\"")).hint(hint)
}

/// Returns a text quoted as one argument of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "-_./:".contains(one);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
