//! Several samples per case: how often at least one, or all, of k pass.

use super::check;
use super::error::{Result, StatsError};

/// The usual values of k.
const CUSTOMARY: [u64; 6] = [1, 5, 10, 25, 50, 100];

/// The samples of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Samples {
    /// How many samples there are.
    pub n: u64,
    /// How many of them pass.
    pub passed: u64,
}

impl Samples {
    /// Counts the samples whose reward is above 0 as passed.
    ///
    /// # Errors
    /// If a reward is not finite.
    pub fn from_rewards(rewards: &[f64]) -> Result<Self> {
        check::finite("rewards", rewards)?;
        let passed = rewards.iter().filter(|reward| **reward > 0.0).count();
        Ok(Samples { n: rewards.len() as u64, passed: passed as u64 })
    }

    fn check(&self, k: u64) -> Result<()> {
        let Samples { n, passed } = *self;
        check::within("passed", passed as f64, "at most n", passed <= n)?;
        check::within("k", k as f64, "from 1 to n", (1..=n).contains(&k))
    }
}

/// Returns pass@k, the probability that at least one of k samples passes, from 0 to 1: 1 − C(n −
/// passed, k)/C(n, k).
///
/// The unbiased estimate of Chen et al. (2021), "Evaluating large language models trained on code".
///
/// # Errors
/// If more pass than there are, or `k` is not from 1 to n.
pub fn pass_at_k(samples: Samples, k: u64) -> Result<f64> {
    samples.check(k)?;
    Ok(1.0 - share_of_subsets(samples.n - samples.passed, samples.n, k))
}

/// Returns pass^k, the probability that all of k samples pass, from 0 to 1: C(passed, k)/C(n, k).
///
/// The unbiased estimate of Yao et al. (2024), "τ-bench".
///
/// # Errors
/// If more pass than there are, or `k` is not from 1 to n.
pub fn pass_all_k(samples: Samples, k: u64) -> Result<f64> {
    samples.check(k)?;
    Ok(share_of_subsets(samples.passed, samples.n, k))
}

/// Returns C(part, k)/C(n, k), the share of the subsets of k that lie within a part.
fn share_of_subsets(part: u64, n: u64, k: u64) -> f64 {
    if part < k {
        return 0.0;
    }
    // C(part, k)/C(n, k) is the same as C(n − k, n − part)/C(n, n − part): the shorter product is
    // as good.
    let (factors, left) = if k <= n - part { (k, part) } else { (n - part, n - k) };
    let shares = (0..factors).map(|i| (left - i) as f64 / (n - i) as f64);
    // Of huge numbers the product is soon 0.
    let step = |product: &mut f64, share: f64| {
        let before = *product;
        *product *= share;
        (before > 0.0).then_some(*product)
    };
    shares.scan(1.0, step).last().unwrap_or(1.0)
}

/// Returns the mean pass@k over the cases that have at least `k` samples.
///
/// # Errors
/// If a case passes more often than it has samples, `k` is 0, or no case has `k` samples.
pub fn mean_pass_at_k(cases: &[Samples], k: u64) -> Result<f64> {
    mean_over_cases(cases, k, pass_at_k)
}

/// Returns the mean pass^k over the cases that have at least `k` samples.
///
/// # Errors
/// As [`mean_pass_at_k`].
pub fn mean_pass_all_k(cases: &[Samples], k: u64) -> Result<f64> {
    mean_over_cases(cases, k, pass_all_k)
}

fn mean_over_cases(
    cases: &[Samples],
    k: u64,
    estimate: impl Fn(Samples, u64) -> Result<f64>,
) -> Result<f64> {
    check::within("k", k as f64, "at least 1", k > 0)?;
    let enough = cases.iter().filter(|samples| samples.n >= k);
    let estimates = enough.map(|samples| estimate(*samples, k)).collect::<Result<Vec<f64>>>()?;
    if estimates.is_empty() {
        let reason = "must hold a case with at least k samples";
        return Err(StatsError::Unsuitable { argument: "cases", reason });
    }
    Ok(estimates.iter().sum::<f64>() / estimates.len() as f64)
}

/// Returns the k to report for up to `n` samples a case: 1, 5, 10, 25, 50 and 100 as far as they
/// go, and `n`.
pub fn choose_k_values(n: u64) -> Vec<u64> {
    let mut values: Vec<u64> = CUSTOMARY.into_iter().filter(|k| *k < n).collect();
    if n > 0 {
        values.push(n);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn worked_by_hand() {
        let samples = Samples { n: 5, passed: 2 };
        // 1 − C(3, 2)/C(5, 2) = 1 − 3/10, and C(2, 2)/C(5, 2) = 1/10.
        assert!((pass_at_k(samples, 2).unwrap() - 0.7).abs() < 1e-15);
        assert!((pass_all_k(samples, 2).unwrap() - 0.1).abs() < 1e-15);
        assert_eq!(pass_at_k(samples, 4), Ok(1.0));
        assert_eq!(pass_all_k(samples, 3), Ok(0.0));
    }

    #[test]
    fn rewards_above_0_pass() {
        let samples = Samples::from_rewards(&[-1.0, 0.5, 0.0, 1.0]).unwrap();
        assert_eq!(samples, Samples { n: 4, passed: 2 });
        assert_eq!(Samples::from_rewards(&[f64::NAN]).unwrap_err().argument(), "rewards");
    }

    #[test]
    fn cases_with_too_few_samples_are_left_out_of_the_mean() {
        let cases = [Samples { n: 4, passed: 1 }, Samples { n: 1, passed: 1 }];
        assert_eq!(mean_pass_at_k(&cases, 2), Ok(0.5));
        assert_eq!(mean_pass_all_k(&cases, 1), Ok(0.625));
        assert_eq!(mean_pass_at_k(&cases, 5).unwrap_err().argument(), "cases");
    }

    #[test]
    fn impossible_counts_are_refused_by_name() {
        assert_eq!(pass_at_k(Samples { n: 3, passed: 4 }, 1).unwrap_err().argument(), "passed");
        assert_eq!(pass_at_k(Samples { n: 3, passed: 1 }, 4).unwrap_err().argument(), "k");
        assert_eq!(pass_at_k(Samples { n: 3, passed: 1 }, 0).unwrap_err().argument(), "k");
    }

    #[test]
    fn k_values_end_with_n() {
        assert!(choose_k_values(0).is_empty());
        assert_eq!(choose_k_values(7), [1, 5, 7]);
        assert_eq!(choose_k_values(200), [1, 5, 10, 25, 50, 100, 200]);
    }

    fn binomial(n: u64, k: u64) -> f64 {
        (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
    }

    proptest! {
        #[test]
        fn equals_the_binomial_formula(n in 1u64..40, passed in 0u64..40, k in 1u64..40) {
            prop_assume!(passed <= n && k <= n);
            let samples = Samples { n, passed };
            let none = if n - passed < k { 0.0 } else { binomial(n - passed, k) / binomial(n, k) };
            let all = if passed < k { 0.0 } else { binomial(passed, k) / binomial(n, k) };
            prop_assert!((pass_at_k(samples, k).unwrap() - (1.0 - none)).abs() < 1e-13);
            prop_assert!((pass_all_k(samples, k).unwrap() - all).abs() < 1e-13);
        }
    }
}
