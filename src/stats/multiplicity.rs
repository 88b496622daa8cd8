//! Corrections of p-values for asking several questions at once.

use super::check;
use super::error::{Result, StatsError};

/// Corrected p-values, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustedPValues {
    /// The corrected p-values, at most 1.
    pub p_adjusted: Vec<f64>,
    /// Whether each is below alpha.
    pub reject: Vec<bool>,
}

impl AdjustedPValues {
    fn new(p_adjusted: Vec<f64>, alpha: f64) -> Self {
        let reject = p_adjusted.iter().map(|p| *p < alpha).collect();
        AdjustedPValues { p_adjusted, reject }
    }
}

/// Returns p·m for each of the m p-values (Dunn 1961). Bounds the probability of any false
/// rejection.
///
/// # Errors
/// If a p-value is not in [0, 1], or `alpha` is not in (0, 1).
pub fn bonferroni(p_values: &[f64], alpha: f64) -> Result<AdjustedPValues> {
    check(p_values, alpha)?;
    let tests = p_values.len() as f64;
    let adjusted = p_values.iter().map(|p| (p * tests).min(1.0)).collect();
    Ok(AdjustedPValues::new(adjusted, alpha))
}

/// Returns the step-down correction of Holm (1979): the i-th smallest p times m − i + 1, and never
/// below the one before.
///
/// Bounds the probability of any false rejection as [`bonferroni`] does, and always rejects at
/// least as much.
///
/// # Errors
/// If a p-value is not in [0, 1], or `alpha` is not in (0, 1).
pub fn holm(p_values: &[f64], alpha: f64) -> Result<AdjustedPValues> {
    check(p_values, alpha)?;
    let tests = p_values.len();
    let mut adjusted = vec![0.0; tests];
    let mut largest = 0.0f64;
    for (rank, test) in upwards(p_values).into_iter().enumerate() {
        largest = largest.max(p_values[test] * (tests - rank) as f64).min(1.0);
        adjusted[test] = largest;
    }
    Ok(AdjustedPValues::new(adjusted, alpha))
}

/// Returns the step-up correction of Benjamini & Hochberg (1995): the i-th smallest p times m/i,
/// and never above the next.
///
/// Bounds the expected share of false ones among the rejections, for tests that are independent or
/// positively dependent.
///
/// # Errors
/// If a p-value is not in [0, 1], or `alpha` is not in (0, 1).
pub fn benjamini_hochberg(p_values: &[f64], alpha: f64) -> Result<AdjustedPValues> {
    check(p_values, alpha)?;
    let tests = p_values.len();
    let mut adjusted = vec![0.0; tests];
    let mut smallest = 1.0f64;
    for (rank, test) in upwards(p_values).into_iter().enumerate().rev() {
        smallest = smallest.min(p_values[test] * tests as f64 / (rank + 1) as f64);
        adjusted[test] = smallest;
    }
    Ok(AdjustedPValues::new(adjusted, alpha))
}

/// Returns the places of the p-values, from the smallest p to the largest.
fn upwards(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    order
}

fn check(p_values: &[f64], alpha: f64) -> Result<()> {
    check::open_unit("alpha", alpha)?;
    match p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(p) => Err(StatsError::OutOfRange {
            argument: "p_values",
            expected: "between 0 and 1",
            value: *p,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_benjamini_and_hochberg() {
        // Benjamini & Hochberg (1995), section 3.2: 15 p-values, of which their procedure rejects 4
        // at 0.05 and that of Bonferroni 3.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let rejected = |result: Result<AdjustedPValues>| {
            result.unwrap().reject.iter().filter(|reject| **reject).count()
        };
        assert_eq!(rejected(benjamini_hochberg(&p, 0.05)), 4);
        assert_eq!(rejected(bonferroni(&p, 0.05)), 3);
        assert_eq!(rejected(holm(&p, 0.05)), 3);
    }

    #[test]
    fn worked_by_hand() {
        let p = [0.5, 0.01, 0.25];
        assert_eq!(bonferroni(&p, 0.05).unwrap().p_adjusted, [1.0, 0.03, 0.75]);
        assert_eq!(holm(&p, 0.05).unwrap().p_adjusted, [0.5, 0.03, 0.5]);
        assert_eq!(benjamini_hochberg(&p, 0.05).unwrap().p_adjusted, [0.5, 0.03, 0.375]);
        assert_eq!(holm(&p, 0.05).unwrap().reject, [false, true, false]);
    }

    #[test]
    fn no_tests_need_no_correction() {
        assert!(holm(&[], 0.05).unwrap().p_adjusted.is_empty());
    }

    #[test]
    fn impossible_p_values_are_refused() {
        for p in [-0.1, 1.1, f64::NAN] {
            assert_eq!(holm(&[0.5, p], 0.05).unwrap_err().argument(), "p_values");
        }
        assert_eq!(holm(&[0.5], 1.5).unwrap_err().argument(), "alpha");
    }

    proptest! {
        #[test]
        fn the_stricter_correction_gives_the_larger_p(p in prop::collection::vec(0.0..=1.0f64, 0..20)) {
            let strict = bonferroni(&p, 0.05).unwrap().p_adjusted;
            let stepped = holm(&p, 0.05).unwrap().p_adjusted;
            let lenient = benjamini_hochberg(&p, 0.05).unwrap().p_adjusted;
            for i in 0..p.len() {
                prop_assert!(p[i] <= lenient[i] * (1.0 + 1e-15));
                prop_assert!(lenient[i] <= stepped[i] * (1.0 + 1e-15) && stepped[i] <= strict[i]);
            }
        }
    }
}
