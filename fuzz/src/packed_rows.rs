//! Packed rows of whole runs, as one addon gives them to the other.

use runstore::Code;
use runstore::rows::{BatchOrder, check_batch, decode, encode};

/// One buffer. What begins otherwise gets the header, so that most inputs reach the rows.
pub fn packed_rows(data: &[u8]) {
    let header = b"RSRB\x01";
    let buffer = match data.starts_with(b"RSRB") {
        true => data.to_vec(),
        false => [header, data].concat(),
    };
    match decode(&buffer) {
        Ok(batch) => {
            let written = encode(&batch).unwrap();
            let again = encode(&decode(&written).unwrap()).unwrap();
            assert_eq!(written, again);
            let _ = check_batch(&batch);
            let _ = BatchOrder::default().next(&batch);
        }
        Err(error) => {
            assert!(matches!(error.code, Code::InvalidArgument | Code::TooLarge), "{error}");
        }
    }
}
