//! Selects the remarks on a comparison.

use super::cases::{Cases, PairedCase};
use super::matching::Sample;
use super::note::{Fact, Note};
use super::report::{Comparison, ScorerComparison};
use super::side::Role;

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
    let has_one_each = comparison.baseline_runs.len() + comparison.candidate_runs.len() == 2;
    let cases_of = |scorer: &ScorerComparison| scorer.n;
    let most = comparison.scorers.iter().map(cases_of).max().unwrap_or_default();
    facts.extend((has_one_each && most >= MANY).then_some(Fact::SingleRuns));
    facts.extend(comparison.scorers.iter().flat_map(|scorer| of_scorer(scorer, comparison, cases)));
    facts.into_iter().map(Note::from).collect()
}

fn of_runs(comparison: &Comparison) -> Vec<Fact> {
    let sides = [
        (Role::Baseline, &comparison.baseline_runs),
        (Role::Candidate, &comparison.candidate_runs),
    ];
    let mut facts = vec![];
    for (role, runs) in sides {
        let unfinished = runs.iter().filter(|run| run.status != "completed");
        facts.extend(unfinished.map(|run| Fact::Unfinished { role, run: Box::new(run.clone()) }));
    }
    let suite = &comparison.baseline.suite_id;
    let mut all = comparison.baseline_runs.iter().chain(&comparison.candidate_runs);
    facts.extend(all.any(|run| run.suite_id != *suite).then_some(Fact::DifferentSuites));
    facts
}

fn of_pairing(comparison: &Comparison, cases: &Cases) -> Vec<Fact> {
    let coverage = &comparison.coverage;
    let most =
        (coverage.both + coverage.only_baseline).max(coverage.both + coverage.only_candidate);
    let shared = cases.shared_inputs;
    let mut facts = vec![];
    facts.extend((shared > 0).then_some(Fact::SharedInputs { cases: shared }));
    if coverage.both == 0 {
        facts.push(Fact::NoCommonCase { by_key: comparison.pairing.by == "key" });
    } else if (coverage.both as f64) < FULL_COVERAGE * most as f64 {
        facts.push(Fact::PartialCoverage { both: coverage.both, of: most });
    }
    facts
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
        facts.push(Fact::Unseen { scorer: name.clone(), cases: *n });
    }
    if scorer.estimate.is_none() && cases.are_clustered() && *n > 1 {
        facts.push(Fact::OneCluster { scorer: name.clone() });
    } else if (1..FEW).contains(n) {
        facts.push(Fact::FewCases { scorer: name.clone(), cases: *n });
    }
    facts
}
