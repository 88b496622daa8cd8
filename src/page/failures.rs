//! Groups of failed cases, by the scorer that failed them and its reason. On a page of two runs, groups of the cases
//! that got worse.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::in_common::{Shared, in_common};
use super::limits::Limits;
use super::options::{Field, PageOptions};
use super::searched::Searched;
use super::shown::gain_by;
use crate::compare::CaseTable;
use crate::error::Result;
use crate::store::{Remark, Store};

/// Number of messages per scorer that form a group of their own; the rest count for the scorer only.
const MESSAGES: usize = 12;
/// Maximum length of a message, in characters.
const LONGEST: usize = 160;

/// Cases that failed for the same reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureGroup {
    /// The scorer that failed them; `None` for errors.
    pub scorer: Option<String>,
    /// The reason, without the parts that differ from case to case, with an example if little else is left; or the metadata that
    /// the cases share, as `key=value`; `None` for all cases of the scorer.
    pub message: Option<String>,
    /// Number of cases.
    pub count: usize,
    /// Of a group by metadata: the number of all cases that have it, failed or not.
    pub all: Option<usize>,
}

/// The rows by scorer (`None` for errors), then by message.
type Groups = BTreeMap<Option<usize>, Messages>;

/// Returns the groups, and the rows of each: the scorer that decides, then errors, then the scorers with the most failed cases, each
/// followed by what its cases have in common, and by its messages.
pub(super) fn failures(
    store: &Store,
    run_id: &str,
    of: &Searched<'_>,
    operation: &str,
) -> Result<(Vec<FailureGroup>, Vec<Vec<usize>>)> {
    let search = Search::new(of);
    let mut first: HashMap<(Option<usize>, usize), Option<String>> = HashMap::new();
    let mut examples = Examples::new();
    store.each_remark(run_id, search.below(), operation, &mut |remark| {
        let Some((row, _)) = of.places.get(remark.case_id) else { return };
        if let Some(scorer) = search.failed_by(&remark, *row) {
            // The first trial that has a reason.
            let said = first.entry((scorer, *row)).or_default();
            if said.is_none() {
                *said = search.message(&remark, &mut examples);
            }
        }
    })?;
    let mut groups = Groups::new();
    for ((scorer, row), message) in first {
        groups.entry(scorer).or_default().entry(message).or_default().push(row);
    }
    let by_scorer = in_order(groups, of);
    let wholes: Vec<Vec<usize>> = by_scorer.iter().map(|(_, messages)| all(messages)).collect();
    let shared = in_common(store, run_id, of, &wholes, operation)?;
    Ok(listed(by_scorer, shared, &examples, &of.table.scorers))
}

struct Search<'a> {
    table: &'a CaseTable,
    limits: &'a [Limits],
    options: &'a PageOptions,
    lower_is_better: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(Searched { table, limits, options, .. }: &Searched<'a>) -> Self {
        let lower = &options.gate.comparison.lower_is_better;
        let lower_is_better = table.scorers.iter().map(|scorer| lower.contains(scorer)).collect();
        Search { table, limits, options, lower_is_better }
    }

    /// A case that got worse may have any score.
    fn below(&self) -> f64 {
        match self.table.baseline {
            Some(_) => f64::INFINITY,
            None => self.limits.iter().map(|one| one.below()).fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Returns the scorer, or the error, by which a row failed; `None` if it did not.
    fn failed_by(&self, remark: &Remark<'_>, row: usize) -> Option<Option<usize>> {
        let Some(name) = remark.scorer else {
            let before = self.table.baseline.as_ref();
            let is_new = before.is_none_or(|side| side.errored[row] == 0);
            return (is_new && self.table.candidate.errored[row] > 0).then_some(None);
        };
        let scorer = self.table.scorers.iter().position(|scorer| scorer == name)?;
        let lower = self.lower_is_better[scorer];
        let failed = match &self.table.baseline {
            Some(_) => gain_by(self.table, scorer, lower, row).is_some_and(|gain| gain < 0.0),
            None => self.table.candidate.scores[scorer][row]
                .is_some_and(|score| self.limits[scorer].fails(score)),
        };
        failed.then_some(Some(scorer))
    }

    fn message(&self, remark: &Remark<'_>, examples: &mut Examples) -> Option<String> {
        let field = if remark.scorer.is_some() { Field::Reason } else { Field::Error };
        let text = String::from_utf8_lossy(remark.text?);
        let line = first_line(&text);
        let message =
            Some(normal(line)).filter(|one| !one.is_empty() && !self.options.leaves_out(field))?;
        if !examples.contains_key(&message) {
            examples.insert(message.clone(), shortened(line));
        }
        Some(message)
    }
}

/// A text of each message.
type Examples = HashMap<String, String>;

/// The rows of a scorer by message.
type Messages = HashMap<Option<String>, Vec<usize>>;

fn in_order(groups: Groups, of: &Searched<'_>) -> Vec<(Option<usize>, Messages)> {
    let mut by_scorer: Vec<_> = groups.into_iter().collect();
    let decides = |scorer: &Option<usize>| {
        scorer.is_some_and(|scorer| Some(of.table.scorers[scorer].as_str()) == of.deciding)
    };
    let size = |messages: &Messages| messages.values().map(Vec::len).sum::<usize>();
    by_scorer.sort_by_key(|(scorer, messages)| {
        (!decides(scorer), scorer.is_some(), usize::MAX - size(messages))
    });
    by_scorer
}

fn all(messages: &Messages) -> Vec<usize> {
    let mut rows: Vec<usize> = messages.values().flatten().copied().collect();
    rows.sort_unstable();
    rows
}

fn listed(
    by_scorer: Vec<(Option<usize>, Messages)>,
    shared: Vec<Vec<Shared>>,
    examples: &Examples,
    scorers: &[String],
) -> (Vec<FailureGroup>, Vec<Vec<usize>>) {
    let (mut found, mut rows) = (vec![], vec![]);
    let mut shared = shared.into_iter();
    for (scorer, messages) in by_scorer {
        let name = scorer.map(|scorer| scorers[scorer].clone());
        let mut add = |message: Option<String>, all: Option<usize>, mut of: Vec<usize>| {
            of.sort_unstable();
            found.push(FailureGroup { scorer: name.clone(), message, count: of.len(), all });
            rows.push(of);
        };
        add(None, None, all(&messages));
        for Shared { text, all, rows } in shared.next().unwrap_or_default() {
            add(Some(text), Some(all), rows);
        }
        let mut said: Vec<_> =
            messages.into_iter().filter_map(|(message, of)| Some((message?, of))).collect();
        said.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then(one.0.cmp(&other.0)));
        for (message, of) in said.into_iter().take(MESSAGES) {
            add(Some(told(message, examples, of.len())), None, of);
        }
    }
    (found, rows)
}

/// Words that a message needs to say something without an example.
const TELLING: usize = 3;

/// Returns a message as people read it: that of a single case as it is, and one of few words with an example.
fn told(message: String, examples: &Examples, cases: usize) -> String {
    let Some(example) = examples.get(&message).filter(|example| **example != message) else {
        return message;
    };
    let words = message.split(|part: char| !part.is_alphanumeric()).filter(|word| word.len() > 1);
    match words.count() {
        _ if cases == 1 => example.clone(),
        words if words < TELLING => format!("{message}, such as: {example}"),
        _ => message,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// Returns a line without the parts that differ from case to case: numbers and ids become `#`, quoted texts `"…"`.
fn normal(line: &str) -> String {
    let mut normal = String::new();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let is_begun = normal.ends_with(|last: char| last.is_alphanumeric());
        let (shown, length) = match character {
            '"' | '`' => quoted(rest, character),
            // Not an apostrophe within a word.
            '\'' if !is_begun => quoted(rest, character),
            '\u{201c}' => quoted(rest, '\u{201d}'),
            _ if character.is_whitespace() => (" ", rest.len() - rest.trim_start().len()),
            _ if character.is_ascii_alphanumeric() => word(rest),
            _ => (&rest[..character.len_utf8()], character.len_utf8()),
        };
        normal.push_str(shown);
        rest = &rest[length..];
    }
    shortened(&normal)
}

fn shortened(line: &str) -> String {
    let mut characters = line.chars();
    let short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() { short + "…" } else { short }
}

/// Returns the replacement of a quoted text, and its length; the quote itself if it is unclosed.
fn quoted(rest: &str, end: char) -> (&str, usize) {
    let open = rest.chars().next().map_or(1, char::len_utf8);
    match rest[open..].find(end) {
        Some(length) => ("\"…\"", open + length + end.len_utf8()),
        None => (&rest[..open], open),
    }
}

/// Returns the replacement of a word, and its length: `#` for a number or an id.
fn word(rest: &str) -> (&str, usize) {
    const SHORTEST_ID: usize = 8;
    let end = |is_part: fn(char) -> bool| rest.find(|part| !is_part(part)).unwrap_or(rest.len());
    let id = end(|part| part.is_ascii_hexdigit() || part == '-');
    let has_digit = rest[..id].contains(|part: char| part.is_ascii_digit());
    if id >= SHORTEST_ID && has_digit && !rest[id..].starts_with(char::is_alphanumeric) {
        return ("#", id);
    }
    let number = end(|part| part.is_ascii_digit() || matches!(part, '.' | ',' | ':'));
    let number = rest[..number].trim_end_matches(['.', ',', ':']).len();
    if number > 0 {
        return ("#", number);
    }
    let letters = end(|part| part.is_ascii_alphabetic());
    (&rest[..letters.max(1)], letters.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ids_and_quoted_texts_are_left_out_of_a_message() {
        let normals = [
            ("TimeoutError: no answer within 30.5 s", "TimeoutError: no answer within # s"),
            ("429, retry in 2,000 ms.", "#, retry in # ms."),
            ("expected City17", "expected City#"),
            ("expected \"Lima\", got \"Cusco\"", "expected \"…\", got \"…\""),
            ("it's 'Lima' isn't it", "it's \"…\" isn't it"),
            ("request 0b6f1c2e-77aa-4d6e-8f00-1b2c3d4e5f60 failed", "request # failed"),
            ("a  b\tc", "a b c"),
            ("an open \" quote", "an open \" quote"),
            ("\u{6771}\u{4eac} 12 é", "\u{6771}\u{4eac} # é"),
            ("", ""),
        ];
        for (text, expected) in normals {
            assert_eq!(normal(text), expected, "{text}");
        }
        assert_eq!(normal(&"é ".repeat(200)).chars().count(), LONGEST + 1);
        assert_eq!(first_line("\n  Error: x\n  at y"), "Error: x");
    }

    #[test]
    fn a_message_of_few_words_has_an_example_and_that_of_one_case_is_its_own() {
        let message = |text: &str| (normal(text), text.to_owned());
        let examples = Examples::from_iter(
            ["expected 19.8, got 2.2", "no answer in 30 s", "cut"].map(message),
        );
        let told = |message: &str, cases| told(message.to_owned(), &examples, cases);
        assert_eq!(
            told("expected #, got #", 2),
            "expected #, got #, such as: expected 19.8, got 2.2"
        );
        assert_eq!(told("expected #, got #", 1), "expected 19.8, got 2.2");
        assert_eq!(told("no answer in # s", 2), "no answer in # s");
        assert_eq!(told("cut", 1), "cut");
    }
}
