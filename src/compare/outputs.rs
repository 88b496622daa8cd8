//! Whether two sides have the same outputs in every case, which equal scores alone do not show.

use std::collections::HashMap;

use super::case_side::Side;
use super::cases::Cases;
use super::content::digest;
use crate::error::Result;
use crate::store::{NamedRun, Store};

/// Returns whether the outputs of each case are equal on both sides, in any order of its trials; `None` if an output is
/// not stored.
pub(super) fn same_outputs(
    store: &Store,
    sides: &[Vec<NamedRun>; 2],
    cases: &Cases,
    operation: &str,
) -> Result<Option<bool>> {
    let mut digests: HashMap<String, Option<u128>> = HashMap::new();
    for named in sides.iter().flatten() {
        store.each_output(&named.run.id, operation, &mut |id, output| {
            digests.insert(id.to_owned(), output.map(digest));
        })?;
    }
    let of = |side: &Side| -> Option<Vec<u128>> {
        let mut outputs: Vec<u128> = vec![];
        for id in &side.ids {
            outputs.push((*digests.get(id)?)?);
        }
        outputs.sort_unstable();
        Some(outputs)
    };
    let mut same = true;
    for (before, after) in cases.rows.iter().filter_map(|row| row.both()) {
        let (Some(before), Some(after)) = (of(before), of(after)) else { return Ok(None) };
        same &= before == after;
    }
    Ok(Some(same))
}
