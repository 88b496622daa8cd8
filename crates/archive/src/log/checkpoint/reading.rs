//! Reads a checkpoint that we or another program wrote.

use std::collections::BTreeMap;
use std::fs::File;

use parquet::column::reader::{ColumnReader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader, RowGroupReader};
use runstore::error::{Code, Result, StoreError};

use crate::log::action::{Action, Add, Metadata, Protocol, Remove};
use crate::log::listed::Listed;
use crate::log::snapshot::Snapshot;
use crate::log::tags::Tags;
use crate::parquet_file;

/// Maximum number of bytes of text in a column, per byte of the checkpoint, and in addition. A dictionary stores equal texts
/// once, but the paths of files differ.
const MOST_TEXT_A_BYTE: u64 = 200;
const SOME_TEXT: u64 = 64 << 20;

type Map = BTreeMap<String, Option<String>>;

/// Reads a checkpoint; columns are found by name.
pub(crate) fn read_rows(file: File, version: u64) -> Result<Snapshot> {
    parquet_file::guarded(|| snapshot_of(file, version))
}

fn snapshot_of(file: File, version: u64) -> Result<Snapshot> {
    let bytes = file.metadata().map_err(|error| damaged(&error.to_string()))?.len();
    let reader = parquet_file::open(file)?;
    let rows = reader.metadata().file_metadata().num_rows();
    // Each row names a different file.
    if u64::try_from(rows).is_ok_and(|rows| rows > bytes) {
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
    let mut snapshot = Snapshot::of_checkpoint(version, heads)?;
    for group in groups() {
        let group = group.map_err(|error| damaged(&error.to_string()))?;
        read_files(&Group { group: &*group, most_text }, &mut snapshot)?;
    }
    Ok(snapshot)
}

/// Reads the description of the table, which may be in any row.
fn read_heads(from: &Group<'_>, actions: &mut Vec<Action>) -> Result<()> {
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
    let configurations = from.maps("metaData.configuration", put_in_map)?;
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
    let paths = from.texts("add.path")?;
    let mut tags = from.maps("add.tags", Tags::put)?;
    let (sizes, times) = (from.numbers("add.size")?, from.numbers("add.modificationTime")?);
    let number =
        |numbers: &[Option<i64>], at: usize| numbers.get(at).copied().flatten().unwrap_or(0);
    let mut others = Vec::new();
    for (at, path) in paths.into_iter().enumerate() {
        let Some(path) = path else { continue };
        let (size, modified_at) = (number(&sizes, at), number(&times, at));
        let tags = tags.get_mut(at).and_then(Option::take);
        match tags {
            Some(tags) if tags.are_ours() => {
                if let Some(listed) = Listed::of_tags(&path, tags, size, modified_at)? {
                    snapshot.put(listed);
                }
            }
            tags => others.push((
                at,
                Add { path, size, modification_time: modified_at, tags, ..Add::default() },
            )),
        }
    }
    read_others(from, others, snapshot)?;
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
    let mut values = from.maps("add.partitionValues", put_in_map)?;
    let mut stats = from.texts("add.stats")?;
    let adds = others.into_iter().map(|(at, add)| {
        let partition_values = values.get_mut(at).and_then(Option::take).unwrap_or_default();
        let stats = stats.get_mut(at).and_then(Option::take);
        Action::Add(Box::new(Add { partition_values, stats, ..add }))
    });
    snapshot.describe(&adds.collect::<Vec<_>>())
}

fn put_in_map(map: &mut Map, key: &str, value: Option<String>) {
    map.insert(key.to_owned(), value);
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

    /// Maps of texts, assembled pair by pair.
    fn maps<M: Default>(
        &self,
        path: &str,
        put: impl Fn(&mut M, &str, Option<String>),
    ) -> Result<Vec<Option<M>>> {
        let part = |name: &str| self.text_leaf(&format!("{path}.key_value.{name}"));
        let (Some(mut keys), Some(mut texts)) = (part("key")?, part("value")?) else {
            return Ok(vec![]);
        };
        let mut maps: Vec<Option<M>> = Vec::new();
        let levels = keys.defs.iter().zip(&keys.reps).zip(&texts.defs);
        for ((of_key, repeats), of_value) in levels {
            if *repeats == 0 {
                maps.push((*of_key + 1 >= keys.max).then(M::default));
            }
            if *of_key == keys.max {
                let key = keys.values.next();
                let value = if *of_value == texts.max { texts.values.next() } else { None };
                let value = value.map(|bytes| as_text(&bytes)).transpose()?;
                if let (Some(key), Some(Some(map))) = (key, maps.last_mut()) {
                    put(map, as_str(&key)?, value);
                }
            }
        }
        Ok(maps)
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
