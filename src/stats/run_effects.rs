//! The differences between whole runs, in addition to those of their cases.

use super::check;
use super::distribution::{f_sf, t_quantile};
use super::error::Result;
use super::interval::Interval;
use super::mean::mean;
use super::root::crossing;

/// How far the mean of each run of a side is from the mean of the side, over the cases that both sides have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunEffects {
    /// Of the runs of the baseline; their sum is 0.
    pub baseline: Vec<f64>,
    /// Of the runs of the candidate.
    pub candidate: Vec<f64>,
}

/// What differs from one run to the next of the same kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunComponent {
    /// The standard deviation of the means of runs of one side, in units of the scores.
    pub sd: f64,
    /// Its degrees of freedom: the runs less one, of each side.
    pub df: f64,
    /// What it adds to the variance of the difference of the sides.
    variance: f64,
}

impl RunEffects {
    /// Returns what runs add; `None` when neither side has two, which leaves it unknown.
    ///
    /// Runs of both sides are taken to differ alike; a side of one run counts with what the other shows.
    pub fn component(&self) -> Option<RunComponent> {
        let sides = [&self.baseline, &self.candidate];
        let df: usize = sides.iter().map(|runs| runs.len().saturating_sub(1)).sum();
        if df == 0 || sides.iter().any(|runs| runs.is_empty()) {
            return None;
        }
        let squares: f64 = sides.into_iter().flatten().map(|effect| effect * effect).sum();
        let square = squares / df as f64;
        let shares: f64 = sides.iter().map(|runs| 1.0 / runs.len() as f64).sum();
        Some(RunComponent { sd: square.sqrt(), df: df as f64, variance: square * shares })
    }
}

impl RunComponent {
    /// Returns the interval of a difference, given the one that takes the runs for the only ones there are.
    ///
    /// Each end is √(a² + b²) away, where a is how far it was, and b the reach of Student's t for the runs alone. Such an
    /// interval holds the truth at least as often as its level says, however few runs there are (Banerjee 1961,
    /// "On confidence interval for two-means problem based on separate estimates of variances"). What attempts at one case
    /// differ by is in both parts, so it is somewhat longer than it need be.
    pub fn widen(&self, interval: Interval, delta: f64) -> Interval {
        let reach = self.reach(interval.level);
        Interval {
            low: delta - reach.hypot(delta - interval.low),
            high: delta + reach.hypot(interval.high - delta),
            level: interval.level,
        }
    }

    fn reach(&self, level: f64) -> f64 {
        t_quantile((1.0 + level) / 2.0, self.df) * self.variance.sqrt()
    }

    /// Returns how large a difference has to be for runs alone to make it as rarely as these rates say, given how many
    /// standard errors that is.
    pub(crate) fn share_of(&self, standard_errors: f64) -> f64 {
        standard_errors * self.variance.sqrt()
    }
}

/// How much the means of equal runs differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunVariation {
    /// The standard deviation of the means of runs.
    pub sd: f64,
    /// What it would be if all values were independent, given their case.
    pub sd_of_values: f64,
    /// Degrees of freedom of `sd`: the runs less one.
    pub df: f64,
    /// The p-value of independent values against runs that differ as wholes.
    pub p_value: f64,
}

/// Returns how much the means of equal runs differ; `cases` holds the values of each case, run by run.
///
/// Two-way analysis of variance of cases and runs (Fisher 1925): F is the mean square of the runs over that of what is left.
///
/// # Errors
/// If there are fewer than two cases or runs, cases have different numbers of runs, or a value is not finite.
pub fn run_variation(cases: &[Vec<f64>]) -> Result<RunVariation> {
    let n = cases.len();
    let runs = cases.first().map_or(0, Vec::len);
    check::within("cases", n as f64, "at least 2", n >= 2)?;
    check::within("runs", runs as f64, "at least 2", runs >= 2)?;
    for case in cases {
        check::same_length("cases", case.len(), "runs", runs)?;
        check::finite("cases", case)?;
    }
    let of_runs: Vec<f64> = (0..runs)
        .map(|run| mean(&cases.iter().map(|case| case[run]).collect::<Vec<_>>()))
        .collect();
    let center = mean(&of_runs);
    let between: f64 = of_runs.iter().map(|run| (run - center).powi(2)).sum();
    let left: f64 = cases
        .iter()
        .map(|case| {
            let own = mean(case);
            let rest =
                case.iter().zip(&of_runs).map(|(value, run)| (value - own - run + center).powi(2));
            rest.sum::<f64>()
        })
        .sum();
    let df = runs as f64 - 1.0;
    let df_left = df * (n as f64 - 1.0);
    let (square, square_left) = (between / df, left / df_left / n as f64);
    Ok(RunVariation {
        sd: square.sqrt(),
        sd_of_values: square_left.sqrt(),
        df,
        p_value: p_of_ratio(square, square_left, df, df_left),
    })
}

fn p_of_ratio(square: f64, left: f64, df: f64, df_left: f64) -> f64 {
    match (square > 0.0, left > 0.0) {
        (false, _) => 1.0,
        (true, false) => 0.0,
        (true, true) => f_sf(square / left, df, df_left),
    }
}

impl RunVariation {
    /// Returns how far the means of two equal runs are apart on average: 2/√π standard deviations, if they are normal.
    pub fn expected_difference(&self) -> f64 {
        self.sd * std::f64::consts::FRAC_2_SQRT_PI
    }

    /// Returns how far two new runs are apart at most, in `level` of all pairs of equal ones: t·sd·√2.
    pub fn smallest_difference(&self, level: f64) -> f64 {
        t_quantile((1.0 + level) / 2.0, self.df) * self.sd * std::f64::consts::SQRT_2
    }
}

/// Returns the one-sided p-value of "the mean is at most `bound`": alpha/2 of the interval that begins there, so that they
/// never contradict each other.
///
/// `interval` gives the interval of a level, and `delta` lies in all of them.
pub fn p_above(bound: f64, delta: f64, interval: impl Fn(f64) -> Interval) -> f64 {
    /// Beyond these levels nothing is printed.
    const LEVELS: (f64, f64) = (1e-9, 1.0 - 1e-12);
    let is_above = delta >= bound;
    let past = |level: f64| {
        let Interval { low, high, .. } = interval(level);
        if is_above { bound - low } else { high - bound }
    };
    let level = crossing(LEVELS.0, LEVELS.1, past);
    if is_above { (1.0 - level) / 2.0 } else { (1.0 + level) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(baseline: &[f64], candidate: &[f64]) -> Option<RunComponent> {
        RunEffects { baseline: baseline.to_vec(), candidate: candidate.to_vec() }.component()
    }

    #[test]
    fn with_one_run_per_side_it_is_unknown() {
        assert_eq!(component(&[0.0], &[0.0]), None);
        assert_eq!(component(&[], &[]), None);
    }

    #[test]
    fn runs_of_both_sides_are_pooled() {
        // Squares 0.0002 and 0.0006 over 1 + 2 degrees of freedom; times 1/2 + 1/3.
        let found = component(&[-0.01, 0.01], &[-0.02, 0.01, 0.01]).unwrap();
        assert!((found.sd - (0.0008_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(found.df, 3.0);
        assert!((found.variance - 0.0008 / 3.0 * 5.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn runs_widen_an_interval_by_their_t() {
        let found = component(&[-0.01, 0.01], &[0.0]).unwrap();
        let alone = Interval { low: -0.02, high: 0.04, level: 0.95 };
        let wide = found.widen(alone, 0.01);
        // t(0.975, 1) = 12.7062, times √(0.0002·(1/2 + 1)).
        let reach = 12.706_204_736 * 0.0003_f64.sqrt();
        assert!((wide.low - (0.01 - reach.hypot(0.03))).abs() < 1e-9);
        assert!((wide.high - (0.01 + reach.hypot(0.03))).abs() < 1e-9);
    }

    #[test]
    fn the_p_value_is_where_the_interval_ends() {
        let found = component(&[-0.01, 0.0, 0.01], &[-0.02, 0.02]).unwrap();
        let interval = |level: f64| {
            let reach = super::super::distribution::normal_quantile((1.0 + level) / 2.0) * 0.01;
            found.widen(Interval { low: 0.05 - reach, high: 0.05 + reach, level }, 0.05)
        };
        let Interval { low, high, .. } = interval(0.9);
        assert!((p_above(low, 0.05, interval) - 0.05).abs() < 1e-8);
        assert!((p_above(high, 0.05, interval) - 0.95).abs() < 1e-8);
    }

    #[test]
    fn equal_runs_are_a_two_way_layout() {
        // statsmodels 0.15.0: anova_lm(ols("y ~ C(case) + C(run)")): F = 1.65671641791, p = 0.267377211823, mean square of the
        // runs 0.030833333333, of the rest 0.018611111111.
        let cases = [[0.1, 0.2, 0.4], [0.5, 0.4, 0.6], [0.9, 1.0, 0.8], [0.3, 0.6, 0.7]];
        let found = run_variation(&cases.map(|case| case.to_vec())).unwrap();
        assert!((found.p_value - 0.267_377_211_823).abs() < 1e-8, "{found:?}");
        assert!((found.sd - (0.030_833_333_333_f64 / 4.0).sqrt()).abs() < 1e-9);
        assert!((found.sd_of_values - (0.018_611_111_111_f64 / 4.0).sqrt()).abs() < 1e-9);
        // scipy 1.17.1: t.ppf(0.975, 2) = 4.3026527297.
        let reach = 4.302_652_729_7 * found.sd * 2f64.sqrt();
        assert!((found.smallest_difference(0.95) - reach).abs() < 1e-9);
    }

    #[test]
    fn runs_without_any_difference_do_not_drift() {
        let found = run_variation(&[vec![1.0, 1.0], vec![0.0, 0.0]]).unwrap();
        assert_eq!((found.sd, found.sd_of_values, found.p_value), (0.0, 0.0, 1.0));
        let name = |cases: &[Vec<f64>]| run_variation(cases).unwrap_err().argument();
        assert_eq!(name(&[vec![1.0, 1.0]]), "cases");
        assert_eq!(name(&[vec![1.0], vec![1.0]]), "runs");
        assert_eq!(name(&[vec![1.0, f64::NAN], vec![1.0, 0.0]]), "cases");
    }
}
