//! Adds sentences to notes and reasons.

use super::note::{Fact, Note};
use super::reason::{Advice, Finding, Reason};
use super::words::{self, Face};

impl From<Fact> for Note {
    fn from(fact: Fact) -> Self {
        let text = words::fact(&fact, Face::Api);
        Note { fact, text }
    }
}

impl Reason {
    pub(super) fn new(scorer: Option<&str>, finding: Finding, advice: Vec<Advice>) -> Self {
        let scorer = scorer.map(str::to_owned);
        let mut reason = Reason { scorer, finding, advice, text: String::new() };
        reason.text = words::reason(&reason, Face::Api);
        reason
    }
}
