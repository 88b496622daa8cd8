//! The power of McNemar's test, and the smallest difference that it detects.

use crate::stats::check;
use crate::stats::distribution::{half_binomial_pmf, normal_cdf, normal_quantile};
use crate::stats::error::Result;
use crate::stats::power::{ErrorRates, least};

/// Up to so many expected discordant cases the power is added up exactly; beyond, the test is normal to three digits.
const EXACT: f64 = 400.0;
/// Probabilities below this are left out of a sum.
const NOTHING: f64 = 1e-12;

/// Returns the probability that McNemar's mid-p test at level `alpha`, two-sided, shows a true difference of `delta`
/// between two pass rates, in the direction that it has. Where all discordant cases are on one side, the test is the exact
/// one, as in a comparison: five of five prove nothing.
///
/// `discordance` is the share of cases that exactly one of the runs passes. Of n cases a binomial number D is
/// discordant, and of these a binomial number with probability (1 + |delta|/discordance)/2 is on the side of the
/// difference: the power is the sum over D and that number (Connor 1987, "Sample size for testing differences in
/// proportions for the paired-sample design"). Beyond 400 discordant cases it is Connor's normal approximation.
///
/// # Errors
/// If `discordance` is not from 0 to 1, `delta` is beyond it, or `alpha` is not in (0, 1).
pub fn mcnemar_power(n: u64, discordance: f64, delta: f64, alpha: f64) -> Result<f64> {
    check::open_unit("alpha", alpha)?;
    let shared = (0.0..=1.0).contains(&discordance);
    check::within("discordance", discordance, "from 0 to 1", shared)?;
    let possible = delta.abs() <= discordance;
    check::within("delta", delta, "at most discordance in size", possible)?;
    Ok(power(n, discordance, delta.abs(), alpha))
}

/// Returns how many cases it takes for McNemar's mid-p test, two-sided, to show a difference of `delta` with the power
/// asked for. (A few less may do as well: the power of an exact test does not rise with every case.)
///
/// `discordance` is the share of cases that exactly one of two equal runs passes. A difference adds to it: a run that
/// loses a share of delta does so on cases that did not differ before, so with the difference the share is discordance +
/// |delta|·(1 − discordance). See [`mcnemar_power`].
///
/// # Errors
/// As [`mcnemar_power`], and if `delta` is 0 or beyond 1, or power is not above alpha and below 1.
pub fn mcnemar_required_n(
    delta: f64,
    discordance: f64,
    alpha: f64,
    power_asked: f64,
) -> Result<u64> {
    ErrorRates { alpha, power: power_asked, one_sided: false }.check()?;
    let shared = (0.0..=1.0).contains(&discordance);
    check::within("discordance", discordance, "from 0 to 1", shared)?;
    let size = delta.abs();
    check::within("delta", delta, "from -1 to 1, and not 0", size > 0.0 && size <= 1.0)?;
    let with_delta = discordance_of_alternative(discordance, size);
    Ok(least(1, |n| power(n, with_delta, size, alpha) >= power_asked))
}

/// Returns the smallest difference that McNemar's mid-p test of n cases shows with the power asked for; `None` if not
/// even a difference of 1 is.
pub(crate) fn mcnemar_detectable(n: u64, discordance: f64, alpha: f64, asked: f64) -> Option<f64> {
    let shows =
        |size: f64| power(n, discordance_of_alternative(discordance, size), size, alpha) >= asked;
    if !shows(1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while high - low > 1e-6 * high {
        let middle = 0.5 * (low + high);
        if shows(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// Returns the share of discordant cases when there is a difference of `size`.
fn discordance_of_alternative(discordance: f64, size: f64) -> f64 {
    // Below the difference itself it cannot be.
    (discordance + size * (1.0 - discordance)).max(size)
}

fn power(n: u64, discordance: f64, size: f64, alpha: f64) -> f64 {
    if discordance == 0.0 || n == 0 {
        return 0.0;
    }
    let side = 0.5 * (1.0 + size / discordance);
    if n as f64 * discordance > EXACT {
        return normal_power(n as f64, discordance, size, alpha);
    }
    binomial(n, discordance)
        .into_iter()
        .map(|(discordant, probability)| probability * rejection(discordant, side, alpha))
        .sum()
}

fn normal_power(n: f64, discordance: f64, size: f64, alpha: f64) -> f64 {
    let critical = normal_quantile(1.0 - alpha / 2.0) * discordance.sqrt();
    let spread = (discordance - size * size).max(f64::MIN_POSITIVE).sqrt();
    normal_cdf((size * n.sqrt() - critical) / spread)
}

/// Returns the probability that so many discordant cases, each on the side of the difference with this probability, are
/// significant on that side.
fn rejection(discordant: u64, side: f64, alpha: f64) -> f64 {
    let fewest = fewest_significant(discordant, alpha);
    binomial(discordant, side)
        .into_iter()
        .filter(|(on_side, _)| fewest.is_some_and(|fewest| *on_side >= fewest))
        .map(|(_, probability)| probability)
        .sum()
}

/// Returns how many of the discordant cases have to be on one side for a two-sided mid-p value below alpha.
fn fewest_significant(discordant: u64, alpha: f64) -> Option<u64> {
    let mut here = half_binomial_pmf(discordant, discordant);
    let mut fewest = None;
    // The p-value of a table is that of the one before, half of that table's probability and half of its own.
    let mut p_value = 2.0 * here;
    for on_side in (discordant / 2 + 1..=discordant).rev() {
        if p_value >= alpha {
            break;
        }
        fewest = Some(on_side);
        let next = here * on_side as f64 / (discordant - on_side + 1) as f64;
        p_value += if on_side == discordant { next } else { here + next };
        here = next;
    }
    fewest
}

/// Returns the numbers of successes that are not next to impossible, with their probabilities.
fn binomial(n: u64, probability: f64) -> Vec<(u64, f64)> {
    if probability >= 1.0 {
        return vec![(n, 1.0)];
    }
    let odds = probability / (1.0 - probability);
    let mode = ((n as f64 + 1.0) * probability).floor().min(n as f64) as u64;
    let first = ln_binomial(mode, n, probability).exp();
    let mut up = vec![(mode, first)];
    let mut term = first;
    for k in mode..n {
        term *= (n - k) as f64 / (k + 1) as f64 * odds;
        if term < NOTHING {
            break;
        }
        up.push((k + 1, term));
    }
    term = first;
    for k in (1..=mode).rev() {
        term *= k as f64 / ((n - k + 1) as f64 * odds);
        if term < NOTHING {
            break;
        }
        up.push((k - 1, term));
    }
    up
}

fn ln_binomial(k: u64, n: u64, probability: f64) -> f64 {
    let ln_factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    let choices = ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let successes = if k == 0 { 0.0 } else { k as f64 * probability.ln() };
    choices + successes + (n - k) as f64 * (-probability).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{PairedCounts, mcnemar_careful};

    /// The same, case by case from its definition.
    fn power_by_brute_force(n: u64, discordance: f64, delta: f64, alpha: f64) -> f64 {
        let (up, down) = (0.5 * (discordance + delta), 0.5 * (discordance - delta));
        let factorial = |n: u64| (1..=n).map(|i| i as f64).product::<f64>();
        let mut power = 0.0;
        for b in 0..=n {
            for c in 0..=n - b {
                let rest = n - b - c;
                let ways = factorial(n) / factorial(b) / factorial(c) / factorial(rest);
                let share = down.powi(b as i32) * up.powi(c as i32);
                let share = share * (1.0 - discordance).powi(rest as i32);
                let counts = PairedCounts {
                    baseline_only: b,
                    candidate_only: c,
                    neither: rest,
                    ..PairedCounts::default()
                };
                if c > b && mcnemar_careful(&counts) < alpha {
                    power += ways * share;
                }
            }
        }
        power
    }

    #[test]
    fn equals_the_sum_over_all_tables() {
        for (n, discordance, delta) in
            [(5, 1.0, 0.5), (12, 0.5, 0.3), (25, 0.2, 0.2), (30, 0.9, 0.1)]
        {
            let expected = power_by_brute_force(n, discordance, delta, 0.05);
            let power = mcnemar_power(n, discordance, delta, 0.05).unwrap();
            assert!((power - expected).abs() < 1e-9, "{power} instead of {expected}");
        }
    }

    #[test]
    fn the_approximation_meets_the_sum() {
        let exact = mcnemar_power(1999, 0.2, 0.03, 0.05).unwrap();
        let normal = mcnemar_power(2001, 0.2, 0.03, 0.05).unwrap();
        assert!((exact - normal).abs() < 0.005, "{exact} and {normal}");
    }

    #[test]
    fn the_cases_that_are_asked_for_have_the_power_and_fewer_have_not() {
        let n = mcnemar_required_n(0.1, 0.1, 0.05, 0.8).unwrap();
        let power = |n| mcnemar_power(n, 0.19, 0.1, 0.05).unwrap();
        assert!(power(n) >= 0.8 && power(n - 8) < 0.8, "{n}");
    }

    #[test]
    fn too_few_cases_detect_no_difference_of_any_size() {
        assert_eq!(mcnemar_detectable(5, 0.5, 0.05, 0.8), None);
        // Six of six on one side: 2/64.
        assert!(mcnemar_detectable(6, 0.0, 0.05, 0.8).unwrap() > 0.9);
    }

    #[test]
    fn impossible_shares_are_refused_by_name() {
        assert_eq!(mcnemar_power(9, 1.2, 0.1, 0.05).unwrap_err().argument(), "discordance");
        assert_eq!(mcnemar_power(9, 0.1, 0.2, 0.05).unwrap_err().argument(), "delta");
        assert_eq!(mcnemar_required_n(0.0, 0.1, 0.05, 0.8).unwrap_err().argument(), "delta");
        assert_eq!(mcnemar_required_n(0.1, 0.1, 0.05, 0.01).unwrap_err().argument(), "power");
    }
}
