//! The description of a run beside its file in the log, so that a listing opens no Parquet file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use runstore::error::{Code, StoreError};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Number of tags of our own.
pub(super) const COUNT: usize = 14;

/// The tags of our own files, in the order in which they are written.
const NAMES: [&str; COUNT] = [
    "runstore.body",
    "runstore.config_hash",
    "runstore.delta",
    "runstore.mean",
    "runstore.metric_name",
    "runstore.model_id",
    "runstore.n_items",
    "runstore.p_value",
    "runstore.parent_run_id",
    "runstore.run_id",
    "runstore.source_run_id",
    "runstore.task_id",
    "runstore.ts",
    "runstore.verdict",
];

/// The places of our own tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Body,
    ConfigHash,
    Delta,
    Mean,
    MetricName,
    ModelId,
    NItems,
    PValue,
    ParentRunId,
    RunId,
    SourceRunId,
    TaskId,
    Ts,
    Verdict,
}

/// The texts of our own tags, one after the other. An archive has a million of them: as one text, those of a file are read,
/// checked and stored at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Texts<'t> {
    pub(super) joined: Cow<'t, str>,
    pub(super) places: Places,
}

/// Where the texts of the tags are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Places {
    ends: [u32; COUNT],
    /// Distinguishes empty tags from missing ones.
    has: [bool; COUNT],
}

impl Places {
    /// Returns the places of texts with these lengths, if they are those of the parts of a text.
    pub(super) fn of(lengths: [Option<usize>; COUNT], joined: &str) -> Option<Self> {
        let (mut places, mut end) = (Places::default(), 0_usize);
        for (at, length) in lengths.into_iter().enumerate() {
            end = end.checked_add(length.unwrap_or(0))?;
            if !joined.is_char_boundary(end) {
                return None;
            }
            (places.ends[at], places.has[at]) = (u32::try_from(end).ok()?, length.is_some());
        }
        (end == joined.len()).then_some(places)
    }

    /// Returns the lengths of the texts.
    pub(super) fn lengths(&self) -> [Option<usize>; COUNT] {
        let mut start = 0;
        let length = |(at, end): (usize, &u32)| {
            let length = end - std::mem::replace(&mut start, *end);
            self.has[at].then_some(length as usize)
        };
        let mut lengths = self.ends.iter().enumerate().map(length);
        std::array::from_fn(|_| lengths.next().flatten())
    }

    /// Returns the text of a tag.
    pub(super) fn text<'t>(&self, joined: &'t str, tag: Tag) -> Option<&'t str> {
        let at = tag as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        if self.has[at] { joined.get(start..self.ends[at] as usize) } else { None }
    }

    /// Returns the length of all texts.
    pub(super) fn end(&self) -> usize {
        self.ends[COUNT - 1] as usize
    }
}

impl<'t> Texts<'t> {
    /// Joins texts, which are in the order of the tags.
    ///
    /// # Errors
    /// If they have gigabytes.
    pub(super) fn of(texts: [Option<&str>; COUNT]) -> Result<Self, StoreError> {
        let joined: String = texts.iter().copied().flatten().collect();
        let places = Places::of(texts.map(|text| text.map(str::len)), &joined);
        let places = places.ok_or_else(too_many)?;
        Ok(Texts { joined: joined.into(), places })
    }

    /// Returns the text of a tag.
    pub(super) fn get(&self, tag: Tag) -> Option<&str> {
        self.places.text(&self.joined, tag)
    }
}

/// The error for a log with more files, or longer texts, than can be counted.
pub(super) fn too_many() -> StoreError {
    StoreError::new(Code::TooLarge, "the log lists more than an archive may have")
}

/// Returns the place of our own tag by its full name. Tags that are in order are found at the first look, from `next` on.
pub(super) fn place_of(name: &str, next: usize) -> Option<usize> {
    let from = |start: usize| {
        NAMES.iter().skip(start).position(|known| *known == name).map(|at| start + at)
    };
    from(next).or_else(|| from(0))
}

/// The tags of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tags {
    ours: [Option<String>; COUNT],
    others: BTreeMap<String, Option<String>>,
}

impl Tags {
    /// Adds a tag by its full name.
    pub(super) fn put(&mut self, name: &str, value: Option<String>) {
        match place_of(name, 0).and_then(|place| self.ours.get_mut(place)) {
            Some(tag) => *tag = value,
            None => drop(self.others.insert(name.to_owned(), value)),
        }
    }

    /// Sets a tag of our own.
    pub(super) fn set(&mut self, tag: Tag, value: Option<String>) {
        self.ours[tag as usize] = value;
    }

    /// Returns the texts of our own tags, if they describe a run.
    ///
    /// # Errors
    /// As [`Texts::of`].
    pub(super) fn texts(&self) -> Result<Option<Texts<'static>>, StoreError> {
        let texts = self.ours.each_ref().map(Option::as_deref);
        texts[Tag::RunId as usize].map(|_| Texts::of(texts)).transpose()
    }

    /// Returns whether all tags are ours, and none is of another program or a later version.
    pub(super) fn are_ours(&self) -> bool {
        self.others.is_empty()
    }

    /// Returns all tags by their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let ours = NAMES.iter().zip(&self.ours).filter(|(_, value)| value.is_some());
        let ours = ours.map(|(name, value)| (*name, value.as_deref()));
        ours.chain(self.others.iter().map(|(name, value)| (name.as_str(), value.as_deref())))
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfMap;
        impl<'de> Visitor<'de> for OfMap {
            type Value = Tags;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a map of texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tags, A::Error> {
                let mut tags = Tags::default();
                while let Some((name, value)) = map.next_entry::<String, Option<String>>()? {
                    tags.put(&name, value);
                }
                Ok(tags)
            }
        }
        deserializer.deserialize_map(OfMap)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn our_tags_and_those_of_others_are_read_back() {
        let json = "{\"runstore.run_id\":\"a\",\"runstore.new\":\"b\",\"x\":null}";
        let mut tags: Tags = runstore::json::read(json).unwrap();
        assert!(!tags.are_ours());
        assert_eq!(serde_json::to_string(&tags).unwrap(), json);
        assert_eq!(tags.texts().unwrap().unwrap().get(Tag::RunId), Some("a"));
        tags.set(Tag::RunId, None);
        assert_eq!(tags.texts().unwrap(), None);
    }

    const EVERY: [Tag; COUNT] = [
        Tag::Body,
        Tag::ConfigHash,
        Tag::Delta,
        Tag::Mean,
        Tag::MetricName,
        Tag::ModelId,
        Tag::NItems,
        Tag::PValue,
        Tag::ParentRunId,
        Tag::RunId,
        Tag::SourceRunId,
        Tag::TaskId,
        Tag::Ts,
        Tag::Verdict,
    ];

    #[test]
    fn joined_texts_are_found_by_their_tags() {
        let mut texts = [None; COUNT];
        texts[Tag::Body as usize] = Some("é");
        texts[Tag::Mean as usize] = Some("");
        texts[Tag::Ts as usize] = Some("東京");
        let joined = Texts::of(texts).unwrap();
        assert_eq!((&*joined.joined, joined.places.end()), ("é東京", 8));
        assert_eq!(EVERY.map(|tag| joined.get(tag)), texts);
        let lengths = joined.places.lengths();
        assert_eq!(lengths, texts.map(|text| text.map(str::len)));
        assert_eq!(Places::of(lengths, "é東京"), Some(joined.places));
        for (lengths, text) in [
            (lengths, "é東"),
            (lengths, "é東京a"),
            (lengths, "aé京"),
            ([Some(usize::MAX); COUNT], ""),
        ] {
            assert_eq!(Places::of(lengths, text), None, "{text}");
        }
    }

    #[test]
    fn each_tag_is_at_the_place_of_its_name() {
        assert!(NAMES.is_sorted());
        for (at, (name, tag)) in NAMES.into_iter().zip(EVERY).enumerate() {
            let words = name.replace("runstore", "").replace(['.', '_'], "");
            assert_eq!(format!("{tag:?}").to_lowercase(), words);
            assert_eq!(tag as usize, at);
            for next in [0, at, COUNT] {
                assert_eq!(place_of(name, next), Some(at), "{name}");
            }
        }
        assert_eq!(place_of("runstore.unknown", 3), None);
    }
}
