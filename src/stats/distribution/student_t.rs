//! Student's t distribution, with any positive number of degrees of freedom.

use std::f64::consts::PI;

use super::normal::normal_quantile;
use super::stirling::ln_gamma_half_step;

/// Returns P(T > t) with `df` degrees of freedom. Relative precision holds in the far upper tail.
pub(in crate::stats) fn t_sf(t: f64, df: f64) -> f64 {
    if t < 0.0 { 1.0 - upper_tail(-t, df) } else { upper_tail(t, df) }
}

/// Returns P(T ≤ t) with `df` degrees of freedom.
pub(in crate::stats) fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// Returns the t with P(T ≤ t) = p, for 0 < p < 1.
pub(in crate::stats) fn t_quantile(p: f64, df: f64) -> f64 {
    if p == 0.5 {
        0.0
    } else if p > 0.5 {
        upper_quantile(1.0 - p, df)
    } else {
        -upper_quantile(p, df)
    }
}

/// Returns P(T > t) for t ≥ 0: half the incomplete beta function I_x(df/2, ½) at x = df/(df + t²).
///
/// Near the middle it is reckoned as ½ less the area between 0 and t, in the tail directly.
fn upper_tail(t: f64, df: f64) -> f64 {
    let a = 0.5 * df;
    let ratio = t * t / df;
    let (x, y) = (1.0 / (1.0 + ratio), ratio / (1.0 + ratio));
    if y == 0.0 || x == 0.0 {
        return 0.5 * x;
    }
    let front = (ln_gamma_half_step(a) - 0.5 * PI.ln() - a * ratio.ln_1p() + 0.5 * y.ln()).exp();
    if x < (a + 1.0) / (a + 2.5) {
        0.5 * front / tail_fraction(a, x, y)
    } else {
        0.5 - front * middle_series(a, y)
    }
}

/// Returns Σ (a + ½)_n / (3/2)_n · y^n, the series of I_y(½, a) (Abramowitz & Stegun 26.5.4). All
/// terms are positive.
fn middle_series(a: f64, y: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    let mut n = 0.0;
    while term > sum * 1e-17 {
        term *= (a + 0.5 + n) / (1.5 + n) * y;
        sum += term;
        n += 1.0;
    }
    sum
}

/// Returns the denominator of I_x(a, ½), a continued fraction, where y = 1 − x.
///
/// The form of Didonato & Morris (1992), ACM TOMS 708, which takes y as it is and so does not
/// cancel for large a; evaluated by the modified method of Lentz.
fn tail_fraction(a: f64, x: f64, y: f64) -> f64 {
    let b = 0.5;
    let tail = |m: f64| (a + m) * (a * y - b * x + 1.0 + m * (2.0 - x)) / (a + 2.0 * m + 1.0);
    let denominator = |m: f64| m + m * (b - m) * x / (a + 2.0 * m - 1.0) + tail(m);
    let mut fraction = tail(0.0);
    let (mut c, mut d) = (fraction, 0.0);
    for step in 1..10_000 {
        let m = f64::from(step);
        let root = x / (a + 2.0 * m - 1.0);
        let numerator = (a + m - 1.0) * (a + b + m - 1.0) * m * (b - m) * root * root;
        d = 1.0 / (denominator(m) + numerator * d);
        c = denominator(m) + numerator / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// Returns the t > 0 with P(T > t) = tail, for 0 < tail < ½.
///
/// Newton's method on the logarithm of the tail, which is nearly straight, inside a bracket. The
/// start is the first term of the expansion of Fisher & Cornish (1960).
fn upper_quantile(tail: f64, df: f64) -> f64 {
    let z = -normal_quantile(tail);
    let mut t = z + z * (z * z + 1.0) / (4.0 * df);
    let (mut low, mut high) = (0.0, f64::INFINITY);
    for _ in 0..200 {
        let probability = upper_tail(t, df);
        if probability > tail {
            low = t;
        } else {
            high = t;
        }
        let newton = t + (probability / tail).ln() * probability / density(t, df);
        let next = if newton > low && newton < high { newton } else { middle(low, high) };
        if (next - t).abs() <= 2.0 * f64::EPSILON * t {
            return next;
        }
        t = next;
    }
    t
}

/// Returns a point between the ends of a bracket; beyond the lower one while there is no upper one.
fn middle(low: f64, high: f64) -> f64 {
    if high.is_finite() { 0.5 * (low + high) } else { 2.0 * low.max(1.0) }
}

/// Returns the density at t.
fn density(t: f64, df: f64) -> f64 {
    let a = 0.5 * df;
    (ln_gamma_half_step(a) - 0.5 * (PI * df).ln() - (a + 0.5) * (t * t / df).ln_1p()).exp()
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn tails_agree_with_mpmath() {
        // mpmath, 40 digits: betainc(df/2, 1/2, 0, df/(df + t²), regularized=True)/2
        assert_close(t_sf(1e-08, 9999.0), 0.49999999601067696);
        assert_close(t_sf(0.5, 4.7), 0.3197973090059995);
        assert_close(t_sf(1.9, 29.3), 0.03365745622827336);
        assert_close(t_sf(3.0, 11.0), 0.006039919735960683);
        assert_close(t_sf(40.0, 3.0), 1.7190340394579263e-05);
        assert_close(t_sf(8.0, 9999.0), 6.910676719143822e-16);
        assert_close(t_sf(2.0, 1000000.0), 0.022750266925659603);
    }

    #[test]
    fn quantiles_agree_with_mpmath() {
        // mpmath, 40 digits, the root of the same.
        assert_close(t_quantile(0.975, 1.0), 12.706204736174705);
        assert_close(t_quantile(0.975, 19.0), 2.0930240544083096);
        assert_close(t_quantile(0.95, 29.3), 1.698553381128029);
        assert_close(t_quantile(0.995, 1000000.0), 2.5758342201053344);
        assert_close(t_quantile(1e-12, 3.0), -10331.108244292485);
        assert_close(t_quantile(0.3, 2.0), -0.6172133998483676);
    }

    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for t in [1e-8, 0.3, 1.0, 40.0, 1e6] {
            assert_close(t_sf(t, 1.0), (1.0 / t).atan() / PI);
            let root = (2.0 + t * t).sqrt();
            assert_close(t_sf(t, 2.0), 1.0 / (root * (root + t)));
        }
    }

    #[test]
    fn quantiles_invert_tails() {
        for df in [1.0, 2.5, 30.0, 1e4, 1e7] {
            for p in [1e-100, 1e-9, 0.01, 0.2, 0.4999] {
                assert_close(t_cdf(t_quantile(p, df), df), p);
            }
        }
    }
}
