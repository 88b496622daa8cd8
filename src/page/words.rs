//! The sentences that only pages have.

use super::failures::FailureGroup;
use super::head::{PageRun, PageScorer, PageVerdict};
use super::options::PageOptions;
use crate::compare::words::{self, Face, count, counted, status_in_words};
use crate::compare::{GateReport, Note, ScorerComparison};
use crate::model::Decision;
use crate::scorecard::PassCounts;
use crate::store::HUMAN;

/// Returns notes as sentences; what holds for several scorers is said once.
pub(super) fn notes(notes: &[Note]) -> Vec<String> {
    let mut said: Vec<(String, Vec<&str>)> = vec![];
    for Note { fact, .. } in notes {
        let sentence = words::unnamed_fact(fact, Face::Command);
        match said.iter_mut().find(|(known, _)| *known == sentence) {
            Some((_, scorers)) => scorers.extend(fact.scorer()),
            None => said.push((sentence, fact.scorer().into_iter().collect())),
        }
    }
    let named = |(sentence, scorers): (String, Vec<&str>)| match scorers.as_slice() {
        [] => sentence,
        scorers => format!("{}: {sentence}", scorers.join(", ")),
    };
    said.into_iter().map(named).collect()
}

/// Returns the outcome for the candidate in one sentence, by the deciding scorer; a verdict other than REJECT does not hide what
/// its worse cases have in common.
pub(super) fn headline_of_pair(report: &GateReport, groups: &[FailureGroup]) -> String {
    let Some(scorer) = deciding(report) else {
        return "No case was scored in both runs".to_owned();
    };
    let name = &scorer.scorer;
    let Some(figures) = figures(scorer) else {
        return format!("No case was scored by {name} in both runs");
    };
    let gain =
        scorer.delta.map_or(0.0, |delta| if scorer.lower_is_better { -delta } else { delta });
    let what = match report.decision {
        Decision::Reject => format!("Candidate is worse on {name}"),
        Decision::Allow if scorer.significant && gain > 0.0 => {
            format!("Candidate is better on {name}")
        }
        Decision::Allow if scorer.significant => {
            format!("Candidate is worse on {name}, within the margin")
        }
        Decision::Allow => format!("Candidate is no worse on {name} by more than the margin"),
        Decision::Inconclusive if scorer.significant && gain < 0.0 => {
            format!("Candidate is worse on {name}, maybe by more than the margin allows")
        }
        Decision::Inconclusive => {
            format!("These cases do not settle whether the candidate is worse on {name}")
        }
    };
    let of_deciding = |group: &&FailureGroup| group.scorer.as_deref() == Some(name);
    let slice = groups.iter().filter(of_deciding).find(|group| group.all.is_some());
    match slice.filter(|_| report.decision != Decision::Reject) {
        Some(FailureGroup {
            message: Some(what_is_shared), count: own, all: Some(all), ..
        }) => {
            let [own, all] = [own, all].map(|number| count(*number as f64));
            format!("{what}: {figures}; {own} of {all} cases with {what_is_shared} regressed")
        }
        _ => {
            let (regressed, scored) = (scorer.regressed as u64, scorer.n as u64);
            let regressed = words_of(regressed, scored, Each::Case, ["regress", "regressed"]);
            format!("{what}: {figures}; {regressed}")
        }
    }
}

/// Returns the scorer that the headline is about, which the reasons name first: rather one whose verdict is the decision, which
/// a slice or the state of a run may make as well, and of those rather one with figures than one that scored a single run.
pub(super) fn deciding(report: &GateReport) -> Option<&ScorerComparison> {
    let decides = |name: &str| {
        report.scorers.iter().any(|one| one.scorer == name && one.decision == report.decision)
    };
    let named = report.reasons.iter().filter_map(|reason| reason.scorer.as_deref());
    let of = |name: &str| report.comparison.scorers.iter().find(|one| one.scorer == name);
    named.filter_map(of).min_by_key(|one| (!decides(&one.scorer), figures(one).is_none()))
}

/// Returns both means, and the difference with its interval, in the units of the scorer: as margins are given, and as the
/// reasons and the tables show scores.
fn figures(scorer: &ScorerComparison) -> Option<String> {
    let (before, after) = (scorer.baseline_mean?, scorer.candidate_mean?);
    let delta = after - before;
    let ends = scorer.interval.map(|ends| [ends.low, ends.high]);
    let mut numbers = vec![before, after, delta];
    numbers.extend(ends.iter().flatten());
    let places = agreeing_places(before, after, even_places(&numbers));
    let write = |number: f64| fixed(number, places);
    let signed = |number: f64| match write(number) {
        text if number > 0.0 && text != "0" => format!("+{text}"),
        text => text,
    };
    let interval = ends.map(|[low, high]| format!(" ({} to {})", signed(low), signed(high)));
    Some(format!(
        "{} → {}, {}{}",
        write(before),
        write(after),
        signed(delta),
        interval.unwrap_or_default()
    ))
}

/// Returns a mean with as many digits as it takes to be 0 or 1 only if it is.
fn mean(mean: f64) -> String {
    fixed(mean, even_places(&[mean]))
}

/// Returns the decimals of numbers that stand beside each other: three significant digits of the largest, fewer if all numbers
/// have fewer, and more if one would otherwise be 0 or 1 without being so.
fn even_places(numbers: &[f64]) -> usize {
    let largest = numbers.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let usual = [0.1, 1.0, 10.0, 100.0].iter().filter(|size| largest <= **size).count();
    let is_true = |number: f64, places: usize| {
        let shown: f64 = format!("{:.places$}", number.abs()).parse().unwrap_or(f64::NAN);
        let is_exact = (shown - number.abs()).abs() < ROUNDING;
        is_exact || (places >= usual && shown != 0.0 && shown != 1.0)
    };
    let fits = |places: &usize| numbers.iter().all(|number| is_true(*number, *places));
    (0..MOST_PLACES).find(fits).unwrap_or(MOST_PLACES)
}

/// Returns the decimals, up to two more, with which two means differ by their difference as it is written.
fn agreeing_places(before: f64, after: f64, places: usize) -> usize {
    let written = |number: f64, places: usize| -> f64 {
        format!("{number:.places$}").parse().unwrap_or(f64::NAN)
    };
    let agrees = |places: &usize| {
        let [before, after, delta] =
            [before, after, after - before].map(|number| written(number, *places));
        (after - before - delta).abs() < ROUNDING
    };
    (places..=places + 2).find(agrees).unwrap_or(places)
}

/// Returns a number with this many decimals; zero has none.
fn fixed(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}").replace('-', "−");
    if text.contains(|digit| ('1'..='9').contains(&digit)) { text } else { "0".to_owned() }
}

/// What adding numbers leaves.
const ROUNDING: f64 = 1e-12;
const MOST_PLACES: usize = 12;

/// What the figures of a run count.
#[derive(Clone, Copy)]
pub(super) enum Each {
    /// Cases, each of which has one attempt.
    Case,
    /// Attempts, of which some case has several.
    Attempt,
}

impl Each {
    /// Compares the number of a run's attempts with that of its cases.
    pub(super) fn of(attempts: u64, cases: usize) -> Self {
        if attempts as usize == cases { Each::Case } else { Each::Attempt }
    }

    fn name(self) -> &'static str {
        match self {
            Each::Case => "case",
            Each::Attempt => "attempt",
        }
    }

    fn counted(self, number: u64) -> String {
        counted(number as usize, self.name())
    }
}

/// Returns the headline of a run whose cases are not read yet.
pub(super) fn headline_of_beginning(run: &PageRun) -> String {
    format!("{}: {}", run.name, counted(run.cases as usize, "attempt"))
}

/// Returns the result of a run in one sentence.
pub(super) fn headline_of_run(
    run: &PageRun,
    each: Each,
    counts: PassCounts,
    scorers: &[PageScorer],
) -> String {
    let judged = counts.passed + counts.failed;
    let errored = run.errored.unwrap_or_default();
    if run.cases == 0 {
        return "This run has no cases".to_owned();
    }
    if judged == 0 && errored == run.cases {
        return format!("All {} ended in an error, and none was scored", each.counted(run.cases));
    }
    if judged == 0 {
        return format!("{} and no score", each.counted(run.cases));
    }
    let passed = words_of(counts.passed, judged, each, ["pass", "passed"]);
    let errors = match errored {
        0 => String::new(),
        errored => format!("; {} ended in an error", count(errored as f64)),
    };
    let automatic = scorers.iter().filter(|scorer| !scorer.name.starts_with(HUMAN));
    let means = automatic
        .take(3)
        .filter_map(|scorer| Some(format!("{} {}", scorer.name, mean(scorer.candidate_mean?))));
    let means: Vec<String> = means.collect();
    let means = if means.is_empty() { String::new() } else { format!("; {}", means.join(", ")) };
    capitalized(&format!("{passed}{errors}{means}"))
}

/// Returns the warnings on a page of one run.
pub(super) fn notes_of_run(
    run: &PageRun,
    owner_ended: bool,
    each: Each,
    counts: PassCounts,
) -> Vec<String> {
    let unscored = run.cases.saturating_sub(counts.passed + counts.failed);
    let mut notes = vec![];
    if run.status != "completed" {
        notes.push(format!(
            "The run is {}; what is missing of it may change every figure.",
            status_in_words(&run.status, owner_ended)
        ));
    }
    if unscored > 0 {
        let verb = if unscored == 1 { "has" } else { "have" };
        notes.push(format!("{} {verb} no score, and no part in any mean.", each.counted(unscored)));
    }
    notes
}

/// Returns what was left out of a page, in sentences.
pub(super) fn omitted(options: &PageOptions, count: usize, shown: usize) -> Vec<String> {
    let mut omitted = vec![];
    if !options.redact.is_empty() {
        let names: Vec<&str> = options.redact.iter().map(|field| field.name()).collect();
        omitted.push(format!("On request, of every case: {}.", names.join(", ")));
    }
    if shown < count {
        let kept = if options.baseline.is_some() {
            "those that lost most, then those that failed"
        } else {
            "those that failed first"
        };
        omitted.push(format!(
            "The texts of {} of {count} cases: the file was to hold {shown} ({kept}). Their figures are all here.",
            count - shown
        ));
    }
    omitted
}

/// Returns the title of a page.
pub(super) fn title(
    baseline: Option<&PageRun>,
    candidate: &PageRun,
    verdict: Option<&PageVerdict>,
) -> String {
    match (baseline, verdict) {
        (Some(baseline), Some(verdict)) => {
            format!("{}: {} against {}", verdict.decision.name(), candidate.name, baseline.name)
        }
        _ => candidate.name.clone(),
    }
}

/// The verb is given as it is and in the past.
fn words_of(part: u64, whole: u64, each: Each, [verb, past]: [&str; 2]) -> String {
    match (part, whole) {
        (0, 1) => format!("the only {} did not {verb}", each.name()),
        (1, 1) => format!("the only {} {past}", each.name()),
        (part, whole) if part == whole => format!("all {} {past}", each.counted(whole)),
        (0, whole) => format!("none of {} {past}", each.counted(whole)),
        (part, whole) => format!("{} of {} {past}", count(part as f64), each.counted(whole)),
    }
}

fn capitalized(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_0_or_1_only_when_it_is_exact() {
        let texts = [1.0, 0.9996, 0.99999, 0.84, 0.8437, 0.000_04, 0.0, -0.5, 1512.4].map(mean);
        let expected = ["1", "0.9996", "0.99999", "0.84", "0.844", "0.00004", "0", "−0.5", "1512"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn numbers_beside_each_other_have_as_many_decimals() {
        let written = |numbers: &[f64]| {
            let places = even_places(numbers);
            numbers.iter().map(|number| fixed(*number, places)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(written(&[0.881, 0.85, -0.031, -0.0522, 0.0]), "0.881 0.850 −0.031 −0.052 0");
        assert_eq!(agreeing_places(0.8466, 0.8402, 3), 4);
        assert_eq!(agreeing_places(0.881, 0.85, 3), 3);
        assert_eq!(agreeing_places(0.123_456, 0.765_432, 0), 0);
        assert_eq!(written(&[0.84, 0.78, -0.06, -0.1, -0.02]), "0.84 0.78 −0.06 −0.10 −0.02");
        assert_eq!(written(&[0.1 * 3.0, 0.3, 0.1 * 3.0 - 0.3]), "0.3 0.3 0");
        assert_eq!(written(&[1512.0, 1490.5, -21.5]), "1512 1490 −22");
        // Neither the loss nor what is missing to all of it is rounded away.
        assert_eq!(written(&[0.999_95, 1.0, 0.000_05]), "0.99995 1.00000 0.00005");
    }

    #[test]
    fn a_run_whose_process_has_ended_is_not_called_running() {
        let run = PageRun {
            id: "r".to_owned(),
            name: "r".to_owned(),
            model: "m".to_owned(),
            status: "running".to_owned(),
            started_at: 0.0,
            finished_at: None,
            cases: 6,
            errored: Some(0),
            tags: vec![],
            commit: None,
            branch: None,
            latency_ms: None,
            cost_usd: None,
            tokens_in: None,
            tokens_out: None,
        };
        let counts = PassCounts { passed: 2, failed: 2 };
        let rest = "; what is missing of it may change every figure.";
        let unscored = "2 attempts have no score, and no part in any mean.";
        let ended = notes_of_run(&run, true, Each::of(6, 3), counts);
        let status = "The run is running, but its process has ended";
        assert_eq!(ended, [format!("{status}{rest}"), unscored.to_owned()]);
        let alive = notes_of_run(&run, false, Each::of(6, 6), counts);
        let unscored = unscored.replace("attempts", "cases");
        assert_eq!(alive, [format!("The run is running{rest}"), unscored]);
    }

    #[test]
    fn a_share_of_cases_is_written_in_words() {
        let said =
            [(0, 1), (1, 1), (3, 3), (0, 3), (1, 3), (1000, 1_234_567)].map(|(part, whole)| {
                words_of(part, whole, Each::of(whole, whole as usize), ["pass", "passed"])
            });
        let expected = [
            "the only case did not pass",
            "the only case passed",
            "all 3 cases passed",
            "none of 3 cases passed",
            "1 of 3 cases passed",
            "1,000 of 1,234,567 cases passed",
        ];
        assert_eq!(said, expected);
        let of_trials = words_of(2, 6, Each::of(6, 3), ["pass", "passed"]);
        assert_eq!(of_trials, "2 of 6 attempts passed");
    }
}
