//! Writes the file of a run.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use parquet::schema::parser::parse_message_type;
use runstore::error::{Code, Result, StoreError};
use runstore::store::Sum;
use tempfile::NamedTempFile;

use super::{COLUMNS, Constants, mean_of};
use crate::item::Item;

/// Maximum number of rows, and bytes of their texts, before a row group is written.
const GROUP_ROWS: usize = 64 << 10;
const GROUP_BYTES: usize = 16 << 20;

/// Writes a file.
pub(crate) struct ScoreFileWriter {
    writer: SerializedFileWriter<File>,
    path: PathBuf,
    constants: Constants,
    group: Vec<Item>,
    bytes: usize,
    scores: Sum,
}

/// What was written.
pub(crate) struct Written {
    pub(crate) rows: u64,
    /// Of the scores; `None` without any, and where they have none.
    pub(crate) mean: Option<f64>,
}

impl ScoreFileWriter {
    pub(crate) fn new(file: &NamedTempFile, constants: Constants) -> Result<Self> {
        let path = file.path().to_owned();
        let written = parse_message_type(&schema()).map(Arc::new).and_then(|schema| {
            SerializedFileWriter::new(file.as_file().try_clone()?, schema, Arc::new(properties()))
        });
        let writer = written.map_err(|error| failed(&path, &error))?;
        let (group, bytes, scores) = Default::default();
        Ok(ScoreFileWriter { writer, path, constants, group, bytes, scores })
    }

    pub(crate) fn put(&mut self, item: Item) -> Result<()> {
        self.bytes += item.item_id.len() + item.metadata_json.len();
        self.scores.add(item.score);
        self.group.push(item);
        match self.group.len() >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            true => self.write_group(),
            false => Ok(()),
        }
    }

    /// Ends the file and returns its number of rows and their mean.
    pub(crate) fn finish(mut self) -> Result<Written> {
        if !self.group.is_empty() {
            self.write_group()?;
        }
        self.writer.close().map_err(|error| failed(&self.path, &error))?;
        Ok(Written { rows: self.scores.count(), mean: mean_of(&self.scores) })
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = std::mem::take(&mut self.group);
        self.bytes = 0;
        let mut written = || {
            let mut writer = self.writer.next_row_group()?;
            write_columns(&mut writer, &self.constants, &mut group)?;
            writer.close().map(drop)
        };
        written().map_err(|error| failed(&self.path, &error))
    }
}

/// Each file is for one run and has few pages, so statistics of pages would tell readers no more than those of columns. Nobody
/// searches for a range of JSON texts.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled("metadata_json".into(), EnabledStatistics::None)
        .set_column_dictionary_enabled("metadata_json".into(), false)
        // Most ids are there once: a dictionary of them would be as long as they are, and takes a fifth of the time.
        .set_column_dictionary_enabled("item_id".into(), false)
        .build()
}

fn schema() -> String {
    let column = |(name, kind): &(&str, &str)| match *kind {
        "integer" => format!("optional int32 {name};"),
        "double" => format!("optional double {name};"),
        "timestamp" => format!("optional int64 {name} (TIMESTAMP(MICROS,true));"),
        _ => format!("optional binary {name} (STRING);"),
    };
    format!("message schema {{ {} }}", COLUMNS.iter().map(column).collect::<String>())
}

/// Writes the items as one row group, and takes their texts.
fn write_columns(
    writer: &mut SerializedRowGroupWriter<'_, File>,
    constants: &Constants,
    items: &mut [Item],
) -> Result<(), ParquetError> {
    for (name, _) in COLUMNS {
        let Some(mut column) = writer.next_column()? else { break };
        write_column(&mut column, name, constants, items)?;
        column.close()?;
    }
    Ok(())
}

fn write_column(
    column: &mut SerializedColumnWriter<'_>,
    name: &str,
    constants: &Constants,
    items: &mut [Item],
) -> Result<(), ParquetError> {
    let all = vec![1; items.len()];
    match name {
        "epoch" => {
            let epochs: Vec<i32> = items.iter().map(|item| item.epoch).collect();
            column.typed::<Int32Type>().write_batch(&epochs, Some(&all), None)?
        }
        "score" => {
            let scores: Vec<f64> = items.iter().map(|item| item.score).collect();
            column.typed::<DoubleType>().write_batch(&scores, Some(&all), None)?
        }
        "ts" => {
            let times = vec![constants.ts; items.len()];
            column.typed::<Int64Type>().write_batch(&times, Some(&all), None)?
        }
        "cluster_id" => {
            let clusters: Vec<_> =
                items.iter().filter_map(|item| item.cluster_id.as_deref()).map(bytes).collect();
            let levels: Vec<i16> =
                items.iter().map(|item| i16::from(item.cluster_id.is_some())).collect();
            column.typed::<ByteArrayType>().write_batch(&clusters, Some(&levels), None)?
        }
        _ => {
            let texts = texts(name, constants, items);
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&all), None)?
        }
    };
    Ok(())
}

/// The texts of a column in which every row has one: of all rows the same, or those of the items, which are taken.
fn texts(name: &str, constants: &Constants, items: &mut [Item]) -> Vec<ByteArray> {
    let mut taken = |field: fn(&mut Item) -> &mut String| {
        let field = |item| ByteArray::from(std::mem::take(field(item)).into_bytes());
        items.iter_mut().map(field).collect()
    };
    let constant = match name {
        "item_id" => return taken(|item| &mut item.item_id),
        "project_id" => &constants.project_id,
        "run_id" => &constants.run_id,
        "model_id" => &constants.model_id,
        "task_id" => &constants.task_id,
        "metric_name" => &constants.metric_name,
        "config_hash" => &constants.config_hash,
        _ => return taken(|item| &mut item.metadata_json),
    };
    vec![bytes(constant); items.len()]
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text)
}

/// Parquet's error has that of the system as text only.
fn failed(path: &Path, error: &ParquetError) -> StoreError {
    let is_full = error.to_string().contains("No space left");
    let code = if is_full { Code::DiskFull } else { Code::Io };
    StoreError::new(code, format!("cannot write {}: {error}", path.display()))
}
