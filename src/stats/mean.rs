//! Sums, means and variances in the order of additions that NumPy uses, so that results agree to
//! the last bit.

use std::ops::Range;

use super::check;
use super::error::Result;

/// How many terms NumPy adds in one run of eight accumulators before it halves the slice.
const LEAF: usize = 128;

/// Returns the sum of the values, by NumPy's pairwise summation.
///
/// The error grows with log n instead of n (Higham 1993, "The accuracy of floating point
/// summation"). Slices up to 128 are added into eight accumulators; longer ones are halved at a
/// multiple of eight.
pub(super) fn pairwise_sum(values: &[f64]) -> f64 {
    pairwise(0..values.len(), &|leaf| leaf_sum(&values[leaf]))
}

/// Returns the sum of the terms with these numbers, adding up leaves of up to [`LEAF`] terms that
/// `sum_leaf` sums. Every leaf begins at a multiple of eight.
pub(super) fn pairwise(terms: Range<usize>, sum_leaf: &impl Fn(Range<usize>) -> f64) -> f64 {
    if terms.len() <= LEAF {
        return sum_leaf(terms);
    }
    let half = terms.len() / 2;
    let cut = terms.start + half - half % 8;
    pairwise(terms.start..cut, sum_leaf) + pairwise(cut..terms.end, sum_leaf)
}

/// Returns the sum of the terms of one leaf.
fn leaf_sum(values: &[f64]) -> f64 {
    let (chunks, rest) = values.as_chunks::<8>();
    sum_lanes(chunks.iter().copied(), rest.iter().copied())
}

/// Returns the sum of terms that come eight at a time, and of the rest of them, in NumPy's order.
pub(super) fn sum_lanes(
    mut chunks: impl Iterator<Item = [f64; 8]>,
    rest: impl Iterator<Item = f64>,
) -> f64 {
    let Some(mut lanes) = chunks.next() else { return rest.sum() };
    for chunk in chunks {
        for (lane, term) in lanes.iter_mut().zip(chunk) {
            *lane += term;
        }
    }
    rest.fold(fold_lanes(lanes), |sum, term| sum + term)
}

/// Returns the sum of the eight accumulators, in NumPy's order.
fn fold_lanes(lanes: [f64; 8]) -> f64 {
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
        + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
}

/// Returns the mean; NaN if there are no values.
pub(super) fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Returns the sample variance, Σ(x − mean)²/(n − 1); 0 for fewer than two values.
pub(super) fn sample_variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let center = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - center).powi(2)).collect();
    pairwise_sum(&squares) / (values.len() - 1) as f64
}

/// Returns the sample standard deviation, the root of [`sample_variance`].
pub(super) fn sample_sd(values: &[f64]) -> f64 {
    sample_variance(values).sqrt()
}

/// Returns candidate − baseline, pair by pair.
///
/// # Errors
/// If the lengths differ, there are fewer than `needed` pairs, or a number is not finite.
pub(super) fn differences(baseline: &[f64], candidate: &[f64], needed: usize) -> Result<Vec<f64>> {
    check::pairs(baseline, candidate, needed)?;
    Ok(candidate.iter().zip(baseline).map(|(c, b)| c - b).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairwise_sum_rounds_as_numpy_does() {
        // numpy 2.4.6: np.sum(1 / np.arange(1, n + 1)). Left to right, 9999 terms would end in
        // …348.
        let harmonic = |n: usize| {
            let terms: Vec<f64> = (1..=n).map(|i| 1.0 / i as f64).collect();
            pairwise_sum(&terms)
        };
        assert_eq!(harmonic(7), 2.5928571428571425);
        assert_eq!(harmonic(100), 5.187377517639621);
        assert_eq!(harmonic(1003), 7.4884648745144435);
        assert_eq!(harmonic(9999), 9.78750603604438);
    }

    #[test]
    fn an_empty_sum_is_zero() {
        assert_eq!(pairwise_sum(&[]), 0.0);
    }

    #[test]
    fn sample_variance_divides_by_n_minus_1() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squares 32.
        assert_eq!(sample_variance(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), 32.0 / 7.0);
        assert_eq!(sample_variance(&[3.0]), 0.0);
    }
}
