//! A digest of the rows of a run.

use sha2::{Digest, Sha256};

use super::encode;
use crate::error::Result;
use crate::model::RowBatch;

/// Identifies the rows of a run: two runs with the same digest have the same rows, in the same batches.
#[derive(Clone, Default)]
pub struct RowsDigest(Sha256);

impl RowsDigest {
    /// Adds the next batch.
    ///
    /// # Errors
    /// If the batch is too large to be packed.
    pub fn add(&mut self, batch: &RowBatch) -> Result<()> {
        self.0.update(encode(batch)?);
        Ok(())
    }

    /// Returns the digest of the batches that were added.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
