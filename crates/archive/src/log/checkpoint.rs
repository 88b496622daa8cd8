//! Checkpoints: the whole state of the log in one Parquet file, so that nobody has to read all of its entries.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use runstore::error::{Code, Result, StoreError};
use serde::{Deserialize, Serialize};

use super::action::{Action, Add, Metadata, Protocol};
use super::snapshot::Snapshot;
use crate::storage::Storage;

const LAST: &str = "_delta_log/_last_checkpoint";

/// Commits after which somebody writes the next one.
const EVERY: u64 = 100;

/// Files in a row group.
const GROUP: usize = 10_000;

/// Files that a checkpoint may name.
const MOST_FILES: i64 = 20_000_000;

const SCHEMA: &str = "message spark_schema {
  optional group protocol {
    optional int32 minReaderVersion;
    optional int32 minWriterVersion;
    optional group writerFeatures (LIST) { repeated group list { optional binary element (STRING); } }
  }
  optional group metaData {
    optional binary id (STRING);
    optional group format {
      optional binary provider (STRING);
      optional group options (MAP) { repeated group key_value { required binary key (STRING); optional binary value (STRING); } }
    }
    optional binary schemaString (STRING);
    optional group partitionColumns (LIST) { repeated group list { optional binary element (STRING); } }
    optional group configuration (MAP) { repeated group key_value { required binary key (STRING); optional binary value (STRING); } }
    optional int64 createdTime;
  }
  optional group add {
    optional binary path (STRING);
    optional group partitionValues (MAP) { repeated group key_value { required binary key (STRING); optional binary value (STRING); } }
    optional int64 size;
    optional int64 modificationTime;
    optional boolean dataChange;
    optional binary stats (STRING);
    optional group tags (MAP) { repeated group key_value { required binary key (STRING); optional binary value (STRING); } }
  }
  optional group remove {
    optional binary path (STRING);
    optional int64 deletionTimestamp;
    optional boolean dataChange;
  }
}";

/// What the log says of its newest checkpoint.
#[derive(Serialize, Deserialize)]
struct Last {
    version: u64,
    size: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<u64>,
}

fn path(version: u64) -> String {
    format!("_delta_log/{version:020}.checkpoint.parquet")
}

/// Returns whether a checkpoint is due after this entry.
pub(super) fn is_due(version: u64) -> bool {
    version > 0 && version.is_multiple_of(EVERY)
}

/// Writes the checkpoint of a snapshot, unless another has.
pub(super) fn write(storage: &dyn Storage, snapshot: &Snapshot) -> Result<()> {
    let Some(version) = snapshot.version() else { return Ok(()) };
    let path = path(version);
    let file = storage.scratch(&path)?;
    let handle =
        file.as_file().try_clone().map_err(|error| StoreError::io("open", file.path(), &error))?;
    let rows = write_rows(handle, snapshot).map_err(|error| failed(&error))?;
    match storage.publish(file, &path) {
        Err(error) if error.code == Code::Exists => {}
        published => published?,
    }
    let last = Last { version, size: rows, parts: None };
    let last = serde_json::to_vec(&last)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))?;
    storage.change(LAST, &mut |old| {
        let newer = old
            .and_then(|old| runstore::json::read::<Last>(&old).ok())
            .is_some_and(|old| old.version >= version);
        Ok((!newer).then(|| last.clone()))
    })
}

/// Reads the newest checkpoint; `None` where there is none, or one that only others can read.
pub(super) fn read(storage: &dyn Storage) -> Result<Option<Snapshot>> {
    let Some(last) = storage.read(LAST, 1 << 20)? else { return Ok(None) };
    let Ok(Last { version, parts: None, .. }) = runstore::json::read::<Last>(&last) else {
        return Ok(None);
    };
    let path = path(version);
    let Some(file) = storage.open(&path)? else { return Ok(None) };
    read_rows(file, version).map(Some).map_err(|error| error.in_file(&path))
}

fn write_rows(file: File, snapshot: &Snapshot) -> Result<i64, ParquetError> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(
        file,
        Arc::new(parse_message_type(SCHEMA)?),
        Arc::new(properties),
    )?;
    let mut rows = 0;
    let mut group = |rows_of: &[Row<'_>]| -> Result<(), ParquetError> {
        rows += rows_of.len() as i64;
        let mut group = writer.next_row_group()?;
        write_group(&mut group, rows_of)?;
        group.close().map(drop)
    };
    let heads = snapshot.heads();
    let heads: Vec<Row<'_>> =
        [heads.0.map(Row::Protocol), heads.1.map(Row::Metadata)].into_iter().flatten().collect();
    group(&heads)?;
    let adds: Vec<Row<'_>> = snapshot.files().map(Row::Add).collect();
    for some in adds.chunks(GROUP) {
        group(some)?;
    }
    writer.close()?;
    Ok(rows)
}

/// A row of a checkpoint: one action.
enum Row<'s> {
    Protocol(&'s Protocol),
    Metadata(&'s Metadata),
    Add(&'s Add),
}

impl<'s> Row<'s> {
    fn protocol(&self) -> Option<&'s Protocol> {
        if let Row::Protocol(protocol) = self { Some(protocol) } else { None }
    }

    fn metadata(&self) -> Option<&'s Metadata> {
        if let Row::Metadata(metadata) = self { Some(metadata) } else { None }
    }

    fn add(&self) -> Option<&'s Add> {
        if let Row::Add(add) = self { Some(add) } else { None }
    }
}

type Map = BTreeMap<String, Option<String>>;

/// The columns in the order of the schema.
fn write_group(
    group: &mut SerializedRowGroupWriter<'_, File>,
    rows: &[Row<'_>],
) -> Result<(), ParquetError> {
    let mut to = Columns(group);
    let none = Map::new();
    to.leaf::<Int32Type>(rows, |row| row.protocol().map(|it| Some(it.min_reader_version as i32)))?;
    to.leaf::<Int32Type>(rows, |row| row.protocol().map(|it| Some(it.min_writer_version as i32)))?;
    to.list(rows, |row| row.protocol().map(|it| it.writer_features.as_deref()))?;
    to.leaf::<ByteArrayType>(rows, |row| row.metadata().map(|it| Some(text(&it.id))))?;
    to.deep(rows, |row| {
        row.metadata().map(|it| text(it.format["provider"].as_str().unwrap_or_default()))
    })?;
    to.map(rows, 2, |row| row.metadata().map(|_| Some(&none)))?;
    to.leaf::<ByteArrayType>(rows, |row| row.metadata().map(|it| Some(text(&it.schema_string))))?;
    to.list(rows, |row| row.metadata().map(|it| Some(it.partition_columns.as_slice())))?;
    to.map(rows, 1, |row| row.metadata().map(|it| Some(&it.configuration)))?;
    to.leaf::<Int64Type>(rows, |row| row.metadata().map(|it| it.created_time))?;
    to.leaf::<ByteArrayType>(rows, |row| row.add().map(|it| Some(text(&it.path))))?;
    to.map(rows, 1, |row| row.add().map(|it| Some(&it.partition_values)))?;
    to.leaf::<Int64Type>(rows, |row| row.add().map(|it| Some(it.size)))?;
    to.leaf::<Int64Type>(rows, |row| row.add().map(|it| Some(it.modification_time)))?;
    to.leaf::<BoolType>(rows, |row| row.add().map(|_| Some(false)))?;
    to.leaf::<ByteArrayType>(rows, |row| row.add().map(|it| it.stats.as_deref().map(text)))?;
    to.map(rows, 1, |row| row.add().map(|it| it.tags.as_ref()))?;
    // Files that are gone are in no checkpoint of ours: theirs is the vacuum of the archive.
    to.leaf::<ByteArrayType>(rows, |_| None)?;
    to.leaf::<Int64Type>(rows, |_| None)?;
    to.leaf::<BoolType>(rows, |_| None)
}

fn text(text: &str) -> ByteArray {
    ByteArray::from(text)
}

/// Writes column after column. Levels: how much of the way to a value is there, and at which depth it repeats.
struct Columns<'g, 'f>(&'g mut SerializedRowGroupWriter<'f, File>);

impl Columns<'_, '_> {
    /// A value of an action, which may be absent as the action may be.
    fn leaf<T: DataType>(
        &mut self,
        rows: &[Row<'_>],
        value: impl Fn(&Row<'_>) -> Option<Option<T::T>>,
    ) -> Result<(), ParquetError> {
        let (mut values, mut defs) = (Vec::new(), Vec::new());
        for found in rows.iter().map(value) {
            defs.push(found.as_ref().map_or(0, |inner| 1 + i16::from(inner.is_some())));
            values.extend(found.flatten());
        }
        self.write::<T>(&values, &defs, None)
    }

    /// A text in a group of an action, where neither is absent if the action is there.
    fn deep(
        &mut self,
        rows: &[Row<'_>],
        value: impl Fn(&Row<'_>) -> Option<ByteArray>,
    ) -> Result<(), ParquetError> {
        let found: Vec<_> = rows.iter().map(value).collect();
        let defs: Vec<i16> =
            found.iter().map(|value| if value.is_some() { 3 } else { 0 }).collect();
        let values: Vec<_> = found.into_iter().flatten().collect();
        self.write::<ByteArrayType>(&values, &defs, None)
    }

    fn list<'s>(
        &mut self,
        rows: &[Row<'s>],
        list: impl Fn(&Row<'s>) -> Option<Option<&'s [String]>>,
    ) -> Result<(), ParquetError> {
        let (mut values, mut defs, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        for found in rows.iter().map(list) {
            let items = found.flatten().unwrap_or_default();
            if items.is_empty() {
                // The action, the list, and nothing in it.
                defs.push(found.map_or(0, |inner| 1 + i16::from(inner.is_some())));
                reps.push(0);
            }
            for (at, item) in items.iter().enumerate() {
                values.push(text(item));
                defs.push(4);
                reps.push(i16::from(at > 0));
            }
        }
        self.write::<ByteArrayType>(&values, &defs, Some(&reps))
    }

    /// A map in an action, at a depth of `above` groups: the column of its keys, and that of its values.
    fn map<'s, V: MapValue + 's>(
        &mut self,
        rows: &[Row<'s>],
        above: i16,
        map: impl Fn(&Row<'s>) -> Option<Option<&'s BTreeMap<String, V>>>,
    ) -> Result<(), ParquetError> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let (mut of_keys, mut of_values, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        for found in rows.iter().map(map) {
            let entries = found.flatten().filter(|map| !map.is_empty());
            if entries.is_none() {
                let level = found.map_or(0, |inner| above + i16::from(inner.is_some()));
                of_keys.push(level);
                of_values.push(level);
                reps.push(0);
            }
            for (at, (key, value)) in entries.into_iter().flatten().enumerate() {
                keys.push(text(key));
                values.extend(value.text().map(text));
                of_keys.push(above + 2);
                of_values.push(above + 2 + i16::from(value.text().is_some()));
                reps.push(i16::from(at > 0));
            }
        }
        self.write::<ByteArrayType>(&keys, &of_keys, Some(&reps))?;
        self.write::<ByteArrayType>(&values, &of_values, Some(&reps))
    }

    fn write<T: DataType>(
        &mut self,
        values: &[T::T],
        defs: &[i16],
        reps: Option<&[i16]>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = self.0.next_column()? else { return Ok(()) };
        column.typed::<T>().write_batch(values, Some(defs), reps)?;
        column.close()
    }
}

trait MapValue {
    fn text(&self) -> Option<&str>;
}

impl MapValue for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl MapValue for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Reads a checkpoint that we or another program wrote: the columns by their names.
fn read_rows(file: File, version: u64) -> Result<Snapshot> {
    let reader = SerializedFileReader::new(file).map_err(|error| damaged(&error.to_string()))?;
    if reader.metadata().file_metadata().num_rows() > MOST_FILES {
        return Err(StoreError::new(
            Code::TooLarge,
            format!("the checkpoint has more than {MOST_FILES} rows"),
        ));
    }
    let mut actions = Vec::new();
    for at in 0..reader.metadata().num_row_groups() {
        let group = reader.get_row_group(at).map_err(|error| damaged(&error.to_string()))?;
        read_group(&*group, &mut actions)?;
    }
    Snapshot::of(version, actions)
}

fn read_group(group: &dyn RowGroupReader, actions: &mut Vec<Action>) -> Result<()> {
    let from = Group { group };
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
    let mut values = from.maps("add.partitionValues")?;
    let mut tags = from.maps("add.tags")?;
    let (sizes, times) = (from.numbers("add.size")?, from.numbers("add.modificationTime")?);
    let mut stats = from.texts("add.stats")?;
    for (at, path) in from.texts("add.path")?.into_iter().enumerate() {
        if let Some(path) = path {
            actions.push(Action::Add(Box::new(Add {
                path,
                partition_values: values.get_mut(at).and_then(Option::take).unwrap_or_default(),
                size: sizes.get(at).copied().flatten().unwrap_or(0),
                modification_time: times.get(at).copied().flatten().unwrap_or(0),
                data_change: false,
                stats: stats.get_mut(at).and_then(Option::take),
                tags: tags.get_mut(at).and_then(Option::take),
            })));
        }
    }
    Ok(())
}

/// Values with their levels.
struct Leaf<T> {
    values: std::vec::IntoIter<T>,
    defs: Vec<i16>,
    reps: Vec<i16>,
    /// The level at which there is a value.
    max: i16,
}

struct Group<'g> {
    group: &'g dyn RowGroupReader,
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
        let Some(Leaf { mut values, defs, max, .. }) = self.text_leaf(path)? else {
            return Ok(vec![]);
        };
        let value = |level: i16| {
            if level == max {
                values.next().map(|bytes| as_text(&bytes)).transpose()
            } else {
                Ok(None)
            }
        };
        defs.into_iter().map(value).collect()
    }

    fn text_leaf(&self, path: &str) -> Result<Option<Leaf<ByteArray>>> {
        match self.column(path)? {
            Some((reader @ ColumnReader::ByteArrayColumnReader(_), max)) => {
                self.leaf::<ByteArrayType>(reader, max).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Lists of texts, whose items have been called in several ways.
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

    fn maps(&self, path: &str) -> Result<Vec<Option<Map>>> {
        let part = |name: &str| self.text_leaf(&format!("{path}.key_value.{name}"));
        let (Some(mut keys), Some(mut texts)) = (part("key")?, part("value")?) else {
            return Ok(vec![]);
        };
        let mut maps: Vec<Option<Map>> = Vec::new();
        let levels = keys.defs.iter().zip(&keys.reps).zip(&texts.defs);
        for ((of_key, repeats), of_value) in levels {
            if *repeats == 0 {
                maps.push((*of_key + 1 >= keys.max).then(Map::new));
            }
            if *of_key == keys.max {
                let key = keys
                    .values
                    .next()
                    .map(|bytes| as_text(&bytes))
                    .transpose()?
                    .unwrap_or_default();
                let value = if *of_value == texts.max { texts.values.next() } else { None };
                let value = value.map(|bytes| as_text(&bytes)).transpose()?;
                if let Some(Some(map)) = maps.last_mut() {
                    map.insert(key, value);
                }
            }
        }
        Ok(maps)
    }
}

fn as_text(bytes: &ByteArray) -> Result<String> {
    let text = std::str::from_utf8(bytes.data()).map_err(|_| damaged("a text is not UTF-8"))?;
    Ok(text.to_owned())
}

fn damaged(why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the checkpoint of the log cannot be read: {why}"))
}

fn failed(error: &ParquetError) -> StoreError {
    StoreError::new(Code::Io, format!("cannot write the checkpoint of the log: {error}"))
}
