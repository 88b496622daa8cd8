//! Reads the columns of a row group: texts and numbers, and lists and maps of texts, which Parquet stores with levels.

use std::collections::BTreeMap;

use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::reader::RowGroupReader;
use runstore::error::{Code, Result, StoreError};

pub(super) type OwnedMap = BTreeMap<String, Option<String>>;

/// A key with its value.
pub(super) type Pair<'p> = (&'p str, Option<&'p str>);

/// Values with their levels.
struct Leaf<T> {
    values: std::vec::IntoIter<T>,
    defs: Vec<i16>,
    reps: Vec<i16>,
    /// The definition level of a value.
    max: i16,
}

/// A row group of a checkpoint.
pub(super) struct Group<'g> {
    pub(super) group: &'g dyn RowGroupReader,
    /// Maximum number of bytes of text in a column.
    pub(super) most_text: u64,
}

impl Group<'_> {
    fn column(&self, path: &str) -> Result<Option<(ColumnReader, i16)>> {
        let columns = self.group.metadata().columns();
        let Some(at) = columns.iter().position(|column| column.column_path().string() == path)
        else {
            return Ok(None);
        };
        let level = self.group.metadata().column(at).column_descr().max_def_level();
        let reader =
            self.group.get_column_reader(at).map_err(|error| damaged(&error.to_string()))?;
        Ok(Some((reader, level)))
    }

    /// Returns whether the statistics of a column say that it has no value.
    pub(super) fn is_empty(&self, path: &str) -> bool {
        let mut columns = self.group.metadata().columns().iter();
        let column = columns.find(|column| column.column_path().string() == path);
        column.is_none_or(|column| {
            let nulls = column.statistics().and_then(|statistics| statistics.null_count_opt());
            nulls.is_some_and(|nulls| i64::try_from(nulls) == Ok(column.num_values()))
        })
    }

    fn rows(&self) -> usize {
        usize::try_from(self.group.metadata().num_rows()).unwrap_or(0)
    }

    fn leaf<T: DataType>(&self, reader: ColumnReader, max: i16) -> Result<Leaf<T::T>> {
        let mut column = get_typed_column_reader::<T>(reader);
        let (mut values, mut defs, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = 0;
        while rows < self.rows() {
            let read = column.read_records(
                self.rows() - rows,
                Some(&mut defs),
                Some(&mut reps),
                &mut values,
            );
            match read.map_err(|error| damaged(&error.to_string()))?.0 {
                0 => break,
                read => rows += read,
            }
        }
        Ok(Leaf { values: values.into_iter(), defs, reps, max })
    }

    pub(super) fn numbers(&self, path: &str) -> Result<Vec<Option<i64>>> {
        let each = |defs: Vec<i16>, max, next: &mut dyn FnMut() -> Option<i64>| {
            defs.into_iter().map(|level| if level == max { next() } else { None }).collect()
        };
        Ok(match self.column(path)? {
            Some((reader @ ColumnReader::Int64ColumnReader(_), max)) => {
                let mut leaf = self.leaf::<Int64Type>(reader, max)?;
                each(leaf.defs, max, &mut || leaf.values.next())
            }
            Some((reader @ ColumnReader::Int32ColumnReader(_), max)) => {
                let mut leaf = self.leaf::<Int32Type>(reader, max)?;
                each(leaf.defs, max, &mut || leaf.values.next().map(i64::from))
            }
            _ => vec![],
        })
    }

    pub(super) fn texts(&self, path: &str) -> Result<Vec<Option<String>>> {
        let texts = self.byte_arrays(path)?.into_iter();
        texts.map(|bytes| bytes.as_ref().map(as_text).transpose()).collect()
    }

    pub(super) fn byte_arrays(&self, path: &str) -> Result<Vec<Option<ByteArray>>> {
        let Some(Leaf { mut values, defs, max, .. }) = self.text_leaf(path)? else {
            return Ok(vec![]);
        };
        let value = |level: i16| if level == max { values.next() } else { None };
        Ok(defs.into_iter().map(value).collect())
    }

    fn text_leaf(&self, path: &str) -> Result<Option<Leaf<ByteArray>>> {
        match self.column(path)? {
            Some((reader @ ColumnReader::ByteArrayColumnReader(_), max)) => {
                let leaf = self.leaf::<ByteArrayType>(reader, max)?;
                self.check_text(path, &leaf)?;
                Ok(Some(leaf))
            }
            _ => Ok(None),
        }
    }

    fn check_text(&self, path: &str, leaf: &Leaf<ByteArray>) -> Result<()> {
        let bytes = leaf
            .values
            .as_slice()
            .iter()
            .map(|text| text.len() as u64)
            .fold(0, u64::saturating_add);
        match bytes <= self.most_text {
            true => Ok(()),
            false => {
                let message = format!("the texts of {path} in the checkpoint have {bytes} bytes");
                Err(StoreError::new(Code::TooLarge, message))
            }
        }
    }

    /// Lists of texts, whose items have several names in practice.
    pub(super) fn lists(&self, path: &str) -> Result<Vec<Option<Vec<String>>>> {
        let names = ["list.element", "list.item", "bag.array_element", "array"];
        let found =
            names.iter().find_map(|name| self.text_leaf(&format!("{path}.{name}")).transpose());
        let Some(Leaf { mut values, defs, reps, max }) = found.transpose()? else {
            return Ok(vec![]);
        };
        let mut lists: Vec<Option<Vec<String>>> = Vec::new();
        for (level, repeats) in defs.into_iter().zip(reps) {
            if repeats == 0 {
                lists.push((level + 2 >= max).then(Vec::new));
            }
            if let (true, Some(value), Some(Some(list))) =
                (level == max, values.as_slice().first(), lists.last_mut())
            {
                list.push(as_text(value)?);
                values.next();
            }
        }
        Ok(lists)
    }

    pub(super) fn map(&self, path: &str) -> Result<Option<Map>> {
        let part = |name: &str| self.text_leaf(&format!("{path}.key_value.{name}"));
        let parts = part("key")?.zip(part("value")?);
        Ok(parts.map(|(keys, values)| Map { keys, values }))
    }

    pub(super) fn maps(&self, path: &str) -> Result<Vec<Option<OwnedMap>>> {
        let Some(map) = self.map(path)? else { return Ok(vec![]) };
        let (mut rows, mut pairs, mut maps) = (map.rows(), Vec::new(), Vec::new());
        for _ in 0..self.rows() {
            let is_there = rows.read(&mut pairs)?;
            let owned = |(key, value): &Pair<'_>| ((*key).to_owned(), value.map(str::to_owned));
            maps.push(is_there.then(|| pairs.iter().map(owned).collect()));
        }
        Ok(maps)
    }
}

/// A column of maps of texts.
pub(super) struct Map {
    keys: Leaf<ByteArray>,
    values: Leaf<ByteArray>,
}

impl Map {
    pub(super) fn rows(&self) -> MapRows<'_> {
        let (keys, values) =
            (self.keys.values.as_slice().iter(), self.values.values.as_slice().iter());
        MapRows { map: self, level: 0, keys, values }
    }
}

/// Assembles maps, pair by pair.
pub(super) struct MapRows<'m> {
    map: &'m Map,
    level: usize,
    keys: std::slice::Iter<'m, ByteArray>,
    values: std::slice::Iter<'m, ByteArray>,
}

impl<'m> MapRows<'m> {
    /// Reads the pairs of the next row, and returns whether it has a map.
    pub(super) fn read(&mut self, pairs: &mut Vec<Pair<'m>>) -> Result<bool> {
        pairs.clear();
        let Map { keys, values } = self.map;
        let mut is_there = false;
        let (first, defs) = (self.level, keys.defs.get(self.level..).unwrap_or_default());
        for (at, of_key) in (first..).zip(defs) {
            if at > first && keys.reps.get(at) == Some(&0) {
                break;
            }
            self.level = at + 1;
            is_there |= *of_key + 1 >= keys.max;
            if *of_key == keys.max {
                let has_value = values.defs.get(at) == Some(&values.max);
                let value = if has_value { self.values.next() } else { None };
                let value = value.map(as_str).transpose()?;
                pairs.extend(self.keys.next().map(as_str).transpose()?.map(|key| (key, value)));
            }
        }
        Ok(is_there)
    }
}

fn as_text(bytes: &ByteArray) -> Result<String> {
    as_str(bytes).map(str::to_owned)
}

pub(super) fn as_str(bytes: &ByteArray) -> Result<&str> {
    as_utf8(bytes.data())
}

pub(super) fn as_utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| damaged("a text is not UTF-8"))
}

pub(super) fn damaged(why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the checkpoint of the log cannot be read: {why}"))
}
