//! The files of the table in little memory: a hundred thousand have a million texts, which lie one after the other.

use runstore::error::Result;

use super::listed::Listed;
use super::row::{NewFile, Row};
use super::tags::too_many;

#[derive(Clone, Default)]
pub(super) struct Packed {
    texts: String,
    /// By the places of the files; `None` for a file that was removed.
    rows: Vec<Option<Row>>,
    /// Number of bytes of texts that no file has any more.
    unused: usize,
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

    /// Returns all places, of which some have no file any more.
    pub(super) fn places(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
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
        let row = Row::of(file, &mut self.texts)?;
        self.rows.push(Some(row));
        Ok(place)
    }

    /// Puts another file, or none, at a place.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(super) fn replace(&mut self, place: u32, file: Option<NewFile<'_>>) -> Result<()> {
        let row = file.map(|file| Row::of(file, &mut self.texts)).transpose()?;
        if let Some(slot) = self.rows.get_mut(place as usize) {
            let old = std::mem::replace(slot, row);
            self.unused += old.map_or(0, |old| old.bytes());
        }
        Ok(())
    }

    /// Returns whether there are many texts that no file has any more.
    pub(super) fn is_wasteful(&self) -> bool {
        const LITTLE: usize = 1 << 20;
        self.unused > LITTLE.max(self.texts.len() / 2)
    }
}
