//! The hypergeometric distribution: marked items in a sample without replacement.

/// Returns the logarithm of the probability that at least `seen` of `drawn` items are marked, when `marked` of all are.
///
/// `seen` is a possible number, at or above the most probable one. The relative error of the probability is below 1e-10, because
/// the logarithms of large factorials cancel.
pub(crate) fn ln_hypergeometric_sf(seen: usize, drawn: usize, marked: usize, all: usize) -> f64 {
    let [seen, drawn, marked, all] = [seen, drawn, marked, all].map(|number| number as f64);
    let ln_first =
        ln_choose(marked, seen) + ln_choose(all - marked, drawn - seen) - ln_choose(all, drawn);
    let (mut k, mut term, mut sum) = (seen, 1.0, 1.0);
    while k < drawn.min(marked) && term > f64::EPSILON * sum {
        term *= (marked - k) * (drawn - k) / ((k + 1.0) * (all - marked - drawn + k + 1.0));
        sum += term;
        k += 1.0;
    }
    ln_first + sum.ln()
}

fn ln_choose(of: f64, choose: f64) -> f64 {
    libm::lgamma(of + 1.0) - libm::lgamma(choose + 1.0) - libm::lgamma(of - choose + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_sum_of_exact_fractions() {
        // Sums of C(marked, k)·C(all − marked, drawn − k)/C(all, drawn) in whole numbers, by Python.
        for (seen, drawn, marked, all, expected) in [
            (2, 10, 5, 1000, 0.000_886_533_533_203_775_7),
            (3, 10, 20, 100, 0.318_779_936_182_311_15),
            (5, 5, 5, 10, 0.003_968_253_968_253_968),
            (100, 104, 100, 1000, 7.201_392_535_908_024e-134),
        ] {
            let got = ln_hypergeometric_sf(seen, drawn, marked, all).exp();
            assert!((got / expected - 1.0).abs() < 1e-10, "{got} and {expected}");
        }
    }
}
