//! The sign-flip permutation test, of pairs or of whole clusters of pairs.

use crate::stats::clusters::Clusters;
use crate::stats::error::{Result, StatsError};
use crate::stats::interval::Alternative;
use crate::stats::mean::{differences, mean, pairwise_sum};
use crate::stats::resample::{MAX_EXACT, Resampling, Tail, flip_signs, share_at_least};
use crate::stats::rng::Generator;

/// Up to how many units [`PermutationMode::Auto`] enumerates; a few milliseconds.
const AUTO_EXACT: usize = 30;

/// Whether all choices of signs are enumerated or some of them drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PermutationMode {
    /// Enumerated for up to 30 units that differ from 0, else drawn.
    #[default]
    Auto,
    /// Enumerated; refused for more than 40 units that differ from 0.
    Exact,
    /// Drawn by the seeded generator.
    Seeded,
}

named!(PermutationMode {
    Auto = "auto",
    Exact = "exact",
    Seeded = "seeded",
});

/// A permutation test of delta = 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PermutationTest {
    /// The mean difference candidate − baseline, in units of the scores.
    pub delta: f64,
    /// The p-value: exact, or (hits + 1)/(resamples + 1).
    pub p_value: f64,
    /// How many pairs there are.
    pub n_pairs: usize,
    /// How many clusters were flipped as wholes; `None` if pairs were flipped.
    pub n_clusters: Option<usize>,
    /// Whether all choices of signs were enumerated.
    pub exact: bool,
    /// How many choices of signs stand behind the p-value: 2^units, or the resamples.
    pub arrangements: f64,
}

/// Returns the sign-flip test of candidate − baseline.
///
/// If nothing distinguishes the runs, each difference is as likely to have the other sign; p is the
/// share of all choices of signs whose mean is at least as extreme as the observed one (Fisher
/// 1935, The Design of Experiments, §21; p of drawn choices after Phipson & Smyth 2010). Means that
/// differ only by rounding count as equal. Pairs without a difference have no sign to flip and are
/// left out of the draws.
///
/// # Errors
/// If the lengths differ, there are fewer than 2 pairs, a score is not finite, the resampling is
/// out of range, or [`PermutationMode::Exact`] is asked for more than 40 differences that are not
/// 0.
pub fn paired_permutation_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    mode: PermutationMode,
    resampling: &Resampling,
) -> Result<PermutationTest> {
    let differences = differences(baseline, candidate, 2)?;
    let null = flip(&differences, alternative, mode, resampling)?;
    Ok(null.test(&differences, None))
}

/// Returns the sign-flip test in which all differences of a cluster keep or change their signs
/// together.
///
/// The test for cases that are not independent: the unit is the sum over a cluster (see
/// [`paired_permutation_test`]).
///
/// # Errors
/// As [`paired_permutation_test`], and if there are fewer than 2 clusters or not as many cluster
/// ids as pairs.
pub fn clustered_permutation_test(
    baseline: &[f64],
    candidate: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    mode: PermutationMode,
    resampling: &Resampling,
) -> Result<PermutationTest> {
    let differences = differences(baseline, candidate, 2)?;
    clusters.check("baseline", differences.len(), 2)?;
    let sums = clusters.group(&differences).sums();
    let null = flip(&sums, alternative, mode, resampling)?;
    Ok(null.test(&differences, Some(clusters.len())))
}

/// The outcome of flipping signs.
struct Flipped {
    p_value: f64,
    exact: bool,
    arrangements: f64,
}

impl Flipped {
    fn test(self, differences: &[f64], n_clusters: Option<usize>) -> PermutationTest {
        let Flipped { p_value, exact, arrangements } = self;
        let (delta, n_pairs) = (mean(differences), differences.len());
        PermutationTest { delta, p_value, n_pairs, n_clusters, exact, arrangements }
    }
}

/// Returns the p-value of the sum of the units under flips of their signs.
fn flip(
    units: &[f64],
    alternative: Alternative,
    mode: PermutationMode,
    resampling: &Resampling,
) -> Result<Flipped> {
    resampling.check()?;
    let units: Vec<f64> = units.iter().copied().filter(|unit| *unit != 0.0).collect();
    let scale: f64 = units.iter().map(|unit| unit.abs()).sum();
    let tail = Tail::tolerant(alternative, pairwise_sum(&units), scale);
    match mode {
        PermutationMode::Exact if units.len() > MAX_EXACT => Err(StatsError::Unsuitable {
            argument: "mode",
            reason: "can be exact for at most 40 differences other than 0",
        }),
        PermutationMode::Exact => Ok(enumerated(&units, tail)),
        PermutationMode::Auto if units.len() <= AUTO_EXACT => Ok(enumerated(&units, tail)),
        PermutationMode::Auto | PermutationMode::Seeded => Ok(drawn(&units, tail, resampling)),
    }
}

fn enumerated(units: &[f64], tail: Tail) -> Flipped {
    let (threshold, sides) = tail.symmetric_threshold();
    let p_value = (sides * share_at_least(units, threshold)).min(1.0);
    Flipped { p_value, exact: true, arrangements: 2f64.powi(units.len() as i32) }
}

fn drawn(units: &[f64], tail: Tail, resampling: &Resampling) -> Flipped {
    let mut generator = Generator::from_seed(resampling.seed);
    let sums = flip_signs(units, &mut generator, resampling.resamples, resampling.threads());
    let p_value = tail.p_value(sums.into_iter());
    Flipped { p_value, exact: false, arrangements: resampling.resamples as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::paired_t_test;
    use proptest::prelude::*;

    /// Fisher (1935), Table 3, after Darwin: excess height of 15 crossed over self-fertilised
    /// maize, in eighths of inches.
    const MAIZE: [f64; 15] =
        [49., -67., 8., 16., 6., 23., 28., 41., 14., 29., 56., 24., 75., 60., -48.];

    fn test(
        differences: &[f64],
        alternative: Alternative,
        mode: PermutationMode,
    ) -> PermutationTest {
        let zeros = vec![0.0; differences.len()];
        let resampling = Resampling::default();
        paired_permutation_test(&zeros, differences, alternative, mode, &resampling).unwrap()
    }

    #[test]
    fn the_maize_gives_fishers_count() {
        // "In just 863 cases out of 32,768" the total is as large; 1,726 in both directions.
        let greater = test(&MAIZE, Alternative::Greater, PermutationMode::Exact);
        assert_eq!(greater.p_value, 863.0 / 32768.0);
        assert_eq!(greater.arrangements, 32768.0);
        let two_sided = test(&MAIZE, Alternative::TwoSided, PermutationMode::Auto);
        assert_eq!(two_sided.p_value, 1726.0 / 32768.0);
        assert!(two_sided.exact);
        let less = test(&MAIZE, Alternative::Less, PermutationMode::Exact);
        // The share below or equal, by the ties at the observed total.
        assert!(less.p_value > 1.0 - greater.p_value && less.p_value < 0.98);
    }

    #[test]
    fn drawn_signs_come_near_the_exact_p() {
        let drawn = test(&MAIZE, Alternative::TwoSided, PermutationMode::Seeded);
        assert!(!drawn.exact && drawn.arrangements == 10_000.0);
        // Standard error of a share of 0.0527 in 10,000 draws: 0.0022.
        assert!((drawn.p_value - 1726.0 / 32768.0).abs() < 0.009);
    }

    #[test]
    fn ties_of_decimal_scores_count_as_ties() {
        // All signs equal: only the observed choice and its mirror are as extreme, 2 of 2^6,
        // although the sums of 0.1, 0.2, … depend on the order of additions.
        let tenths = [0.1, 0.2, 0.3, 0.7, 1.1, 0.6];
        assert_eq!(
            test(&tenths, Alternative::TwoSided, PermutationMode::Exact).p_value,
            2.0 / 64.0
        );
        let shift = [0.8 - 0.7, 0.4 - 0.3, 0.3 - 0.2, 0.9 - 0.8];
        assert_eq!(test(&shift, Alternative::Greater, PermutationMode::Exact).p_value, 1.0 / 16.0);
    }

    #[test]
    fn identical_runs_have_p_1() {
        let same = test(&[0.0; 50], Alternative::TwoSided, PermutationMode::Auto);
        assert_eq!((same.p_value, same.exact, same.arrangements), (1.0, true, 1.0));
        let drawn = test(&[0.0; 50], Alternative::Greater, PermutationMode::Seeded);
        assert_eq!(drawn.p_value, 1.0);
    }

    #[test]
    fn clusters_flip_as_wholes() {
        let (baseline, candidate) = ([0.0; 6], [1.0, 2.0, 3.0, 1.0, 1.0, 1.0]);
        let clusters = Clusters::from_names(&["a", "a", "b", "b", "c", "c"]);
        let resampling = Resampling::default();
        let mode = PermutationMode::Auto;
        let of = |alternative| {
            clustered_permutation_test(
                &baseline,
                &candidate,
                &clusters,
                alternative,
                mode,
                &resampling,
            )
            .unwrap()
        };
        // Three cluster sums of the same sign: 1 of 8, not 1 of 64.
        assert_eq!(of(Alternative::Greater).p_value, 1.0 / 8.0);
        assert_eq!(of(Alternative::TwoSided).p_value, 2.0 / 8.0);
        assert_eq!(of(Alternative::TwoSided).n_clusters, Some(3));
    }

    #[test]
    fn too_many_to_enumerate_is_refused_by_name() {
        let many: Vec<f64> = (1..=41).map(f64::from).collect();
        let (zeros, resampling) = ([0.0; 41], Resampling::default());
        let exact = PermutationMode::Exact;
        let error = paired_permutation_test(&zeros, &many, Alternative::Less, exact, &resampling);
        assert_eq!(error.unwrap_err().argument(), "mode");
    }

    proptest! {
        #[test]
        fn swapping_the_runs_mirrors_the_test(scores in prop::collection::vec((0..=10i32, 0..=10i32), 2..25)) {
            let (a, b): (Vec<f64>, Vec<f64>) =
                scores.iter().map(|(a, b)| (f64::from(*a) / 10.0, f64::from(*b) / 10.0)).unzip();
            let p = |x: &[f64], y: &[f64], alternative| {
                let mode = PermutationMode::Exact;
                paired_permutation_test(x, y, alternative, mode, &Resampling::default()).unwrap().p_value
            };
            prop_assert_eq!(p(&a, &b, Alternative::TwoSided), p(&b, &a, Alternative::TwoSided));
            prop_assert_eq!(p(&a, &b, Alternative::Greater), p(&b, &a, Alternative::Less));
        }
    }

    #[test]
    fn comes_near_the_t_test_for_many_pairs() {
        let mut generator = Generator::from_seed(1);
        let mut uniform = || f64::from(generator.next_u32()) / 2f64.powi(32);
        let (a, b): (Vec<f64>, Vec<f64>) = (0..200).map(|_| (uniform(), uniform() + 0.05)).unzip();
        let t = paired_t_test(&a, &b, Alternative::TwoSided, 0.95).unwrap().p_value;
        let resampling = Resampling::default();
        let mode = PermutationMode::Seeded;
        let p = paired_permutation_test(&a, &b, Alternative::TwoSided, mode, &resampling)
            .unwrap()
            .p_value;
        assert!(t > 0.01 && t < 0.99 && (p - t).abs() < 0.02, "t test {t}, permutation {p}");
    }
}
