//! evalsig's resampling tests of unpaired runs. Its t test is
//! [`unpaired_t_test`](crate::stats::unpaired_t_test).

use super::read_bootstrap;
use crate::stats::check;
use crate::stats::error::Result;
use crate::stats::interval::{Alternative, Interval};
use crate::stats::mean::mean;
use crate::stats::resample::{Resampling, Tail, percentile_interval};
use crate::stats::rng::Generator;
use crate::stats::unpaired::drawn_differences;

/// The outcome of an unpaired test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unpaired {
    /// mean(candidate) − mean(baseline), in units of the scores.
    pub delta: f64,
    /// Its interval.
    pub interval: Interval,
    /// The p-value.
    pub p_value: f64,
    /// The number of values of the baseline.
    pub n_baseline: usize,
    /// The number of values of the candidate.
    pub n_candidate: usize,
    /// evalsig's name of the method.
    pub method: &'static str,
}

/// Returns evalsig's bootstrap of the difference of means.
///
/// [`unpaired_bootstrap`](crate::stats::unpaired_bootstrap) draws the same, but counts ties as ties
/// and the observed difference as one of them.
///
/// # Errors
/// If a run is empty, a value is not finite, `level` is not in (0, 1), or the resampling is out of
/// range.
pub fn unpaired_bootstrap(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Unpaired> {
    check_arguments(baseline, candidate, level, resampling)?;
    let delta = mean(candidate) - mean(baseline);
    let mut generator = Generator::from_seed(resampling.seed);
    let drawn = drawn_differences(baseline, candidate, &mut generator, resampling);
    let (interval, p_value) = read_bootstrap(drawn, delta, alternative, level);
    let (n_baseline, n_candidate) = (baseline.len(), candidate.len());
    Ok(Unpaired { delta, interval, p_value, n_baseline, n_candidate, method: "unpaired_bootstrap" })
}

/// Returns evalsig's permutation test, with the interval of a bootstrap drawn afterwards from the
/// same generator.
///
/// One list of places is shuffled on and on with NumPy's `shuffle`, so the draws cannot be spread
/// over threads. Ties are decided by rounding;
/// [`unpaired_permutation_test`](crate::stats::unpaired_permutation_test) counts them as ties.
///
/// # Errors
/// As [`unpaired_bootstrap`].
pub fn unpaired_permutation(
    baseline: &[f64],
    candidate: &[f64],
    alternative: Alternative,
    level: f64,
    resampling: &Resampling,
) -> Result<Unpaired> {
    check_arguments(baseline, candidate, level, resampling)?;
    let delta = mean(candidate) - mean(baseline);
    let mut generator = Generator::from_seed(resampling.seed);
    let mut values: Vec<f64> = baseline.iter().chain(candidate).copied().collect();
    let shuffled = (0..resampling.resamples).map(|_| {
        generator.shuffle(&mut values);
        let (before, after) = values.split_at(baseline.len());
        mean(after) - mean(before)
    });
    let p_value = Tail::exact(alternative, delta).p_value(shuffled);
    let drawn = drawn_differences(baseline, candidate, &mut generator, resampling);
    let interval = percentile_interval(alternative, level, drawn);
    let (n_baseline, n_candidate) = (baseline.len(), candidate.len());
    Ok(Unpaired {
        delta,
        interval,
        p_value,
        n_baseline,
        n_candidate,
        method: "unpaired_permutation",
    })
}

fn check_arguments(
    baseline: &[f64],
    candidate: &[f64],
    level: f64,
    resampling: &Resampling,
) -> Result<()> {
    check::open_unit("level", level)?;
    resampling.check()?;
    check::sample("baseline", baseline, 1)?;
    check::sample("candidate", candidate, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Test = fn(&[f64], &[f64], Alternative, f64, &Resampling) -> Result<Unpaired>;

    #[test]
    fn equals_evalsig_to_the_last_bit() {
        let a: Vec<f64> = (0..37u32).map(|i| f64::from(i * 7919 % 10) / 10.0).collect();
        let b: Vec<f64> = (0..52u32).map(|i| f64::from((i * 104_729 + 3) % 11) / 10.0).collect();
        let resampling = Resampling { resamples: 3000, seed: 12, threads: 2 };
        let test = |f: Test, alternative| {
            let outcome = f(&a, &b, alternative, 0.95, &resampling).unwrap();
            (outcome.p_value, outcome.interval.low, outcome.interval.high)
        };
        // evalsig 0.1.2 with numpy 2.4.6 on the same numbers.
        assert_eq!(
            test(unpaired_permutation, Alternative::TwoSided),
            (0.7824058647117628, -0.11086278586278597, 0.14844464656964665)
        );
        assert_eq!(
            test(unpaired_permutation, Alternative::Greater),
            (0.372542485838054, -0.08960498960498953, f64::INFINITY)
        );
        assert_eq!(
            test(unpaired_bootstrap, Alternative::TwoSided),
            (0.791, -0.1057198544698545, 0.1463123700623701)
        );
        assert_eq!(
            test(unpaired_bootstrap, Alternative::Greater),
            (0.404, -0.08623180873180873, f64::INFINITY)
        );
    }
}
