//! The checks of arguments that the statistics share.

use super::error::{Result, StatsError};

/// Maximum number of resamples: their means are kept, 8 bytes each.
pub const MAX_RESAMPLES: usize = 100_000_000;

/// The largest accepted number: sums of squares of sums stay finite, so no result becomes NaN.
const LARGEST: f64 = 1e140;

/// Refuses NaN, infinities, and numbers beyond 1e140.
pub(super) fn finite(argument: &'static str, values: &[f64]) -> Result<()> {
    let Some(index) = values.iter().position(|value| value.is_nan() || value.abs() > LARGEST)
    else {
        return Ok(());
    };
    let value = values[index];
    if value.is_finite() {
        within(argument, value, "at most 1e140 in size", false)
    } else {
        Err(StatsError::NotFinite { argument, index, value })
    }
}

/// Refuses fewer than `needed` values, NaN and infinities.
pub(super) fn sample(argument: &'static str, values: &[f64], needed: usize) -> Result<()> {
    if values.len() < needed {
        return Err(StatsError::TooFew { argument, needed, got: values.len() });
    }
    finite(argument, values)
}

/// Refuses slices of different lengths.
pub(super) fn same_length(
    argument: &'static str,
    got: usize,
    other: &'static str,
    expected: usize,
) -> Result<()> {
    if got == expected {
        return Ok(());
    }
    Err(StatsError::LengthMismatch { argument, other, expected, got })
}

/// Refuses pairs of different lengths, fewer than `needed`, or with numbers that are not finite.
pub(super) fn pairs(baseline: &[f64], candidate: &[f64], needed: usize) -> Result<()> {
    same_length("candidate", candidate.len(), "baseline", baseline.len())?;
    sample("baseline", baseline, needed)?;
    finite("candidate", candidate)
}

/// Refuses a number that is not strictly between 0 and 1.
pub(super) fn open_unit(argument: &'static str, value: f64) -> Result<()> {
    within(argument, value, "between 0 and 1, both excluded", value > 0.0 && value < 1.0)
}

/// Refuses a number that is not finite and at least 0.
pub(super) fn not_negative(argument: &'static str, value: f64) -> Result<()> {
    within(argument, value, "a finite number of at least 0", value.is_finite() && value >= 0.0)
}

/// Refuses a number that is not finite and above 0.
pub(super) fn positive(argument: &'static str, value: f64) -> Result<()> {
    within(argument, value, "a finite number above 0", value.is_finite() && value > 0.0)
}

/// Refuses a number that does not meet its condition; the error describes the range.
pub(super) fn within(
    argument: &'static str,
    value: f64,
    expected: &'static str,
    fulfilled: bool,
) -> Result<()> {
    if fulfilled { Ok(()) } else { Err(StatsError::OutOfRange { argument, expected, value }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_number_that_is_not_finite() {
        let error = sample("values", &[1.0, f64::NAN, f64::INFINITY], 2).unwrap_err();
        assert!(matches!(error, StatsError::NotFinite { argument: "values", index: 1, .. }));
    }

    #[test]
    fn refuses_numbers_whose_squares_would_overflow() {
        assert!(finite("values", &[1e140, -1e140]).is_ok());
        assert_eq!(finite("values", &[1.0, -1e141]).unwrap_err().argument(), "values");
    }

    #[test]
    fn refuses_probabilities_at_and_beyond_the_ends() {
        for value in [0.0, 1.0, -0.1, 1.5, f64::NAN] {
            assert_eq!(open_unit("alpha", value).unwrap_err().argument(), "alpha");
        }
        assert_eq!(open_unit("alpha", 0.05), Ok(()));
    }

    #[test]
    fn refuses_pairs_of_different_lengths_by_the_second_name() {
        let error = pairs(&[1.0, 2.0], &[1.0], 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            "candidate must hold 2 values, as many as baseline, but holds 1"
        );
    }
}
