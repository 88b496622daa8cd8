//! Resampling: the draws, spread over threads, and what is counted among them.
//!
//! The draws are those of one NumPy generator, row by row. Every block of rows jumps to its own
//! place in that stream, so the results do not depend on the number of threads.

mod blocks;
mod draw_rows;
mod exact_flips;
mod flip_signs;
mod tail;

use std::thread::available_parallelism;

use super::check;
use super::error::Result;

pub(super) use blocks::fill_blocks;
pub(super) use draw_rows::{draw_rows, drawn_means};
pub(super) use exact_flips::{MAX_EXACT, share_at_least};
pub(super) use flip_signs::flip_signs;
pub(super) use tail::{Tail, percentile_interval};

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// How many resamples to draw, from 1 to 100 million. The smallest p-value is 1/(resamples +
    /// 1).
    pub resamples: usize,
    /// The seed, as NumPy's `default_rng` takes it. The same seed gives the same result.
    pub seed: u64,
    /// How many threads may work; 0 means as many as there are processors. The result does not
    /// depend on it.
    pub threads: usize,
}

impl Default for Resampling {
    fn default() -> Self {
        Resampling { resamples: 10_000, seed: 0, threads: 0 }
    }
}

impl Resampling {
    /// Refuses a number of resamples out of range.
    pub(super) fn check(&self) -> Result<()> {
        let allowed = (1..=check::MAX_RESAMPLES).contains(&self.resamples);
        let expected = "a whole number from 1 to 100000000";
        check::within("resamples", self.resamples as f64, expected, allowed)
    }

    /// Returns the number of threads to use, at least 1.
    pub(super) fn threads(&self) -> usize {
        match self.threads {
            0 => available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_resamples_are_refused_by_name() {
        let none = Resampling { resamples: 0, ..Resampling::default() };
        assert_eq!(none.check().unwrap_err().argument(), "resamples");
        assert_eq!(Resampling::default().check(), Ok(()));
    }

    #[test]
    fn the_default_uses_every_processor() {
        assert!(Resampling::default().threads() >= 1);
        assert_eq!(Resampling { threads: 3, ..Resampling::default() }.threads(), 3);
    }
}
