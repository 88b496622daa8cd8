//! A run of an archive beside the same run of a store.

use std::sync::Arc;

use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::RowSource;

use super::Archive;
use crate::body::BodyReader;

impl Archive {
    /// Returns whether the archive gives a run back row by row as a source has it.
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

    /// Begins to compare a run with the rows that a store has of it.
    pub fn compare(self: &Arc<Self>, name: &str) -> Comparison {
        Comparison { archive: Arc::clone(self), name: name.to_owned(), body: None }
    }
}

/// A run of an archive beside the same run of a store.
pub struct Comparison {
    archive: Arc<Archive>,
    name: String,
    body: Option<BodyReader>,
}

impl Comparison {
    /// Returns whether the next rows of the archive are these. A run that the archive lacks or cannot read has none.
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
