//! Fisher's F distribution, of a ratio of two variances.

/// Returns P(F > ratio) with these degrees of freedom: the incomplete beta function I_x(below/2, above/2) at
/// x = below/(below + above·ratio). Right to nine digits.
pub(in crate::stats) fn f_sf(ratio: f64, above: f64, below: f64) -> f64 {
    if ratio <= 0.0 {
        return 1.0;
    }
    let (a, b) = (0.5 * below, 0.5 * above);
    let x = below / (below + above * ratio);
    // The fraction converges quickly on one side of the mean, and the other side is what is left.
    if x < (a + 1.0) / (a + b + 2.0) {
        incomplete_beta(a, b, x)
    } else {
        1.0 - incomplete_beta(b, a, 1.0 - x)
    }
}

fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    let ln_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta).exp() / a;
    front * fraction(a, b, x)
}

/// Returns the continued fraction of Abramowitz & Stegun 26.5.8, by the modified method of Lentz.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_0 =
        |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away_from_0(1.0 - (a + b) * x / (a + 1.0)));
    let mut product = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = product;
        for numerator in [even, odd] {
            d = 1.0 / away_from_0(1.0 + numerator * d);
            c = away_from_0(1.0 + numerator / c);
            product *= c * d;
        }
        if (product / before - 1.0).abs() <= 2.0 * f64::EPSILON {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        // scipy 1.17.1: f.sf(ratio, above, below).
        for (ratio, above, below, expected) in [
            (2.5, 3.0, 7.0, 0.14350945627893932),
            (1.3, 9.0, 891.0, 0.23259426032552474),
            (40.0, 2.0, 18.0, 2.3791283092767783e-07),
            (0.2, 1.0, 5.0, 0.6734284355375537),
        ] {
            let got = f_sf(ratio, above, below);
            assert!((got / expected - 1.0).abs() < 1e-9, "{got} instead of {expected}");
        }
        assert_eq!(f_sf(0.0, 2.0, 3.0), 1.0);
    }
}
