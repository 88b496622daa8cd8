//! Adds sentences to notes and reasons.

use super::gate::GateReport;
use super::note::{Fact, Note};
use super::reason::{Advice, Finding, Reason};
use super::report::Comparison;
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

impl Comparison {
    /// Words every `text` for a face; a comparison is made with those for JavaScript.
    #[must_use]
    pub fn worded(mut self, face: Face) -> Self {
        self.notes.iter_mut().for_each(|note| note.text = words::fact(&note.fact, face));
        self
    }
}

impl GateReport {
    /// Words every `text` for a face; a report is made with those for JavaScript.
    #[must_use]
    pub fn worded(mut self, face: Face) -> Self {
        let of_scorers = self.scorers.iter_mut().map(|scorer| &mut scorer.reason);
        for reason in self.reasons.iter_mut().chain(of_scorers) {
            reason.text = words::reason(reason, face);
        }
        GateReport { comparison: self.comparison.worded(face), ..self }
    }
}
