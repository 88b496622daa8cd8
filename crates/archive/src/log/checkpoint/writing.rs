//! Writes the Parquet file of a checkpoint, column by column.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use runstore::error::{Code, StoreError};

use super::joined;
use crate::log::action::{Add, Metadata, Protocol, Remove};
use crate::log::listed::Listed;
use crate::log::snapshot::Snapshot;
use crate::log::tags::Tags;

/// Files in a row group. Each group costs a reader some calls of the system for each column; larger ones than this were no faster.
const GROUP: usize = 2_000;

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
    optional binary runstoreTags;
  }
  optional group remove {
    optional binary path (STRING);
    optional int64 deletionTimestamp;
    optional boolean dataChange;
  }
}";

/// Writes the state, with the files that were removed since a moment, and returns the number of rows.
pub(super) fn write_rows(
    file: File,
    snapshot: &Snapshot,
    removed_since: i64,
) -> Result<i64, ParquetError> {
    let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    // Each row has another value: a dictionary would only be one more page to read.
    for column in ["add.path", joined::COLUMN] {
        let path = ColumnPath::new(column.split('.').map(str::to_owned).collect());
        properties = properties.set_column_dictionary_enabled(path, false);
    }
    let mut writer = SerializedFileWriter::new(
        file,
        Arc::new(parse_message_type(SCHEMA)?),
        Arc::new(properties.build()),
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
    let mut files = snapshot.files().iter();
    loop {
        let adds = files.by_ref().take(GROUP).map(Listed::add);
        let adds = adds.collect::<Result<Vec<_>, _>>().map_err(|error| external(&error))?;
        if adds.is_empty() {
            break;
        }
        group(&adds.iter().map(Row::Add).collect::<Vec<_>>())?;
    }
    let removed: Vec<_> = snapshot.removed_since(removed_since).collect();
    for some in removed.chunks(GROUP) {
        group(&some.iter().map(Row::Remove).collect::<Vec<_>>())?;
    }
    writer.close()?;
    Ok(rows)
}

/// A row of a checkpoint: one action.
enum Row<'s> {
    Protocol(&'s Protocol),
    Metadata(&'s Metadata),
    Add(&'s Add),
    Remove(&'s Remove),
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

    fn remove(&self) -> Option<&'s Remove> {
        if let Row::Remove(remove) = self { Some(remove) } else { None }
    }
}

/// The columns in the order of the schema.
fn write_group(
    group: &mut SerializedRowGroupWriter<'_, File>,
    rows: &[Row<'_>],
) -> Result<(), ParquetError> {
    let mut to = Columns(group);
    let none = BTreeMap::<String, String>::new();
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
    to.leaf::<ByteArrayType>(rows, |row| row.add().map(joined_tags))?;
    to.leaf::<ByteArrayType>(rows, |row| row.remove().map(|it| Some(text(&it.path))))?;
    to.leaf::<Int64Type>(rows, |row| row.remove().map(|it| it.deletion_timestamp))?;
    to.leaf::<BoolType>(rows, |row| row.remove().map(|_| Some(false)))
}

/// Returns the tags of a file in one value, if all of them are ours.
fn joined_tags(add: &Add) -> Option<ByteArray> {
    let tags = add.tags.as_ref().filter(|tags| tags.are_ours())?;
    tags.texts().ok().flatten().map(|texts| joined::join(&texts).into())
}

fn text(text: &str) -> ByteArray {
    ByteArray::from(text)
}

/// Writes column by column. The levels tell how much of the path to a value is present, and where it repeats.
struct Columns<'g, 'f>(&'g mut SerializedRowGroupWriter<'f, File>);

impl Columns<'_, '_> {
    /// A value of an action; both may be absent.
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

    /// A text in a group of an action, present if the action is.
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

    /// A map in an action, below `above` groups: the column of its keys, and that of its values.
    fn map<'s, M: Pairs + 's>(
        &mut self,
        rows: &[Row<'s>],
        above: i16,
        map: impl Fn(&Row<'s>) -> Option<Option<&'s M>>,
    ) -> Result<(), ParquetError> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let (mut of_keys, mut of_values, mut reps) = (Vec::new(), Vec::new(), Vec::new());
        for found in rows.iter().map(map) {
            let before = keys.len();
            for (key, value) in found.flatten().into_iter().flat_map(Pairs::pairs) {
                of_keys.push(above + 2);
                of_values.push(above + 2 + i16::from(value.is_some()));
                reps.push(i16::from(keys.len() > before));
                keys.push(text(key));
                values.extend(value.map(text));
            }
            if keys.len() == before {
                let level = found.map_or(0, |inner| above + i16::from(inner.is_some()));
                of_keys.push(level);
                of_values.push(level);
                reps.push(0);
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

/// Types that are written as maps of texts.
trait Pairs {
    fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)>;
}

impl Pairs for BTreeMap<String, String> {
    fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.iter().map(|(key, value)| (key.as_str(), Some(value.as_str())))
    }
}

impl Pairs for BTreeMap<String, Option<String>> {
    fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.iter().map(|(key, value)| (key.as_str(), value.as_deref()))
    }
}

impl Pairs for Tags {
    fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.iter()
    }
}

fn external(error: &StoreError) -> ParquetError {
    ParquetError::General(error.message())
}

pub(super) fn failed(error: &ParquetError) -> StoreError {
    StoreError::new(Code::Io, format!("cannot write the checkpoint of the log: {error}"))
}
