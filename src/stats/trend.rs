//! Whether a figure rises or falls from run to run.

use super::check;
use super::error::{Result, StatsError};
use super::interval::Alternative;
use super::mean::{mean, pairwise_sum};
use super::paired::{TTest, TestedMean};

/// A straight line through points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearTrend {
    /// The slope, in units of y per unit of x (`delta`), with its standard error, its t test
    /// against 0 with n − 2 degrees of freedom, and its interval.
    pub slope: TTest,
    /// The height of the line at x = 0, in units of y.
    pub intercept: f64,
    /// The number of points.
    pub n: usize,
}

/// Returns the line of least squares through the points (x, y), with the t interval of its slope.
///
/// slope = Σ(x − x̄)(y − ȳ)/Σ(x − x̄)², its standard error √(Σ residuals²/(n − 2)/Σ(x − x̄)²)
/// (Draper & Smith 1998, Applied Regression Analysis, chapter 1). For x the number of the run will
/// do. Eight small drops in a row, none significant by itself, show here.
///
/// # Errors
/// If the lengths differ, there are fewer than 3 points, a number is not finite, all x are equal,
/// or `level` is not in (0, 1).
pub fn linear_trend(x: &[f64], y: &[f64], level: f64) -> Result<LinearTrend> {
    check::open_unit("level", level)?;
    check::sample("x", x, 3)?;
    check::same_length("y", y.len(), "x", x.len())?;
    check::finite("y", y)?;
    let (x_mean, y_mean) = (mean(x), mean(y));
    let products = |term: &dyn Fn(f64, f64) -> f64| {
        let terms: Vec<f64> = x.iter().zip(y).map(|(x, y)| term(x - x_mean, y - y_mean)).collect();
        pairwise_sum(&terms)
    };
    let spread = products(&|dx, _| dx * dx);
    if spread == 0.0 {
        return Err(StatsError::Unsuitable { argument: "x", reason: "must not be constant" });
    }
    let delta = products(&|dx, dy| dx * dy) / spread;
    let residual = products(&|dx, dy| (dy - delta * dx).powi(2));
    let df = x.len() as f64 - 2.0;
    let standard_error = (residual / df / spread).sqrt();
    let slope = TestedMean { delta, standard_error, df }.test(Alternative::TwoSided, level);
    Ok(LinearTrend { slope, intercept: y_mean - delta * x_mean, n: x.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anscombes_first_quartet() {
        // Anscombe (1973): y = 3.0001 + 0.5001 x; R: standard error 0.1179, t = 4.241, p = 0.00217.
        let x = [10., 8., 13., 9., 11., 14., 6., 4., 12., 7., 5.];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let trend = linear_trend(&x, &y, 0.95).unwrap();
        assert!((trend.slope.delta - 0.5001).abs() < 5e-5);
        assert!((trend.intercept - 3.0001).abs() < 5e-5);
        assert!((trend.slope.standard_error - 0.1179).abs() < 5e-5);
        assert!((trend.slope.t - 4.241).abs() < 5e-4);
        assert!((trend.slope.p_value - 0.00217).abs() < 5e-6);
        assert!((trend.slope.interval.low - 0.2334).abs() < 5e-4);
    }

    #[test]
    fn points_on_a_line_have_no_error() {
        let trend = linear_trend(&[1., 2., 3., 4.], &[1.0, 0.75, 0.5, 0.25], 0.95).unwrap();
        assert_eq!((trend.slope.delta, trend.intercept, trend.slope.p_value), (-0.25, 1.25, 0.0));
        let flat = linear_trend(&[1., 2., 3.], &[0.5, 0.5, 0.5], 0.95).unwrap();
        assert_eq!((flat.slope.delta, flat.slope.p_value), (0.0, 1.0));
    }

    #[test]
    fn refuses_points_without_a_slope() {
        let name = |x: &[f64], y: &[f64]| linear_trend(x, y, 0.95).unwrap_err().argument();
        assert_eq!(name(&[1., 1., 1.], &[1., 2., 3.]), "x");
        assert_eq!(name(&[1., 2.], &[1., 2.]), "x");
        assert_eq!(name(&[1., 2., 3.], &[1., 2.]), "y");
    }
}
