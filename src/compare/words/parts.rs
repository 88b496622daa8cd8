//! Parts of several sentences.

use crate::compare::missing::MissingScores;
use crate::compare::numbers::{count, counted, percent, size};
use crate::compare::reason::Gain;
use crate::compare::side::{Role, RunReference};
use crate::model::RUNNING;

/// Returns a difference and its interval in words.
pub(super) fn told(gain: &Gain) -> String {
    let mean = match way(gain.mean) {
        Some(way) => format!("{way} by {}", size(gain.mean.abs())),
        None => "no difference on average".to_owned(),
    };
    let end = |end: f64| match way(end) {
        Some(way) => format!("{} {way}", size(end.abs())),
        None => "no difference".to_owned(),
    };
    format!("{mean} ({} interval: {} to {})", percent(gain.level), end(gain.low), end(gain.high))
}

/// Returns the direction of a difference; `None` if it is printed as 0.
fn way(gain: f64) -> Option<&'static str> {
    (size(gain.abs()) != "0").then_some(if gain < 0.0 { "worse" } else { "better" })
}

/// Returns `a loss of more than 0.02`, or `a loss` beyond a margin of 0.
pub(super) fn a_loss_beyond(margin: f64) -> String {
    beyond("a loss", "more than", margin)
}

/// Returns `a gain of at least 0.02`, or `a gain` if any size will do.
pub(super) fn a_gain_of(required: f64) -> String {
    beyond("a gain", "at least", required)
}

fn beyond(what: &str, how: &str, limit: f64) -> String {
    if limit == 0.0 { what.to_owned() } else { format!("{what} of {how} {}", size(limit)) }
}

/// Returns the status of a run in words: `running, but its process has ended`.
pub fn status_in_words(status: &str, owner_ended: bool) -> String {
    let ended = if owner_ended { ", but its process has ended" } else { "" };
    format!("{status}{ended}")
}

/// Names a run that `latest` does not mean, because it did not complete.
pub fn a_newer_run(run: &RunReference) -> String {
    let status = status_in_words(&run.status, run.owner_ended);
    format!("a newer one, \"{}\" ({}), is {status}", run.name, run.id)
}

/// Returns the state of a run in words.
pub(super) fn unfinished(role: Role, run: &RunReference) -> String {
    let state = match run.status.as_str() {
        RUNNING if run.owner_ended => {
            format!("did not complete (its status is {})", status_in_words(RUNNING, true))
        }
        RUNNING => "is still running".to_owned(),
        "failed" => "stopped before its end (its status is failed)".to_owned(),
        other => format!("is {other}"),
    };
    format!("{} {state}", named(role, run))
}

pub(super) fn no_cases(role: Role, run: &RunReference) -> String {
    format!("{} has no cases, so there is nothing to compare", named(role, run))
}

fn named(role: Role, run: &RunReference) -> String {
    format!("the {} \"{}\" ({})", role.name(), run.name, run.id)
}

/// Explains what has no score in each run.
pub(super) fn lost(baseline: MissingScores, candidate: MissingScores) -> String {
    let of = |lost: MissingScores, role: &str| {
        let attempts = lost.attempts();
        let why = why(attempts, lost.errored, lost.infinite);
        let attempts =
            (attempts > 0).then(|| format!("{} of the {role}{why}", counted(attempts, "attempt")));
        let absent = (lost.absent > 0)
            .then(|| format!("{} that the {role} lacks", counted(lost.absent, "case")));
        [attempts, absent]
    };
    let parts = [of(candidate, "candidate"), of(baseline, "baseline")];
    let parts = parts.into_iter().flatten().flatten().collect::<Vec<_>>().join(" and ");
    let has = if baseline.trials + candidate.trials == 1 { "has" } else { "have" };
    format!("{parts} {has}")
}

/// Returns ` (with an error)` for attempts that all have one, ` (2 with an error)` for some.
pub(super) fn why(attempts: usize, errored: usize, infinite: usize) -> String {
    let one = |number: usize, what: &str| match number {
        0 => None,
        all if all == attempts => Some(format!("with {what}")),
        some => Some(format!("{} with {what}", count(some as f64))),
    };
    let parts = [one(errored, "an error"), one(infinite, "an infinite score")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// Explains how many cases of each run have no score, and why.
pub(super) fn gaps(baseline: MissingScores, candidate: MissingScores) -> String {
    let of = |lost: MissingScores, role: &str| {
        let errored = match lost.errored {
            0 => String::new(),
            errored if errored == lost.cases => ", all with an error".to_owned(),
            errored => format!(", {} with an error", count(errored as f64)),
        };
        let absent = match lost.absent {
            0 => String::new(),
            absent if absent == lost.cases => ", which are not in the run".to_owned(),
            absent => format!(", {} of which are not in the run", count(absent as f64)),
        };
        let cases = counted(lost.cases, "case");
        (lost.cases > 0).then(|| format!("the {role} has no score for {cases}{errored}{absent}"))
    };
    let parts = [of(candidate, "candidate"), of(baseline, "baseline")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns `one case is`, `2 cases are`.
pub(super) fn cases_do(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("one case {one}"),
        number => format!("{} cases {several}", count(number as f64)),
    }
}

/// Returns `the only case has`, `all 2 cases have`.
pub(super) fn all_cases_have(number: usize) -> String {
    match number {
        1 => "the only case has".to_owned(),
        number => format!("all {} have", counted(number, "case")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_direction_once() {
        let gain = |mean, low, high| told(&Gain { mean, low, high, level: 0.95 });
        assert_eq!(
            gain(-0.09, -0.15, -0.03),
            "worse by 0.09 (95% interval: 0.15 worse to 0.03 worse)"
        );
        assert_eq!(
            gain(1e-12, -0.01, 0.0),
            "no difference on average (95% interval: 0.01 worse to no difference)"
        );
    }

    #[test]
    fn what_is_missing_says_whether_it_was_run() {
        let none = MissingScores::default();
        let some = MissingScores { cases: 3, trials: 4, errored: 2, infinite: 0, absent: 1 };
        assert_eq!(
            lost(none, some),
            "3 attempts of the candidate (2 with an error) and 1 case that the candidate lacks have"
        );
        let absent = MissingScores { cases: 10, trials: 10, absent: 10, ..none };
        assert_eq!(
            gaps(none, absent),
            "the candidate has no score for 10 cases, which are not in the run"
        );
        let one = MissingScores { cases: 1, trials: 1, errored: 1, ..none };
        assert_eq!(lost(one, none), "1 attempt of the baseline (with an error) has");
    }
}
