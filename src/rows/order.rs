//! The order of the batches of a run.

use crate::error::{Code, Result, StoreError};
use crate::model::{RowBatch, RowCounts};

/// Checks that each batch may follow the previous one, and, at the end, that none is missing.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct BatchOrder {
    /// Rank of the previous batch; `None` between two runs.
    rank: Option<u8>,
    counts: RowCounts,
}

impl BatchOrder {
    /// Checks the next batch.
    ///
    /// # Errors
    /// If the batch is out of order, or the end does not count the rows before it.
    pub fn next(&mut self, batch: &RowBatch) -> Result<()> {
        let rank = rank(batch);
        match (self.rank, batch) {
            (None, RowBatch::Run(_)) => self.counts = RowCounts::default(),
            (None, _) => return Err(refused("they do not begin with a run")),
            (Some(_), RowBatch::Run(_)) => {
                return Err(refused("another run begins before the end of the one before"));
            }
            (Some(before), _) if rank < before => {
                return Err(refused("kinds of rows come in another order"));
            }
            (Some(_), RowBatch::End(counts)) if *counts != self.counts => {
                return Err(refused("the end does not count the rows that came before it"));
            }
            (Some(_), _) => self.counts.add(batch),
        }
        self.rank = (!matches!(batch, RowBatch::End(_))).then_some(rank);
        Ok(())
    }

    /// Returns the number of rows of the current run, or of the last one.
    pub fn counts(&self) -> RowCounts {
        self.counts
    }

    /// Returns whether a run has begun and not ended.
    pub fn is_within_run(&self) -> bool {
        self.rank.is_some()
    }
}

fn rank(batch: &RowBatch) -> u8 {
    match batch {
        RowBatch::Run(_) => 0,
        RowBatch::Cases(_) => 1,
        RowBatch::Trajectories(_) => 2,
        RowBatch::Results(_) => 3,
        RowBatch::Baselines(_) => 4,
        RowBatch::Verdicts(_) => 5,
        RowBatch::Prompts(_) => 6,
        RowBatch::End(_) => 7,
    }
}

fn refused(why: &str) -> StoreError {
    StoreError::new(Code::InvalidArgument, format!("rows of a run: {why}"))
}
