//! The reports of a gate in situations in which a reader without statistics must act correctly. Review each when it
//! changes: is it true, is it complete, does it lead to the right action?

use super::agreement::check_agreement;
use super::fixture::{BROKEN, FIRST, Fixture, SECOND};
use super::terminal::{Call, call, snapshot};
use runstore::model::{MoreOfCase, NewCase, NewScore, RunStatus};

/// A case as both runs have it, with its score in each; `None` for an attempt that crashed.
#[derive(Clone, Default)]
struct Pair {
    question: usize,
    scores: [Vec<(&'static str, f64)>; 2],
    crashed: [bool; 2],
    /// Whether a run lacks the case.
    absent: [bool; 2],
    cluster: Option<String>,
    language: &'static str,
    keys: [Option<String>; 2],
    trial: usize,
    is_other_output: bool,
}

/// Returns a pair of scores of one scorer.
fn pair(question: usize, scorer: &'static str, before: f64, after: f64) -> Pair {
    let scores = [vec![(scorer, before)], vec![(scorer, after)]];
    Pair { question, scores, is_other_output: before != after, ..Pair::default() }
}

/// Returns this many cases of `exact`: first those that fail only in the candidate, then those that fail only in the
/// baseline; every tenth of the others fails in both.
fn exact(cases: usize, lost: usize, won: usize) -> Vec<Pair> {
    let scores = |at: usize| match at {
        at if at < lost => (1.0, 0.0),
        at if at < lost + won => (0.0, 1.0),
        at if at % 10 == 9 => (0.0, 0.0),
        _ => (1.0, 1.0),
    };
    (0..cases).map(|at| pair(at, "exact", scores(at).0, scores(at).1)).collect()
}

/// Prints the reports on these cases, on a wide terminal.
fn told(name: &str, pairs: &[Pair], calls: &[&str]) {
    let calls: Vec<Call> = calls.iter().map(|line| call(line)).collect();
    told_of(name, pairs, [RunStatus::Completed; 2], &calls);
}

fn told_of(name: &str, pairs: &[Pair], statuses: [RunStatus; 2], calls: &[Call]) {
    let [before, after] = statuses;
    let runs = [
        Told { id: FIRST, name: "before", side: 0, pairs, status: before },
        Told { id: SECOND, name: "after", side: 1, pairs, status: after },
    ];
    told_of_runs(name, &runs, calls);
}

/// A run that has one side of some pairs.
struct Told<'p> {
    id: &'static str,
    name: &'static str,
    side: usize,
    pairs: &'p [Pair],
    status: RunStatus,
}

fn told_of_runs(name: &str, runs: &[Told<'_>], calls: &[Call]) {
    let folder = stored(runs);
    snapshot(&format!("situation-{name}"), folder.path(), calls);
    calls.iter().for_each(|call| check_agreement(call, folder.path()));
}

fn stored(runs: &[Told<'_>]) -> tempfile::TempDir {
    let mut fixture = Fixture::empty();
    let suite_id = fixture.suite("capitals", 30);
    for (at, Told { id, name, side, pairs, status }) in runs.iter().enumerate() {
        fixture.run(&suite_id, id, name, "gpt-4", 60_000 * (runs.len() - at) as i64);
        let present = pairs.iter().filter(|pair| !pair.absent[*side]);
        present.for_each(|pair| save(&fixture, id, pair, *side));
        fixture.finish_run(id, *status);
    }
    fixture.finish()
}

fn save(fixture: &Fixture, run_id: &str, pair: &Pair, side: usize) {
    let id = format!("{}-{}-{}", &run_id[..8], pair.question, pair.trial);
    let input = format!("\"question {}\"", pair.question);
    let metadata = format!("{{\"language\":\"{}\"}}", pair.language);
    let output = if pair.is_other_output { ["one", "other"][side] } else { "one" };
    let case = NewCase {
        id: Some(&id),
        run_id,
        idx: pair.question as f64,
        input: &input,
        output: (!pair.crashed[side]).then_some(output),
        error: pair.crashed[side].then_some("timeout"),
        more: MoreOfCase {
            key: pair.keys[side].as_deref(),
            trial: Some(pair.trial as f64),
            cluster: pair.cluster.as_deref(),
            metadata: (!pair.language.is_empty()).then_some(&metadata),
            ..MoreOfCase::default()
        },
        ..NewCase::default()
    };
    fixture.store().save_cases([Ok(case)]).unwrap();
    let scores = pair.scores[side].iter().filter(|_| !pair.crashed[side]);
    let score = |(scorer_name, score): &(&str, f64)| {
        let scorer_name = *scorer_name;
        let new = NewScore { case_id: &id, scorer_name, score: *score, ..NewScore::default() };
        fixture.store().save_scores([Ok(new)]).unwrap();
    };
    scores.for_each(score);
}

const GATE: &str = "gate before after --limit 1";
const MARKDOWN: &str = "gate before after --limit 1 --format markdown";

#[test]
fn nothing_changed() {
    told("nothing-changed", &exact(50, 0, 0), &[GATE]);
}

#[test]
fn the_same_scores_of_other_outputs() {
    let mut pairs = exact(50, 0, 0);
    pairs.iter_mut().for_each(|pair| pair.is_other_output = true);
    told("equal-scores", &pairs, &[GATE]);
}

#[test]
fn a_small_loss_in_few_cases() {
    told("few-cases", &exact(40, 3, 1), &[GATE]);
}

#[test]
fn a_large_loss() {
    told("large-loss", &exact(200, 40, 4), &[GATE]);
}

#[test]
fn all_of_five_cases_are_lost() {
    told("five-of-five", &exact(5, 5, 0), &[GATE]);
}

#[test]
fn three_cases_lose_the_same() {
    let pairs: Vec<Pair> = (0..3).map(|at| pair(at, "grade", 0.8, 0.5)).collect();
    told("three-constant-losses", &pairs, &[GATE]);
}

#[test]
fn there_is_one_case() {
    told("one-case", &exact(1, 0, 0), &[GATE, "compare before after"]);
}

#[test]
fn lower_is_better() {
    let seconds = |at: usize| 2.0 + (at % 7) as f64 / 10.0;
    let pairs: Vec<Pair> = (0..60)
        .map(|at| pair(at, "seconds", seconds(at), seconds(at) + 0.3 + (at % 3) as f64 / 10.0))
        .collect();
    let options = "--lower-is-better seconds --margin 0.2 --limit 1";
    let lines = [
        format!("gate before after {options}"),
        format!("gate before after {options} --format markdown"),
        "compare before after --lower-is-better seconds --limit 1".to_owned(),
    ];
    told("lower-is-better", &pairs, &lines.each_ref().map(String::as_str));
}

#[test]
fn scores_from_1_to_5() {
    let score = |at: usize| (1 + at % 5) as f64;
    let pairs: Vec<Pair> = (0..60)
        .map(|at| {
            pair(
                at,
                "likert",
                score(at),
                if at % 12 == 3 { (score(at) - 1.0).max(1.0) } else { score(at) },
            )
        })
        .collect();
    told("likert", &pairs, &[GATE]);
}

#[test]
fn no_case_is_in_both_runs() {
    let keyed = |keys: fn(usize, usize) -> Option<String>| {
        let mut pairs = exact(20, 0, 0);
        for (at, pair) in pairs.iter_mut().enumerate() {
            pair.keys = [keys(at, 0), keys(at, 1)];
        }
        pairs
    };
    told("other-keys", &keyed(|at, side| Some(format!("{side}-{at}"))), &[GATE]);
}

#[test]
fn sums_that_differ_by_rounding_alone() {
    let scores = [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]];
    let pairs: Vec<Pair> = (0..60)
        .map(|at| Pair {
            trial: at % 3,
            ..pair(at / 3, "grade", scores[0][at % 3], scores[1][at % 3])
        })
        .collect();
    told("rounding", &pairs, &[GATE]);
}

#[test]
fn some_cases_crashed() {
    let mut pairs = exact(100, 0, 0);
    pairs.iter_mut().take(6).for_each(|pair| pair.crashed[1] = true);
    told("crashed", &pairs, &[GATE, MARKDOWN, "gate before after --missing fail --limit 1"]);
}

#[test]
fn the_candidate_did_not_finish() {
    let calls = [call(GATE), call("gate before after --unfinished --limit 1")];
    told_of("unfinished", &exact(50, 0, 0), [RunStatus::Completed, RunStatus::Failed], &calls);
}

#[test]
fn one_of_several_scorers_loses() {
    let pairs: Vec<Pair> = exact(200, 3, 3)
        .into_iter()
        .enumerate()
        .map(|(at, mut pair)| {
            let grade = 0.5 + (at * 37 % 50) as f64 / 100.0;
            pair.scores[0].push(("style", grade));
            pair.scores[1].push(("style", grade - 0.05 - (at % 3) as f64 / 20.0));
            pair.is_other_output = true;
            pair
        })
        .collect();
    told("several-scorers", &pairs, &[GATE]);
}

#[test]
fn a_slice_loses() {
    let mut pairs = exact(400, 0, 0);
    for (at, pair) in pairs.iter_mut().enumerate() {
        pair.language = ["en", "fr", "de", "sw"][at % 4];
        if pair.language == "sw" && at % 16 == 3 {
            pair.scores[1] = vec![("exact", 0.0)];
            pair.is_other_output = true;
        }
        if pair.language == "en" && at % 40 == 8 {
            pair.scores[0] = vec![("exact", 0.0)];
            pair.is_other_output = true;
        }
    }
    let sliced = "gate before after --slice-by metadata.language --margin 0.1 --limit 1";
    told("slices", &pairs, &[sliced, &format!("{sliced} --gate-slices")]);
}

#[test]
fn cases_come_in_few_clusters() {
    let mut pairs = exact(60, 9, 0);
    for (at, pair) in pairs.iter_mut().enumerate() {
        pair.cluster = Some(format!("document {}", at % 3));
    }
    told("few-clusters", &pairs, &[GATE]);
}

#[test]
fn a_narrow_terminal_explains_only_what_it_shows() {
    told_of("narrow", &exact(200, 40, 4), [RunStatus::Completed; 2], &[call(GATE).narrow()]);
}

/// Returns so many cases that both runs pass, with other outputs.
fn passed(cases: usize) -> Vec<Pair> {
    let other = |at| Pair { is_other_output: true, ..pair(at, "exact", 1.0, 1.0) };
    (0..cases).map(other).collect()
}

/// Lets every attempt of a side crash.
fn crash(pairs: &mut [Pair], side: usize) {
    pairs.iter_mut().for_each(|pair| pair.crashed[side] = true);
}

#[test]
fn every_case_crashed_in_the_candidate() {
    let mut pairs = exact(20, 0, 0);
    crash(&mut pairs, 1);
    told("all-crashed", &pairs, &[GATE, MARKDOWN, "gate before after --missing fail --limit 1"]);
}

#[test]
fn every_case_crashed_in_both_runs() {
    let mut pairs = exact(20, 0, 0);
    crash(&mut pairs, 0);
    crash(&mut pairs, 1);
    told("all-crashed-twice", &pairs, &[GATE]);
}

#[test]
fn one_of_three_trials_crashed_in_every_case() {
    let trial = |at: usize| Pair {
        trial: at % 3,
        crashed: [false, at.is_multiple_of(3)],
        ..pair(at / 3, "exact", 1.0, 1.0)
    };
    let pairs: Vec<Pair> = (0..900).map(trial).collect();
    told("crashed-trials", &pairs, &[GATE]);
}

#[test]
fn the_candidate_has_no_cases() {
    let mut pairs = exact(20, 0, 0);
    pairs.iter_mut().for_each(|pair| pair.absent[1] = true);
    told("no-cases", &pairs, &[GATE, MARKDOWN, "compare before after"]);
}

#[test]
fn neither_run_has_cases() {
    told("no-cases-at-all", &[], &[GATE]);
}

#[test]
fn the_candidate_lacks_cases() {
    let mut pairs = exact(60, 0, 0);
    pairs.iter_mut().take(20).for_each(|pair| pair.absent[1] = true);
    let left_out = "gate before after --missing ignore --min-coverage 0 --limit 1";
    told("fewer-cases", &pairs, &[GATE, left_out]);
}

#[test]
fn a_scorer_scored_only_one_of_the_runs() {
    let mut pairs = exact(40, 0, 0);
    pairs.iter_mut().for_each(|pair| pair.scores[0].push(("style", 0.5)));
    told("scorer-of-one-run", &pairs, &[GATE]);
}

#[test]
fn a_score_is_infinite() {
    let mut pairs = passed(40);
    pairs[0].scores[1] = vec![("exact", f64::INFINITY)];
    told("infinite-score", &pairs, &[GATE]);
}

#[test]
fn all_cases_are_in_one_cluster() {
    let mut pairs = exact(60, 9, 0);
    pairs.iter_mut().for_each(|pair| pair.cluster = Some("document".to_owned()));
    told("one-cluster", &pairs, &[GATE, "compare before after --limit 1"]);
}

#[test]
fn margins_that_accept_nothing_and_anything() {
    let margin = |size| format!("gate before after --margin {size} --limit 1");
    told("margins", &exact(100, 30, 0), &[&margin(0), &margin(1), &margin(2)]);
    told("margin-0", &exact(100, 0, 1), &[&margin(0)]);
}

#[test]
fn levels_close_to_certainty_and_to_nothing() {
    let alpha = |alpha| format!("gate before after --alpha {alpha} --limit 1");
    let calls = [alpha("0.000000001"), alpha("0.001"), alpha("0.99")];
    told("levels", &exact(100, 20, 0), &calls.each_ref().map(String::as_str));
}

#[test]
fn scores_are_negative() {
    let score = |at: usize| -1.0 - (at % 5) as f64;
    let worse = |at: usize| score(at) - f64::from(u8::from(at % 12 == 3));
    let pairs: Vec<Pair> = (0..60).map(|at| pair(at, "log", score(at), worse(at))).collect();
    told("negative-scores", &pairs, &[GATE]);
}

#[test]
fn different_cases_have_one_key() {
    let mut pairs = exact(20, 0, 0);
    for (at, pair) in pairs.iter_mut().enumerate() {
        pair.keys = [Some(format!("k{at}")), Some(format!("k{}", at % 10))];
    }
    told("shared-keys", &pairs, &[GATE]);
}

#[test]
fn the_baseline_has_five_trials_and_the_candidate_one() {
    let trial = |at: usize| Pair {
        trial: at % 5,
        absent: [false, !at.is_multiple_of(5)],
        ..pair(at / 5, "exact", f64::from(u8::from(!at.is_multiple_of(7))), 1.0)
    };
    told("uneven-trials", &(0..100).map(trial).collect::<Vec<_>>(), &[GATE]);
}

#[test]
fn an_improvement_is_asked_for() {
    let required = |size| format!("gate before after --require-improvement {size} --limit 1");
    let mut pairs = exact(100, 0, 20);
    pairs.iter_mut().skip(96).for_each(|pair| pair.crashed[1] = true);
    let lines = ["0", "0.1", "0.5"].map(required);
    told("improvement", &pairs, &lines.each_ref().map(String::as_str));
    told("improvement-unproven", &exact(100, 1, 2), &[&required("0")]);
}

#[test]
fn one_of_several_runs_of_the_baseline_failed() {
    let [before, more, after] = [exact(50, 0, 5), exact(50, 0, 6), exact(50, 7, 0)];
    let (completed, failed) = (RunStatus::Completed, RunStatus::Failed);
    let runs = [
        Told { id: FIRST, name: "before", side: 0, pairs: &before, status: completed },
        Told { id: BROKEN, name: "more", side: 0, pairs: &more, status: failed },
        Told { id: SECOND, name: "after", side: 1, pairs: &after, status: completed },
    ];
    let line = "gate before after --more-baselines more --limit 1";
    let calls =
        [line.to_owned(), format!("{line} --unfinished"), format!("{line} --format markdown")];
    told_of_runs("several-runs", &runs, &calls.each_ref().map(|line| call(line)));
}

#[test]
fn there_are_many_scorers() {
    let names: Vec<&'static str> =
        (0..12).map(|at| &*Box::leak(format!("scorer {at:02}").into_boxed_str())).collect();
    let scored = |at: usize, worse: bool| -> Vec<(&'static str, f64)> {
        let is_lost = |scorer: usize| worse && scorer == 7 && at < 15;
        let score = |scorer| f64::from(u8::from(!is_lost(scorer)));
        names.iter().enumerate().map(|(scorer, name)| (*name, score(scorer))).collect()
    };
    let of = |at| Pair { scores: [scored(at, false), scored(at, true)], ..pair(at, "", 1.0, 0.0) };
    told(
        "many-scorers",
        &(0..30).map(of).collect::<Vec<_>>(),
        &["gate before after --github --limit 1"],
    );
}

/// Returns so many cases of a thousand scorers, of which each 25th loses in some of them, the 800th the most.
fn of_a_thousand_scorers(cases: usize) -> Vec<Pair> {
    let names: Vec<&'static str> = (0..1000)
        .map(|at| &*Box::leak(format!("scorer {at:03} that has a long name").into_boxed_str()))
        .collect();
    let is_lost = |scorer: usize, case: usize| {
        scorer.is_multiple_of(25) && case < 16 + if scorer == 800 { 10 } else { scorer / 100 }
    };
    let scores = |case: usize, side: usize| {
        let score = |scorer| f64::from(u8::from(side == 0 || !is_lost(scorer, case)));
        names.iter().enumerate().map(|(scorer, name)| (*name, score(scorer))).collect()
    };
    (0..cases)
        .map(|at| Pair { scores: [scores(at, 0), scores(at, 1)], ..pair(at, "", 1.0, 0.0) })
        .collect()
}

#[test]
fn of_a_thousand_scorers_a_comment_has_the_worst_and_says_how_many_more_there_are() {
    let pairs = of_a_thousand_scorers(30);
    let (completed, folder) = (RunStatus::Completed, tempfile::tempdir().unwrap());
    let runs = [
        Told { id: FIRST, name: "before", side: 0, pairs: &pairs, status: completed },
        Told { id: SECOND, name: "after", side: 1, pairs: &pairs, status: completed },
    ];
    let store = stored(&runs);
    let summary = folder.path().join("summary.md");
    for command in ["gate", "compare"] {
        let line = format!("{command} before after --limit 0 --format markdown --github");
        let outcome =
            call(&line).with("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()).run_in(store.path());
        let comment = outcome.stdout;
        // What GitHub takes: characters of a comment, and bytes of a summary.
        assert!(comment.len() < 65_536, "{command}: {}", comment.len());
        let rows: Vec<&str> =
            comment.lines().filter(|line| line.starts_with("| `scorer")).collect();
        assert!(rows[0].starts_with("| `scorer 800 "), "{}", rows[0]);
        assert!(rows[39].starts_with("| `scorer 0"), "{}", rows[39]);
        assert!(
            comment.contains(&format!("\n… and {} more scorers\n", 1000 - rows.len())),
            "{comment}"
        );
        if command == "gate" {
            let reasons: Vec<&str> =
                comment.lines().filter(|line| line.starts_with("- ")).collect();
            assert!(reasons[0].starts_with("- `scorer 800 "), "{}", reasons[0]);
            // What is true of all 960 scorers without a loss is said once.
            let last = *reasons.last().unwrap();
            assert!(last.contains("` and 957 more scorers: no difference on average"), "{last}");
        }
        let case = comment.lines().find(|line| line.starts_with("| 0 | ")).unwrap();
        assert!(case.contains("`scorer 000 ") && case.ends_with(" more scores |"), "{case}");
        assert!(outcome.stderr.matches("::").count() <= 20, "{}", outcome.stderr);
        let written = std::fs::read_to_string(&summary).unwrap();
        assert!(written.len() < 1 << 20 && written.contains("`scorer 999 "), "{}", written.len());
        std::fs::remove_file(&summary).unwrap();
    }
}
