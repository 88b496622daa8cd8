//! Finds the root of a function.

/// Returns where a rising function crosses 0, by false position (Dowell & Jarratt 1971, "Illinois"); an end, if it does
/// not cross between them.
pub(super) fn crossing(low: f64, high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    // At a limit the function is infinite, which has no slope: large enough is as good.
    let bounded = |at: f64| rising(at).clamp(-40.0, 40.0);
    let (mut below, mut above) = (bounded(low), bounded(high));
    if below >= 0.0 {
        return low;
    }
    if above <= 0.0 {
        return high;
    }
    let precision = 1e-11 * (high - low);
    for _ in 0..200 {
        let next = (low * above - high * below) / (above - below);
        let value = bounded(next);
        if value == 0.0 || high - low <= precision {
            return next;
        }
        if value < 0.0 {
            if next - low <= precision {
                return next;
            }
            (low, below, above) = (next, value, 0.5 * above);
        } else {
            if high - next <= precision {
                return next;
            }
            (high, above, below) = (next, value, 0.5 * below);
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_found_between_the_ends_or_is_one_of_them() {
        assert!((crossing(0.0, 2.0, |at| at * at * at - 2.0) - 2f64.cbrt()).abs() < 1e-10);
        assert_eq!(crossing(2.0, 3.0, |at| at), 2.0);
        assert_eq!(crossing(-3.0, -2.0, |at| at), -2.0);
        // Infinite at an end.
        assert!((crossing(0.0, 1.0, |at: f64| (at / 0.25).ln()) - 0.25).abs() < 1e-10);
    }
}
