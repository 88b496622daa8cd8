//! The current files of the table, which are found by their path, by the id of their entry, and by the id of their run.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use runstore::error::Result;

use super::listed::Listed;
use super::packed::Packed;
use super::row::NewFile;
use super::tags::Tag;
use crate::names::inside;

#[derive(Clone)]
pub(crate) struct Files {
    packed: Packed,
    by_path: Index,
    /// Made when a name is first looked up, which a list of the runs never does.
    names: OnceLock<Names>,
}

/// Finds files by a name.
#[derive(Clone)]
struct Names {
    by_id: Index,
    /// Has only the files whose entry has another id than their run.
    by_run: Index,
}

impl Default for Files {
    fn default() -> Self {
        Files::with_capacity(0, 0)
    }
}

impl Files {
    /// Reserves memory for so many files and bytes of text.
    pub(super) fn with_capacity(files: usize, text: usize) -> Self {
        Files {
            packed: Packed::with_capacity(files, text),
            by_path: Index::new(|listed| Some(listed.path()), files),
            names: OnceLock::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_path.table.len()
    }

    /// Returns the files, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Listed<'_>> {
        self.packed.iter()
    }

    /// Returns a file by its path on disk.
    pub(crate) fn get(&self, path: &str) -> Option<Listed<'_>> {
        self.packed.get(self.place(path)?)
    }

    /// Returns a file by the place that [`Self::put`] returned.
    pub(super) fn at(&self, place: u32) -> Option<Listed<'_>> {
        self.packed.get(place)
    }

    /// Returns the entries with an id, or of the run with that id, oldest first.
    pub(crate) fn named(&self, id: &str) -> impl Iterator<Item = Listed<'_>> {
        let Names { by_id, by_run } = self.names.get_or_init(|| Names::of(&self.packed));
        let of_id = by_id.find(&self.packed, id);
        let mut places: Vec<u32> = of_id.chain(by_run.find(&self.packed, id)).collect();
        places.sort_unstable();
        places.into_iter().filter_map(|place| self.packed.get(place))
    }

    /// Adds a file and returns its place. A file that is added again gets a new description at its old place.
    ///
    /// # Errors
    /// If the file of its run is outside of the project, or there are too many files.
    pub(super) fn put(&mut self, file: NewFile<'_>) -> Result<u32> {
        if let [Some(_), Some(body)] = [Tag::SourceRunId, Tag::Body].map(|tag| file.tags.get(tag)) {
            inside(body)?;
        }
        let place = match self.by_path.entry(&self.packed, file.path) {
            Entry::Occupied(found) => {
                let place = *found.get();
                self.each_name(|index, packed| index.remove(packed, place));
                self.packed.replace(place, Some(file))?;
                place
            }
            Entry::Vacant(free) => *free.insert(self.packed.push(file)?).get(),
        };
        self.each_name(|index, packed| index.add(packed, place));
        Ok(place)
    }

    /// Removes a file by its path on disk.
    pub(super) fn remove(&mut self, path: &str) -> Result<()> {
        let Some(place) = self.place(path) else { return Ok(()) };
        self.each_name(|index, packed| index.remove(packed, place));
        self.by_path.remove(&self.packed, place);
        self.packed.replace(place, None)
    }

    /// Frees the memory of removed files once there is much of it. The places of the files change.
    pub(super) fn tidy(&mut self) -> Result<()> {
        if !self.packed.is_wasteful() {
            return Ok(());
        }
        let mut tidied = Files::with_capacity(self.len(), 0);
        self.iter().try_for_each(|listed| tidied.put(listed.as_new()).map(drop))?;
        *self = tidied;
        Ok(())
    }

    fn place(&self, path: &str) -> Option<u32> {
        self.by_path.find(&self.packed, path).next()
    }

    fn each_name(&mut self, change: impl Fn(&mut Index, &Packed)) {
        if let Some(Names { by_id, by_run }) = self.names.get_mut() {
            change(by_id, &self.packed);
            change(by_run, &self.packed);
        }
    }
}

impl Names {
    fn of(packed: &Packed) -> Self {
        let mut by_id = Index::new(|listed| listed.id(), packed.places().len());
        let mut by_run = Index::new(|listed| listed.other_run(), packed.places().len());
        for place in packed.places() {
            by_id.add(packed, place);
            by_run.add(packed, place);
        }
        Names { by_id, by_run }
    }
}

/// Finds files by one of their texts, without storing it again.
#[derive(Clone)]
struct Index {
    key: for<'l> fn(Listed<'l>) -> Option<&'l str>,
    table: HashTable<u32>,
    /// With a seed of its own: whoever writes names into an archive cannot choose those that are slow to find.
    hasher: RandomState,
}

impl Index {
    fn new(key: for<'l> fn(Listed<'l>) -> Option<&'l str>, files: usize) -> Self {
        Index { key, table: HashTable::with_capacity(files), hasher: RandomState::default() }
    }

    fn find(&self, packed: &Packed, key: &str) -> impl Iterator<Item = u32> {
        let found = self.table.iter_hash(self.hasher.hash_one(key)).copied();
        found.filter(move |place| self.key(packed, *place) == Some(key))
    }

    /// Returns where the first file with a key is, or belongs.
    fn entry(&mut self, packed: &Packed, key: &str) -> Entry<'_, u32> {
        let Index { key: key_of, table, hasher } = self;
        let key_at = |place: &u32| packed.get(*place).and_then(*key_of);
        let rehash = |place: &u32| key_at(place).map_or(0, |key| hasher.hash_one(key));
        table.entry(hasher.hash_one(key), |place| key_at(place) == Some(key), rehash)
    }

    /// Adds a file beside others with the same key.
    fn add(&mut self, packed: &Packed, place: u32) {
        let Index { key: key_of, table, hasher } = self;
        let key = |place: u32| packed.get(place).and_then(*key_of);
        if let Some(own) = key(place) {
            let rehash = |place: &u32| key(*place).map_or(0, |key| hasher.hash_one(key));
            table.insert_unique(hasher.hash_one(own), place, rehash);
        }
    }

    fn remove(&mut self, packed: &Packed, place: u32) {
        let Some(key) = self.key(packed, place) else { return };
        let hash = self.hasher.hash_one(key);
        if let Ok(found) = self.table.find_entry(hash, |other| *other == place) {
            found.remove();
        }
    }

    fn key<'p>(&self, packed: &'p Packed, place: u32) -> Option<&'p str> {
        packed.get(place).and_then(self.key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;
    use crate::log::tags::{COUNT, Texts};

    fn file<'f>(path: &'f str, id: &'f str, run: Option<&'f str>) -> NewFile<'f> {
        let mut tags = [None; COUNT];
        tags[Tag::RunId as usize] = Some(id);
        tags[Tag::SourceRunId as usize] = run;
        tags[Tag::Body as usize] = run;
        let tags = Texts::of(tags).unwrap();
        NewFile { path, tags, size: 1, modified_at: 2, original: None }
    }

    /// A plain list that answers the same questions.
    #[derive(Default)]
    struct Plain(Vec<[String; 3]>);

    impl Plain {
        fn put(&mut self, path: &str, id: &str, run: &str) {
            let row = [path, id, run].map(str::to_owned);
            match self.0.iter_mut().find(|row| row[0] == path) {
                Some(found) => *found = row,
                None => self.0.push(row),
            }
        }

        fn named(&self, name: &str) -> Vec<&str> {
            let is_meant = |row: &&[String; 3]| row[1] == name || row[2] == name;
            self.0.iter().filter(is_meant).map(|row| row[0].as_str()).collect()
        }
    }

    #[test]
    fn files_are_found_like_in_a_plain_list_after_any_changes() {
        let (mut files, mut plain) = (Files::default(), Plain::default());
        let mut random = 1_u64;
        let mut below = |most: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % most
        };
        // Long, so that removed texts are freed now and then.
        let long = "x".repeat(3_000);
        for _ in 0..4_000 {
            let path = format!("{} {long}", below(60));
            if below(3) == 0 {
                files.remove(&path).unwrap();
                plain.0.retain(|row| row[0] != path);
            } else {
                let (id, run) = (format!("id {}", below(20)), format!("run {}", below(10)));
                files.put(file(&path, &id, Some(&run))).unwrap();
                plain.put(&path, &id, &run);
            }
            files.tidy().unwrap();
            let name = format!("{} {}", ["id", "run"][below(2) as usize], below(20));
            let found: Vec<_> = files.named(&name).map(Listed::path).collect();
            assert_eq!(found, plain.named(&name));
            assert_eq!(files.get(&path).is_some(), plain.0.iter().any(|row| row[0] == path));
        }
        let paths: Vec<_> = files.iter().map(Listed::path).collect();
        assert_eq!(paths, plain.0.iter().map(|row| row[0].as_str()).collect::<Vec<_>>());
        assert_eq!(files.len(), paths.len());
        assert!(!files.packed.is_wasteful());
    }

    #[test]
    fn the_file_of_a_run_must_be_in_the_project() {
        let mut files = Files::default();
        assert!(files.put(file("p", "id", Some("../run"))).is_err());
        assert_eq!((files.len(), files.iter().count()), (0, 0));
    }

    #[test]
    fn an_empty_text_is_not_a_missing_one() {
        let mut files = Files::default();
        files.put(file("p", "", None)).unwrap();
        let listed = files.get("p").unwrap();
        assert_eq!((listed.id(), listed.other_run()), (Some(""), None));
        assert_eq!((listed.size(), listed.modified_at()), (1, 2));
    }
}
