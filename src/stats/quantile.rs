//! Quantiles of resampled means.

/// Returns the quantile at probability `p` of values sorted upwards, by linear interpolation at h =
/// (n − 1)p.
///
/// Type 7 of Hyndman & Fan (1996), with the roundings of NumPy's `quantile`. NaN if there are no
/// values.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let h = last as f64 * p;
    let below = (h.floor() as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    interpolate(low, high, h - below as f64)
}

/// Returns low + (high − low)·share, reckoned from the nearer end.
fn interpolate(low: f64, high: f64, share: f64) -> f64 {
    let gap = high - low;
    if share >= 0.5 { high - gap * (1.0 - share) } else { low + gap * share }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_neighbours() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 1.0), 8.0);
        assert_eq!(quantile(&sorted, 0.5), 3.0);
        assert_eq!(quantile(&sorted, 0.25), 1.75);
        assert_eq!(quantile(&[5.0], 0.3), 5.0);
    }
}
