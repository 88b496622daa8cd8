//! The standard normal distribution, and chi-squared with one degree of freedom.

use std::f64::consts::{PI, SQRT_2};

/// Returns P(Z > z). Relative precision holds in the far upper tail.
pub(in crate::stats) fn normal_sf(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// Returns P(Z ≤ z).
pub(in crate::stats) fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Returns P(X > x) of chi-squared with one degree of freedom, the square of a standard normal.
pub(in crate::stats) fn chi_squared_1_sf(x: f64) -> f64 {
    libm::erfc((x / 2.0).sqrt())
}

/// Returns the z with P(Z ≤ z) = p, for 0 < p < 1.
pub(in crate::stats) fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 { upper_quantile(1.0 - p) } else { -upper_quantile(p) }
}

/// Returns the z ≥ 0 with P(Z > z) = tail, for 0 < tail ≤ ½.
///
/// Abramowitz & Stegun (1964), 26.2.23, is off by at most 4.5e-4; each step of Halley's method
/// cubes the error.
fn upper_quantile(tail: f64) -> f64 {
    let t = (-2.0 * tail.ln()).sqrt();
    let start = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    (0..3).fold(start, |z, _| {
        let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
        let excess = (normal_sf(z) - tail) / density;
        z + excess / (1.0 - 0.5 * excess * z)
    })
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn tails_agree_with_scipy() {
        assert_close(normal_sf(1.96), 0.024997895148220435);
        assert_close(normal_sf(-3.0), 0.9986501019683699);
        assert_close(normal_sf(10.0), 7.61985302416047e-24);
        assert_close(normal_cdf(-1.0), 0.15865525393145707);
        assert_close(chi_squared_1_sf(3.84), 0.05004352124870519);
        assert_close(chi_squared_1_sf(400.0), 5.507248237212379e-89);
    }

    #[test]
    fn quantiles_agree_with_scipy() {
        assert_close(normal_quantile(0.975), 1.959963984540054);
        assert_close(normal_quantile(0.8), 0.8416212335729143);
        assert_close(normal_quantile(0.3), -0.5244005127080409);
        assert_close(normal_quantile(1e-12), -7.034483825301131);
        assert_close(normal_quantile(1e-300), -37.0470962993612);
        assert!(normal_quantile(0.5).abs() < 1e-15);
    }
}
