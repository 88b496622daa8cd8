//! The description of a run beside its file in the log, so that a listing opens no Parquet file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The tags of our own files, in the order in which they are written.
const NAMES: [&str; 14] = [
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

/// The tags of a file. Each of a hundred thousand files has a dozen, so ours are not stored in maps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tags {
    ours: [Option<String>; NAMES.len()],
    others: BTreeMap<String, Option<String>>,
}

impl Tags {
    /// Adds a tag by its full name.
    pub(super) fn put(&mut self, name: &str, value: Option<String>) {
        match NAMES.iter().position(|known| *known == name) {
            Some(place) => {
                if let Some(tag) = self.ours.get_mut(place) {
                    *tag = value;
                }
            }
            None => drop(self.others.insert(name.to_owned(), value)),
        }
    }

    /// Takes the value of our own tag, by its name without `runstore.`.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let is_meant = |known: &str| known.strip_prefix("runstore.") == Some(name);
        let place = NAMES.iter().position(|known| is_meant(known));
        place.and_then(|place| self.ours.get_mut(place)).and_then(Option::take)
    }

    /// Sets our own tag, by its name without `runstore.`.
    pub(super) fn set(&mut self, name: &str, value: Option<String>) {
        self.put(&format!("runstore.{name}"), value);
    }

    /// Returns whether they describe a run, without unknown tags of another program or a later version.
    pub(super) fn are_ours(&self) -> bool {
        self.others.is_empty() && self.iter().any(|(name, _)| name == "runstore.run_id")
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
        assert_eq!(tags.take("run_id").as_deref(), Some("a"));
        assert_eq!(tags.take("run_id"), None);
        assert_eq!(tags.take("unknown"), None);
        assert!(NAMES.is_sorted());
    }
}
