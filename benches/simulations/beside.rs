//! What three rules say of the same pairs of runs: runstore's, evalsig's and an unpaired z test of two means.

use runstore::compare::{Decision, PairedScores};
use serde::Serialize;

use super::rates;
use super::rules::{Said, evalsig, runstore, unpaired_z};
use super::truth::{Kind, Random, simulate};

/// z(0.975) + z(0.8): a difference of so many standard errors is seen in 80 of 100 comparisons.
const SEEN: f64 = 1.959_964 + 0.841_621;

/// Shares of the pairs, from 0 to 1; `None` where there are none.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct OfRule {
    /// No difference, rejected: nominal at most alpha/2.
    false_reject: Option<f64>,
    /// A loss as large as the margin, allowed: nominal at most alpha/2.
    false_allow: Option<f64>,
    /// A loss that is seen with power 0.8, rejected at a margin of 0.
    found_loss: Option<f64>,
    /// No difference, allowed at a margin that is ruled out with power 0.8.
    allowed_same: Option<f64>,
    /// Intervals that hold the true difference, nominal 0.95.
    coverage: Option<f64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    scores: &'static str,
    n: usize,
    pairs: usize,
    runstore: OfRule,
    evalsig: OfRule,
    unpaired_z: OfRule,
}

/// Returns what the rules say of so many pairs.
pub fn row(kind: Kind, n: usize, pairs: usize) -> Row {
    let mut random =
        Random::new(n as u64 * 8 + u64::from(kind.is_binary) * 2 + u64::from(kind.is_clustered));
    let loss = SEEN * kind.standard_error(n);
    let mut draw = |delta| -> Vec<PairedScores> {
        (0..pairs).map(|_| simulate(kind, n, delta, &mut random)).collect()
    };
    // A 0/1 score cannot lose more than there is to lose.
    let possible = !kind.is_binary || loss < 0.5;
    let (same, worse) = (draw(0.0), if possible { draw(-loss) } else { vec![] });
    Row {
        scores: kind.name(),
        n,
        pairs,
        runstore: of_rule(&same, &worse, |scores| Verdicts {
            strict: runstore(scores, 0.0),
            lenient: runstore(scores, loss),
        }),
        evalsig: of_rule(&same, &worse, |scores| Verdicts::equal(evalsig(scores, loss))),
        unpaired_z: of_rule(&same, &worse, |scores| Verdicts::equal(unpaired_z(scores))),
    }
}

/// What a rule says at two margins.
struct Verdicts {
    /// At a margin of 0.
    strict: Said,
    /// At a margin as large as the loss.
    lenient: Said,
}

impl Verdicts {
    /// Of a rule that has no margin for losses.
    fn equal(said: Said) -> Self {
        Verdicts { strict: said, lenient: said }
    }
}

fn of_rule(
    same: &[PairedScores],
    worse: &[PairedScores],
    rule: impl Fn(&PairedScores) -> Verdicts,
) -> OfRule {
    let [same, worse] = [same, worse].map(|pairs| pairs.iter().map(&rule).collect::<Vec<_>>());
    let intervals: Vec<_> = same.iter().filter_map(|said| said.strict.interval).collect();
    let holding = intervals.iter().filter(|(low, high)| *low <= 0.0 && 0.0 <= *high).count();
    OfRule {
        false_reject: share(&same, |said| said.strict.decision == Decision::Reject),
        false_allow: share(&worse, |said| said.lenient.decision == Decision::Allow),
        found_loss: share(&worse, |said| said.strict.decision == Decision::Reject),
        allowed_same: share(&same, |said| said.lenient.decision == Decision::Allow),
        coverage: (!intervals.is_empty()).then(|| holding as f64 / intervals.len() as f64),
    }
}

fn share(verdicts: &[Verdicts], is_wanted: impl Fn(&Verdicts) -> bool) -> Option<f64> {
    rates::share(verdicts.iter().map(is_wanted))
}
