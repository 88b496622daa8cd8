//! The sentences of comparisons and verdicts, in one place.

use super::missing::{Missing, MissingScores};
use super::note::Fact;
pub use super::numbers::size;
use super::numbers::{about, count, counted};
use super::reason::{Advice, Assumption, Finding, Gain, Reason};
use super::reducer::Reducer;
use super::side::{Role, RunReference};

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
    let advice = reason.advice.iter().map(|advice| match (&reason.finding, advice) {
        (Finding::Unfinished { run, .. }, Advice::Finish) => format!("; {}", finish(run, face)),
        (_, advice) => format!("; {}", advised(*advice, face)),
    });
    finding(&reason.finding, face) + &advice.collect::<String>()
}

fn finding(finding: &Finding, face: Face) -> String {
    match finding {
        Finding::NothingChanged { cases: 1 } => {
            "nothing changed: the only case has the same output and score in both runs".to_owned()
        }
        Finding::NothingChanged { cases } => {
            format!(
                "nothing changed: all {} have the same output and score in both runs",
                counted(*cases, "case")
            )
        }
        Finding::EqualScores { cases: 1 } => {
            "the only case has the same score in both runs".to_owned()
        }
        Finding::EqualScores { cases } => {
            format!("all {} have the same score in both runs", counted(*cases, "case"))
        }
        Finding::LossRuledOut { gain, margin, established } => {
            let ruled_out = format!("a loss of more than {} is ruled out", size(*margin));
            match established {
                true => format!("{}; there is a smaller loss, and {ruled_out}", told(gain)),
                false => format!("{}; {ruled_out}", told(gain)),
            }
        }
        Finding::LossBeyondMargin { gain, margin, certain } => match certain {
            true => format!("{}; it is a loss of more than {}", told(gain), size(*margin)),
            false => format!(
                "{}; there is a loss, and its estimate is beyond the margin of {}",
                told(gain),
                size(*margin)
            ),
        },
        Finding::LossEstablished { gain, margin } => format!(
            "{}; there is a loss, but it may be within the margin of {} or beyond it",
            told(gain),
            size(*margin)
        ),
        Finding::LossPossible { gain, margin } => {
            format!("{}; a loss of more than {} is possible", told(gain), size(*margin))
        }
        Finding::MissingScores { gain, worst, margin, baseline, candidate } => {
            let lost = lost(*baseline, *candidate);
            let worst = worst
                .map_or(String::new(), |worst| format!(": {} in the worst case", told(&worst)));
            format!(
                "{} in what was scored, but {lost} no score, which could hide a loss of more than {}{worst}",
                told(gain),
                size(*margin)
            )
        }
        Finding::NoCommonCase => "no case is in both runs, so the difference is unknown".to_owned(),
        Finding::LowCoverage { scored: 0, of: 0, .. } => "neither run has a score of it".to_owned(),
        Finding::LowCoverage { scored, of, baseline, candidate } => format!(
            "only {} of {} have a score in both runs ({})",
            count(*scored as f64),
            counted(*of, "case"),
            gaps(*baseline, *candidate)
        ),
        Finding::GainEstablished { gain, required } => match *required > 0.0 {
            true => {
                format!("{}; a gain of at least {} is established", told(gain), size(*required))
            }
            false => format!("{}; a gain is established", told(gain)),
        },
        Finding::GainRuledOut { gain, required } => {
            format!("{}; the required gain of {} is ruled out", told(gain), size(*required))
        }
        Finding::GainPossible { gain, required } => format!(
            "{}; a gain of {} is possible, but not established",
            told(gain),
            size(*required)
        ),
        Finding::TooFew { cases: 0, .. } => "no case was scored in both runs".to_owned(),
        Finding::TooFew { cases: 1, .. } => "only one case was scored in both runs".to_owned(),
        Finding::TooFew { clusters: Some(1), .. } => {
            "all cases are in one cluster, so the spread is unknown".to_owned()
        }
        Finding::TooFew { clusters: Some(clusters), .. } => {
            format!("{clusters} clusters are too few to estimate the spread")
        }
        Finding::TooFew { cases, .. } => {
            format!("{cases} cases are too few to estimate the spread")
        }
        Finding::Unfinished { role, run } => unfinished(*role, run),
        Finding::SliceLoses { value, gain, cases, decides } => {
            let slice = match value {
                Some(value) => format!("the slice \"{value}\""),
                None => {
                    format!("the slice without a value of {}", face.call("sliceBy", "--slice-by"))
                }
            };
            let warning = match decides {
                true => String::new(),
                false => format!(
                    "; this does not decide unless {}",
                    face.call("gateSlices is set", "--gate-slices is given")
                ),
            };
            format!("{slice} loses: {} over {}{warning}", told(gain), counted(*cases, "case"))
        }
        Finding::NoScores => "no scorer scored a case in either run".to_owned(),
    }
}

fn advised(advice: Advice, face: Face) -> String {
    match advice {
        Advice::MoreCases { more, assuming, .. } => {
            format!("about {} more cases would probably settle it {}", about(more), if_so(assuming))
        }
        Advice::MoreClusters { more, assuming, .. } => {
            format!("about {} more clusters would probably settle it {}", about(more), if_so(assuming))
        }
        Advice::TooFewToProve { have, need, clusters } => {
            let what = if clusters { "cluster" } else { "case" };
            format!("{} cannot prove a loss, however large: it takes at least {need}", counted(have, what))
        }
        Advice::GiveMargin => {
            format!("no number of cases can rule out every loss: give a margin{}", face.call("", " with --margin"))
        }
        Advice::RunAgain => match face {
            Face::Api => {
                "run them again (failedCases lists them, resumeRun continues the run), or count them as failures with \
                 missing: 'fail'"
                    .to_owned()
            }
            Face::Command => {
                "run them again (\"runstore cases RUN --errored --unscored\" lists them), or count them as failures with \
                 --missing fail"
                    .to_owned()
            }
        },
        Advice::GiveKeys => "give cases a key to find them in both runs".to_owned(),
        Advice::SameKeys => {
            let by_input = face.call("pairBy: 'input'", "--pair-by input");
            format!("use the same keys in both runs, or pair by input with {by_input}")
        }
        Advice::Finish => "wait until it is completed".to_owned(),
    }
}

/// Returns what to do about a run that is not completed.
fn finish(run: &RunReference, face: Face) -> String {
    let first = match run.status.as_str() {
        "running" => "wait for it, ".to_owned(),
        _ => format!("{}, ", face.call("continue it with resumeRun, run it again", "run it again")),
    };
    let allow = face.call("unfinished: true", "--unfinished");
    format!("{first}or compare what is there with {allow}")
}

fn if_so(assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::NoDifference => "if there is no true difference",
        Assumption::AsSeen => "if the true difference is the one seen here",
    }
}

/// Returns a fact as a sentence.
pub fn fact(fact: &Fact, face: Face) -> String {
    match fact {
        Fact::Unfinished { role, run } => unfinished(*role, run),
        Fact::NewerRunIncomplete { role, run } => format!(
            "the {} is the latest completed run; a newer one, \"{}\" ({}), is {}",
            role.name(),
            run.name,
            run.id,
            run.status
        ),
        Fact::DifferentSuites => "the runs belong to different suites".to_owned(),
        Fact::SomeKeys => {
            "some cases have a key and others not, so cases were paired by their input".to_owned()
        }
        Fact::SharedInputs { cases } => format!(
            "{} the input of another and {} as another trial of it; if they are different cases, give each a key",
            if *cases == 1 { "one case has".to_owned() } else { format!("{} cases have", count(*cases as f64)) },
            if *cases == 1 { "counts" } else { "count" },
        ),
        Fact::NoCommonCase { by_key: true } => {
            "the runs have no case in common: no key is in both".to_owned()
        }
        Fact::NoCommonCase { by_key: false } => {
            "the runs have no case in common: no input is in both; if inputs changed, give cases a key".to_owned()
        }
        Fact::PartialCoverage { both, of } => format!(
            "{} of {} are in both runs; the others are not compared",
            count(*both as f64),
            counted(*of, "case")
        ),
        Fact::Reduced { reducer } => reduced(*reducer),
        Fact::InfiniteScores { scores: 1 } => "one score is infinite and counts as missing".to_owned(),
        Fact::InfiniteScores { scores } => {
            format!("{} scores are infinite and count as missing", count(*scores as f64))
        }
        Fact::TornClusters { cases } => format!(
            "{} in another cluster in the candidate; the baseline's counts",
            if *cases == 1 { "one case is".to_owned() } else { format!("{} cases are", count(*cases as f64)) }
        ),
        Fact::SomeClusters { with, without } => format!(
            "only {} a cluster; each of the other {} counts as a cluster of its own",
            if *with == 1 { "one case has".to_owned() } else { format!("{} cases have", count(*with as f64)) },
            count(*without as f64)
        ),
        Fact::OneCluster { scorer } => {
            format!("{scorer}: all cases are in one cluster, so the spread is unknown")
        }
        Fact::SingleRuns => format!(
            "one run each: the intervals do not contain how much equal runs differ; compare several runs of each, or see {}",
            face.call("calibrate()", "runstore calibrate")
        ),
        Fact::FewCases { scorer, cases } => {
            format!("{scorer}: only {}; the figures are not reliable", counted(*cases, "case"))
        }
        Fact::MissingScores { scorer, baseline, candidate, counted } => {
            let counted = match counted {
                Missing::Worst => "a verdict must hold for any value of them",
                Missing::Fail => "they count as failures",
                Missing::Ignore => "they are left out",
            };
            format!("{scorer}: {} no score; {counted}", lost(*baseline, *candidate))
        }
        Fact::Unseen { scorer, cases } => format!(
            "{scorer}: {} the same score in both runs, but outputs are not the same or not stored: this scorer does not see \
             what changed, if anything did",
            if *cases == 1 { "the only case has".to_owned() } else { format!("all {} have", counted(*cases, "case")) },
        ),
        Fact::DefaultMargin { scorer, scale, margin } => format!(
            "{scorer}: scores go from {} to {}, and the default margin of {} is meant for scores from 0 to 1; give it a \
             margin of its own{}",
            size(scale.low),
            size(scale.high),
            size(*margin),
            face.call("", " with --margin")
        ),
    }
}

/// Explains how several scores become one.
pub fn reduced(reducer: Reducer) -> String {
    let how = match reducer {
        Reducer::Mean => "their mean".to_owned(),
        Reducer::Median => "their median".to_owned(),
        Reducer::Mode => "the most frequent of them".to_owned(),
        Reducer::Max => "the highest of them".to_owned(),
        Reducer::Min => "the lowest of them".to_owned(),
        Reducer::AtLeast(k) => format!("1 if {k} or more of them are 1, otherwise 0"),
    };
    format!("several trials of a case count as one score: {how}")
}

fn unfinished(role: Role, run: &RunReference) -> String {
    let state = match run.status.as_str() {
        "running" => "is still running".to_owned(),
        "failed" => "has failed".to_owned(),
        other => format!("is {other}"),
    };
    format!("the {} \"{}\" ({}) {state}", role.name(), run.name, run.id)
}

/// Explains what each run lacks.
fn lost(baseline: MissingScores, candidate: MissingScores) -> String {
    let of = |lost: MissingScores, role: &str| {
        let errored = match lost.errored {
            0 => String::new(),
            errored if errored == lost.trials => " (with an error)".to_owned(),
            errored => format!(" ({} with an error)", count(errored as f64)),
        };
        (lost.trials > 0)
            .then(|| format!("{} of the {role}{errored}", counted(lost.trials, "attempt")))
    };
    let parts = [of(candidate, "candidate"), of(baseline, "baseline")];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let has = if baseline.trials + candidate.trials == 1 { "has" } else { "have" };
    format!("{parts} {has}")
}

fn gaps(baseline: MissingScores, candidate: MissingScores) -> String {
    let of = |lost: MissingScores, role: &str| {
        let errored = match lost.errored {
            0 => String::new(),
            errored if errored == lost.cases => ", all with an error".to_owned(),
            errored => format!(", {} with an error", count(errored as f64)),
        };
        (lost.cases > 0).then(|| format!("the {role} lacks {}{errored}", count(lost.cases as f64)))
    };
    let parts = [of(candidate, "candidate"), of(baseline, "baseline")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns a difference and its interval in words.
fn told(gain: &Gain) -> String {
    let mean = match way(gain.mean) {
        Some(way) => format!("{way} by {}", size(gain.mean.abs())),
        None => "no difference on average".to_owned(),
    };
    let end = |end: f64| match way(end) {
        Some(way) => format!("{} {way}", size(end.abs())),
        None => "none".to_owned(),
    };
    format!(
        "{mean} ({}% interval: {} to {})",
        size(gain.level * 100.0),
        end(gain.low),
        end(gain.high)
    )
}

/// Returns the direction of a difference; `None` if it is printed as 0.
fn way(gain: f64) -> Option<&'static str> {
    (size(gain.abs()) != "0").then_some(if gain < 0.0 { "worse" } else { "better" })
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
            "no difference on average (95% interval: 0.01 worse to none)"
        );
    }
}
