//! The definition of each table in `tables.sql`, and a parser for `CREATE TABLE`.

use std::sync::OnceLock;

use super::table::{Column, ForeignKey, columns, find, foreign_keys, quoted};
use crate::db::{Bundled, Connection, OpenOptions};
use crate::error::{Code, Result, StoreError};

pub(super) const TABLES: &str = include_str!("tables.sql");
pub(super) const INDEXES: &str = include_str!("indexes.sql");

/// The table that an unfinished migration of the reference leaves behind, and the table that it was for.
pub(super) const LEFT_OVER: [(&str, &str); 2] =
    [("runs_next", "runs"), ("prompts_legacy", "prompts")];

/// Indexes of earlier versions that are no longer needed.
pub(super) const FORMER_INDEXES: [&str; 2] = ["idx_runs_model", "idx_runs_not_completed"];

/// Returns the statement that creates one of our tables.
pub(super) fn statement(name: &str) -> Result<&'static str> {
    let start = TABLES.find(&format!("CREATE TABLE {name} ("));
    let text = start.and_then(|start| TABLES.get(start..));
    text.and_then(|text| text.split_inclusive("\n);").next()).ok_or_else(|| {
        StoreError::new(Code::Internal, format!("tables.sql does not define {name}"))
    })
}

/// Returns the name of each of our tables, and its statement as SQLite stores it.
pub(super) fn made() -> &'static [(&'static str, &'static str)] {
    static MADE: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    let kept = |name| Some((name, statement(name).ok()?.trim_end_matches(';')));
    MADE.get_or_init(|| names().filter_map(kept).collect())
}

/// Returns the names of our tables, each after those that it references.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let statements = TABLES.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
    statements.filter_map(|rest| rest.split_whitespace().next())
}

/// Returns the names of the columns of a table of ours.
pub(super) fn column_names(table: &str) -> Result<Vec<String>> {
    Ok(column_names_in(statement(table)?))
}

/// Returns the names of the columns in a `CREATE TABLE`.
pub(super) fn column_names_in(create_table: &str) -> Vec<String> {
    Body::of(create_table).columns.into_iter().map(|column| column.name).collect()
}

/// Returns the names of our indexes, and the statements that create them.
pub(super) fn indexes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let statements = INDEXES.lines().filter_map(|line| line.strip_suffix(';'));
    statements.filter_map(|sql| Some((sql.split_whitespace().nth(2)?, sql)))
}

/// Returns a query of no rows that names every column of ours; it can be prepared only if all of them exist.
pub(super) fn every_column() -> Result<String> {
    let of_table = |name| {
        let body = Body::of(statement(name)?);
        let columns: Vec<_> =
            body.columns.iter().map(|one| format!("{name}.{}", one.name)).collect();
        Ok(format!("SELECT 1 FROM {name} WHERE 0 AND coalesce({}) IS NULL", columns.join(", ")))
    };
    Ok(names().map(of_table).collect::<Result<Vec<_>>>()?.join(" UNION ALL "))
}

/// Our tables, created in memory, so that SQLite itself reports how their columns are declared.
pub(super) struct Wanted(Bundled);

impl Wanted {
    pub(super) fn new() -> Result<Self> {
        let memory = Bundled::open(":memory:", &OpenOptions::default())?;
        memory.execute_script(TABLES)?;
        Ok(Wanted(memory))
    }

    pub(super) fn columns(&self, table: &str) -> Result<Vec<Column>> {
        columns(&self.0, table)
    }

    pub(super) fn foreign_keys(&self, table: &str) -> Result<Vec<ForeignKey>> {
        foreign_keys(&self.0, table)
    }

    /// Returns the columns of ours that a table lacks.
    pub(super) fn missing(&self, table: &str, present: &[Column]) -> Result<Vec<Column>> {
        let wanted = self.columns(table)?;
        Ok(wanted.into_iter().filter(|ours| find(present, &ours.name).is_none()).collect())
    }
}

/// Returns the statement that creates our table under the name `next`, with what a user added to `old`: columns as they
/// were declared, and the constraints on them.
pub(super) fn with_additions(name: &str, next: &str, old: &str) -> Result<String> {
    let ours = Body::of(statement(name)?);
    let theirs = Body::of(old);
    let added: Vec<_> = theirs
        .columns
        .iter()
        .filter(|column| !ours.columns.iter().any(|one| one.is_called(&column.name)))
        .collect();
    let is_about_added = |constraint: &str| {
        tokens(constraint).any(|token| added.iter().any(|column| column.is_called(&token.name())))
    };
    let parts = (ours.columns.iter().chain(added.iter().copied()).map(|column| column.text))
        .chain(ours.constraints.iter().copied())
        .chain(theirs.constraints.iter().copied().filter(|text| is_about_added(text)));
    Ok(format!("CREATE TABLE {} (\n  {}\n)", quoted(next), parts.collect::<Vec<_>>().join(",\n  ")))
}

/// Returns our columns whose `CHECK` in `old` differs from ours.
pub(super) fn other_checks(name: &str, old: &str) -> Result<Vec<String>> {
    let (ours, theirs) = (Body::of(statement(name)?), Body::of(old));
    let differs = |one: &&Part<'_>| {
        let there = theirs.columns.iter().find(|column| column.is_called(&one.name));
        matches!((one.check(), there.and_then(Part::check)), (Some(ours), Some(theirs)) if ours != theirs)
    };
    Ok(ours.columns.iter().filter(differs).map(|column| column.name.clone()).collect())
}

/// The parts between the parentheses of a `CREATE TABLE`.
#[derive(Debug, Default, PartialEq)]
struct Body<'a> {
    columns: Vec<Part<'a>>,
    constraints: Vec<&'a str>,
}

#[derive(Debug, PartialEq)]
struct Part<'a> {
    name: String,
    text: &'a str,
}

impl Part<'_> {
    fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Returns the tokens of its `CHECK`, ignoring case and quotes except in string literals.
    fn check(&self) -> Option<Vec<String>> {
        let written = |token: Token<'_>| match token.text.starts_with('\'') {
            true => token.text.to_owned(),
            false => token.name().to_ascii_lowercase(),
        };
        let check: Vec<_> =
            tokens(self.text).map(written).skip_while(|one| one != "check").collect();
        (!check.is_empty()).then_some(check)
    }
}

impl<'a> Body<'a> {
    fn of(create_table: &'a str) -> Self {
        let mut body = Body::default();
        let mut depth = 0;
        let mut part: Option<(Token<'a>, Token<'a>)> = None;
        for token in tokens(create_table) {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            let opens = depth == 1 && token.text == "(" && part.is_none();
            let ends = depth == 0 || (depth == 1 && token.text == ",");
            match part {
                _ if opens => {}
                Some((first, last)) if ends => {
                    body.push(create_table, first, last);
                    part = None;
                    if depth == 0 {
                        break;
                    }
                }
                _ if depth == 0 => {}
                Some((first, _)) => part = Some((first, token)),
                None => part = Some((token, token)),
            }
        }
        body
    }

    fn push(&mut self, sql: &'a str, first: Token<'a>, last: Token<'a>) {
        let text = sql.get(first.start..last.start + last.text.len()).unwrap_or_default();
        let constraint = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        if constraint.iter().any(|word| first.text.eq_ignore_ascii_case(word)) {
            self.constraints.push(text);
        } else {
            self.columns.push(Part { name: first.name(), text });
        }
    }
}

/// A word, a number, a quoted name or text, or a symbol.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    /// Returns the name without its quotes.
    fn name(&self) -> String {
        let close = match self.text.chars().next() {
            Some(quote @ ('"' | '`' | '\'')) => quote,
            Some('[') => ']',
            _ => return self.text.to_owned(),
        };
        let inner = self.text.get(1..).unwrap_or_default();
        let inner = inner.strip_suffix(close).unwrap_or(inner);
        inner.replace(&format!("{close}{close}"), &close.to_string())
    }
}

/// Returns the tokens of a statement, without whitespace and comments.
fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = sql.get(at..).filter(|rest| !rest.is_empty())?;
            let (length, is_token) = first_token(rest);
            let start = at;
            at += length;
            if is_token {
                return Some(Token { text: rest.get(..length).unwrap_or(rest), start });
            }
        }
    })
}

/// Returns the length of the first token of a non-empty text, and whether it is significant.
fn first_token(text: &str) -> (usize, bool) {
    let is_word = |character: char| {
        character.is_alphanumeric() || character == '_' || character == '$' || !character.is_ascii()
    };
    let length_while =
        |wanted: &dyn Fn(char) -> bool| text.find(|letter| !wanted(letter)).unwrap_or(text.len());
    let through = |end: &str, from: usize| {
        let found = text.get(from..).and_then(|rest| rest.find(end));
        found.map_or(text.len(), |found| from + found + end.len())
    };
    match text.chars().next() {
        _ if text.starts_with("--") => (through("\n", 2), false),
        _ if text.starts_with("/*") => (through("*/", 2), false),
        Some(letter) if letter.is_ascii_whitespace() => {
            (length_while(&|one| one.is_ascii_whitespace()), false)
        }
        Some(letter) if is_word(letter) => (length_while(&is_word), true),
        Some('[') => (through("]", 1), true),
        Some(quote @ ('\'' | '"' | '`')) => (quoted_length(text, quote), true),
        Some(sign) => (sign.len_utf8(), true),
        None => (0, false),
    }
}

/// Returns the length of a quoted token; a doubled quote within it is an escape.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut quotes = text.match_indices(quote).map(|(at, _)| at).skip(1).peekable();
    while let Some(at) = quotes.next() {
        if quotes.peek() != Some(&(at + 1)) {
            return at + 1;
        }
        quotes.next();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(sql: &str) -> (Vec<(String, &str)>, Vec<&str>) {
        let body = Body::of(sql);
        (body.columns.into_iter().map(|part| (part.name, part.text)).collect(), body.constraints)
    }

    #[test]
    fn a_table_is_split_into_columns_and_constraints() {
        let (columns, constraints) = parts(
            "CREATE TABLE \"runs\" (\n  id TEXT PRIMARY KEY, -- the id, of the run (text)\n  \
             'odd name' NUMERIC(10, 2) DEFAULT ((1 + 2) * 3) /* , no column */,\n  \
             [a,b] TEXT CHECK([a,b] IN ('x)', 'it''s')),\n  \"say \"\"hi\"\"\" TEXT, \"check\" INT,\n  \
             CONSTRAINT one UNIQUE (\"odd name\", id),\n  FOREIGN KEY (id) REFERENCES t(id)) STRICT",
        );
        assert_eq!(
            columns,
            [
                ("id".to_owned(), "id TEXT PRIMARY KEY"),
                ("odd name".to_owned(), "'odd name' NUMERIC(10, 2) DEFAULT ((1 + 2) * 3)"),
                ("a,b".to_owned(), "[a,b] TEXT CHECK([a,b] IN ('x)', 'it''s'))"),
                ("say \"hi\"".to_owned(), "\"say \"\"hi\"\"\" TEXT"),
                ("check".to_owned(), "\"check\" INT"),
            ]
        );
        assert_eq!(
            constraints,
            ["CONSTRAINT one UNIQUE (\"odd name\", id)", "FOREIGN KEY (id) REFERENCES t(id)"]
        );
    }

    #[test]
    fn every_table_and_index_of_ours_is_found() {
        for name in names() {
            let text = statement(name).unwrap_or_default();
            assert!(text.starts_with("CREATE TABLE ") && text.ends_with("\n);"), "{name}: {text}");
            assert!(!Body::of(text).columns.is_empty(), "{name}");
        }
        assert_eq!(names().count(), TABLES.matches("CREATE TABLE").count());
        assert_eq!(indexes().count(), INDEXES.matches("CREATE INDEX").count());
        assert!(indexes().all(|(name, sql)| sql.starts_with(&format!("CREATE INDEX {name} ON "))));
    }

    #[test]
    fn what_a_user_added_is_taken_over_and_our_own_columns_are_not() {
        let old = "CREATE TABLE suites (id TEXT, name TEXT UNIQUE, team TEXT COLLATE NOCASE, \
                   CHECK (team <> ''), CHECK (name <> ''))";
        let made = with_additions("suites", "next", old).unwrap_or_default();
        let (columns, constraints) = parts(&made);
        let texts: Vec<_> = columns.iter().map(|(_, text)| *text).collect();
        assert_eq!(texts[0], "id TEXT PRIMARY KEY");
        assert_eq!(texts[1], "name TEXT NOT NULL");
        assert_eq!(texts[3], "team TEXT COLLATE NOCASE");
        assert_eq!(constraints, ["CHECK (team <> '')"]);
    }

    #[test]
    fn checks_are_compared_by_what_they_allow_not_by_their_spelling() {
        let others = |check: &str| {
            let old = format!("CREATE TABLE t (id TEXT, role TEXT NOT NULL {check})");
            other_checks("turns", &old).unwrap_or_default()
        };
        let ours = statement("turns").unwrap_or_default();
        let start = ours.find("CHECK").unwrap_or_default();
        let check = ours.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let check = check.trim_end_matches(',');
        assert!(others(check).is_empty() && others("").is_empty());
        assert!(others(&check.replace("CHECK(role IN", "check ( \"Role\"  in")).is_empty());
        assert_eq!(others(&check.replace("'developer', ", "")), ["role"]);
        assert_eq!(others(&check.replace("'tool'", "'Tool'")), ["role"]);
    }

    #[test]
    fn text_without_a_body_has_no_parts() {
        for odd in ["", ")", "'", "\"a", "[", "/*", "--", "CREATE TABLE t", "'(a)'", "-- (a)"] {
            assert_eq!(parts(odd), (vec![], vec![]), "{odd}");
        }
    }

    #[test]
    fn the_parts_of_a_truncated_body_are_within_its_text() {
        for odd in ["(", "((", "é(ü,", "a(b", "a(b,", "a('b", "a(\"b", "a([b", "a(b /*", "a(b --"]
        {
            let (columns, constraints) = parts(odd);
            let texts = columns.iter().map(|(_, text)| *text).chain(constraints.iter().copied());
            assert!(texts.into_iter().all(|text| odd.contains(text)), "{odd}: {columns:?}");
        }
    }
}
