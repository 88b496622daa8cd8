//! The permutation test of the difference between two independent means.

use super::check_runs;
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::mean::{mean, pairwise_sum};
use crate::stats::paired::PermutationTest;
use crate::stats::resample::{Resampling, Tail, fill_blocks};
use crate::stats::rng::{Generator, Pcg64};

/// How many resamples share one stream of draws. Fixed, so that the result does not depend on the
/// threads.
const BLOCK: usize = 64;

/// Returns the permutation test of mean(candidate) − mean(baseline).
///
/// If nothing distinguishes the runs, each value could as well have come from the other: all values
/// are shuffled and dealt out again (Pitman 1937). p is (hits + 1)/(resamples + 1); differences
/// that vary only by rounding count as equal. In the result `n_pairs` counts the values of both
/// runs.
///
/// # Errors
/// If a run has fewer than 2 values, a value is not finite, or the resampling is out of range.
pub fn unpaired_permutation_test(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    resampling: &Resampling,
) -> Result<PermutationTest> {
    resampling.check()?;
    check_runs(baseline, candidate)?;
    let delta = mean(candidate) - mean(baseline);
    let pooled: Vec<f64> = baseline.iter().chain(candidate).copied().collect();
    let differences = shuffled_differences(&pooled, baseline.len(), resampling);
    let scale = pooled.iter().map(|value| value.abs()).sum::<f64>()
        / baseline.len().min(candidate.len()) as f64;
    let p_value = Tail::tolerant(alternative, delta, scale).p_value(differences.into_iter());
    Ok(PermutationTest {
        delta,
        p_value,
        n_pairs: pooled.len(),
        n_clusters: None,
        exact: false,
        arrangements: resampling.resamples as f64,
    })
}

/// Returns the differences of means after dealing the pooled values into runs of `first` values and
/// the rest.
fn shuffled_differences(pooled: &[f64], first: usize, resampling: &Resampling) -> Vec<f64> {
    let dealt = first.min(pooled.len() - first);
    let (total, rest) = (pairwise_sum(pooled), pooled.len() - dealt);
    // Only the smaller run is dealt; the sign says which one that is.
    let sign = if dealt == first { -1.0 } else { 1.0 };
    let mut differences = vec![0.0; resampling.resamples];
    fill_blocks(&mut differences, BLOCK, resampling.threads(), |row, block| {
        let mut generator = stream(resampling.seed, row / BLOCK);
        let mut values = pooled.to_vec();
        for difference in block {
            deal(&mut values, dealt, &mut generator);
            let sum = pairwise_sum(&values[..dealt]);
            *difference = sign * (sum / dealt as f64 - (total - sum) / rest as f64);
        }
    });
    differences
}

/// Moves `dealt` randomly chosen values to the front (Fisher & Yates, stopped early).
fn deal(values: &mut [f64], dealt: usize, generator: &mut Generator) {
    for place in 0..dealt {
        let left = (values.len() - place) as u32;
        values.swap(place, place + generator.next_below(left) as usize);
    }
}

/// Returns the generator of a block: the seed's stream, 2^64 outputs further for every block.
fn stream(seed: u64, block: usize) -> Generator {
    let mut source = Pcg64::from_seed(seed);
    source.advance((block as u128) << 64);
    Generator::from_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(baseline: &[f64], candidate: &[f64], alternative: Alternative, threads: usize) -> f64 {
        let resampling = Resampling { threads, ..Resampling::default() };
        unpaired_permutation_test(baseline, candidate, alternative, &resampling).unwrap().p_value
    }

    #[test]
    fn comes_near_the_share_of_all_deals() {
        // 4 of 9 values for the baseline: 126 deals. 1 + 2 + 3 + 4 is the smallest sum, and 5 + … +
        // 9 has no equal.
        let (low, high) = ([1., 2., 3., 4.], [5., 6., 7., 8., 9.]);
        let near = |p: f64, exact: f64| (p - exact).abs() < 0.004;
        assert!(near(test(&low, &high, Alternative::Greater, 0), 1.0 / 126.0));
        assert!(near(test(&high, &low, Alternative::Less, 0), 1.0 / 126.0));
        assert!(test(&low, &high, Alternative::Less, 0) == 1.0);
    }

    #[test]
    fn equal_values_have_p_1() {
        assert_eq!(test(&[0.1; 5], &[0.1; 9], Alternative::TwoSided, 0), 1.0);
    }

    #[test]
    fn threads_do_not_change_p() {
        let (a, b) = ([0.3, 0.8, 0.1, 0.9], [0.7, 0.6, 0.95, 0.2, 0.5]);
        let p = |threads| test(&a, &b, Alternative::TwoSided, threads);
        assert_eq!(p(1), p(2));
        assert_eq!(p(1), p(7));
    }
}
