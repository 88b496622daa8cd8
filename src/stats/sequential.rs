//! Intervals that stay valid when they are checked after every case.

use super::check;
use super::error::Result;
use super::interval::{Alternative, Interval};
use super::mean::{mean, sample_sd};
use crate::model::ALPHA;

/// The tuning of a confidence sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequenceOptions {
    /// The probability that the sequence ever misses the true mean, between 0 and 1.
    pub alpha: f64,
    /// The interval is tightest after about rho²·(a few) cases, and wider before and after; above
    /// 0.
    pub rho: f64,
    /// A lower limit of the standard deviation to reckon with, in units of the values.
    pub sigma_bound: Option<f64>,
}

impl Default for SequenceOptions {
    fn default() -> Self {
        SequenceOptions { alpha: ALPHA, rho: 1.0, sigma_bound: None }
    }
}

impl SequenceOptions {
    pub(super) fn check(&self) -> Result<()> {
        check::open_unit("alpha", self.alpha)?;
        check::positive("rho", self.rho)?;
        self.sigma_bound.map_or(Ok(()), |bound| check::not_negative("sigma_bound", bound))
    }

    /// Returns the state of the sequence after `n` values of this mean and standard deviation.
    pub(super) fn after(&self, n: usize, mean: f64, sd: f64) -> ConfidenceSequence {
        let sigma = sd.max(self.sigma_bound.unwrap_or(0.0));
        let half_width = self.half_width(n, sigma);
        let interval = Interval::around(Alternative::TwoSided, 1.0 - self.alpha, mean, half_width);
        ConfidenceSequence { n, delta: mean, half_width, interval, stopped: false }
    }

    /// Returns sigma·√(2(t + rho²)·ln(√(t + rho²)/(alpha·rho)))/t; +∞ without values or spread.
    fn half_width(&self, t: usize, sigma: f64) -> f64 {
        if t == 0 || sigma <= 0.0 {
            return f64::INFINITY;
        }
        let total = t as f64 + self.rho * self.rho;
        let odds = (total.sqrt() / (self.alpha * self.rho)).max(1.0 + 1e-12);
        sigma * (2.0 * total * odds.ln()).sqrt() / t as f64
    }
}

/// The state of a confidence sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfidenceSequence {
    /// How many values were used.
    pub n: usize,
    /// Their mean, in units of the values; 0 without values.
    pub delta: f64,
    /// Half the width of the interval; +∞ if nothing can be said yet.
    pub half_width: f64,
    /// The interval of the mean, valid at every n at once.
    pub interval: Interval,
    /// Whether the interval excludes 0, for a gate: in the direction asked for.
    pub stopped: bool,
}

/// Returns the confidence sequence of the mean after all `differences`.
///
/// The normal-mixture boundary of Robbins (1970) in the form of Howard et al. (2021),
/// "Time-uniform, nonparametric, nonasymptotic confidence sequences", with the sample standard
/// deviation for sigma (asymptotically valid: Waudby-Smith et al. 2024). Unlike a t interval it may
/// be looked at after every value, and acted on, without raising the error rate. Fewer than two
/// values have no standard deviation: the interval is everything, unless `sigma_bound` is given.
///
/// # Errors
/// If a difference is not finite, or an option is out of range.
pub fn confidence_sequence(
    differences: &[f64],
    options: &SequenceOptions,
) -> Result<ConfidenceSequence> {
    options.check()?;
    check::finite("differences", differences)?;
    let center = if differences.is_empty() { 0.0 } else { mean(differences) };
    let state = options.after(differences.len(), center, sample_sd(differences));
    Ok(ConfidenceSequence { stopped: state.half_width < center.abs(), ..state })
}

/// Returns whether the interval lies on the side of 0 that `alternative` claims.
pub(super) fn excludes_0(interval: Interval, alternative: Alternative) -> bool {
    match alternative {
        Alternative::Greater => interval.low > 0.0,
        Alternative::Less => interval.high < 0.0,
        Alternative::TwoSided => interval.low > 0.0 || interval.high < 0.0,
    }
}

/// Mean and standard deviation, value by value (Welford 1962).
#[derive(Default)]
pub(super) struct Running {
    n: usize,
    mean: f64,
    squares: f64,
}

impl Running {
    /// Returns the number of values so far, their mean and their standard deviation, after each
    /// value.
    pub(super) fn over(values: &[f64]) -> impl Iterator<Item = (usize, f64, f64)> + '_ {
        values.iter().scan(Running::default(), |running, value| {
            running.add(*value);
            Some((running.n, running.mean, running.sd()))
        })
    }

    fn add(&mut self, value: f64) {
        self.n += 1;
        let before = value - self.mean;
        self.mean += before / self.n as f64;
        self.squares += before * (value - self.mean);
    }

    fn sd(&self) -> f64 {
        if self.n < 2 { 0.0 } else { (self.squares / (self.n - 1) as f64).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_by_hand() {
        // 1 and 3: mean 2, sd √2. √2·√(2·3·ln(√3/0.05))/2.
        let state = confidence_sequence(&[1.0, 3.0], &SequenceOptions::default()).unwrap();
        let expected = 2f64.sqrt() * (6.0 * (3f64.sqrt() / 0.05).ln()).sqrt() / 2.0;
        assert!((state.half_width - expected).abs() < 1e-14);
        assert!((state.interval.low - (2.0 - expected)).abs() < 1e-14);
        assert!(!state.stopped);
    }

    #[test]
    fn one_value_gives_no_interval_without_a_bound() {
        let state = confidence_sequence(&[5.0], &SequenceOptions::default()).unwrap();
        assert_eq!(state.half_width, f64::INFINITY);
        let bound = SequenceOptions { sigma_bound: Some(1.0), ..SequenceOptions::default() };
        assert!(confidence_sequence(&[5.0], &bound).unwrap().half_width < 5.0);
    }

    #[test]
    fn options_out_of_range_are_refused() {
        let name = |options: SequenceOptions| {
            confidence_sequence(&[1.0], &options).unwrap_err().argument()
        };
        let fine = SequenceOptions::default();
        assert_eq!(name(SequenceOptions { alpha: 0.0, ..fine }), "alpha");
        assert_eq!(name(SequenceOptions { rho: 0.0, ..fine }), "rho");
        assert_eq!(name(SequenceOptions { sigma_bound: Some(-1.0), ..fine }), "sigma_bound");
    }
}
