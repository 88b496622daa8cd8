//! Tests and intervals of the mean difference of paired scores, delta = mean(candidate − baseline).

mod bootstrap;
mod permutation;
mod t_test;

pub use bootstrap::{Bootstrap, bootstrap_mean, cluster_bootstrap, paired_bootstrap};
pub use permutation::{
    PermutationMode, PermutationTest, clustered_permutation_test, paired_permutation_test,
};
pub use t_test::{TTest, paired_t_test};
pub(super) use t_test::{TestedMean, one_sample_t_test};
