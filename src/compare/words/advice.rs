//! Advice as sentences.

use super::Face;
use super::parts::why;
use crate::compare::missing::Scale;
use crate::compare::numbers::{about, count, counted, percent, size};
use crate::compare::reason::{Advice, Assumption, Plan};
use crate::compare::side::{Role, RunReference};
use crate::model::RUNNING;

/// If a verdict takes more than this many times the existing cases, adding them is hardly an option.
const WITHIN_REACH: f64 = 10.0;
/// And if it takes more than this many in all, it is none.
const MOST_ADDED: f64 = 100_000.0;

pub(super) fn advised(advice: Advice, face: Face) -> String {
    match advice {
        Advice::MoreCases(plan) => more(&plan, "cases", "settle it"),
        Advice::MoreClusters(plan) => more(&plan, "clusters", "settle it"),
        Advice::CheckCases { cases } => {
            let (what, say) = (counted(cases, "case"), if cases == 1 { "says" } else { "say" });
            format!(
                "only {what} {} compared, which {say} little about others: check that the evaluation ran all of its cases",
                if cases == 1 { "was" } else { "were" }
            )
        }
        Advice::SmallerAlpha { alpha, usual } => smaller_alpha(alpha, usual, face),
        Advice::LargerAlpha { alpha, usual } => larger_alpha(alpha, usual, face),
        Advice::EqualTrials { baseline, candidate } => equal_trials(baseline, candidate),
        Advice::TooFewToProve { have, need, clusters: false } => format!(
            "{} {} too few for any verdict: even if all got worse, it could be chance (a REJECT takes at least {need}, an \
             ALLOW many more): add cases",
            counted(have, "case"),
            if have == 1 { "is" } else { "are" }
        ),
        Advice::TooFewToProve { have, need, clusters: true } => format!(
            "cases with the same `cluster`, for instance of one document, count as one observation, and {have} {} too few \
             for any verdict: even if all got worse, it could be chance (a REJECT takes at least {need}, an ALLOW many more): \
             add cases of other clusters",
            if have == 1 { "is" } else { "are" }
        ),
        Advice::MoreRuns { baseline, candidate } => format!(
            "the difference between repeated runs ({} of the baseline, {candidate} of the candidate) alone makes the \
             interval too wide, and more cases do not narrow it: compare more runs per side, with {}",
            counted(baseline, "run"),
            face.call("arrays of runs", "--more-baselines and --more-candidates")
        ),
        Advice::CheckChange => {
            "if something should have changed, check that the candidate used it (a cache, the wrong prompt)".to_owned()
        }
        Advice::ReviewOutputs => {
            "outputs differ although scores do not, so read some of them: if one run is better, decide by a scorer that shows it"
                .to_owned()
        }
        Advice::ReviewFailures { attempts, errored } => {
            let what = counted(attempts, "attempt");
            let verb = if attempts == 1 { "counts as a failure" } else { "count as failures" };
            let them = if attempts == 1 { "it" } else { "them" };
            format!(
                "{what} without a score{} {verb}: look at {them} first{}",
                why(attempts, errored, 0),
                listing(attempts, errored, face)
            )
        }
        Advice::WeighMargin { gain } => weigh(gain, None, face),
        Advice::GiveMargin { margin: default } => format!(
            "with a margin of 0 every possible loss counts: give the loss that you accept with {} (the default is {})",
            margin(face),
            size(default)
        ),
        Advice::OwnMargin { scale, margin: default } => format!(
            "{}, and the default margin of {} is meant for scores from 0 to 1: give the loss that you accept with {} ({} is \
             the same share of this range)",
            range("scores go", scale),
            size(default),
            margin(face),
            size(default * (scale.high - scale.low))
        ),
        Advice::SmallerMargin { scale, margin: given } => format!(
            "a margin of {} allows any loss, because {}: give a smaller one with {}",
            size(given),
            range("scores only go", scale),
            margin(face)
        ),
        Advice::ReviewCases { cases } => format!("look at the {} that got worse", the(cases, "case")),
        Advice::ReviewMissing { attempts, errored } => {
            let (what, why) = (the(attempts, "attempt"), why(attempts, errored, 0));
            let (scores, them) =
                if attempts == 1 { ("score", "it") } else { ("scores", "them") };
            let listing = listing(attempts, errored, face);
            format!(
                "this holds whatever the missing {scores} of the {what}{why} would be, but look at {them}{listing}"
            )
        }
        Advice::ReviewSlice => format!(
            "it does not count for the verdict: look at its cases before you accept this, or let slices count with {}",
            face.call("gateSlices: true", "--gate-slices")
        ),
        Advice::CorrectScores { attempts } => format!(
            "{} an infinite score, which counts as missing: correct the scorer, so that it saves a finite one",
            having(attempts, "attempt")
        ),
        Advice::DistinctKeys { cases } => format!(
            "{} the key of another case and count as its trials, so that their own are missing: give different cases different \
             keys, and trials a number",
            having(cases, "case")
        ),
        Advice::ChooseRun => format!(
            "check that the evaluation saved its cases, or choose another run ({} lists them)",
            face.call("queryRuns", "\"runstore runs\"")
        ),
        Advice::RunAgain { attempts, errored } => {
            let (have, why) = (having(attempts, "attempt"), why(attempts, errored, 0));
            format!("{have} no score{why}: {}", run_or_count(attempts, errored, face))
        }
        Advice::RunAbsent { cases } => run_absent(cases, None, face),
        Advice::ScoreBoth => {
            let only = face.call("scorers", "--scorer");
            format!("score both runs with it, or, if it was removed on purpose, name the scorers to compare with {only}")
        }
        Advice::GiveKeys => "if inputs changed, give each case the same key in both runs".to_owned(),
        Advice::SameKeys => {
            let by_input = face.call("pairBy: 'input'", "--pair-by input");
            format!("use the same keys in both runs, or pair by input with {by_input}")
        }
        Advice::Finish => "wait until it is completed".to_owned(),
    }
}

/// Returns how many more cases would establish a gain, or what to do without them.
pub(super) fn more_or_no_gain(advice: Advice, face: Face) -> String {
    let joint = match advice {
        Advice::MoreCases(plan) | Advice::MoreClusters(plan) if is_out_of_reach(&plan) => ":",
        _ => ", or",
    };
    format!("{}{joint} treat it as no gain", advised(advice, face))
}

/// Returns how many more cases would rule out a loss, or what to do without them.
pub(super) fn more_or_margin(plan: &Plan, unit: &str, face: Face) -> String {
    let purpose = match plan.assuming {
        Assumption::NoDifference => "rule it out",
        Assumption::AsSeen => "settle it",
    };
    let (more, margin) = (more(plan, unit, purpose), margin(face));
    if is_out_of_reach(plan) {
        return format!("{more}: decide which loss is acceptable, and allow it with {margin}");
    }
    format!("{more}, or, if a larger loss is acceptable, allow it with {margin}")
}

fn is_far(Plan { total, more, .. }: &Plan) -> bool {
    *more > WITHIN_REACH * (total - more)
}

fn is_out_of_reach(plan: &Plan) -> bool {
    is_far(plan) && plan.total > MOST_ADDED && plan.total_as_seen.is_none()
}

fn smaller_alpha(given: f64, usual: f64, face: Face) -> String {
    let alpha = face.call("alpha: ", "--alpha ");
    let [certainty, usually] = [given, usual].map(|alpha| percent(1.0 - alpha));
    format!(
        "{alpha}{given} asks for a certainty of only {certainty}: for the usual {usually}, give {alpha}{usual}"
    )
}

fn larger_alpha(given: f64, usual: f64, face: Face) -> String {
    let alpha = face.call("alpha: ", "--alpha ");
    let [certainty, usually] = [given, usual].map(|alpha| percent(1.0 - alpha));
    format!(
        "{alpha}{given} asks for a certainty of {certainty}, which takes more cases than the usual {usually} ({alpha}{usual})"
    )
}

fn equal_trials(baseline: usize, candidate: usize) -> String {
    let [fewer, more] = match candidate < baseline {
        true => [Role::Candidate, Role::Baseline].map(Role::name),
        false => [Role::Baseline, Role::Candidate].map(Role::name),
    };
    let [few, many] = [baseline.min(candidate), baseline.max(candidate)];
    format!(
        "give the {fewer} as many trials as the {more} ({few} of a case against up to {many}), which narrows the interval"
    )
}

/// Returns how to get the scores of cases that the candidate lacks, or to do without; `share` of them is scored.
pub(super) fn run_absent(cases: usize, share: Option<f64>, face: Face) -> String {
    let cases = counted(cases, "case");
    let ignore = face.call("missing: 'ignore'", "--missing ignore");
    let coverage = share.map_or(String::new(), |share| {
        let option = face.call("minCoverage: ", "--min-coverage ");
        format!(" and {option}{}", (share * 100.0).floor() / 100.0)
    });
    format!(
        "run the candidate on the {cases} that it lacks, or, if they were dropped on purpose, leave them out with {ignore}{coverage}"
    )
}

/// Returns how to get the scores of so many attempts, or to do without.
pub(super) fn run_or_count(attempts: usize, errored: usize, face: Face) -> String {
    let fail = face.call("missing: 'fail'", "--missing fail");
    let [as_failures, are] = match attempts {
        1 => ["it as a failure", "it is"],
        _ => ["them as failures", "they are"],
    };
    format!(
        "{}, or count {as_failures} with {fail} if that is what {are}",
        run_again(attempts, errored, face)
    )
}

/// Returns how to get the scores of so many attempts.
pub(super) fn run_again(attempts: usize, errored: usize, face: Face) -> String {
    let them = if attempts == 1 { "it" } else { "them" };
    let resume = face.call("resumeRun", "store.resumeRun() in your suite");
    format!("run {them} again with {resume}{}", listing(attempts, errored, face))
}

/// Returns what to do about a run that is not completed.
pub(super) fn finish(run: &RunReference, face: Face) -> String {
    let first = match run.status.as_str() {
        RUNNING if !run.owner_ended => "wait for it, ".to_owned(),
        _ => "continue it with resumeRun, or run it again, ".to_owned(),
    };
    let allow = face.call("unfinished: true", "--unfinished");
    format!("{first}or, if it was stopped on purpose, compare what is there with {allow}")
}

/// Returns how to give a scorer a limit that is surely met.
pub(super) fn weigh(gain: f64, scorer: Option<&str>, face: Face) -> String {
    let limit = if gain < 0.0 { "the margin" } else { "the gain that is required" };
    format!(
        "the difference is close to {limit}, so more cases would hardly settle it: {}",
        met(gain, scorer, face)
    )
}

/// A name that needs no quotes in either notation is given as it is.
fn met(gain: f64, scorer: Option<&str>, face: Face) -> String {
    let limit = size(at_least(gain.abs(), gain < 0.0));
    let is_plain = |name: &&str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
    };
    let name = scorer.filter(is_plain).unwrap_or(face.call("[scorer]", "SCORER"));
    let before = format!("{}{name}{}", face.call("{ ", ""), face.call(": ", "="));
    let after = face.call(" }", "");
    if gain < 0.0 {
        let option = face.call("margin: ", "--margin ");
        format!(
            "decide whether a loss of up to {limit} is acceptable, and if so, allow it with {option}{before}{limit}{after}"
        )
    } else {
        let option = face.call("requireImprovement: ", "--require-improvement ");
        format!(
            "decide whether a gain of {limit} is enough, and if so, require no more with {option}{before}{limit}{after}"
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

fn more(plan: &Plan, unit: &str, purpose: &str) -> String {
    let Plan { total, more, assuming, total_as_seen } = plan;
    let have = total - more;
    let [total, more] = [*total, *more].map(about);
    if let Some(as_seen) = total_as_seen {
        let (have, as_seen) = (count(have), about(*as_seen));
        return format!(
            "{have} {unit} are too few to {purpose} (it takes about {as_seen} in all if the candidate is as much better as \
             seen here, and about {total} if it is actually no better): add {unit}"
        );
    }
    let enough = match assuming {
        Assumption::NoDifference => "if the candidate is actually no worse",
        Assumption::AsSeen => "if the true difference is the one seen here",
    };
    if is_out_of_reach(plan) {
        return format!(
            "about {total} {unit} would be needed to {purpose}, {enough}, which is out of reach"
        );
    }
    if is_far(plan) {
        let have = count(have);
        return format!(
            "{have} {unit} are far too few to {purpose} (it takes about {total} in all, {enough}): add {unit}"
        );
    }
    format!("add about {more} {unit} to {purpose} ({total} in all are enough {enough})")
}

fn margin(face: Face) -> &'static str {
    face.call("the option margin", "--margin")
}

/// Returns what lists attempts without a score, so many of them with an error. No method lists those without one.
fn listing(attempts: usize, errored: usize, face: Face) -> String {
    let them = if attempts == 1 { "it" } else { "them" };
    match face {
        Face::Command if errored == attempts => {
            format!(" (\"runstore cases RUN --errored\" lists {them})")
        }
        Face::Command => {
            format!(" (\"runstore cases RUN --unscored --scorer SCORER\" lists {them})")
        }
        Face::Api if errored == 0 => String::new(),
        Face::Api if errored == attempts => format!(" (failedCases lists {them})"),
        Face::Api => " (failedCases lists those with an error)".to_owned(),
    }
}

fn range(go: &str, scale: Scale) -> String {
    format!("{go} from {} to {}", size(scale.low), size(scale.high))
}

/// Returns `case`, `2 cases`.
fn the(number: usize, one: &str) -> String {
    if number == 1 { one.to_owned() } else { counted(number, one) }
}

/// Returns `1 case has`, `2 cases have`.
fn having(number: usize, one: &str) -> String {
    format!("{} {}", counted(number, one), if number == 1 { "has" } else { "have" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_to_add_a_million_cases() {
        let (assuming, total_as_seen) = (Assumption::NoDifference, None);
        let plan = |total, more| Plan { total, more, assuming, total_as_seen };
        let far = plan(1_800_000.0, 1_750_000.0);
        assert_eq!(
            more_or_margin(&far, "cases", Face::Command),
            "about 1,800,000 cases would be needed to rule it out, if the candidate is actually no worse, which is out of \
             reach: decide which loss is acceptable, and allow it with --margin"
        );
        let no_gain = more_or_no_gain(Advice::MoreCases(far), Face::Command);
        assert!(no_gain.ends_with("which is out of reach: treat it as no gain"), "{no_gain}");
        for near in [plan(2_400.0, 2_360.0), plan(300_000.0, 250_000.0)] {
            let said = more_or_margin(&near, "cases", Face::Command);
            assert!(
                said.ends_with(", or, if a larger loss is acceptable, allow it with --margin"),
                "{said}"
            );
        }
        let seen = Plan { total_as_seen: Some(500_000.0), ..far };
        let said = more_or_no_gain(Advice::MoreCases(seen), Face::Command);
        assert!(said.ends_with("add cases, or treat it as no gain"), "{said}");
    }

    #[test]
    fn a_limit_to_give_is_met_as_it_is_shown() {
        let said = |gain, face| advised(Advice::WeighMargin { gain }, face);
        let command = |gain| said(gain, Face::Command);
        assert!(command(-0.038_61).ends_with(
            "decide whether a loss of up to 0.0387 is acceptable, and if so, allow it with --margin SCORER=0.0387"
        ));
        assert!(command(-0.04).ends_with("--margin SCORER=0.04"));
        assert!(command(-12.34).ends_with("--margin SCORER=12.4"));
        assert!(command(-0.000_12).ends_with("--margin SCORER=0.0002"));
        assert!(command(0.051_29).ends_with(
            "decide whether a gain of 0.0512 is enough, and if so, require no more with --require-improvement SCORER=0.0512"
        ));
        let named = |name| met(-0.02, Some(name), Face::Command);
        assert!(named("exact").ends_with("--margin exact=0.02"));
        assert!(named("is it right?").ends_with("--margin SCORER=0.02"));
        assert!(met(-0.02, Some("tone"), Face::Api).ends_with("margin: { tone: 0.02 }"));
        assert!(said(-0.5, Face::Api).ends_with("allow it with margin: { [scorer]: 0.5 }"));
    }
}
