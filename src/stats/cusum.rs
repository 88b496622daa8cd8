//! Whether a figure that should be constant has changed, and since when.

use super::check;
use super::error::Result;

/// How far a value has to be off, in standard deviations, to add to a sum: half of a shift of one.
const SLACK: f64 = 0.5;

/// The cumulative sums of a series, one for each direction.
#[derive(Clone, Debug, PartialEq)]
pub struct CusumChart {
    /// The cumulative evidence of a rise after each value, in standard deviations.
    pub rising: Vec<f64>,
    /// The same for a fall.
    pub falling: Vec<f64>,
}

/// What a sum passes by chance in 3 to 5 of 100 series of 20 values that stay where they are, in either direction.
pub const CUSUM_LIMIT: f64 = 4.0;

/// Returns the cumulative sums of values with this standard deviation, oldest first.
///
/// Page (1954), "Continuous inspection schemes": each value adds how far it is off, less a slack of half a standard
/// deviation, and no sum falls below 0. What a value is off from is the mean of those before it, whose own error counts
/// (the recursive residuals of Brown, Durbin & Evans 1975), so that no true value has to be known. Small drops that follow each
/// other add up.
///
/// # Errors
/// If there are fewer than 2 values, one is not finite, or `sd` is not above 0 and finite.
pub fn cusum(values: &[f64], sd: f64) -> Result<CusumChart> {
    check::sample("values", values, 2)?;
    check::positive("sd", sd)?;
    let mut chart = CusumChart { rising: vec![0.0], falling: vec![0.0] };
    let (mut mean, mut rising, mut falling) = (values[0], 0.0_f64, 0.0_f64);
    for (before, value) in values.iter().enumerate().skip(1) {
        let before = before as f64;
        let off = (value - mean) * (before / (before + 1.0)).sqrt() / sd;
        rising = (rising + off - SLACK).max(0.0);
        falling = (falling - off - SLACK).max(0.0);
        chart.rising.push(rising);
        chart.falling.push(falling);
        mean += (value - mean) / (before + 1.0);
    }
    Ok(chart)
}

/// Returns the standard deviation of values that may drift: of successive differences, over √2 (von Neumann et al. 1941).
///
/// # Errors
/// If there are fewer than 2 values, or one is not finite.
pub fn successive_sd(values: &[f64]) -> Result<f64> {
    check::sample("values", values, 2)?;
    let squares: f64 = values.windows(2).map(|two| (two[1] - two[0]).powi(2)).sum();
    Ok((squares / 2.0 / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_add_up_by_hand() {
        let chart = cusum(&[1.0, 0.9, 0.8], 0.05).unwrap();
        // −0.1·√(1/2)/0.05 = −1.41421; −0.15·√(2/3)/0.05 = −2.44949.
        let expected =
            [0.0, 0.5_f64.sqrt() * 2.0 - 0.5, 0.5_f64.sqrt() * 2.0 + 2.449_489_743 - 1.0];
        for (got, expected) in chart.falling.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-8, "{got} instead of {expected}");
        }
        assert_eq!(chart.rising, [0.0; 3]);
    }

    #[test]
    fn a_steady_drift_adds_little_to_the_spread() {
        // Steps of 0.1 and 0.3: √((0.01 + 0.09)/2/2).
        assert!((successive_sd(&[0.0, 0.1, 0.4]).unwrap() - 0.025f64.sqrt()).abs() < 1e-12);
        assert_eq!(successive_sd(&[0.5, 0.5]), Ok(0.0));
    }

    #[test]
    fn refuses_values_without_spread() {
        assert_eq!(cusum(&[1.0, 2.0], 0.0).unwrap_err().argument(), "sd");
        assert_eq!(cusum(&[1.0], 0.1).unwrap_err().argument(), "values");
        assert_eq!(successive_sd(&[1.0]).unwrap_err().argument(), "values");
    }
}
