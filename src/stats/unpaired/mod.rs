//! Tests of two runs on different cases. With the same cases the paired tests see far more.

mod bootstrap;
mod permutation;
mod t_test;

pub(super) use bootstrap::drawn_differences;
pub use bootstrap::unpaired_bootstrap;
pub use permutation::unpaired_permutation_test;
pub use t_test::unpaired_t_test;

use super::check;
use super::error::Result;

/// Refuses runs of fewer than two values, or with numbers that are not finite.
fn check_runs(baseline: &[f64], candidate: &[f64]) -> Result<()> {
    check::sample("baseline", baseline, 2)?;
    check::sample("candidate", candidate, 2)
}
