//! The files of the table in little memory: a hundred thousand have a million texts, which lie one after the other.

use runstore::error::{Code, Result, StoreError};

use super::action::Add;
use super::listed::Listed;
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

#[derive(Clone, Default)]
pub(super) struct Packed {
    texts: String,
    /// By the places of the files; `None` for a file that was removed.
    rows: Vec<Option<Row>>,
    /// Number of bytes of texts that no file has any more.
    unused: usize,
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

impl Packed {
    pub(super) fn with_capacity(files: usize, text: usize) -> Self {
        let (texts, rows) = (String::with_capacity(text), Vec::with_capacity(files));
        Packed { texts, rows, unused: 0 }
    }

    /// Returns the files, in the order of their places.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Listed<'_>> {
        self.rows.iter().flatten().map(|row| Listed::new(&self.texts, row))
    }

    pub(super) fn get(&self, place: u32) -> Option<Listed<'_>> {
        let row = self.rows.get(place as usize)?.as_ref()?;
        Some(Listed::new(&self.texts, row))
    }

    /// Adds a file and returns its place.
    ///
    /// # Errors
    /// If its texts have gigabytes, or there are billions of files.
    pub(super) fn push(&mut self, file: NewFile<'_>) -> Result<u32> {
        let place = u32::try_from(self.rows.len()).map_err(|_| too_many())?;
        let row = self.row(file)?;
        self.rows.push(Some(row));
        Ok(place)
    }

    /// Puts another file, or none, at a place.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(super) fn replace(&mut self, place: u32, file: Option<NewFile<'_>>) -> Result<()> {
        let row = file.map(|file| self.row(file)).transpose()?;
        if let Some(slot) = self.rows.get_mut(place as usize) {
            let old = std::mem::replace(slot, row);
            self.unused += old.map_or(0, |old| old.end(COUNT));
        }
        Ok(())
    }

    /// Returns whether there are many texts that no file has any more.
    pub(super) fn is_wasteful(&self) -> bool {
        const LITTLE: usize = 1 << 20;
        self.unused > LITTLE.max(self.texts.len() / 2)
    }

    /// Appends the texts of a file.
    fn row(&mut self, file: NewFile<'_>) -> Result<Row> {
        let NewFile { path, tags, size, modified_at, original } = file;
        let (start, mut ends) = (self.texts.len(), [0; 1 + COUNT]);
        for (end, text) in ends.iter_mut().zip(std::iter::once(Some(path)).chain(tags)) {
            self.texts.push_str(text.unwrap_or_default());
            *end = u32::try_from(self.texts.len() - start).map_err(|_| too_many())?;
        }
        let at = tags[Tag::Ts as usize].and_then(Moment::read);
        let has = tags.map(|text| text.is_some());
        Ok(Row { start, ends, has, at, size, modified_at, original })
    }
}

fn too_many() -> StoreError {
    StoreError::new(Code::TooLarge, "the log lists more than an archive may have")
}
