//! A file of the table: its texts lie among those of all files.

use runstore::error::{Code, Result, StoreError};

use super::action::Add;
use super::tags::{COUNT, Tag, Texts};
use crate::time::Moment;

/// A file with the description of its run.
pub(super) struct NewFile<'f> {
    /// On disk.
    pub(super) path: &'f str,
    pub(super) tags: Texts<'f>,
    pub(super) size: u64,
    /// Milliseconds since the epoch.
    pub(super) modified_at: i64,
    /// The action, if another program wrote it or it has unknown fields.
    pub(super) original: Option<Box<Add>>,
}

/// A file: where its texts end, and what is not text.
#[derive(Clone)]
pub(super) struct Row {
    start: usize,
    /// The end of the path and of each tag, counted from the start.
    ends: [u32; 1 + COUNT],
    /// Distinguishes empty tags from missing ones.
    has: [bool; COUNT],
    pub(super) at: Option<Moment>,
    pub(super) size: u64,
    pub(super) modified_at: i64,
    pub(super) original: Option<Box<Add>>,
}

impl Row {
    /// Appends the texts of a file to those of the others.
    ///
    /// # Errors
    /// If its texts have gigabytes.
    pub(super) fn of(file: NewFile<'_>, texts: &mut String) -> Result<Self> {
        let NewFile { path, tags, size, modified_at, original } = file;
        let (start, mut ends) = (texts.len(), [0; 1 + COUNT]);
        for (end, text) in ends.iter_mut().zip(std::iter::once(Some(path)).chain(tags)) {
            texts.push_str(text.unwrap_or_default());
            *end = u32::try_from(texts.len() - start).map_err(|_| too_many())?;
        }
        let at = tags[Tag::Ts as usize].and_then(Moment::read);
        let has = tags.map(|text| text.is_some());
        Ok(Row { start, ends, has, at, size, modified_at, original })
    }

    /// Returns the number of bytes of its texts.
    pub(super) fn bytes(&self) -> usize {
        self.end(COUNT)
    }

    pub(super) fn path<'f>(&self, texts: &'f str) -> &'f str {
        self.text(texts, 0)
    }

    pub(super) fn tag<'f>(&self, texts: &'f str, tag: Tag) -> Option<&'f str> {
        let place = tag as usize;
        let has = self.has.get(place).is_some_and(|has| *has);
        has.then(|| self.text(texts, place + 1))
    }

    fn text<'f>(&self, texts: &'f str, place: usize) -> &'f str {
        let start = if place == 0 { 0 } else { self.end(place - 1) };
        texts.get(self.start + start..self.start + self.end(place)).unwrap_or_default()
    }

    fn end(&self, place: usize) -> usize {
        self.ends.get(place).map_or(0, |end| *end as usize)
    }
}

/// The error for a log with more files, or longer texts, than can be counted.
pub(super) fn too_many() -> StoreError {
    StoreError::new(Code::TooLarge, "the log lists more than an archive may have")
}
