//! McNemar's test of two paired pass rates. Only the cases that one run passes and the other fails
//! carry information.

use super::PairedCounts;
use crate::stats::distribution::{
    chi_squared_1_sf, half_binomial_cdf, half_binomial_pmf, normal_cdf, normal_sf,
};
use crate::stats::interval::Alternative;

/// Returns the p-value of the exact conditional test: the improvements among the discordant cases
/// are binomial with probability ½ (McNemar 1947; two-sided: twice the smaller tail, at most 1).
///
/// Never above its level, and thus conservative; [`mcnemar_mid_p`] is nearer to it. Without
/// discordant cases p = 1.
pub fn mcnemar_exact(counts: &PairedCounts, alternative: Alternative) -> f64 {
    let n = counts.discordant();
    let at_least = |improvements: u64| half_binomial_cdf(n - improvements, n);
    match alternative {
        Alternative::TwoSided => {
            (2.0 * at_least(counts.baseline_only.max(counts.candidate_only))).min(1.0)
        }
        Alternative::Greater => at_least(counts.candidate_only),
        Alternative::Less => at_least(counts.baseline_only),
    }
}

/// Returns the mid-p value: the exact one, with the observed table counted by half.
///
/// Fagerland, Lydersen & Laake (2013), "The McNemar test for binary matched-pairs data: mid-p and
/// asymptotic are better than exact conditional": nearly always at or below its level, without the
/// loss of power. Two-sided it is the exact p less the probability of the table, and with as many
/// improvements as regressions 1 less half of it.
pub fn mcnemar_mid_p(counts: &PairedCounts, alternative: Alternative) -> f64 {
    let n = counts.discordant();
    if n == 0 {
        return 1.0;
    }
    let table = half_binomial_pmf(counts.candidate_only, n);
    let ties = counts.baseline_only == counts.candidate_only;
    let share = if alternative == Alternative::TwoSided && !ties { 1.0 } else { 0.5 };
    mcnemar_exact(counts, alternative) - share * table
}

/// Returns the two-sided p-value that a comparison goes by: the mid-p one, but the exact one where all discordant cases are
/// on one side.
///
/// No table is more extreme than that one, and to count it by half would call a loss proven by five cases of five, which
/// happens in 3.1 % of comparisons of equal runs that change their side in every case: more than the 2.5 % on either side
/// that alpha = 0.05 allows.
pub(crate) fn mcnemar_careful(counts: &PairedCounts) -> f64 {
    match is_one_sided(counts) {
        true => mcnemar_exact(counts, Alternative::TwoSided),
        false => mcnemar_mid_p(counts, Alternative::TwoSided),
    }
}

/// Whether all discordant cases are on one side.
pub(crate) fn is_one_sided(counts: &PairedCounts) -> bool {
    (counts.baseline_only == 0) != (counts.candidate_only == 0)
}

/// Returns the asymptotic p-value, for many discordant cases (more than about 25).
///
/// Two-sided from chi² = (|b − c| − 1)²/(b + c) with one degree of freedom, the correction for
/// continuity of Edwards (1948) included; one-sided from z = (c − b)/√(b + c) without it; b
/// regressions, c improvements. Without discordant cases p = 1.
pub fn mcnemar_chi_squared(counts: &PairedCounts, alternative: Alternative) -> f64 {
    let n = counts.discordant() as f64;
    if n == 0.0 {
        return 1.0;
    }
    let gain = counts.candidate_only as f64 - counts.baseline_only as f64;
    match alternative {
        Alternative::TwoSided => chi_squared_1_sf((gain.abs() - 1.0).powi(2) / n),
        Alternative::Greater => normal_sf(gain / n.sqrt()),
        Alternative::Less => normal_cdf(gain / n.sqrt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bentur et al. (2009), airway hyper-responsiveness, as in Fagerland et al. (2013), Table 2.
    const AIRWAYS: PairedCounts =
        PairedCounts { both: 1, baseline_only: 1, candidate_only: 7, neither: 12 };
    /// Cavo et al. (2012), complete response, as in Fagerland, Lydersen & Laake (2017), Table 8.3.
    const RESPONSE: PairedCounts =
        PairedCounts { both: 59, baseline_only: 6, candidate_only: 16, neither: 80 };

    #[test]
    fn published_examples() {
        let two_sided = Alternative::TwoSided;
        assert!((mcnemar_exact(&AIRWAYS, two_sided) - 0.0703).abs() < 5e-5);
        assert!((mcnemar_mid_p(&AIRWAYS, two_sided) - 0.0391).abs() < 5e-5);
        assert!((mcnemar_exact(&RESPONSE, two_sided) - 0.052479).abs() < 5e-7);
        assert!((mcnemar_mid_p(&RESPONSE, two_sided) - 0.034690).abs() < 5e-7);
        assert!((mcnemar_chi_squared(&RESPONSE, two_sided) - 0.055009).abs() < 5e-7);
    }

    #[test]
    fn one_sided_mid_p_values_complement_each_other() {
        let sum = mcnemar_mid_p(&RESPONSE, Alternative::Greater)
            + mcnemar_mid_p(&RESPONSE, Alternative::Less);
        assert!((sum - 1.0).abs() < 1e-14);
    }

    #[test]
    fn as_many_improvements_as_regressions() {
        let even = PairedCounts { both: 5, baseline_only: 2, candidate_only: 2, neither: 5 };
        assert_eq!(mcnemar_exact(&even, Alternative::TwoSided), 1.0);
        // P(2 of 4) = 6/16.
        assert_eq!(mcnemar_mid_p(&even, Alternative::TwoSided), 1.0 - 3.0 / 16.0);
    }

    #[test]
    fn five_of_five_prove_nothing_and_six_of_six_do() {
        let lost = |cases| PairedCounts { baseline_only: cases, ..PairedCounts::default() };
        assert_eq!(mcnemar_careful(&lost(5)), 2.0 / 32.0);
        assert_eq!(mcnemar_careful(&lost(6)), 2.0 / 64.0);
        // 2·(1 + 8)/256 less 8/256.
        let seven_of_eight =
            PairedCounts { baseline_only: 7, candidate_only: 1, both: 0, neither: 0 };
        assert_eq!(mcnemar_careful(&seven_of_eight), 10.0 / 256.0);
    }

    #[test]
    fn identical_runs_have_p_1() {
        let same = PairedCounts { both: 3, baseline_only: 0, candidate_only: 0, neither: 4 };
        assert_eq!(mcnemar_careful(&same), 1.0);
        for test in [mcnemar_exact, mcnemar_mid_p, mcnemar_chi_squared] {
            assert_eq!(test(&same, Alternative::TwoSided), 1.0);
            assert_eq!(test(&same, Alternative::Greater), 1.0);
        }
    }
}
