//! Reads a checkpoint that we or another program wrote.

use std::fs::File;

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::FileReader;
use runstore::error::{Code, Result, StoreError};

use super::columns::{Group, Map, Pair, as_str, damaged};
use super::joined::{self, Joined, split};
use crate::log::action::{Action, Add, Metadata, Protocol, Remove};
use crate::log::files::Files;
use crate::log::row::NewFile;
use crate::log::snapshot::Snapshot;
use crate::log::tags::{COUNT, Tag, Tags, Texts, place_of};
use crate::names::from_uri;
use crate::parquet_file;

/// Maximum number of bytes of text in a column, per byte of the checkpoint, and in addition. A dictionary stores equal texts
/// once, but the paths of files differ.
const MOST_TEXT_A_BYTE: u64 = 200;
const SOME_TEXT: u64 = 64 << 20;

/// Maximum number of files, and of bytes of their texts, that memory is reserved for before they are read: a file may say that
/// it has more than it has.
const MOST_RESERVED: u64 = 1 << 20;
const MOST_TEXT_RESERVED: u64 = 64 << 20;

/// From which columns the tags of our own files are read.
#[derive(Clone, Copy)]
pub(crate) enum Columns {
    /// From our own column, where the file has it.
    Shortest,
    /// From the column that every program reads.
    OfDelta,
}

/// Reads a checkpoint; columns are found by name.
pub(crate) fn read_rows(file: File, version: u64, columns: Columns) -> Result<Snapshot> {
    parquet_file::guarded(|| snapshot_of(file, version, columns))
}

fn snapshot_of(file: File, version: u64, columns: Columns) -> Result<Snapshot> {
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
    let reserved = |count: u64, most: u64| usize::try_from(count.min(most)).unwrap_or(0);
    let text = reserved(bytes_of_text(reader.metadata()), MOST_TEXT_RESERVED);
    let files = Files::with_capacity(reserved(rows, MOST_RESERVED), text);
    let mut snapshot = Snapshot::of_checkpoint(version, heads, files)?;
    for group in groups() {
        let group = group.map_err(|error| damaged(&error.to_string()))?;
        read_files(&Group { group: &*group, most_text }, columns, &mut snapshot)?;
    }
    Ok(snapshot)
}

/// Returns how long the columns say they are that have the texts of our own files.
fn bytes_of_text(metadata: &ParquetMetaData) -> u64 {
    let is_kept = |column: &&ColumnChunkMetaData| {
        ["add.path", joined::COLUMN].contains(&column.column_path().string().as_str())
    };
    let columns = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    let sizes = columns.filter(is_kept).map(|column| column.uncompressed_size());
    sizes.fold(0, |sum, bytes| sum.saturating_add(u64::try_from(bytes).unwrap_or(0)))
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
fn read_files(from: &Group<'_>, columns: Columns, snapshot: &mut Snapshot) -> Result<()> {
    let paths = from.byte_arrays("add.path")?;
    let joined = match columns {
        Columns::Shortest => Joined(from.byte_arrays(joined::COLUMN)?),
        Columns::OfDelta => Joined(vec![]),
    };
    let is_enough = |(at, path): (usize, &Option<_>)| path.is_none() || joined.get(at).is_some();
    let has_enough = paths.iter().enumerate().all(is_enough);
    let tags = if has_enough { None } else { from.map("add.tags")? };
    let mut tags = tags.as_ref().map(Map::rows);
    let (sizes, times) = (from.numbers("add.size")?, from.numbers("add.modificationTime")?);
    let number =
        |numbers: &[Option<i64>], at: usize| numbers.get(at).copied().flatten().unwrap_or(0);
    let (mut pairs, mut others) = (Vec::new(), Vec::new());
    for (at, path) in paths.iter().enumerate() {
        let has_tags = tags.as_mut().map_or(Ok(false), |rows| rows.read(&mut pairs))?;
        let Some(path) = path.as_ref().map(as_str).transpose()? else { continue };
        let (size, modified_at) = (number(&sizes, at), number(&times, at));
        let texts = match joined.get(at) {
            Some(joined) => Some(split(joined)?),
            None => our_texts(&pairs)?,
        };
        match texts {
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
fn our_texts(pairs: &[Pair<'_>]) -> Result<Option<Texts<'static>>> {
    let (mut texts, mut next) = ([None; COUNT], 0);
    for (name, value) in pairs {
        let Some(place) = place_of(name, next) else { return Ok(None) };
        texts[place] = *value;
        next = place + 1;
    }
    texts[Tag::RunId as usize].map(|_| Texts::of(texts)).transpose()
}

fn all_tags(pairs: &[Pair<'_>]) -> Tags {
    let mut tags = Tags::default();
    pairs.iter().for_each(|(name, value)| tags.put(name, value.map(str::to_owned)));
    tags
}
