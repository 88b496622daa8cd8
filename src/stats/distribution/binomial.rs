//! The binomial distribution with success probability ½.

use std::f64::consts::PI;

use super::stirling::stirling_error;

/// Up to here 2^-n is a normal number, and the probabilities follow from it exactly or nearly so.
const DIRECT: u64 = 1000;

/// Returns P(X = k) of n tosses of a fair coin; k ≤ n.
///
/// Beyond 1000 tosses by the saddle-point expansion of Loader (2000), "Fast and accurate
/// computation of binomial probabilities".
pub(in crate::stats) fn half_binomial_pmf(k: u64, n: u64) -> f64 {
    let k = k.min(n - k);
    if n <= DIRECT {
        return (0..k).fold(two_to_minus(n), |term, j| next_term(term, j, n));
    }
    if k == 0 {
        return two_to_minus(n);
    }
    let (x, rest, all) = (k as f64, (n - k) as f64, n as f64);
    let errors = stirling_error(all) - stirling_error(x) - stirling_error(rest);
    let deviance = deviance(x, all / 2.0) + deviance(rest, all / 2.0);
    (errors - deviance).exp() * (all / (2.0 * PI * x * rest)).sqrt()
}

/// Returns P(X ≤ k) of n tosses of a fair coin; k ≤ n.
pub(in crate::stats) fn half_binomial_cdf(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    // 2(k + 1) > n: the complement is the smaller tail, by symmetry P(X ≤ n − k − 1).
    if k + 1 > n - k - 1 {
        return 1.0 - lower_tail(n - k - 1, n);
    }
    lower_tail(k, n)
}

/// Returns P(X ≤ k) for k < n/2, added up from the smallest term where that is exact, else from the
/// largest down.
fn lower_tail(k: u64, n: u64) -> f64 {
    if n <= DIRECT {
        let first = two_to_minus(n);
        let (_, sum) = (0..k).fold((first, first), |(term, sum), j| {
            let term = next_term(term, j, n);
            (term, sum + term)
        });
        return sum;
    }
    let mut term = half_binomial_pmf(k, n);
    let mut sum = term;
    for j in (1..=k).rev() {
        term *= j as f64 / (n - j + 1) as f64;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

/// Returns P(X = j + 1) from P(X = j).
fn next_term(term: f64, j: u64, n: u64) -> f64 {
    term * (n - j) as f64 / (j + 1) as f64
}

/// Returns 2^-n.
fn two_to_minus(n: u64) -> f64 {
    (-(n as f64)).exp2()
}

/// Returns x ln(x/mean) + mean − x without cancellation near x = mean, by Loader's series.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let v = (x - mean) / (x + mean);
    let mut sum = (x - mean) * v;
    let mut power = 2.0 * x * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn small_numbers_are_exact() {
        assert_eq!(half_binomial_cdf(1, 6), 7.0 / 64.0);
        assert_eq!(half_binomial_cdf(4, 6), 57.0 / 64.0);
        assert_eq!(half_binomial_cdf(3, 6), 42.0 / 64.0);
        assert_eq!(half_binomial_cdf(6, 6), 1.0);
        assert_eq!(half_binomial_pmf(2, 5), 10.0 / 32.0);
        assert_eq!(half_binomial_cdf(0, 0), 1.0);
    }

    #[test]
    fn large_numbers_agree_with_exact_sums() {
        // Python integers: sum(math.comb(n, j) for j in range(k + 1)) / 2**n, in mpmath.
        assert_close(half_binomial_cdf(470, 1000), 0.03101159754918159);
        assert_close(half_binomial_cdf(480, 1001), 0.10305365541647661);
        assert_close(half_binomial_cdf(2400, 5000), 0.002441824868758759);
        assert_close(half_binomial_cdf(2500, 5000), 0.50564161374774);
        assert_close(half_binomial_cdf(2600, 5000), 0.9977647795188217);
        assert_close(half_binomial_cdf(2000, 5000), 6.501155002601886e-46);
        assert_close(half_binomial_pmf(2450, 5000), 0.004151420922596667);
    }
}
