//! Values that come in clusters: the standard error of their mean, and how alike the members are.

mod icc;
mod standard_error;

pub use icc::estimate_icc;
pub(super) use icc::one_way_icc;
pub use standard_error::{
    ClusteredStandardError, clustered_mean_interval, clustered_standard_error, clustered_t_test,
};
