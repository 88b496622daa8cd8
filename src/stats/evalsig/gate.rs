//! evalsig's release gate.

use super::align::Item;
use super::compare::{CompareOptions, Comparison, compare};
use crate::stats::check;
use crate::stats::error::Result;

/// Whether the candidate may be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Significantly better, by at least the least difference asked for.
    Allow,
    /// Not better enough.
    Reject,
    /// Too few items to tell.
    Inconclusive,
}

impl Verdict {
    /// Returns the word: `ALLOW`, `REJECT` or `INCONCLUSIVE`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Allow => "ALLOW",
            Verdict::Reject => "REJECT",
            Verdict::Inconclusive => "INCONCLUSIVE",
        }
    }

    /// Returns the exit code of evalsig's command: 0, 1 or 2.
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Allow => 0,
            Verdict::Reject => 1,
            Verdict::Inconclusive => 2,
        }
    }
}

/// A verdict and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct GateReport {
    /// The verdict.
    pub verdict: Verdict,
    /// The comparison.
    pub comparison: Comparison,
    /// What to do, or why not, in evalsig's words.
    pub suggestion: Option<String>,
}

/// Returns evalsig's verdict: ALLOW if the improvement is significant and at least `min_delta`;
/// INCONCLUSIVE if it is not significant and `min_delta` could not have been seen; else REJECT.
/// evalsig's default is one-sided.
///
/// Not sound as a guard against regressions: it asks for proof of an improvement, so identical runs
/// are rejected. With a `min_delta` of 0, which evalsig divides by, INCONCLUSIVE comes without a
/// suggestion.
///
/// # Errors
/// As [`compare`], and if `min_delta` is negative or not finite.
pub fn gate(
    baseline: &[Item<'_>],
    candidate: &[Item<'_>],
    min_delta: f64,
    options: &CompareOptions<'_>,
) -> Result<GateReport> {
    check::not_negative("min_delta", min_delta)?;
    let comparison = compare(baseline, candidate, options)?;
    let significant = comparison.significant;
    let (verdict, suggestion) = if significant && comparison.delta >= min_delta {
        (Verdict::Allow, None)
    } else if !significant && comparison.mde > min_delta {
        (Verdict::Inconclusive, more_items(&comparison, min_delta, options.rates.power))
    } else {
        (Verdict::Reject, significant.then(|| too_small(&comparison, min_delta)))
    };
    Ok(GateReport { verdict, comparison, suggestion })
}

/// Returns the advice to collect as many items as would show `min_delta`; `None` if no number
/// would.
fn more_items(comparison: &Comparison, min_delta: f64, power: f64) -> Option<String> {
    let scale = (comparison.mde / min_delta).powi(2);
    let total = (comparison.n_pairs as f64 * scale).ceil();
    total.is_finite().then(|| {
        format!(
            "underpowered: detectable effect at {:.0}% power is {:.4}, but you asked to detect {min_delta:.4}. \
             collect ~{} more paired items (total ~{}) and re-run.",
            100.0 * power,
            comparison.mde,
            thousands(total - comparison.n_pairs as f64),
            thousands(total)
        )
    })
}

fn too_small(comparison: &Comparison, min_delta: f64) -> String {
    format!(
        "effect is statistically real (p={:.4}) but below the minimum-delta policy of {min_delta:.4}.",
        comparison.p_value
    )
}

/// Returns a whole number with commas between thousands.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(scores: &[f64]) -> Vec<Item<'static>> {
        const IDS: [&str; 4] = ["a", "b", "c", "d"];
        let item = |(item_id, score): (&&'static str, &f64)| Item {
            item_id,
            score: *score,
            cluster_id: None,
            epoch: 0,
        };
        IDS.iter().zip(scores).map(item).collect()
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(thousands(7.0), "7");
        assert_eq!(thousands(999.0), "999");
        assert_eq!(thousands(1000.0), "1,000");
        assert_eq!(thousands(16_901_234.0), "16,901,234");
    }

    #[test]
    fn a_least_difference_of_0_divides_by_nothing() {
        let report = gate(
            &items(&[0.1, 0.5, 0.3]),
            &items(&[0.5, 0.1, 0.35]),
            0.0,
            &CompareOptions::default(),
        );
        let report = report.unwrap();
        assert_eq!((report.verdict, report.suggestion), (Verdict::Inconclusive, None));
        assert_eq!(report.verdict.exit_code(), 2);
    }

    #[test]
    fn a_negative_least_difference_is_refused() {
        let a = items(&[0.1, 0.5]);
        let error = gate(&a, &a, -0.1, &CompareOptions::default()).unwrap_err();
        assert_eq!(error.argument(), "min_delta");
    }
}
