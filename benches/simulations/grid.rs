//! How often the gate is wrong, over the shapes that suites have.

use runstore::compare::{
    ComparisonOptions, Decision, GateOptions, PairedScores, PerScorer, ScorerVerdict, gate_scores,
};
use serde::Serialize;

use super::cells::{Cell, Grouping, Scores, Trials};
use super::truth::Random;

/// Fewer than the default, because each is drawn thousands of times; p-values are as right, only coarser.
const RESAMPLES: usize = 299;
const SIZES: [usize; 7] = [5, 10, 20, 50, 100, 300, 1000];
/// In hundredths of the scale.
pub const MARGINS: [f64; 2] = [0.02, 0.05];
/// How many margins a loss is that should be seen.
const LARGE: f64 = 2.0;

/// How often the gate is right and wrong of one shape of suite; shares from 0 to 1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub cell: String,
    pub n: usize,
    /// In units of the scores.
    pub margin: f64,
    pub pairs: usize,
    /// A loss as large as the margin, allowed: nominal at most alpha/2; `None` where scores cannot lose so much.
    pub false_allow: Option<f64>,
    /// No difference, and a margin of 0: rejected, nominal at most alpha/2.
    pub false_reject: f64,
    /// Intervals that hold the true difference, the worse of no difference and a loss; nominal at least 1 − alpha.
    pub coverage: f64,
    /// No difference, allowed.
    pub allowed_same: f64,
    /// A loss of twice the margin, rejected.
    pub rejected_loss: Option<f64>,
}

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

/// Returns what the gate says of so many pairs of runs of a cell.
pub fn row(cell: &Cell, share: f64, pairs: usize) -> Row {
    let margin = cell.margin(share);
    let seed = cell
        .name()
        .bytes()
        .fold(cell.n as u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut random = Random::new(seed.wrapping_add((share * 1000.0) as u64));
    let mut said = |loss: f64, margin: f64| -> Option<Vec<ScorerVerdict>> {
        cell.can_lose(loss)
            .then(|| (0..pairs).map(|_| verdict(&cell.draw(loss, &mut random), margin)).collect())
    };
    let strict = said(0.0, 0.0).unwrap_or_default();
    let same = said(0.0, margin).unwrap_or_default();
    let worse = said(margin, margin);
    let bad = said(LARGE * margin, margin);
    let decided = |verdicts: &[ScorerVerdict], wanted| {
        verdicts.iter().filter(|verdict| verdict.decision == wanted).count() as f64 / pairs as f64
    };
    let holding = |verdicts: &[ScorerVerdict], truth: f64| {
        let holds = |verdict: &&ScorerVerdict| {
            // Where nothing is said, nothing is wrong.
            verdict
                .interval
                .is_none_or(|ends| ends.low <= truth + 1e-9 && truth - 1e-9 <= ends.high)
        };
        verdicts.iter().filter(holds).count() as f64 / pairs as f64
    };
    let of_worse = worse.as_deref().map_or(1.0, |worse| holding(worse, -margin));
    Row {
        cell: cell.name(),
        n: cell.n,
        margin,
        pairs,
        false_allow: worse.as_deref().map(|worse| decided(worse, Decision::Allow)),
        false_reject: decided(&strict, Decision::Reject),
        coverage: of_worse.min(holding(&same, 0.0)),
        allowed_same: decided(&same, Decision::Allow),
        rejected_loss: bad.as_deref().map(|bad| decided(bad, Decision::Reject)),
    }
}

fn verdict(scores: &PairedScores, margin: f64) -> ScorerVerdict {
    let comparison = ComparisonOptions { resamples: RESAMPLES, ..ComparisonOptions::default() };
    let options =
        GateOptions { comparison, margin: PerScorer::All(margin), ..GateOptions::default() };
    gate_scores("score", scores, &options).expect("the options are right")
}
