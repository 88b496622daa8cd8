//! The exact distribution of a sum over all choices of signs.

/// The most values whose signs are enumerated: 2^40 choices, from two lists of 2^20 sums.
pub(in crate::stats) const MAX_EXACT: usize = 40;

/// Returns the share of the 2^n choices of signs for which the sum of the values is at least
/// `threshold`.
///
/// Meet in the middle (Horowitz & Sahni 1974): the sums of either half are listed and sorted, and
/// the pairs of sums that reach the threshold are counted in one pass, in time 2^(n/2)·n instead of
/// 2^n. At most [`MAX_EXACT`] values.
pub(in crate::stats) fn share_at_least(values: &[f64], threshold: f64) -> f64 {
    let (left, right) = values.split_at(values.len() / 2);
    let (left, right) = (sorted_sums(left), sorted_sums(right));
    let mut reached = 0u64;
    let mut first = right.len();
    for sum in &left {
        // The larger the sum of the left half, the more sums of the right half are enough.
        while first > 0 && sum + right[first - 1] >= threshold {
            first -= 1;
        }
        reached += (right.len() - first) as u64;
    }
    reached as f64 / 2f64.powi(values.len() as i32)
}

/// Returns the sums of the values for all choices of signs, sorted upwards.
fn sorted_sums(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in values {
        sums = sums.iter().flat_map(|sum| [sum - value, sum + value]).collect();
    }
    sums.sort_unstable_by(f64::total_cmp);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_of_equal_values_are_binomial() {
        // 3 or more of 4 coins: 5/16.
        assert_eq!(share_at_least(&[1.0; 4], 2.0), 5.0 / 16.0);
        assert_eq!(share_at_least(&[1.0; 4], 4.5), 0.0);
        assert_eq!(share_at_least(&[], 0.0), 1.0);
        assert_eq!(share_at_least(&[2.0], 0.0), 0.5);
    }

    #[test]
    fn many_values_are_enumerated() {
        // All heads, or one tail: 33 of 2^32.
        assert_eq!(share_at_least(&[1.0; 32], 30.0), 33.0 / 2f64.powi(32));
    }

    proptest! {
        #[test]
        fn equals_plain_enumeration(values in prop::collection::vec(-8i32..8, 0..11), threshold in -30i32..30) {
            let sum = |choice: u32| -> i32 {
                values.iter().enumerate().map(|(i, v)| if choice >> i & 1 == 1 { *v } else { -*v }).sum()
            };
            let reached = (0..1u32 << values.len()).filter(|choice| sum(*choice) >= threshold).count();
            let floats: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
            let expected = reached as f64 / f64::from(1u32 << values.len());
            prop_assert_eq!(share_at_least(&floats, f64::from(threshold)), expected);
        }
    }
}
