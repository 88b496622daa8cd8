//! Clustered values: the standard error of their mean, and the similarity within clusters.

mod icc;
mod standard_error;

pub use icc::estimate_icc;
pub(super) use icc::one_way_icc;
pub use standard_error::{
    ClusteredStandardError, clustered_mean_interval, clustered_standard_error, clustered_t_test,
};
