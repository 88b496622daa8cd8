//! Whether as many cases as a verdict asks for settle it.

use runstore::compare::{Advice, Assumption, Decision, ScorerVerdict};
use serde::Serialize;

use super::cells::{Cell, Grouping, Scores, Trials};
use super::grid::verdict;
use super::rates::share;
use super::truth::Random;

/// Unrealistically large plans are not simulated.
const MOST: f64 = 20_000.0;

/// How often a plan that was followed settled it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub name: String,
    /// Of the first pair of runs.
    pub n: usize,
    pub margin: f64,
    /// Median of the cases asked for, in all.
    pub total: Option<f64>,
    /// Plans that assume no difference, and how many of them settled it when there was none.
    pub followed: usize,
    pub settled: Option<f64>,
    /// The same when there was a loss of a quarter of the margin.
    pub followed_small_loss: usize,
    pub settled_small_loss: Option<f64>,
    /// Plans that assume what was seen, and how many of them settled it when that was true.
    pub followed_as_seen: usize,
    pub settled_as_seen: Option<f64>,
}

/// Returns the suites that are planned for, with their margins.
pub fn cells() -> Vec<(Cell, f64)> {
    let shapes = [
        (Scores::Pass(0.5), 0.05),
        (Scores::Pass(0.9), 0.02),
        (Scores::Pass(0.9), 0.05),
        (Scores::Pass(0.99), 0.02),
        (Scores::Catastrophes, 0.02),
        (Scores::Skewed, 0.05),
        (Scores::Likert, 0.05),
    ];
    let cell =
        |scores, n| Cell { scores, grouping: Grouping::Independent, trials: Trials::Of(1, 1), n };
    let sized = |(scores, margin)| [50, 200].map(|n| (cell(scores, n), margin));
    shapes.into_iter().flat_map(sized).collect()
}

/// Draws so many first pairs of runs, and follows what is said of each.
pub fn row(cell: &Cell, share_of_scale: f64, pairs: usize, seed: u64) -> Row {
    let margin = cell.margin(share_of_scale);
    let mut random = Random::new(seed);
    let small = margin / 4.0;
    let same = plans(cell, 0.0, margin, pairs, &mut random);
    let lost = plans(cell, small, margin, pairs, &mut random);
    let mut settled = |plans: &[Plan], assuming: Assumption, truth: Option<f64>| {
        let own: Vec<&Plan> = plans.iter().filter(|plan| plan.assuming == assuming).collect();
        let follow = |plan: &&Plan| {
            let cell = Cell { n: plan.total, ..*cell };
            let scores = cell.draw(truth.unwrap_or(plan.loss), &mut random);
            verdict(&scores, margin).decision != Decision::Inconclusive
        };
        (own.len(), share(own.iter().map(follow)))
    };
    let (followed, settled_same) = settled(&same, Assumption::NoDifference, Some(0.0));
    let (followed_small_loss, settled_small_loss) =
        settled(&lost, Assumption::NoDifference, Some(small));
    let all: Vec<Plan> = same.iter().chain(&lost).copied().collect();
    let (followed_as_seen, settled_as_seen) = settled(&all, Assumption::AsSeen, None);
    let mut totals: Vec<usize> = all.iter().map(|plan| plan.total).collect();
    totals.sort_unstable();
    Row {
        name: cell.name(),
        n: cell.n,
        margin,
        total: totals.get(totals.len() / 2).map(|total| *total as f64),
        followed,
        settled: settled_same,
        followed_small_loss,
        settled_small_loss,
        followed_as_seen,
        settled_as_seen,
    }
}

/// What a verdict asks for.
#[derive(Clone, Copy, Debug)]
struct Plan {
    total: usize,
    assuming: Assumption,
    /// The loss that was seen.
    loss: f64,
}

fn plans(cell: &Cell, loss: f64, margin: f64, pairs: usize, random: &mut Random) -> Vec<Plan> {
    let first = |_| plan(&verdict(&cell.draw(loss, random), margin));
    (0..pairs).filter_map(first).collect()
}

fn plan(verdict: &ScorerVerdict) -> Option<Plan> {
    let loss = -verdict.delta?;
    let of = |advice: &Advice| match advice {
        Advice::MoreCases(plan) if plan.total <= MOST => {
            Some(Plan { total: plan.total as usize, assuming: plan.assuming, loss })
        }
        _ => None,
    };
    verdict.reason.advice.iter().find_map(of)
}
