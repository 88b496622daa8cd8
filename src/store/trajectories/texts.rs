//! Long texts, each stored once and compressed where that saves space.
//!
//! zstd compresses and decompresses fast, and other supported formats need it as well. Texts are identified by their SHA-256;
//! collisions are not a realistic concern.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::db::{Connection, Row, Statement, Value};
use crate::error::{Code, Result, StoreError};

/// Shorter texts stay in their turns: a row of their own, with an indexed hash, would take as much space.
const LEAST: usize = 512;

/// Number of texts per call whose ids are cached.
const MOST_KNOWN: usize = 100_000;

/// No longer text can have been saved; a larger claimed length must not allocate memory.
const LONGEST: usize = 1 << 29;

type Hash = [u8; 32];

/// Saves the texts of turns.
pub(super) struct TextInserter<'c> {
    find: Box<dyn Statement + 'c>,
    insert: Box<dyn Statement + 'c>,
    next_id: i64,
    known: FxHashMap<Hash, i64>,
    compressor: Compressor,
}

impl<'c> TextInserter<'c> {
    /// Must be called inside a write transaction.
    pub(super) fn new(db: &'c dyn Connection) -> Result<Self> {
        let sql = "INSERT INTO texts (id, hash, length, content) VALUES (?, ?, ?, ?)";
        Ok(TextInserter {
            find: db.prepare("SELECT id FROM texts WHERE hash = ?")?,
            insert: db.prepare(sql)?,
            next_id: next_id(db, "texts")?,
            known: FxHashMap::default(),
            compressor: Compressor::default(),
        })
    }

    /// Returns the id of the text, saving it if it is new; `None` for a text that stays in its turn.
    pub(super) fn id_of(&mut self, text: &str) -> Result<Option<i64>> {
        if text.len() < LEAST {
            return Ok(None);
        }
        let hash: Hash = Sha256::digest(text.as_bytes()).into();
        if let Some(id) = self.known.get(&hash) {
            return Ok(Some(*id));
        }
        let mut found = None;
        self.find.query(&[Value::Blob(&hash)], &mut |row| {
            found = Some(row.integer(0)?);
            Ok(crate::db::Step::Stop)
        })?;
        let id = match found {
            Some(id) => id,
            None => self.add(text, &hash)?,
        };
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(hash, id);
        Ok(Some(id))
    }

    fn add(&mut self, text: &str, hash: &Hash) -> Result<i64> {
        let id = self.next_id;
        let content = self.compressor.compress(text)?;
        let content = content.map_or(text.into(), Value::Blob);
        let length = Value::Integer(i64::try_from(text.len()).unwrap_or(i64::MAX));
        self.insert.execute(&[id.into(), Value::Blob(hash), length, content])?;
        self.next_id += 1;
        Ok(id)
    }
}

/// Returns an id greater than all ids of a table. No other connection can insert one before the transaction ends.
pub(super) fn next_id(db: &dyn Connection, table: &str) -> Result<i64> {
    let sql = format!("SELECT coalesce(max(id), 0) + 1 FROM {table}");
    Ok(db.query_one(&sql, &[], |row| row.integer(0))?.unwrap_or(1))
}

#[derive(Default)]
struct Compressor {
    /// Created on demand, because it takes memory.
    zstd: Option<zstd::bulk::Compressor<'static>>,
    buffer: Vec<u8>,
}

impl Compressor {
    /// Returns the compressed text; `None` unless it is shorter by at least a tenth.
    fn compress(&mut self, text: &str) -> Result<Option<&[u8]>> {
        let failed = |error: std::io::Error| StoreError::new(Code::Internal, error.to_string());
        let zstd = match self.zstd.as_mut() {
            Some(zstd) => zstd,
            None => self.zstd.insert(zstd::bulk::Compressor::new(LEVEL).map_err(failed)?),
        };
        self.buffer.clear();
        self.buffer.reserve(zstd::zstd_safe::compress_bound(text.len()));
        zstd.compress_to_buffer(text.as_bytes(), &mut self.buffer).map_err(failed)?;
        Ok((self.buffer.len() + text.len() / 10 < text.len()).then_some(&self.buffer))
    }
}

/// zstd's own default.
const LEVEL: i32 = 3;

/// Returns the text in the columns `content` and `length` of a row.
pub(super) fn text(row: &dyn Row, content: usize, length: usize) -> Result<Option<Vec<u8>>> {
    Ok(match row.value(content)? {
        Value::Text(text) => Some(text.to_vec()),
        Value::Blob(compressed) => Some(decompress(compressed, row.integer(length)?)?),
        _ => None,
    })
}

/// Returns the text, whose length is stored twice. A file from somebody else may claim anything, and a few bytes may
/// decompress to gigabytes.
pub(in crate::store) fn decompress(compressed: &[u8], length: i64) -> Result<Vec<u8>> {
    let refused =
        |why: &str| StoreError::new(Code::Corrupt, format!("a text cannot be decompressed: {why}"));
    let claimed = zstd::zstd_safe::get_frame_content_size(compressed).ok().flatten();
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST);
    match (length, claimed) {
        (Some(length), Some(claimed)) if claimed == length as u64 => {
            let text = zstd::bulk::decompress(compressed, length);
            let text = text.map_err(|error| refused(&error.to_string()))?;
            if text.len() == length { Ok(text) } else { Err(refused("it is cut off")) }
        }
        _ => Err(refused("its length is another than was written down")),
    }
}

/// Checks that a text is the one that was saved; the columns are id, content, length, hash, and whether it is the parts
/// of a turn. Returns the problem, if any.
pub(crate) fn check_text(row: &dyn Row) -> Result<std::result::Result<(), String>> {
    let text = match text(row, 1, 2) {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => return Ok(Err(error.message())),
    };
    let Value::Blob(hash) = row.value(3)? else { return Ok(Err("it has no hash".to_owned())) };
    // The doctor leaves an empty text with a hash of its own.
    if !text.is_empty() && hash != Sha256::digest(&text).as_slice() {
        return Ok(Err("it is not the text that was saved".to_owned()));
    }
    let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(&text);
    Ok(match row.integer(4)? != 0 && !text.is_empty() {
        true => is_json().map(drop).map_err(|error| error.to_string()),
        false => Ok(()),
    })
}

/// Texts of turns that are about to be deleted.
#[derive(Default)]
pub(crate) struct TextsInUse(Vec<i64>);

impl TextsInUse {
    /// Finds the texts of the runs that meet a condition.
    pub(crate) fn of_runs(
        db: &dyn Connection,
        condition: &str,
        parameters: &[Value<'_>],
    ) -> Result<Self> {
        let of_runs = format!(
            "(SELECT id FROM trajectories WHERE run_id IN (SELECT id FROM runs WHERE {condition}))"
        );
        TextsInUse::of_trajectories(db, &of_runs, parameters)
    }

    /// Finds the texts of some trajectories of a run; the parameters are its id and the number of trajectories.
    pub(in crate::store) fn of_some_trajectories(
        db: &dyn Connection,
        parameters: &[Value<'_>],
    ) -> Result<Self> {
        let some = "(SELECT id FROM trajectories WHERE run_id = ? LIMIT ?)";
        TextsInUse::of_trajectories(db, some, parameters)
    }

    /// Finds the texts of one trajectory.
    pub(super) fn of_trajectory(db: &dyn Connection, id: i64) -> Result<Self> {
        TextsInUse::of_trajectories(db, "(?)", &[id.into()])
    }

    fn of_trajectories(db: &dyn Connection, ids: &str, parameters: &[Value<'_>]) -> Result<Self> {
        let sql = format!(
            "SELECT DISTINCT text_id FROM turns WHERE text_id IS NOT NULL AND trajectory_id IN {ids}"
        );
        db.query_all(&sql, parameters, |row| row.integer(0)).map(TextsInUse)
    }

    /// Adds others.
    pub(super) fn add(&mut self, others: TextsInUse) {
        self.0.extend(others.0);
    }
}

/// Deletes the texts that no turn refers to any more.
pub(crate) fn drop_unused(db: &dyn Connection, texts: &TextsInUse) -> Result<()> {
    if texts.0.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM texts WHERE id = ? AND NOT EXISTS (SELECT 1 FROM turns WHERE text_id = texts.id)";
    let mut delete = db.prepare(sql)?;
    texts.0.iter().try_for_each(|id| delete.execute(&[Value::Integer(*id)]).map(drop))
}
