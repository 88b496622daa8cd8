//! Statistics of evaluation runs: pure functions on slices, no I/O, no state, no panics.
//!
//! Scores are numbers, higher is better, and delta = candidate − baseline. NaN and infinities are
//! refused, with an error that names the argument ([`StatsError`]). Random functions take a seed
//! and give the same result on any number of threads ([`Resampling`]).
//!
//! | question | function |
//! |---|---|
//! | better or worse, graded scores | [`paired_permutation_test`] for p, [`paired_t_test`] for the interval |
//! | … cases in clusters | [`clustered_permutation_test`], [`clustered_t_test`] |
//! | better or worse, 0/1 scores | [`mcnemar_exact`] or [`mcnemar_mid_p`], [`tango_interval`] or [`newcombe_interval`] |
//! | different cases | [`unpaired_t_test`], [`unpaired_permutation_test`], [`unpaired_bootstrap`] |
//! | one run | [`wilson_interval`], [`mean_interval`], [`clustered_mean_interval`], [`bootstrap_mean`] |
//! | how large | [`cohens_d_paired`], [`cohens_d`], [`cliffs_delta`] |
//! | how many cases | [`minimum_detectable_effect`], [`required_n`], [`power_for_delta`], [`estimate_icc`] |
//! | several questions | [`holm`], [`bonferroni`], [`benjamini_hochberg`] |
//! | looked at while it runs | [`confidence_sequence`], [`sequential_gate`] |
//! | several samples a case | [`pass_at_k`], [`pass_all_k`] |
//! | many runs | [`linear_trend`] |
//! | how far a judge can be trusted | [`rater_agreement`], [`cohens_kappa`], [`krippendorffs_alpha`], [`prediction_powered_mean`] |
//!
//! [`evalsig`] holds the rules of the Python package of that name, as they are.

// A test may fail by a panic; nothing else may.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod agreement;
mod betting;
mod binary;
mod bounded;
mod check;
mod clustered;
mod clusters;
mod cusum;
mod distribution;
mod effect_size;
mod error;
pub mod evalsig;
mod interval;
mod mean;
mod multiplicity;
mod paired;
mod pass_at_k;
mod power;
mod prediction_powered;
mod quantile;
mod resample;
pub mod rng;
mod root;
pub(crate) mod run_effects;
mod sequential;
mod summary;
mod trend;
mod unpaired;

pub use agreement::{
    Agreement, Distance, KappaWeights, cohens_kappa, krippendorffs_alpha, rater_agreement,
};
pub use betting::{GateOptions, sequential_gate};
pub use binary::{
    PairedCounts, mcnemar_chi_squared, mcnemar_exact, mcnemar_mid_p, mcnemar_power,
    mcnemar_required_n, newcombe_interval, paired_counts, tango_interval, tango_p_value,
    wilson_interval,
};
pub(crate) use binary::{is_one_sided, mcnemar_careful, mcnemar_detectable};
pub use bounded::{
    BoundedMean, GuardedMean, Limits, bounded_mean_interval, clustered_bounded_mean_interval,
};
pub use check::MAX_RESAMPLES;
pub use clustered::{
    ClusteredStandardError, clustered_mean_interval, clustered_standard_error, clustered_t_test,
    estimate_icc,
};
pub use clusters::Clusters;
pub use cusum::{CUSUM_LIMIT, CusumChart, cusum, successive_sd};
pub(crate) use distribution::ln_hypergeometric_sf;
pub use effect_size::{EffectSize, Magnitude, cliffs_delta, cohens_d, cohens_d_paired};
pub use error::{Result, StatsError};
pub use interval::{Alternative, Interval};
pub use multiplicity::{AdjustedPValues, benjamini_hochberg, bonferroni, holm};
pub use paired::{
    Bootstrap, PermutationMode, PermutationTest, TTest, bootstrap_mean, cluster_bootstrap,
    clustered_permutation_test, paired_bootstrap, paired_permutation_test, paired_t_test,
};
pub use pass_at_k::{
    Samples, choose_k_values, mean_pass_all_k, mean_pass_at_k, pass_all_k, pass_at_k,
};
pub(crate) use power::detectable_shift;
pub use power::{
    Clustering, DetectableEffect, ErrorRates, minimum_detectable_effect, power_for_delta,
    required_n,
};
pub use prediction_powered::{PredictedMean, prediction_powered_mean};
pub(crate) use quantile::quantile;
pub use resample::Resampling;
pub use run_effects::{RunComponent, RunEffects, RunVariation, run_variation};
pub use sequential::{ConfidenceSequence, SequenceOptions, confidence_sequence};
pub use summary::{MeanInterval, mean_interval};
pub use trend::{LinearTrend, linear_trend};
pub use unpaired::{unpaired_bootstrap, unpaired_permutation_test, unpaired_t_test};
