//! Selects the remarks on a comparison.

use super::cases::{Cases, PairedCase};
use super::matching::Sample;
use super::note::{Fact, Note};
use super::report::{Comparison, ScorerComparison};
use super::side::{Role, RunReference};

/// With fewer cases, an interval is not reliable.
const FEW: usize = 10;
/// From this number of cases on, an interval is so short that differences between equal runs matter.
const MANY: usize = 300;
/// Below this share of common cases, a remark is made.
const FULL_COVERAGE: f64 = 0.95;

pub(super) fn notes(
    comparison: &Comparison,
    samples: [&[Sample]; 2],
    cases: &Cases,
    has_some_keys: bool,
) -> Vec<Note> {
    let mut facts = of_runs(comparison);
    facts.extend(has_some_keys.then_some(Fact::SomeKeys));
    facts.extend(of_pairing(comparison, cases));
    facts.extend(
        is_reduced(cases, samples).then_some(Fact::Reduced { reducer: comparison.reducer }),
    );
    let infinite = cases.infinite;
    facts.extend((infinite > 0).then_some(Fact::InfiniteScores { scores: infinite }));
    facts.extend(of_clusters(cases));
    let cases_of = |scorer: &ScorerComparison| scorer.n;
    let most = comparison.scorers.iter().map(cases_of).max().unwrap_or_default();
    facts.extend((comparison.has_single_runs() && most >= MANY).then_some(Fact::SingleRuns));
    facts.extend(comparison.scorers.iter().flat_map(|scorer| of_scorer(scorer, comparison, cases)));
    facts.into_iter().map(Note::from).collect()
}

fn of_runs(comparison: &Comparison) -> Vec<Fact> {
    let unfinished = comparison.runs().filter(|(_, run)| run.status != "completed");
    let fact =
        |(role, run): (Role, &RunReference)| Fact::Unfinished { role, run: Box::new(run.clone()) };
    let mut facts: Vec<Fact> = unfinished.map(fact).collect();
    let suite = &comparison.baseline.suite_id;
    let is_of_another = comparison.runs().any(|(_, run)| run.suite_id != *suite);
    facts.extend(is_of_another.then_some(Fact::DifferentSuites));
    facts
}

fn of_pairing(comparison: &Comparison, cases: &Cases) -> Vec<Fact> {
    let coverage = &comparison.coverage;
    let most =
        (coverage.both + coverage.only_baseline).max(coverage.both + coverage.only_candidate);
    let by_key = comparison.pairing.by == "key";
    let shared = match (cases.shared, by_key) {
        (0, _) => None,
        (cases, true) => Some(Fact::SharedKeys { cases }),
        (cases, false) => Some(Fact::SharedInputs { cases }),
    };
    let mut facts: Vec<Fact> = shared.into_iter().chain(of_empty_runs(comparison)).collect();
    if coverage.both == 0 {
        let are_both_there = comparison.empty_side().is_none();
        facts.extend(are_both_there.then_some(Fact::NoCommonCase { by_key }));
    } else if (coverage.both as f64) < FULL_COVERAGE * most as f64 {
        facts.push(Fact::PartialCoverage { both: coverage.both, of: most });
    }
    facts
}

fn of_empty_runs(comparison: &Comparison) -> Vec<Fact> {
    let runs = comparison.runs().filter(|(_, run)| run.cases == Some(0));
    runs.map(|(role, run)| Fact::NoCases { role, run: Box::new(run.clone()) }).collect()
}

/// Whether any score was reduced from several.
fn is_reduced(cases: &Cases, samples: [&[Sample]; 2]) -> bool {
    let has_trials = |row: &PairedCase| {
        row.both().is_some_and(|(before, after)| before.trials().max(after.trials()) > 1)
    };
    let is_scored_again = |scores: &[(usize, f64)]| {
        let mut scorers: Vec<usize> = scores.iter().map(|(scorer, _)| *scorer).collect();
        scorers.sort_unstable();
        scorers.windows(2).any(|two| two[0] == two[1])
    };
    let mut all = samples.into_iter().flatten().flat_map(|run| &run.cases);
    cases.rows.iter().any(has_trials) || all.any(|case| is_scored_again(&case.scores))
}

fn of_clusters(cases: &Cases) -> Vec<Fact> {
    if !cases.are_clustered() {
        return vec![];
    }
    let without = cases.rows.iter().filter(|row| row.cluster().is_none()).count();
    let with = cases.rows.len() - without;
    let torn = cases.torn_clusters();
    let some = (without > 0).then_some(Fact::SomeClusters { with, without });
    let torn = (torn > 0).then_some(Fact::TornClusters { cases: torn });
    some.into_iter().chain(torn).collect()
}

fn of_scorer(scorer: &ScorerComparison, comparison: &Comparison, cases: &Cases) -> Vec<Fact> {
    let ScorerComparison { scorer: name, n, missing, .. } = scorer;
    let mut facts = vec![];
    // Cases that could not be paired have no missing scores.
    let is_paired = comparison.coverage.both > 0;
    if is_paired && missing.baseline.trials + missing.candidate.trials > 0 {
        facts.push(Fact::MissingScores {
            scorer: name.clone(),
            baseline: missing.baseline,
            candidate: missing.candidate,
            counted: comparison.missing,
        });
    }
    if scorer.equal_scores && scorer.equal_outputs != Some(true) {
        let outputs_stored = scorer.equal_outputs.is_some();
        facts.push(Fact::Unseen { scorer: name.clone(), cases: *n, outputs_stored });
    }
    if scorer.estimate.is_none() && cases.are_clustered() && *n > 1 {
        facts.push(Fact::OneCluster { scorer: name.clone() });
    } else if (1..FEW).contains(n) {
        facts.push(Fact::FewCases { scorer: name.clone(), cases: *n });
    }
    facts
}
