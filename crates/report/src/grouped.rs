//! Sentences about scorers, grouped: what is true of several scorers is said once.

use std::collections::HashMap;

use runstore::compare::words::{Face, unnamed_fact, unnamed_reason};
use runstore::compare::{Note, Reason};

use crate::numbers::counted;

/// If a sentence concerns more scorers than this, it names these and counts the others.
const MOST_NAMES: usize = 3;

/// A sentence, and the scorers that it concerns.
pub(crate) struct Grouped<'r> {
    /// In the order of the report; empty for the runs as a whole.
    scorers: Vec<&'r str>,
    pub(crate) sentence: String,
}

impl Grouped<'_> {
    /// Returns the sentence, starting with the names of the scorers.
    pub(crate) fn text(&self) -> String {
        match self.names(str::to_owned) {
            Some(names) => format!("{names}: {}", self.sentence),
            None => self.sentence.clone(),
        }
    }

    /// Returns the names of the scorers, each as `named` writes it; `None` for the runs as a whole.
    pub(crate) fn names(&self, named: impl Fn(&str) -> String) -> Option<String> {
        let (first, others) = self.scorers.split_at(self.scorers.len().min(MOST_NAMES));
        let first: Vec<String> = first.iter().map(|name| named(name)).collect();
        match (first.is_empty(), others.len()) {
            (true, _) => None,
            (false, 0) => Some(first.join(", ")),
            (false, others) => {
                Some(format!("{} and {}", first.join(", "), counted(others, "more scorer")))
            }
        }
    }
}

pub(crate) fn grouped_reasons(reasons: &[Reason]) -> Vec<Grouped<'_>> {
    let sentence = |reason: &Reason| unnamed_reason(reason, Face::Command);
    grouped(reasons.iter().map(|one| (one.scorer.as_deref(), sentence(one))))
}

pub(crate) fn grouped_notes(notes: &[Note]) -> Vec<Grouped<'_>> {
    let sentence = |note: &Note| unnamed_fact(&note.fact, Face::Command);
    grouped(notes.iter().map(|one| (one.fact.scorer(), sentence(one))))
}

/// Groups equal sentences about scorers at the place of the first.
fn grouped<'r>(sentences: impl Iterator<Item = (Option<&'r str>, String)>) -> Vec<Grouped<'r>> {
    let mut groups: Vec<Grouped<'r>> = vec![];
    let mut known: HashMap<String, usize> = HashMap::new();
    for (scorer, sentence) in sentences {
        let Some(scorer) = scorer else {
            groups.push(Grouped { scorers: vec![], sentence });
            continue;
        };
        let at = *known.entry(sentence).or_insert_with_key(|sentence| {
            groups.push(Grouped { scorers: vec![], sentence: sentence.clone() });
            groups.len() - 1
        });
        groups[at].scorers.push(scorer);
    }
    groups
}
