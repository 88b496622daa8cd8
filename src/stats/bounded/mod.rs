//! Intervals of the mean of bounded scores, which hold near a limit and without any spread.

mod exponential_sum;
mod guarded;
mod interval;

pub use guarded::GuardedMean;
pub use interval::{BoundedMean, Limits, bounded_mean_interval, clustered_bounded_mean_interval};
