//! evalsig's confidence sequence and gate.

use crate::stats::check;
use crate::stats::error::Result;
use crate::stats::interval::Alternative;
use crate::stats::sequential::{self, ConfidenceSequence, Running, SequenceOptions, excludes_0};

/// Returns evalsig's confidence sequence, which takes 1 for the standard deviation of a single
/// value.
///
/// Not sound in that; [`confidence_sequence`](crate::stats::confidence_sequence) says nothing yet.
///
/// # Errors
/// As that.
pub fn confidence_sequence(
    differences: &[f64],
    options: &SequenceOptions,
) -> Result<ConfidenceSequence> {
    let state = sequential::confidence_sequence(differences, options)?;
    let [only] = differences else { return Ok(state) };
    let state = options.after(1, *only, 1.0);
    Ok(ConfidenceSequence { stopped: state.half_width < only.abs(), ..state })
}

/// Default of the first look of evalsig's sequential gate.
pub const MIN_N: usize = 30;

/// Returns evalsig's sequential gate.
///
/// Not sound after the last value: `stopped` is then true if the interval excludes 0 at all, even
/// on the other side, and even below `min_n`. [`sequential_gate`](crate::stats::sequential_gate)
/// says whether the gate fired.
///
/// # Errors
/// As that.
pub fn sequential_gate(
    differences: &[f64],
    alternative: Alternative,
    min_n: usize,
    options: &SequenceOptions,
) -> Result<ConfidenceSequence> {
    options.check()?;
    check::finite("differences", differences)?;
    let fired = Running::over(differences)
        .map(|(n, mean, sd)| options.after(n, mean, if n == 1 { 1.0 } else { sd }))
        .find(|state| state.n >= min_n && excludes_0(state.interval, alternative));
    match fired {
        Some(state) => Ok(ConfidenceSequence { stopped: true, ..state }),
        None => confidence_sequence(differences, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_state_counts_either_direction() {
        let falling: Vec<f64> = (0..100).map(|i| -1.0 - 0.1 * f64::from(i % 3)).collect();
        let options = SequenceOptions::default();
        let gate = sequential_gate(&falling, Alternative::Greater, 30, &options).unwrap();
        assert!(gate.stopped && gate.n == 100);
        let range = (-2.0, 2.0);
        let sound = crate::stats::GateOptions { range, min_n: 30, ..Default::default() };
        assert!(!crate::stats::sequential_gate(&falling, &sound).unwrap().stopped);
    }
}
