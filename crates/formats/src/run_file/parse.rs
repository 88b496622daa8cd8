//! Parses JSON piece by piece: objects by their keys, lists by their elements. Errors contain the place.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Error, Read};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use runstore::error::{Code, Result, StoreError};
use runstore::rows::LONGEST_BUFFER;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::existing_file::{check_encoding, open, refused};

/// A file that is being read.
pub(super) struct Reading<'w> {
    path: PathBuf,
    /// The path to the current value.
    place: RefCell<Vec<String>>,
    /// An error of the sink, which is passed on unchanged.
    refused: RefCell<Option<StoreError>>,
    /// Number of bytes that the current piece may still take.
    left: Rc<Cell<u64>>,
    /// Is called with the number of bytes read so far.
    watch: &'w dyn Fn(u64),
}

/// Limits the size of a piece.
struct Metered<'w> {
    file: File,
    left: Rc<Cell<u64>>,
    read: u64,
    watch: &'w dyn Fn(u64),
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into)?;
        self.read += read as u64;
        (self.watch)(self.read);
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(Error::new(std::io::ErrorKind::FileTooLarge, TOO_LARGE)),
        }
        Ok(read)
    }
}

const TOO_LARGE: &str = "a single value takes more than 1 GiB";

/// Takes the values of an object by key.
pub(super) trait Fields<'de> {
    /// Takes the value of this key.
    fn field<A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> std::result::Result<(), A::Error>;
}

/// Ignores the progress.
pub(super) fn unwatched(_: u64) {}

impl<'w> Reading<'w> {
    /// Opens a file; `watch` is called with the number of bytes read so far.
    pub(super) fn of(path: &Path, watch: &'w dyn Fn(u64)) -> Self {
        Reading {
            path: path.to_owned(),
            place: RefCell::default(),
            refused: RefCell::default(),
            left: Rc::new(Cell::new(LONGEST_BUFFER as u64)),
            watch,
        }
    }

    /// Reads the object that is the file's content.
    ///
    /// # Errors
    /// Names the file, the line, the column and the path of the invalid value.
    pub(super) fn read(&self, fields: &mut impl for<'de> Fields<'de>) -> Result<()> {
        let file = open(&self.path)?;
        let metered = Metered { file, left: self.left.clone(), read: 0, watch: self.watch };
        let mut reader = BufReader::with_capacity(1 << 16, metered);
        let start =
            reader.fill_buf().map_err(|error| StoreError::io("read", &self.path, &error))?;
        check_encoding(&self.path, start)?;
        // Some editors put this mark in front of UTF-8.
        let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        reader.consume(mark);
        let mut json = serde_json::Deserializer::from_reader(reader);
        let root = Object { reading: self, fields };
        root.deserialize(&mut json).and_then(|()| json.end()).map_err(|error| self.explained(error))
    }

    fn explained(&self, error: serde_json::Error) -> StoreError {
        if let Some(refused) = self.refused.take() {
            return refused;
        }
        let code = match (error.io_error_kind(), error.classify()) {
            (Some(std::io::ErrorKind::FileTooLarge), _) => Code::TooLarge,
            (Some(_), _) => Code::Io,
            _ => Code::Corrupt,
        };
        let place = self.place.borrow().concat();
        let place = place.strip_prefix('.').unwrap_or(&place);
        let at = if place.is_empty() { String::new() } else { format!("{place}: ") };
        StoreError::new(code, format!("cannot read {}: {at}{error}", self.path.display()))
            .in_file(&self.path.display().to_string())
    }

    /// The error for a file that is JSON but otherwise invalid.
    pub(super) fn refused(&self, why: &str) -> StoreError {
        refused(&self.path, why)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of the file.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Resets the size limit for the next piece.
    fn begin_piece(&self) {
        self.left.set(LONGEST_BUFFER as u64);
    }

    /// Enters a part of the current path for a call.
    fn within<T, E>(
        &self,
        step: String,
        read: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.begin_piece();
        self.place.borrow_mut().push(step);
        let read = read()?;
        // After an error, the path is kept for the message.
        self.place.borrow_mut().pop();
        Ok(read)
    }

    /// Ends the reading with an error of the sink.
    pub(super) fn give_up<E: serde::de::Error>(&self, error: StoreError) -> E {
        let message = error.message();
        *self.refused.borrow_mut() = Some(error);
        E::custom(message)
    }
}

/// An object whose values `fields` takes.
pub(super) struct Object<'r, 'f, F> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) fields: &'f mut F,
}

impl<'de, F: Fields<'de>> DeserializeSeed<'de> for Object<'_, '_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, F: Fields<'de>> Visitor<'de> for Object<'_, '_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let mut known = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let step = match key.chars().all(|one| one.is_ascii_alphanumeric() || one == '_') {
                true => format!(".{key}"),
                false => format!("[{}]", serde_json::Value::from(key.as_str())),
            };
            let fields = &mut *self.fields;
            self.reading.within(step, || match known.insert(key.clone()) {
                true => fields.field(key, &mut map),
                false => Err(A::Error::custom("the key is there twice")),
            })?;
        }
        Ok(())
    }
}

/// Takes the elements of a list.
pub(super) trait Items<'de> {
    /// Takes the next element; returns whether there was one.
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error>;
}

/// A list whose elements `items` takes.
pub(super) struct List<'r, 'i, I> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) items: &'i mut I,
}

impl<'de, I: Items<'de>> DeserializeSeed<'de> for List<'_, '_, I> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> std::result::Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, I: Items<'de>> Visitor<'de> for List<'_, '_, I> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        let mut at = 0;
        while self.reading.within(format!("[{at}]"), || self.items.item(&mut list))? {
            at += 1;
        }
        Ok(())
    }
}

/// Passes each element of a kind to a function.
pub(super) struct Each<'r, T, F> {
    reading: &'r Reading<'r>,
    take: F,
    kind: PhantomData<T>,
}

impl<'r, T, F: FnMut(T) -> Result<()>> Each<'r, T, F> {
    pub(super) fn new(reading: &'r Reading<'r>, take: F) -> Self {
        Each { reading, take, kind: PhantomData }
    }
}

impl<'de, T, F> Items<'de> for Each<'_, T, F>
where
    T: Deserialize<'de>,
    F: FnMut(T) -> Result<()>,
{
    fn item<A: SeqAccess<'de>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let Some(element) = list.next_element::<T>()? else { return Ok(false) };
        (self.take)(element).map(|()| true).map_err(|error| self.reading.give_up(error))
    }
}
