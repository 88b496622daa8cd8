//! Batches as `lib/rows/pack.js` packs them, read as cases, scores and results.

use runstore::store::{PackedCases, PackedResults, PackedRows, PackedScores};
use runstore::{Code, StoreError};

/// Two bytes of sizes, then lengths, numbers and text.
pub fn packed(data: &[u8]) {
    let Some(([rows, lengths], rest)) = data.split_first_chunk() else { return };
    let (lengths, rest) = rest.split_at(rest.len().min(usize::from(*lengths) * 4));
    let (numbers, text) = rest.split_at(rest.len() / 4);
    let lengths: Vec<i32> = lengths
        .chunks_exact(4)
        .map(|four| i32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect();
    let numbers: Vec<f64> = numbers.iter().map(|&byte| number(byte)).collect();
    let packed =
        PackedRows { text, lengths: &lengths, numbers: &numbers, rows: usize::from(*rows) };

    let mut bytes = 0;
    for case in PackedCases::from(&packed) {
        match case {
            Ok(case) => bytes += case.input.len(),
            Err(error) => check(&error),
        }
    }
    // A text may be repeated, an input may not.
    assert!(bytes <= text.len());
    for score in PackedScores::from(&packed) {
        let _ = score.map_err(|error| check(&error));
    }
    for result in PackedResults::new("run", &packed) {
        let _ = result.map_err(|error| check(&error));
    }
}

fn number(byte: u8) -> f64 {
    match byte {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        3 => -0.0,
        other => f64::from(other),
    }
}

fn check(error: &StoreError) {
    assert!(error.code == Code::Internal && error.message().contains("malformed"), "{error}");
}
