//! All rows of a run in one file: its batches as a sequence of CBOR items (RFC 8742), compressed with zstd.
//!
//! CBOR names its fields and represents all numbers, so that other programs and later versions can read a file.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use runstore::error::{Code, Result, StoreError};
use runstore::model::RowBatch;
use runstore::rows::{BatchOrder, LONGEST_BUFFER, RowSource, check_batch};
use tempfile::NamedTempFile;
use zstd::stream::{read, write};

/// Higher levels barely reduce the size, and take much longer.
const LEVEL: i32 = 3;

/// Writes the file of a run.
pub(crate) struct BodyWriter {
    out: write::Encoder<'static, BufWriter<File>>,
    path: PathBuf,
}

impl BodyWriter {
    pub(crate) fn new(file: &NamedTempFile) -> Result<Self> {
        let path = file.path().to_owned();
        let encoder = file.as_file().try_clone().and_then(|file| {
            let mut out = write::Encoder::new(BufWriter::new(file), LEVEL)?;
            out.include_checksum(true)?;
            Ok(out)
        });
        let out = encoder.map_err(|error| StoreError::io("write", &path, &error))?;
        Ok(BodyWriter { out, path })
    }

    pub(crate) fn put(&mut self, batch: &RowBatch) -> Result<()> {
        ciborium::into_writer(batch, &mut self.out).map_err(|error| match error {
            ciborium::ser::Error::Io(error) => StoreError::io("write", &self.path, &error),
            ciborium::ser::Error::Value(message) => StoreError::new(Code::Internal, message),
        })
    }

    pub(crate) fn finish(self) -> Result<()> {
        let finished = self.out.finish().and_then(|mut file| file.flush());
        finished.map_err(|error| StoreError::io("write", &self.path, &error))
    }
}

/// Reads the file of a run, batch by batch. The content is untrusted.
pub struct BodyReader {
    from: Limited<BufReader<read::Decoder<'static, BufReader<File>>>>,
    order: BatchOrder,
    is_at_end: bool,
    /// The same file, which shares its place.
    file: File,
    /// Relative to the project.
    path: String,
    bytes: u64,
}

impl BodyReader {
    pub(crate) fn new(file: File, path: &str) -> Result<Self> {
        let opened = || -> std::io::Result<Self> {
            let (bytes, shared) = (file.metadata()?.len(), file.try_clone()?);
            let mut decoder = read::Decoder::new(file)?;
            // At most 8 MiB. Level 3 needs less, and a file that claims gigabytes is refused.
            decoder.window_log_max(23)?;
            let from = Limited { inner: BufReader::new(decoder), left: 0 };
            let (order, path) = (BatchOrder::default(), path.to_owned());
            Ok(BodyReader { from, order, is_at_end: false, file: shared, path, bytes })
        };
        opened().map_err(|error| damaged(&error.to_string()).in_file(path))
    }

    /// Returns how many bytes of the file were read, and how many it has.
    pub(crate) fn progress(&self) -> (u64, u64) {
        ((&self.file).stream_position().unwrap_or(0), self.bytes)
    }
}

impl RowSource for BodyReader {
    fn next_batch(&mut self) -> Result<Option<RowBatch>> {
        if self.is_at_end {
            return Ok(None);
        }
        self.read_batch().map(Some).map_err(|error| error.in_file(&self.path))
    }
}

impl BodyReader {
    fn read_batch(&mut self) -> Result<RowBatch> {
        self.from.left = LONGEST_BUFFER;
        let batch: RowBatch =
            ciborium::from_reader(&mut self.from).map_err(|error| damaged(&worded(&error)))?;
        self.order.next(&batch)?;
        check_batch(&batch)?;
        self.is_at_end = matches!(batch, RowBatch::End(_));
        Ok(batch)
    }
}

/// Fails if a batch needs more memory than any that we write.
struct Limited<R> {
    inner: R,
    left: usize,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other("a batch is longer than the limit"));
        }
        let most = buffer.len().min(self.left);
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= read;
        Ok(read)
    }
}

/// Returns the words of an error; its own are those of a debugger.
fn worded(error: &ciborium::de::Error<std::io::Error>) -> String {
    use ciborium::de::Error;
    match error {
        Error::Io(error) => error.to_string(),
        Error::Syntax(offset) => format!("invalid CBOR at byte {offset} of a batch"),
        Error::Semantic(_, message) => message.clone(),
        Error::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    }
}

fn damaged(why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the rows of the run cannot be read: {why}"))
}
