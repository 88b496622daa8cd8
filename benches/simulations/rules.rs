//! Three rules that say whether a candidate is worse.

use runstore::compare::{
    ComparisonOptions, Decision, GateOptions, PairedScores, PerScorer, gate_scores,
};
use runstore::stats::evalsig::{self, CompareOptions, Item, Verdict};
use runstore::stats::{ErrorRates, Resampling};

/// Fewer than the defaults, because each is drawn thousands of times; p-values are as right, only coarser.
const RESAMPLES: usize = 299;

/// What a rule says.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub decision: Decision,
    /// Of the difference, of level 0.95; `None` when there is none.
    pub interval: Option<(f64, f64)>,
}

/// Returns runstore's gate.
pub fn runstore(scores: &PairedScores, margin: f64) -> Said {
    let comparison = ComparisonOptions { resamples: RESAMPLES, ..ComparisonOptions::default() };
    let options =
        GateOptions { comparison, margin: PerScorer::All(margin), ..GateOptions::default() };
    let verdict = gate_scores("score", scores, &options).expect("the options are right");
    Said {
        decision: verdict.decision,
        interval: verdict.interval.map(|ends| (ends.low, ends.high)),
    }
}

/// Returns evalsig's gate, one-sided as its default is, and the interval of its two-sided comparison.
pub fn evalsig(scores: &PairedScores, min_delta: f64) -> Said {
    let names = Names::of(scores);
    let [baseline, candidate] = [&scores.baseline, &scores.candidate].map(|run| names.items(run));
    let options = |one_sided| CompareOptions {
        cluster: scores.clusters.is_some().then_some("cluster"),
        rates: ErrorRates { one_sided, ..ErrorRates::default() },
        resampling: Resampling { resamples: RESAMPLES, ..Resampling::default() },
        ..CompareOptions::default()
    };
    let gate = evalsig::gate(&baseline, &candidate, min_delta, &options(true));
    let two_sided = evalsig::compare(&baseline, &candidate, &options(false)).ok();
    Said {
        decision: match gate.map(|report| report.verdict) {
            Ok(Verdict::Allow) => Decision::Allow,
            Ok(Verdict::Reject) => Decision::Reject,
            _ => Decision::Inconclusive,
        },
        interval: two_sided.map(|compared| (compared.interval.low, compared.interval.high)),
    }
}

/// Returns what many harnesses do: two means, their standard errors as if of different cases, and z.
pub fn unpaired_z(scores: &PairedScores) -> Said {
    let n = scores.baseline.len() as f64;
    let moments = |run: &[f64]| {
        let mean = run.iter().sum::<f64>() / n;
        let variance = run.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n)
    };
    let ((before, one), (after, other)) = (moments(&scores.baseline), moments(&scores.candidate));
    let (delta, reach) = (after - before, 1.959_964 * (one + other).sqrt());
    let is_worse = delta + reach < 0.0;
    Said {
        decision: if is_worse { Decision::Reject } else { Decision::Allow },
        interval: Some((delta - reach, delta + reach)),
    }
}

/// evalsig wants names for cases and clusters.
struct Names {
    cases: Vec<String>,
    clusters: Option<Vec<String>>,
}

impl Names {
    fn of(scores: &PairedScores) -> Self {
        let cases = (0..scores.baseline.len()).map(|at| format!("{at:06}")).collect();
        let clusters = scores.clusters.as_ref().map(|clusters| {
            let sizes = clusters.sizes().enumerate();
            sizes.flat_map(|(at, size)| std::iter::repeat_n(format!("{at:06}"), size)).collect()
        });
        Names { cases, clusters }
    }

    fn items<'a>(&'a self, scores: &[f64]) -> Vec<Item<'a>> {
        let item = |(at, score): (usize, &f64)| Item {
            item_id: &self.cases[at],
            score: *score,
            cluster_id: self.clusters.as_ref().map(|names| names[at].as_str()),
            epoch: 0,
        };
        scores.iter().enumerate().map(item).collect()
    }
}
