//! Reads a checkpoint that we or another program wrote.

use std::collections::BTreeMap;
use std::fs::File;

use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader, RowGroupReader};
use runstore::error::{Code, Result, StoreError};

use crate::log::action::{Action, Add, Metadata, Protocol, Remove};
use crate::log::files::Files;
use crate::log::row::NewFile;
use crate::log::snapshot::Snapshot;
use crate::log::tags::{NO_TEXTS, Tag, Tags, Texts, place_of};
use crate::names::from_uri;
use crate::parquet_file;

/// Maximum number of bytes of text in a column, per byte of the checkpoint, and in addition. A dictionary stores equal texts
/// once, but the paths of files differ.
const MOST_TEXT_A_BYTE: u64 = 200;
const SOME_TEXT: u64 = 64 << 20;

/// Maximum number of files, and of bytes of their texts, that memory is reserved for before they are read: a file may say that
/// it has more than it has.
const MOST_RESERVED: u64 = 1 << 20;

type OwnedMap = BTreeMap<String, Option<String>>;

/// A key with its value.
type Pair<'p> = (&'p str, Option<&'p str>);

/// Reads a checkpoint; columns are found by name.
pub(crate) fn read_rows(file: File, version: u64) -> Result<Snapshot> {
    parquet_file::guarded(|| snapshot_of(file, version))
}

fn snapshot_of(file: File, version: u64) -> Result<Snapshot> {
    let bytes = file.metadata().map_err(|error| damaged(&error.to_string()))?.len();
    let reader = parquet_file::open(file)?;
    let rows = reader.metadata().file_metadata().num_rows();
    let rows = u64::try_from(rows).unwrap_or(0);
    // Each row names a different file.
    if rows > bytes {
        let message = format!("the checkpoint has {bytes} bytes, and says that it has {rows} rows");
        return Err(StoreError::new(Code::TooLarge, message));
    }
    let most_text = bytes.saturating_mul(MOST_TEXT_A_BYTE).saturating_add(SOME_TEXT);
    let groups = || (0..reader.metadata().num_row_groups()).map(|at| reader.get_row_group(at));
    let mut heads = Vec::new();
    for group in groups() {
        let group = group.map_err(|error| damaged(&error.to_string()))?;
        read_heads(&Group { group: &*group, most_text }, &mut heads)?;
    }
    let reserved = |count: u64| usize::try_from(count.min(MOST_RESERVED)).unwrap_or(0);
    let files = Files::with_capacity(reserved(rows), reserved(bytes));
    let mut snapshot = Snapshot::of_checkpoint(version, heads, files)?;
    for group in groups() {
        let group = group.map_err(|error| damaged(&error.to_string()))?;
        read_files(&Group { group: &*group, most_text }, &mut snapshot)?;
    }
    Ok(snapshot)
}

/// Reads the description of the table, which may be in any row.
fn read_heads(from: &Group<'_>, actions: &mut Vec<Action>) -> Result<()> {
    if !from.is_empty("protocol.minReaderVersion") {
        read_protocols(from, actions)?;
    }
    if !from.is_empty("metaData.id") {
        read_metadata(from, actions)?;
    }
    Ok(())
}

fn read_protocols(from: &Group<'_>, actions: &mut Vec<Action>) -> Result<()> {
    let readers = from.numbers("protocol.minReaderVersion")?;
    let writers = from.numbers("protocol.minWriterVersion")?;
    let reader_features = from.lists("protocol.readerFeatures")?;
    let writer_features = from.lists("protocol.writerFeatures")?;
    for (at, (reader, writer)) in readers.into_iter().zip(writers).enumerate() {
        if let (Some(min_reader_version), Some(min_writer_version)) = (reader, writer) {
            let features = |lists: &[Option<Vec<String>>]| lists.get(at).cloned().flatten();
            let (reader_features, writer_features) =
                (features(&reader_features), features(&writer_features));
            actions.push(Action::Protocol(Protocol {
                min_reader_version,
                min_writer_version,
                reader_features,
                writer_features,
            }));
        }
    }
    Ok(())
}

fn read_metadata(from: &Group<'_>, actions: &mut Vec<Action>) -> Result<()> {
    let (ids, schemas) = (from.texts("metaData.id")?, from.texts("metaData.schemaString")?);
    let partitions = from.lists("metaData.partitionColumns")?;
    let configurations = from.maps("metaData.configuration")?;
    let created = from.numbers("metaData.createdTime")?;
    for (at, (id, schema)) in ids.into_iter().zip(schemas).enumerate() {
        if let (Some(id), Some(schema_string)) = (id, schema) {
            let configuration = configurations.get(at).cloned().flatten().unwrap_or_default();
            actions.push(Action::MetaData(Metadata {
                id,
                format: serde_json::json!({"provider": "parquet", "options": {}}),
                schema_string,
                partition_columns: partitions.get(at).cloned().flatten().unwrap_or_default(),
                configuration: configuration
                    .into_iter()
                    .filter_map(|(key, value)| Some((key, value?)))
                    .collect(),
                created_time: created.get(at).copied().flatten(),
            }));
        }
    }
    Ok(())
}

/// Reads the files. For our own files, the tags contain everything.
fn read_files(from: &Group<'_>, snapshot: &mut Snapshot) -> Result<()> {
    let (paths, tags) = (from.byte_arrays("add.path")?, from.map("add.tags")?);
    let mut tags = tags.as_ref().map(Map::rows);
    let (sizes, times) = (from.numbers("add.size")?, from.numbers("add.modificationTime")?);
    let number =
        |numbers: &[Option<i64>], at: usize| numbers.get(at).copied().flatten().unwrap_or(0);
    let (mut pairs, mut others) = (Vec::new(), Vec::new());
    for (at, path) in paths.iter().enumerate() {
        let has_tags = tags.as_mut().map_or(Ok(false), |rows| rows.read(&mut pairs))?;
        let Some(path) = path.as_ref().map(as_str).transpose()? else { continue };
        let (size, modified_at) = (number(&sizes, at), number(&times, at));
        match our_texts(&pairs) {
            Some(tags) => {
                let (path, size) = (&*from_uri(path)?, u64::try_from(size).unwrap_or(0));
                snapshot.put(NewFile { path, tags, size, modified_at, original: None })?;
            }
            None => {
                let (path, tags) = (path.to_owned(), has_tags.then(|| all_tags(&pairs)));
                let add =
                    Add { path, size, modification_time: modified_at, tags, ..Add::default() };
                others.push((at, add));
            }
        }
    }
    read_others(from, others, snapshot)?;
    if from.is_empty("remove.path") { Ok(()) } else { read_removed(from, snapshot) }
}

fn read_removed(from: &Group<'_>, snapshot: &mut Snapshot) -> Result<()> {
    let removed_at = from.numbers("remove.deletionTimestamp")?;
    let removed = from.texts("remove.path")?.into_iter().enumerate();
    let removed = removed.filter_map(|(at, path)| {
        let deletion_timestamp = removed_at.get(at).copied().flatten();
        Some(Action::Remove(Remove { path: path?, deletion_timestamp, data_change: false }))
    });
    snapshot.describe(&removed.collect::<Vec<_>>())
}

/// Reads the other fields of files that another program added.
fn read_others(from: &Group<'_>, others: Vec<(usize, Add)>, snapshot: &mut Snapshot) -> Result<()> {
    if others.is_empty() {
        return Ok(());
    }
    let mut values = from.maps("add.partitionValues")?;
    let mut stats = from.texts("add.stats")?;
    let adds = others.into_iter().map(|(at, add)| {
        let partition_values = values.get_mut(at).and_then(Option::take).unwrap_or_default();
        let stats = stats.get_mut(at).and_then(Option::take);
        Action::Add(Box::new(Add { partition_values, stats, ..add }))
    });
    snapshot.describe(&adds.collect::<Vec<_>>())
}

/// Returns the texts of tags that describe a run and are all ours.
fn our_texts<'p>(pairs: &[Pair<'p>]) -> Option<Texts<'p>> {
    let (mut texts, mut next) = (NO_TEXTS, 0);
    for (name, value) in pairs {
        let place = place_of(name, next)?;
        texts[place] = *value;
        next = place + 1;
    }
    texts[Tag::RunId as usize].map(|_| texts)
}

fn all_tags(pairs: &[Pair<'_>]) -> Tags {
    let mut tags = Tags::default();
    pairs.iter().for_each(|(name, value)| tags.put(name, value.map(str::to_owned)));
    tags
}

/// Values with their levels.
struct Leaf<T> {
    values: std::vec::IntoIter<T>,
    defs: Vec<i16>,
    reps: Vec<i16>,
    /// The definition level of a value.
    max: i16,
}

struct Group<'g> {
    group: &'g dyn RowGroupReader,
    most_text: u64,
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
    fn is_empty(&self, path: &str) -> bool {
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

    fn numbers(&self, path: &str) -> Result<Vec<Option<i64>>> {
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

    fn texts(&self, path: &str) -> Result<Vec<Option<String>>> {
        let texts = self.byte_arrays(path)?.into_iter();
        texts.map(|bytes| bytes.as_ref().map(as_text).transpose()).collect()
    }

    fn byte_arrays(&self, path: &str) -> Result<Vec<Option<ByteArray>>> {
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
    fn lists(&self, path: &str) -> Result<Vec<Option<Vec<String>>>> {
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

    fn map(&self, path: &str) -> Result<Option<Map>> {
        let part = |name: &str| self.text_leaf(&format!("{path}.key_value.{name}"));
        let parts = part("key")?.zip(part("value")?);
        Ok(parts.map(|(keys, values)| Map { keys, values }))
    }

    fn maps(&self, path: &str) -> Result<Vec<Option<OwnedMap>>> {
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
struct Map {
    keys: Leaf<ByteArray>,
    values: Leaf<ByteArray>,
}

impl Map {
    fn rows(&self) -> MapRows<'_> {
        let (keys, values) =
            (self.keys.values.as_slice().iter(), self.values.values.as_slice().iter());
        MapRows { map: self, level: 0, keys, values }
    }
}

/// Assembles maps, pair by pair.
struct MapRows<'m> {
    map: &'m Map,
    level: usize,
    keys: std::slice::Iter<'m, ByteArray>,
    values: std::slice::Iter<'m, ByteArray>,
}

impl<'m> MapRows<'m> {
    /// Reads the pairs of the next row, and returns whether it has a map.
    fn read(&mut self, pairs: &mut Vec<Pair<'m>>) -> Result<bool> {
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

fn as_str(bytes: &ByteArray) -> Result<&str> {
    std::str::from_utf8(bytes.data()).map_err(|_| damaged("a text is not UTF-8"))
}

fn damaged(why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the checkpoint of the log cannot be read: {why}"))
}
