//! Compares a run of an archive with the same run of a store.

use std::sync::Arc;

use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::RowSource;

use super::Archive;
use crate::body::BodyReader;

impl Archive {
    /// Returns whether the archive returns a run with exactly the rows of a source.
    ///
    /// # Errors
    /// If the rows of the source cannot be read.
    pub fn holds(self: &Arc<Self>, name: &str, source: &mut dyn RowSource) -> Result<bool> {
        let mut comparison = self.compare(name);
        while let Some(batch) = source.next_batch()? {
            if !comparison.is_next(&batch)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Starts to compare a run with its rows in a store.
    pub fn compare(self: &Arc<Self>, name: &str) -> Comparison {
        Comparison { archive: Arc::clone(self), name: name.to_owned(), body: None }
    }
}

/// Compares a run of an archive with the same run of a store, batch by batch.
pub struct Comparison {
    archive: Arc<Archive>,
    name: String,
    body: Option<BodyReader>,
}

impl Comparison {
    /// Returns whether the next rows of the archive are equal to these; false if the archive lacks the run or cannot
    /// read it.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn is_next(&mut self, batch: &RowBatch) -> Result<bool> {
        let is_absent = |error: &StoreError| {
            matches!(error.code, Code::NotFound | Code::Corrupt | Code::InvalidArgument)
        };
        if self.body.is_none() {
            match self.archive.body(&self.name) {
                Ok(body) => self.body = Some(body),
                Err(error) if is_absent(&error) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        let next = self.body.as_mut().and_then(|body| body.next_batch().ok().flatten());
        Ok(next.as_ref() == Some(batch))
    }
}
