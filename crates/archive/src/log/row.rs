//! A file of the table: its texts lie among those of all files.

use runstore::error::Result;

use super::action::Add;
use super::tags::{Places, Tag, Texts, too_many};
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

/// A file: where its texts are, and what is not text.
#[derive(Clone)]
pub(super) struct Row {
    /// Where its path starts, which its tags follow.
    start: usize,
    path: u32,
    tags: Places,
    pub(super) at: Option<Moment>,
    pub(super) size: u64,
    pub(super) modified_at: i64,
    pub(super) original: Option<Box<Add>>,
}

impl Row {
    /// Appends the texts of a file to those of the others.
    ///
    /// # Errors
    /// If its path has gigabytes.
    pub(super) fn of(file: NewFile<'_>, texts: &mut String) -> Result<Self> {
        let NewFile { path, tags, size, modified_at, original } = file;
        let (start, at) = (texts.len(), tags.get(Tag::Ts).and_then(Moment::read));
        texts.push_str(path);
        texts.push_str(&tags.joined);
        let path = u32::try_from(path.len()).map_err(|_| too_many())?;
        Ok(Row { start, path, tags: tags.places, at, size, modified_at, original })
    }

    /// Returns the number of bytes of its texts.
    pub(super) fn bytes(&self) -> usize {
        self.path as usize + self.tags.end()
    }

    pub(super) fn path<'f>(&self, texts: &'f str) -> &'f str {
        texts.get(self.start..self.end_of_path()).unwrap_or_default()
    }

    pub(super) fn tag<'f>(&self, texts: &'f str, tag: Tag) -> Option<&'f str> {
        self.tags.text(self.joined(texts), tag)
    }

    pub(super) fn tags<'f>(&self, texts: &'f str) -> Texts<'f> {
        Texts { joined: self.joined(texts).into(), places: self.tags.clone() }
    }

    fn joined<'f>(&self, texts: &'f str) -> &'f str {
        let start = self.end_of_path();
        texts.get(start..start + self.tags.end()).unwrap_or_default()
    }

    fn end_of_path(&self) -> usize {
        self.start + self.path as usize
    }
}
