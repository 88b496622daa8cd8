//! The part of ln Γ that Stirling's formula leaves out, for differences of ln Γ without
//! cancellation.

use std::f64::consts::PI;

/// Returns ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π] for x > 0.
///
/// From 16 on the asymptotic series of Abramowitz & Stegun (1964), 6.1.41, exact to 1e-16.
pub(super) fn stirling_error(x: f64) -> f64 {
    if x < 16.0 {
        return libm::lgamma(x + 1.0) - (x + 0.5) * x.ln() + x - 0.5 * (2.0 * PI).ln();
    }
    let square = x * x;
    let series = 1.0 / 1188.0 / square;
    let series = (1.0 / 1680.0 - series) / square;
    let series = (1.0 / 1260.0 - series) / square;
    let series = (1.0 / 360.0 - series) / square;
    (1.0 / 12.0 - series) / x
}

/// Returns ln Γ(a + ½) − ln Γ(a) for a > 0.
pub(super) fn ln_gamma_half_step(a: f64) -> f64 {
    if a < 16.0 {
        return libm::lgamma(a + 0.5) - libm::lgamma(a);
    }
    a * (0.5 / a).ln_1p() + 0.5 * a.ln() - 0.5 + stirling_error(a + 0.5) - stirling_error(a)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn the_series_meets_the_direct_formula() {
        // mpmath, 30 digits: loggamma(x + 1) - ((x + 1/2) ln x - x + ln(2 pi)/2)
        assert_close(stirling_error(16.0), 0.005_207_655_919_609_64);
        assert_close(stirling_error(1000.0), 8.333_333_055_555_635e-5);
    }

    #[test]
    fn half_steps_of_ln_gamma() {
        // mpmath, 30 digits: loggamma(a + 1/2) - loggamma(a)
        assert_close(ln_gamma_half_step(0.5), -0.572_364_942_924_700_1);
        assert_close(ln_gamma_half_step(20.0), 1.491_616_787_331_304);
        assert_close(ln_gamma_half_step(5e5), 6.561_181_438_702_164);
    }
}
