//! The rules of evalsig 0.1.2, number for number: for stores that were gated by it, and for
//! comparison with it.
//!
//! Where a rule is sound, the function of the same name in [`stats`](crate::stats) computes the
//! same; the functions here are for the rules that are not, each of which says why, and for the
//! random ones, whose draws are those of NumPy's generator bit for bit. What evalsig lets through,
//! and should not (NaN, levels outside (0, 1), graded scores in McNemar's test), is refused here as
//! well.

mod align;
mod clustered;
mod compare;
mod effect_size;
mod gate;
mod mcnemar;
mod paired;
mod power;
mod sequential;
mod unpaired;

pub use align::{Alignment, Item, align};
pub use clustered::{cluster_bootstrap_ci, estimate_icc};
pub use compare::{CompareOptions, Comparison, EXACT_THRESHOLD, Method, compare};
pub use effect_size::{cohens_d, cohens_d_paired};
pub use gate::{GateReport, Verdict, gate};
pub use mcnemar::{McNemar, mcnemar_test};
pub use paired::{Paired, paired_bootstrap_ci, paired_permutation_test, paired_t_test};
pub use power::{mde, power_for_delta, required_n};
pub use sequential::{MIN_N, confidence_sequence, sequential_gate};
pub use unpaired::{Unpaired, unpaired_bootstrap, unpaired_permutation};

use super::interval::{Alternative, Interval};
use super::resample::{Tail, percentile_interval};

/// Returns the interval and p-value that evalsig reads off bootstrap means: ties decided by
/// rounding, and p not (hits + 1)/(resamples + 1) but hits/resamples, at least 1/(resamples + 1).
fn read_bootstrap(
    means: Vec<f64>,
    observed: f64,
    alternative: Alternative,
    level: f64,
) -> (Interval, f64) {
    let tail = Tail::exact(alternative, observed);
    let hits = tail.hits(means.iter().map(|mean| mean - observed)) as f64;
    let resamples = means.len() as f64;
    let p_value = (hits / resamples).max(1.0 / (resamples + 1.0));
    (percentile_interval(alternative, level, means), p_value)
}
