//! The functions behind `runstore/statistics`: those of [`crate::stats`] on arrays. `statistics.js` is their caller.

mod arguments;
mod clustered;
mod evalsig;
mod pass_at_k;
mod planning;
mod proportions;
mod results;
mod tests_of_means;

use super::error::{ErrorCode, Result};
use crate::error::Code;
use crate::stats::StatsError;

impl From<StatsError> for napi::Error<ErrorCode> {
    fn from(error: StatsError) -> Self {
        crate::error::StoreError::new(Code::InvalidArgument, error.to_string()).into()
    }
}
