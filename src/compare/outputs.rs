//! Whether two sides have the same outputs in every case, which equal scores alone do not show.

use std::collections::HashMap;

use super::case_side::Side;
use super::cases::Cases;
use super::content::digest;
use crate::error::Result;
use crate::store::{NamedRun, Store};

/// Returns whether the outputs of each case are equal on both sides, in any order of its trials; `None` if an output is
/// not stored. An attempt without one that ended in an error has the same outcome as one with the same error.
pub(super) fn same_outputs(
    store: &Store,
    sides: &[Vec<NamedRun>; 2],
    cases: &Cases,
    operation: &str,
) -> Result<Option<bool>> {
    let mut outcomes: HashMap<String, Option<Outcome>> = HashMap::new();
    for named in sides.iter().flatten() {
        store.each_outcome(&named.run.id, operation, &mut |id, output, error| {
            outcomes.insert(id.to_owned(), Outcome::of(output, error));
        })?;
    }
    let of = |side: &Side| -> Option<Vec<Outcome>> {
        let mut found = vec![];
        for id in &side.ids {
            found.push((*outcomes.get(id)?)?);
        }
        found.sort_unstable();
        Some(found)
    };
    let mut same = true;
    for (before, after) in cases.rows.iter().filter_map(|row| row.both()) {
        let (Some(before), Some(after)) = (of(before), of(after)) else { return Ok(None) };
        same &= before == after;
    }
    Ok(Some(same))
}

/// The digest of what an attempt ended with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Output(u128),
    Error(u128),
}

impl Outcome {
    fn of(output: Option<&[u8]>, error: Option<&[u8]>) -> Option<Self> {
        let error = error.map(|error| Outcome::Error(digest(error)));
        output.map(|output| Outcome::Output(digest(output))).or(error)
    }
}
