//! Rows as JSON: one string is passed, and V8 creates the objects.

use serde::Serialize;

use super::values::Json;
use crate::error::{Code, Result, StoreError};

/// Length of the longest string in V8, in UTF-16 code units.
const LONGEST: usize = (1 << 29) - 24;

/// A list continues in another string after this many bytes.
const PIECE: usize = 64 << 20;

/// Returns a result as one text.
pub(super) fn json<T: Serialize>(answer: &T) -> Result<Json> {
    let mut text = Vec::new();
    write(&mut text, answer)?;
    fitting(text)
}

/// Returns a list as several JSON arrays, each short enough for a string unless a single row is too long.
pub(super) fn json_in_pieces<T: Serialize>(rows: &[T]) -> Result<Vec<Json>> {
    let pieces = pieces(rows, PIECE)?;
    pieces.into_iter().map(fitting).collect()
}

fn pieces<T: Serialize>(rows: &[T], most: usize) -> Result<Vec<Vec<u8>>> {
    let mut pieces = vec![];
    let mut piece = vec![b'['];
    for row in rows {
        if piece.len() > 1 {
            piece.push(b',');
        }
        write(&mut piece, row)?;
        if piece.len() >= most {
            piece.push(b']');
            pieces.push(std::mem::replace(&mut piece, vec![b'[']));
        }
    }
    if piece.len() > 1 || pieces.is_empty() {
        piece.push(b']');
        pieces.push(piece);
    }
    Ok(pieces)
}

fn write<T: Serialize>(text: &mut Vec<u8>, value: &T) -> Result<()> {
    serde_json::to_writer(text, value)
        .map_err(|error| StoreError::new(Code::Internal, error.to_string()))
}

/// Refuses a text that is too long for V8, whose own error would not say so.
pub(super) fn fitting(text: Vec<u8>) -> Result<Json> {
    no_longer_than(LONGEST, text)
}

fn no_longer_than(longest: usize, text: Vec<u8>) -> Result<Json> {
    let length = text.len();
    if length <= longest || String::from_utf8_lossy(&text).encode_utf16().count() <= longest {
        return Ok(Json(text));
    }
    let message = format!(
        "the answer takes {length} bytes as JSON, and the longest string has {longest} characters; \
         ask for less at a time: a page with a smaller limit, or one row by its id"
    );
    Err(StoreError::new(Code::TooLarge, message))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    fn texts(rows: &[&str], most: usize) -> Vec<String> {
        let pieces = pieces(rows, most).unwrap();
        pieces.into_iter().map(|piece| String::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn a_long_list_continues_in_another_text() {
        assert_eq!(texts(&[], 9), ["[]"]);
        assert_eq!(texts(&["a", "b"], 99), [r#"["a","b"]"#]);
        assert_eq!(texts(&["a", "b", "c"], 8), [r#"["a","b"]"#, r#"["c"]"#]);
        assert_eq!(texts(&["long enough", "b"], 8), [r#"["long enough"]"#, r#"["b"]"#]);
        assert_eq!(texts(&["long enough"], 8), [r#"["long enough"]"#]);
    }

    #[test]
    fn a_text_too_long_for_a_string_is_refused_with_a_remedy() {
        assert!(no_longer_than(5, b"[1,2]".to_vec()).is_ok());
        // Three UTF-16 code units, of two bytes each.
        assert!(no_longer_than(3, "äöü".as_bytes().to_vec()).is_ok());
        let error = no_longer_than(4, b"[1,2]".to_vec()).err().unwrap();
        assert_eq!(error.code, Code::TooLarge);
        assert!(error.message().contains("ask for less at a time"), "{error}");
    }
}
