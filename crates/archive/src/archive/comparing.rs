//! Compares a run of an archive with the same run of a store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::vec::IntoIter;

use runstore::error::{Code, Result, StoreError};
use runstore::model::{CaseRow, RowBatch};
use runstore::rows::{RowSource, RowsDigest};

use super::{Archive, Items};
use crate::body::BodyReader;
use crate::item::{Epochs, Item, item};
use crate::record::ArchivedRun;

impl Archive {
    /// Returns whether the archive returns a run with exactly the rows of a source, and its Parquet files have their scores.
    ///
    /// # Errors
    /// If the rows of the source cannot be read.
    pub fn holds(self: &Arc<Self>, run_id: &str, source: &mut dyn RowSource) -> Result<bool> {
        Ok(self.digest_if_held(run_id, source)?.is_some())
    }

    /// Returns the digest of the rows of a source if the archive [holds](Self::holds) them.
    ///
    /// # Errors
    /// As [`Self::holds`].
    pub fn digest_if_held(
        self: &Arc<Self>,
        run_id: &str,
        source: &mut dyn RowSource,
    ) -> Result<Option<[u8; 32]>> {
        let mut comparison = self.compare(run_id);
        while let Some(batch) = source.next_batch()? {
            if !comparison.is_next(&batch)? {
                return Ok(None);
            }
        }
        Ok(Some(comparison.digest()))
    }

    /// Starts to compare a run with its rows in a store.
    pub fn compare(self: &Arc<Self>, run_id: &str) -> Comparison {
        let (archive, run_id) = (Arc::clone(self), run_id.to_owned());
        Comparison { archive, run_id, archived: None, digest: RowsDigest::default() }
    }
}

/// Compares a run of an archive with the same run of a store, batch by batch.
pub struct Comparison {
    archive: Arc<Archive>,
    run_id: String,
    archived: Option<Archived>,
    digest: RowsDigest,
}

impl Comparison {
    /// Returns whether the next rows of the archive are equal to these; false if the archive lacks the run or cannot
    /// read it.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn is_next(&mut self, batch: &RowBatch) -> Result<bool> {
        self.digest.add(batch)?;
        let archived = match &mut self.archived {
            Some(archived) => archived,
            None => match Archived::open(&self.archive, &self.run_id) {
                Ok(Some(opened)) => self.archived.insert(opened),
                Ok(None) => return Ok(false),
                Err(error) if matches!(error.code, Code::Corrupt | Code::TooLarge) => {
                    return Ok(false);
                }
                Err(error) => return Err(error),
            },
        };
        // What cannot be read is not equal.
        Ok(archived.is_next(batch).unwrap_or(false))
    }

    /// Returns the digest of the rows that were compared.
    pub fn digest(self) -> [u8; 32] {
        self.digest.finish()
    }
}

/// What the archive has of a run.
struct Archived {
    body: BodyReader,
    scorers: BTreeMap<String, Scores>,
    epochs: Epochs,
}

impl Archived {
    fn open(archive: &Archive, run_id: &str) -> Result<Option<Self>> {
        let entries = archive.entries_of_run(run_id)?;
        let Some(source) = entries.iter().find_map(|run| run.source.as_ref()) else {
            return Ok(None);
        };
        let body = archive.body_of(source)?;
        let open = |run: &ArchivedRun| Ok((run.metric_name.clone(), Scores::open(archive, run)?));
        let scorers = entries.iter().map(open).collect::<Result<_>>()?;
        Ok(Some(Archived { body, scorers, epochs: Epochs::default() }))
    }

    fn is_next(&mut self, batch: &RowBatch) -> Result<bool> {
        if self.body.next_batch()?.as_ref() != Some(batch) {
            return Ok(false);
        }
        match batch {
            RowBatch::Cases(cases) => self.are_next(cases),
            RowBatch::End(_) => self.are_at_end(),
            _ => Ok(true),
        }
    }

    fn are_next(&mut self, cases: &[CaseRow]) -> Result<bool> {
        for (case, score) in
            cases.iter().flat_map(|case| case.scores.iter().map(move |score| (case, score)))
        {
            let wanted = item(case, score, &mut self.epochs)?;
            let Some(scores) = self.scorers.get_mut(&score.scorer_name) else { return Ok(false) };
            if scores.next()? != Some(wanted) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn are_at_end(&mut self) -> Result<bool> {
        for scores in self.scorers.values_mut() {
            if scores.next()?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The Parquet file of a scorer.
struct Scores {
    items: Items,
    read: IntoIter<Item>,
}

impl Scores {
    fn open(archive: &Archive, run: &ArchivedRun) -> Result<Self> {
        let items = archive.items_of(run)?;
        match items.are_of(run)? {
            true => Ok(Scores { items, read: vec![].into_iter() }),
            false => Err(StoreError::new(Code::Corrupt, "the file has the scores of another run")),
        }
    }

    fn next(&mut self) -> Result<Option<Item>> {
        if self.read.len() == 0 {
            self.read = self.items.next_items()?.into_iter();
        }
        Ok(self.read.next())
    }
}
