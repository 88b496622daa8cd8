//! The sentences of comparisons and verdicts, in one place.

mod advice;
mod facts;
mod findings;
mod parts;

pub use super::numbers::size;
pub(crate) use super::numbers::{count, counted, percent};
use super::reason::{Advice, Finding, Reason};
use super::reducer::Reducer;

pub use facts::{fact, unnamed_fact};
pub use parts::{a_newer_run, status_in_words};

/// The reader, which determines the notation of options and operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// JavaScript.
    Api,
    /// The command.
    Command,
}

impl Face {
    fn call(self, api: &'static str, command: &'static str) -> &'static str {
        match self {
            Face::Api => api,
            Face::Command => command,
        }
    }
}

/// Returns a reason as a sentence, starting with the scorer's name.
pub fn reason(reason: &Reason, face: Face) -> String {
    let sentence = unnamed_reason(reason, face);
    match &reason.scorer {
        Some(scorer) => format!("{scorer}: {sentence}"),
        None => sentence,
    }
}

/// Returns a reason as a sentence.
pub fn unnamed_reason(reason: &Reason, face: Face) -> String {
    let advice: String = advice(reason, face).map(|advice| format!("; {advice}")).collect();
    finding(reason, face) + &advice
}

/// Returns what a reason found.
pub fn finding(reason: &Reason, face: Face) -> String {
    findings::finding(&reason.finding, face)
}

/// Returns what to do about a reason.
pub fn advice(reason: &Reason, face: Face) -> impl Iterator<Item = String> {
    reason.advice.iter().map(move |advice| match (&reason.finding, advice) {
        (Finding::Unfinished { run, .. }, Advice::Finish) => advice::finish(run, face),
        (Finding::NoScores { .. }, Advice::RunAgain { attempts, errored }) => {
            advice::run_again(*attempts, *errored, face)
        }
        (Finding::LowCoverage { scored, of, .. }, Advice::RunAbsent { cases }) => {
            advice::run_absent(*cases, Some(*scored as f64 / *of as f64), face)
        }
        (Finding::GainPossible { .. }, Advice::MoreCases(_) | Advice::MoreClusters(_)) => {
            advice::more_or_no_gain(*advice, face)
        }
        (Finding::LossPossible { .. }, Advice::MoreCases(plan)) => {
            advice::more_or_margin(plan, "cases", face)
        }
        (Finding::LossPossible { .. }, Advice::MoreClusters(plan)) => {
            advice::more_or_margin(plan, "clusters", face)
        }
        (
            Finding::LowCoverage { .. } | Finding::MissingScores { .. },
            Advice::RunAgain { attempts, errored },
        ) => advice::run_or_count(*attempts, *errored, face),
        (_, Advice::WeighMargin { gain }) => advice::weigh(*gain, reason.scorer.as_deref(), face),
        (_, advice) => advice::advised(*advice, face),
    })
}

/// Explains how several scores become one.
pub fn reduced(reducer: Reducer) -> String {
    let how = match reducer {
        Reducer::Mean => "their mean".to_owned(),
        Reducer::Median => "their median".to_owned(),
        Reducer::Mode => "the most frequent of them".to_owned(),
        Reducer::Max => "the highest of them".to_owned(),
        Reducer::Min => "the lowest of them".to_owned(),
        // Of one trial, they are averaged first.
        Reducer::AtLeast(k) => format!("1 if {k} or more of its trials score 1, otherwise 0"),
    };
    format!("several scores of a case count as one: {how}")
}
