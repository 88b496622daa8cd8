//! One run: the mean of its scores, with an interval.

use super::check;
use super::error::Result;
use super::interval::{Alternative, Interval};
use super::mean::sample_sd;
use super::paired::one_sample_t_test;

/// The mean of a run's scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanInterval {
    /// The number of values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their sample standard deviation, with n − 1.
    pub sd: f64,
    /// sd/√n.
    pub standard_error: f64,
    /// The t interval of the mean.
    pub interval: Interval,
}

/// Returns mean, standard deviation and the interval mean ± t·sd/√n with n − 1 degrees of freedom
/// (Student 1908).
///
/// For independent values; for 0/1 scores [`wilson_interval`](super::wilson_interval) is better,
/// for clusters [`clustered_mean_interval`](super::clustered_mean_interval). All in units of the
/// values.
///
/// # Errors
/// If there are fewer than 2 values, one is not finite, or `level` is not in (0, 1).
pub fn mean_interval(values: &[f64], level: f64) -> Result<MeanInterval> {
    check::open_unit("level", level)?;
    check::sample("values", values, 2)?;
    let test = one_sample_t_test(values, Alternative::TwoSided, level);
    Ok(MeanInterval {
        n: values.len(),
        mean: test.delta,
        sd: sample_sd(values),
        standard_error: test.standard_error,
        interval: test.interval,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nist_example() {
        // NIST/SEMATECH e-Handbook 1.3.5.2, heat flow meter: 195 values, mean 9.261460, sd 0.022789,
        // interval 9.258242 to 9.264679. Here from values of the same moments: 97 pairs about the
        // mean, and the mean itself.
        let (mean, sd) = (9.261460, 0.022789);
        let pairs = (0..97).flat_map(|_| [mean - sd, mean + sd]);
        let values: Vec<f64> = pairs.chain([mean]).collect();
        let result = mean_interval(&values, 0.95).unwrap();
        assert!((result.mean - mean).abs() < 1e-12);
        assert!((result.sd - sd).abs() < 1e-9);
        assert!((result.interval.low - 9.258242).abs() < 1.5e-6);
        assert!((result.interval.high - 9.264679).abs() < 1.5e-6);
    }

    #[test]
    fn a_single_value_has_no_interval() {
        assert_eq!(mean_interval(&[1.0], 0.95).unwrap_err().argument(), "values");
    }
}
