//! Pairs the cases of two runs by `idx`, as the reference does.

use std::cmp::Ordering;

use crate::db::OwnedValue;
use crate::store::RunScores;

/// Returns the indexes of the cases that count: the last case of each idx.
pub(super) fn last_of_each_idx(run: &RunScores) -> Vec<usize> {
    let is_last = |case: &usize| match (run.idx.get(*case), run.idx.get(*case + 1)) {
        (Some(idx), Some(next)) => order(idx, next) != Ordering::Equal,
        _ => true,
    };
    (0..run.cases()).filter(is_last).collect()
}

/// Returns the pairs of indexes of cases with equal idx, in order; both lists are sorted by idx.
pub(super) fn pair_by_idx(
    (baseline, before): (&RunScores, &[usize]),
    (candidate, after): (&RunScores, &[usize]),
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::with_capacity(before.len().min(after.len()));
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    while let (Some(&&one), Some(&&other)) = (before.peek(), after.peek()) {
        let order = order(&baseline.idx[one], &candidate.idx[other]);
        if order == Ordering::Equal {
            pairs.push((one, other));
        }
        if order != Ordering::Greater {
            before.next();
        }
        if order != Ordering::Less {
            after.next();
        }
    }
    pairs
}

/// Returns the order of two idx values in SQLite. Integers count as the numbers that the host sees.
fn order(one: &OwnedValue, other: &OwnedValue) -> Ordering {
    match (one, other) {
        (OwnedValue::Text(one), OwnedValue::Text(other))
        | (OwnedValue::Blob(one), OwnedValue::Blob(other)) => one.cmp(other),
        _ => match (number(one), number(other)) {
            (Some(one), Some(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
            _ => rank(one).cmp(&rank(other)),
        },
    }
}

fn number(idx: &OwnedValue) -> Option<f64> {
    match idx {
        OwnedValue::Integer(number) => Some(*number as f64),
        OwnedValue::Real(number) => Some(*number),
        _ => None,
    }
}

/// Returns the rank of a value's type in the order of SQLite.
fn rank(idx: &OwnedValue) -> u8 {
    match idx {
        OwnedValue::Null => 0,
        OwnedValue::Integer(_) | OwnedValue::Real(_) => 1,
        OwnedValue::Text(_) => 2,
        OwnedValue::Blob(_) => 3,
    }
}
