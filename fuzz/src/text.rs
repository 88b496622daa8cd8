//! The compressed text of a row: its length, then what is compressed.

use runstore::Code;
use runstore::fuzzing::decompress;

pub fn text(data: &[u8]) {
    let Some((length, compressed)) = data.split_first_chunk() else { return };
    let length = i64::from_le_bytes(*length);
    match decompress(compressed, length) {
        Ok(text) => assert_eq!(i64::try_from(text.len()), Ok(length)),
        Err(error) => assert_eq!(error.code, Code::Corrupt, "{error}"),
    }
}
