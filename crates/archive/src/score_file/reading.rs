//! Reads a file of any writer.

use std::fs::File;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use runstore::error::{Code, Result, StoreError};

use super::Constants;
use crate::item::Item;
use crate::parquet_file::{self, Bounded, damaged, guarded};

/// Maximum number of rows that are read at once, and of bytes of text after which the batch ends.
const BATCH: usize = 1024;
const BATCH_BYTES: usize = 16 << 20;

/// Number of rows that are decoded before their length is checked, and the maximum number of bytes of their texts. Many rows
/// may refer to the same long text of a dictionary.
const STEP: usize = 64;
const LONGEST_STEP: usize = 512 << 20;

/// Reads a file that evalsig, an engine or we wrote; columns are found by name, in any order, encoding and width.
pub(crate) struct ScoreFileReader {
    reader: SerializedFileReader<Bounded>,
    group: usize,
    columns: Option<Group>,
}

/// The columns of the current row group.
struct Group {
    rows_left: usize,
    item_id: Texts,
    cluster_id: Option<Texts>,
    epoch: Option<Numbers>,
    score: Numbers,
    metadata_json: Option<Texts>,
}

impl ScoreFileReader {
    pub(crate) fn new(file: File) -> Result<Self> {
        let reader = parquet_file::open(file)?;
        Ok(ScoreFileReader { reader, group: 0, columns: None })
    }

    /// Returns the number of rows according to the file.
    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.reader.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Returns the values that all rows share, from the first row; `None` for an empty file.
    pub(crate) fn constants(&self) -> Result<Option<Constants>> {
        guarded(|| self.first_row())
    }

    fn first_row(&self) -> Result<Option<Constants>> {
        if self.reader.metadata().num_row_groups() == 0 || self.rows() == 0 {
            return Ok(None);
        }
        let group = self.reader.get_row_group(0).map_err(|error| damaged(&error))?;
        let text = |name| -> Result<String> {
            let mut column = Texts::of(&*group, name)?.ok_or_else(|| lacks(name))?;
            Ok(column.read(1)?.pop().flatten().unwrap_or_default())
        };
        Ok(Some(Constants {
            project_id: Texts::of(&*group, "project_id")?.map_or(
                Ok(String::new()),
                |mut column| {
                    Ok::<_, StoreError>(column.read(1)?.pop().flatten().unwrap_or_default())
                },
            )?,
            run_id: text("run_id")?,
            model_id: text("model_id")?,
            task_id: text("task_id")?,
            metric_name: text("metric_name")?,
            config_hash: text("config_hash")?,
            ts: 0,
        }))
    }

    /// Returns the next rows; none at the end.
    pub(crate) fn next_items(&mut self) -> Result<Vec<Item>> {
        guarded(|| self.next_rows())
    }

    fn next_rows(&mut self) -> Result<Vec<Item>> {
        loop {
            if let Some(columns) = &mut self.columns {
                let items = columns.next()?;
                if !items.is_empty() {
                    return Ok(items);
                }
                self.columns = None;
            }
            if self.group >= self.reader.metadata().num_row_groups() {
                return Ok(vec![]);
            }
            let group = self.reader.get_row_group(self.group).map_err(|error| damaged(&error))?;
            self.group += 1;
            self.columns = Some(Group::of(&*group)?);
        }
    }
}

impl Group {
    fn of(group: &dyn RowGroupReader) -> Result<Self> {
        Ok(Group {
            rows_left: usize::try_from(group.metadata().num_rows()).unwrap_or(0),
            item_id: Texts::of(group, "item_id")?.ok_or_else(|| lacks("item_id"))?,
            cluster_id: Texts::of(group, "cluster_id")?,
            epoch: Numbers::of(group, "epoch")?,
            score: Numbers::of(group, "score")?.ok_or_else(|| lacks("score"))?,
            metadata_json: Texts::of(group, "metadata_json")?,
        })
    }

    /// Returns the next rows: fewer where they are long.
    fn next(&mut self) -> Result<Vec<Item>> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        while self.rows_left > 0 && items.len() < BATCH && bytes < BATCH_BYTES {
            let some = self.step()?;
            bytes += some
                .iter()
                .map(|item| item.item_id.len() + item.metadata_json.len())
                .sum::<usize>();
            items.extend(some);
        }
        Ok(items)
    }

    fn step(&mut self) -> Result<Vec<Item>> {
        let wanted = self.rows_left.min(STEP);
        let scores = self.score.read(wanted)?;
        let ids = self.item_id.read(wanted)?;
        let mut clusters = read_texts(&mut self.cluster_id, wanted)?;
        let mut metadata = read_texts(&mut self.metadata_json, wanted)?;
        let epochs = self.epoch.as_mut().map(|column| column.read(wanted)).transpose()?;
        if scores.len() != wanted || ids.len() != wanted {
            return Err(StoreError::new(
                Code::Corrupt,
                "a column has fewer rows than the file says",
            ));
        }
        self.rows_left -= wanted;
        scores
            .into_iter()
            .zip(ids)
            .enumerate()
            .map(|(at, (score, id))| {
                let score =
                    score.ok_or_else(|| StoreError::new(Code::Corrupt, "a score is null"))?;
                let epoch = epochs.as_ref().and_then(|epochs| epochs.get(at).copied().flatten());
                let metadata =
                    metadata.get_mut(at).and_then(Option::take).filter(|text| !text.is_empty());
                Ok(Item {
                    item_id: id.unwrap_or_default(),
                    cluster_id: clusters.get_mut(at).and_then(Option::take),
                    epoch: epoch.unwrap_or(0.0) as i32,
                    score,
                    metadata_json: metadata.unwrap_or_else(|| "{}".to_owned()),
                })
            })
            .collect()
    }
}

fn read_texts(column: &mut Option<Texts>, wanted: usize) -> Result<Vec<Option<String>>> {
    column.as_mut().map_or(Ok(vec![]), |column| column.read(wanted))
}

/// Returns the index of a top-level column.
fn place(group: &dyn RowGroupReader, name: &str) -> Option<usize> {
    let columns = group.metadata().columns().iter();
    columns
        .map(|column| column.column_path().parts())
        .position(|parts| parts.len() == 1 && parts[0] == name)
}

/// Reads optional values.
fn read_column<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    wanted: usize,
    max_level: i16,
) -> Result<Vec<Option<T::T>>> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut rows = 0;
    while rows < wanted {
        let read = column.read_records(wanted - rows, Some(&mut levels), None, &mut values);
        let (read, _, _) = read.map_err(|error| damaged(&error))?;
        if read == 0 {
            break;
        }
        rows += read;
    }
    if max_level == 0 {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels
        .into_iter()
        .map(|level| if level == max_level { values.next() } else { None })
        .collect())
}

struct Texts(ColumnReaderImpl<ByteArrayType>, i16);

impl Texts {
    fn of(group: &dyn RowGroupReader, name: &str) -> Result<Option<Self>> {
        let Some(place) = place(group, name) else { return Ok(None) };
        let level = group.metadata().column(place).column_descr().max_def_level();
        match group.get_column_reader(place).map_err(|error| damaged(&error))? {
            column @ ColumnReader::ByteArrayColumnReader(_) => {
                Ok(Some(Texts(get_typed_column_reader(column), level)))
            }
            _ => Err(odd_type(name, "text")),
        }
    }

    fn read(&mut self, wanted: usize) -> Result<Vec<Option<String>>> {
        let values = read_column(&mut self.0, wanted, self.1)?;
        let bytes = values.iter().flatten().map(ByteArray::len).fold(0, usize::saturating_add);
        if bytes > LONGEST_STEP {
            let message =
                format!("{} rows of the Parquet file have texts of {bytes} bytes", values.len());
            return Err(StoreError::new(Code::TooLarge, message));
        }
        let text = |bytes: ByteArray| match std::str::from_utf8(bytes.data()) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(StoreError::new(Code::Corrupt, "a text is not UTF-8")),
        };
        values.into_iter().map(|value| value.map(text).transpose()).collect()
    }
}

/// Numbers of any width, as JavaScript numbers.
struct Numbers(ColumnReader, i16);

impl Numbers {
    fn of(group: &dyn RowGroupReader, name: &str) -> Result<Option<Self>> {
        let Some(place) = place(group, name) else { return Ok(None) };
        let level = group.metadata().column(place).column_descr().max_def_level();
        let column = group.get_column_reader(place).map_err(|error| damaged(&error))?;
        match column {
            ColumnReader::Int32ColumnReader(_)
            | ColumnReader::Int64ColumnReader(_)
            | ColumnReader::FloatColumnReader(_)
            | ColumnReader::DoubleColumnReader(_) => Ok(Some(Numbers(column, level))),
            _ => Err(odd_type(name, "numbers")),
        }
    }

    fn read(&mut self, wanted: usize) -> Result<Vec<Option<f64>>> {
        fn as_f64<T: Copy>(values: Vec<Option<T>>, convert: impl Fn(T) -> f64) -> Vec<Option<f64>> {
            values.into_iter().map(|value| value.map(&convert)).collect()
        }
        let level = self.1;
        Ok(match &mut self.0 {
            ColumnReader::Int32ColumnReader(column) => {
                as_f64(read_column(column, wanted, level)?, f64::from)
            }
            ColumnReader::Int64ColumnReader(column) => {
                as_f64(read_column(column, wanted, level)?, |value| value as f64)
            }
            ColumnReader::FloatColumnReader(column) => {
                as_f64(read_column(column, wanted, level)?, f64::from)
            }
            ColumnReader::DoubleColumnReader(column) => read_column(column, wanted, level)?,
            _ => vec![],
        })
    }
}

fn lacks(name: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the Parquet file has no column {name}"))
}

fn odd_type(name: &str, wanted: &str) -> StoreError {
    StoreError::new(
        Code::Corrupt,
        format!("the column {name} of the Parquet file does not hold {wanted}"),
    )
}
