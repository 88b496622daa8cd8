//! Advice as sentences.

use super::Face;
use crate::compare::numbers::{about, counted, size};
use crate::compare::reason::{Advice, Assumption};
use crate::compare::side::RunReference;
use crate::model::RUNNING;

pub(super) fn advised(advice: Advice, face: Face) -> String {
    match advice {
        Advice::MoreCases { more, assuming, .. } => {
            format!("about {} more cases would probably settle it {}", about(more), if_so(assuming))
        }
        Advice::MoreClusters { more, assuming, .. } => {
            let more = about(more);
            format!("about {more} more clusters would probably settle it {}", if_so(assuming))
        }
        Advice::TooFewToProve { have, need, clusters } => {
            let what = counted(have, if clusters { "cluster" } else { "case" });
            format!("{what} cannot prove a loss, however large: it takes at least {need}")
        }
        Advice::MoreRuns => {
            "runs of one side differ so much that more cases would not settle it: compare more runs per side"
                .to_owned()
        }
        Advice::WeighMargin { gain } => format!(
            "the difference is about as large as the limit, and more cases would hardly tell them apart: {}",
            met(gain, face)
        ),
        Advice::GiveMargin => {
            let give = face.call("margin", "--margin");
            format!("with a margin of 0 every possible loss counts: give the loss that you accept with {give}")
        }
        Advice::OwnMargin { scale, margin } => format!(
            "scores go from {} to {}, and the default margin of {} is meant for scores from 0 to 1: give the loss that \
             you accept with {}",
            size(scale.low),
            size(scale.high),
            size(margin),
            face.call("margin", "--margin")
        ),
        Advice::RunAgain { attempts, errored } => {
            let errored = match errored {
                0 => String::new(),
                all if all == attempts => " (with an error)".to_owned(),
                some => format!(" ({some} with an error)"),
            };
            let has = if attempts == 1 { "has" } else { "have" };
            let told = counted(attempts, "attempt");
            format!("{told} {has} no score{errored}: {}", run_or_count(attempts, face))
        }
        Advice::RunAbsent { cases } => {
            let cases = counted(cases, "case");
            let ignore = face.call("missing: 'ignore'", "--missing ignore");
            let coverage = face.call("a lower minCoverage", "a lower --min-coverage");
            format!(
                "run the candidate on the {cases} that it lacks, or, if they were dropped on purpose, leave them \
                 out with {ignore} and {coverage}"
            )
        }
        Advice::ScoreBoth => {
            let only = face.call("scorers", "--scorer");
            format!("score both runs with it, or name the scorers to compare with {only}")
        }
        Advice::GiveKeys => "if inputs changed, give each case the same key in both runs".to_owned(),
        Advice::SameKeys => {
            let by_input = face.call("pairBy: 'input'", "--pair-by input");
            format!("use the same keys in both runs, or pair by input with {by_input}")
        }
        Advice::Finish => "wait until it is completed".to_owned(),
    }
}

/// Returns how to get the scores of so many attempts, or to do without.
pub(super) fn run_or_count(attempts: usize, face: Face) -> String {
    let fail = face.call("missing: 'fail'", "--missing fail");
    let as_failures = if attempts == 1 { "it as a failure" } else { "them as failures" };
    format!("{}, or count {as_failures} with {fail}", run_again(attempts, face))
}

/// Returns how to get the scores of so many attempts.
pub(super) fn run_again(attempts: usize, face: Face) -> String {
    let them = if attempts == 1 { "it" } else { "them" };
    let lists = face.call("failedCases", "\"runstore cases RUN --errored --unscored\"");
    let and_continues = face.call(", resumeRun continues the run", "");
    format!("run {them} again ({lists} lists {them}{and_continues})")
}

/// Returns what to do about a run that is not completed.
pub(super) fn finish(run: &RunReference, face: Face) -> String {
    let first = match run.status.as_str() {
        RUNNING => "wait for it, ".to_owned(),
        _ => format!("{}, ", face.call("continue it with resumeRun, run it again", "run it again")),
    };
    let allow = face.call("unfinished: true", "--unfinished");
    format!("{first}or compare what is there with {allow}")
}

/// Returns how to give a limit that is surely met.
fn met(gain: f64, face: Face) -> String {
    let limit = size(at_least(gain.abs(), gain < 0.0));
    let [before, after] = [face.call("{ [scorer]: ", "SCORER="), face.call(" }", "")];
    if gain < 0.0 {
        let option = face.call("margin: ", "--margin ");
        format!(
            "if a loss of up to {limit} is acceptable, allow it with {option}{before}{limit}{after}"
        )
    } else {
        let option = face.call("requireImprovement: ", "--require-improvement ");
        format!(
            "if a gain of {limit} is enough, require no more with {option}{before}{limit}{after}"
        )
    }
}

/// Rounds a limit to the digits that are shown, upwards for a loss and downwards for a gain: as shown, it must be met.
fn at_least(limit: f64, upwards: bool) -> f64 {
    if limit == 0.0 {
        return limit;
    }
    let unit = 10_f64.powf(limit.log10().floor() - 2.0).max(1e-4);
    let units = limit / unit;
    // What dividing leaves is no reason to go on to the next unit.
    unit * if upwards { (units - 1e-9).ceil() } else { (units + 1e-9).floor() }
}

fn if_so(assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::NoDifference => "if there is no true difference",
        Assumption::AsSeen => "if the true difference is the one seen here",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_to_give_is_met_as_it_is_shown() {
        let said = |gain, face| advised(Advice::WeighMargin { gain }, face);
        let command = |gain| said(gain, Face::Command);
        assert!(command(-0.038_61).ends_with(
            "if a loss of up to 0.0387 is acceptable, allow it with --margin SCORER=0.0387"
        ));
        assert!(command(-0.04).ends_with("--margin SCORER=0.04"));
        assert!(command(-12.34).ends_with("--margin SCORER=12.4"));
        assert!(command(-0.000_12).ends_with("--margin SCORER=0.0002"));
        assert!(command(0.051_29).ends_with(
            "if a gain of 0.0512 is enough, require no more with --require-improvement SCORER=0.0512"
        ));
        assert!(said(-0.5, Face::Api).ends_with("allow it with margin: { [scorer]: 0.5 }"));
    }
}
