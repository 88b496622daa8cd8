//! evalsig's standardized effect sizes. Its Cliff's delta is
//! [`cliffs_delta`](crate::stats::cliffs_delta).

use crate::stats::effect_size::{self, EffectSize, Magnitude};
use crate::stats::error::Result;

const NOTHING: EffectSize = EffectSize { value: 0.0, magnitude: Magnitude::Negligible };

/// Returns evalsig's Cohen's d, which calls a difference without any spread negligible.
///
/// Not sound in that; [`cohens_d`](crate::stats::cohens_d) calls it infinite.
///
/// # Errors
/// As that.
pub fn cohens_d(baseline: &[f64], candidate: &[f64]) -> Result<EffectSize> {
    effect_size::cohens_d(baseline, candidate).map(negligible_without_spread)
}

/// Returns evalsig's paired d, which calls an equal difference in all pairs negligible.
///
/// Not sound in that; [`cohens_d_paired`](crate::stats::cohens_d_paired) calls it infinite.
///
/// # Errors
/// As that.
pub fn cohens_d_paired(baseline: &[f64], candidate: &[f64]) -> Result<EffectSize> {
    effect_size::cohens_d_paired(baseline, candidate).map(negligible_without_spread)
}

fn negligible_without_spread(effect: EffectSize) -> EffectSize {
    if effect.value.is_finite() { effect } else { NOTHING }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_shift_is_called_negligible() {
        assert_eq!(cohens_d_paired(&[0.1, 0.2, 0.7], &[0.0, 0.1, 0.6]), Ok(NOTHING));
        assert_eq!(cohens_d(&[1.0, 1.0], &[2.0, 2.0]), Ok(NOTHING));
    }
}
