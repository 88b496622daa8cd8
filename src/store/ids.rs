//! The ids that this crate creates.
//!
//! UUIDs v7 sort by time, so cases and scores are inserted at the end of the index. Runs have v4: they are few, and
//! people and reports refer to them by their first characters, which v7 ids of the same minute share.

/// An id as text, without allocation.
pub(super) struct Id([u8; 36]);

impl Id {
    pub(super) fn new() -> Id {
        Id::of(uuid::Uuid::now_v7())
    }

    pub(super) fn random() -> Id {
        Id::of(uuid::Uuid::new_v4())
    }

    fn of(uuid: uuid::Uuid) -> Id {
        let mut text = [0; 36];
        uuid.hyphenated().encode_lower(&mut text);
        Id(text)
    }

    pub(super) fn as_str(&self) -> &str {
        // Hexadecimal digits and hyphens.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Returns the caller's id, or a new one stored in `place`.
pub(super) fn given_or_new<'a>(given: Option<&'a str>, place: &'a mut Option<Id>) -> &'a str {
    match given {
        Some(id) => id,
        None => place.insert(Id::new()).as_str(),
    }
}
