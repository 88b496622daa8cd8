//! How often the gate is wrong, over the shapes that suites have.

use super::cells::{Cell, Grouping, Scores, Trials};
use super::rates::{Rates, holds, share};
use super::truth::Random;
use runstore::compare::{
    ComparisonOptions, Decision, GateOptions, PairedScores, PerScorer, ScorerVerdict, gate_scores,
};

/// Fewer than the default, because each is drawn thousands of times; p-values are as right, only coarser.
pub const RESAMPLES: usize = 299;
const SIZES: [usize; 7] = [5, 10, 20, 50, 100, 300, 1000];
/// In hundredths of the scale.
const MARGINS: [f64; 2] = [0.02, 0.05];
/// How many margins a loss is that should be seen.
pub const LARGE: f64 = 2.0;

/// Returns all shapes of suites, with the numbers of cases that fit them.
pub fn cells(largest: usize) -> Vec<Cell> {
    let alone = (Grouping::Independent, Trials::Of(1, 1));
    let all = [
        Scores::Pass(0.5),
        Scores::Pass(0.9),
        Scores::Pass(0.99),
        Scores::Catastrophes,
        Scores::Sparse,
        Scores::Skewed,
        Scores::Likert,
        Scores::Normal,
    ];
    let plain = all.map(|scores| (scores, alone));
    let groupings = [
        Grouping::Clusters(5),
        Grouping::Clusters(10),
        Grouping::OfFive,
        Grouping::Unequal,
        Grouping::OnePair,
    ];
    let grouped = [Scores::Pass(0.9), Scores::Catastrophes, Scores::Skewed]
        .into_iter()
        .flat_map(|scores| groupings.map(|grouping| (scores, (grouping, Trials::Of(1, 1)))));
    let trials =
        [Trials::Of(3, 3), Trials::Of(5, 5), Trials::Of(5, 1), Trials::Of(1, 5), Trials::Mixed];
    let repeated = [Scores::Pass(0.5), Scores::Pass(0.9), Scores::Pass(0.99), Scores::Catastrophes]
        .into_iter()
        .flat_map(|scores| trials.map(|trials| (scores, (Grouping::Independent, trials))));
    let shapes: Vec<_> = plain.into_iter().chain(grouped).chain(repeated).collect();
    let sized = |(scores, (grouping, trials))| {
        let is_plain = (grouping, trials) == alone;
        // Clusters need some cases; of other shapes, the largest takes more time than it has to tell.
        let fits = move |n: &usize| {
            *n <= largest
                && (is_plain || *n <= 300)
                && (grouping == Grouping::Independent || *n >= 10)
        };
        SIZES.into_iter().filter(fits).map(move |n| Cell { scores, grouping, trials, n })
    };
    shapes.into_iter().flat_map(sized).collect()
}

/// Returns what the gate says of so many pairs of runs of a cell, at each margin.
pub fn rows(cell: &Cell, pairs: usize, seed: u64) -> Vec<Rates> {
    let mut random = Random::new(seed);
    let mut draw = |loss: f64| -> Vec<PairedScores> {
        let pairs = if cell.can_lose(loss) { pairs } else { 0 };
        (0..pairs).map(|_| cell.draw(loss, &mut random)).collect()
    };
    let same = draw(0.0);
    let strict = verdicts(&same, 0.0);
    let row = |share: f64| {
        let margin = cell.margin(share);
        let [same, worse, bad] = [same.clone(), draw(margin), draw(LARGE * margin)]
            .map(|pairs| verdicts(&pairs, margin));
        let coverage = [coverage(&same, 0.0), coverage(&worse, -margin)];
        Rates {
            name: cell.name(),
            n: cell.n,
            margin,
            pairs,
            false_allow: decided(&worse, Decision::Allow),
            false_reject: decided(&strict, Decision::Reject),
            coverage: coverage.into_iter().flatten().reduce(f64::min),
            allowed_same: decided(&same, Decision::Allow),
            rejected_loss: decided(&bad, Decision::Reject),
            rejected_at_margin: decided(&worse, Decision::Reject),
        }
    };
    MARGINS.map(row).into()
}

fn verdicts(pairs: &[PairedScores], margin: f64) -> Vec<ScorerVerdict> {
    pairs.iter().map(|scores| verdict(scores, margin)).collect()
}

fn decided(verdicts: &[ScorerVerdict], wanted: Decision) -> Option<f64> {
    share(verdicts.iter().map(|verdict| verdict.decision == wanted))
}

fn coverage(verdicts: &[ScorerVerdict], truth: f64) -> Option<f64> {
    share(verdicts.iter().map(|verdict| holds(verdict, truth)))
}

pub fn verdict(scores: &PairedScores, margin: f64) -> ScorerVerdict {
    let comparison = ComparisonOptions { resamples: RESAMPLES, ..ComparisonOptions::default() };
    let options =
        GateOptions { comparison, margin: PerScorer::All(margin), ..GateOptions::default() };
    gate_scores("score", scores, &options).expect("the options are right")
}
