//! Columns are passed as one array; `lib/rows/unpack.js` creates rows from it.
//!
//! Texts go through `to_array`, see [`Maker::array_of`].

use napi::Result;
use napi::bindgen_prelude::{Float64Array, Uint8Array, Uint32Array};

use super::chunk::Columns;
use super::values::{Maker, Raw};
use crate::store::{CaseColumns, FailingCases, JsonColumn, NumberColumn, TextColumn, TextKind};

/// `[rows, texts, narrow, wide, places, numbers, odd, more, last, mark, damaged]`, the last one as JSON
impl Columns for CaseColumns {
    fn cross(&self, make: Maker, to_array: Raw) -> Result<Raw> {
        let [narrow, wide, places] = json(make, &self.json)?;
        let [numbers, odd] = numbers(make, &self.numbers)?;
        let last = match &self.last {
            Some(last) => make.array(
                [make.value(last.idx.as_value()), make.number(last.rowid as f64)].into_iter(),
            )?,
            None => make.null()?,
        };
        let damaged = self.damaged.as_ref().filter(|found| !found.is_empty());
        let parts = [
            make.number(self.rows() as f64)?,
            make.array_of(to_array, &texts(make, &self.texts)?)?,
            narrow,
            wide,
            places,
            numbers,
            odd,
            more(make, &self.more)?,
            last,
            make.number(f64::from(self.json.mark))?,
            match damaged.and_then(|found| serde_json::to_vec(found).ok()) {
                Some(json) => make.text(&json)?,
                None => make.null()?,
            },
        ];
        make.array(parts.into_iter().map(Ok))
    }
}

/// `[cases, counts, texts, numbers, odd, more]`
impl Columns for FailingCases {
    fn cross(&self, make: Maker, to_array: Raw) -> Result<Raw> {
        let scores = &self.scores;
        let [numbers, odd] = numbers(make, &scores.numbers)?;
        let parts = [
            self.cases.cross(make, to_array)?,
            make.typed(Uint32Array::from(scores.counts.as_slice()))?,
            make.array_of(to_array, &names_and_reasons(make, &scores.texts)?)?,
            numbers,
            odd,
            more(make, &scores.more)?,
        ];
        make.array(parts.into_iter().map(Ok))
    }
}

fn texts(make: Maker, column: &TextColumn) -> Result<Vec<Raw>> {
    let null = make.null()?;
    column.iter().map(|(kind, bytes)| text(make, kind, bytes, null)).collect()
}

fn text(make: Maker, kind: TextKind, bytes: &[u8], null: Raw) -> Result<Raw> {
    match kind {
        TextKind::Null => Ok(null),
        TextKind::Text => make.text(bytes),
        TextKind::Blob => make.bytes(bytes),
    }
}

/// A chunk with more scorers than this is not searched for equal names.
const MOST_NAMES: usize = 16;

/// Name and reason of each score. There are few scorers, so the string of a name is created once.
fn names_and_reasons(make: Maker, column: &TextColumn) -> Result<Vec<Raw>> {
    let null = make.null()?;
    let mut names: Vec<(&[u8], Raw)> = Vec::new();
    let mut values = Vec::with_capacity(column.iter().len());
    for (at, (kind, bytes)) in column.iter().enumerate() {
        let is_name = at % 2 == 0 && kind == TextKind::Text;
        let known =
            names.iter().find(|(name, _)| is_name && *name == bytes).map(|(_, value)| *value);
        let value = known.map_or_else(|| text(make, kind, bytes, null), Ok)?;
        if is_name && known.is_none() && names.len() < MOST_NAMES {
            names.push((bytes, value));
        }
        values.push(value);
    }
    Ok(values)
}

/// The two arrays as text, and the position of each value; everything is in the first if the last is null.
fn json(make: Maker, column: &JsonColumn) -> Result<[Raw; 3]> {
    let places = match column.wide.is_empty() {
        true => make.null()?,
        false => make.typed(Uint8Array::from(column.places.as_slice()))?,
    };
    Ok([make.latin1(&column.narrow)?, make.text(&column.wide)?, places])
}

/// The numbers, and the position and value of those that are not numbers.
pub(super) fn numbers(make: Maker, column: &NumberColumn) -> Result<[Raw; 2]> {
    let odd = match column.odd.is_empty() {
        true => make.null()?,
        false => {
            let flat: Vec<Result<Raw>> = column
                .odd
                .iter()
                .flat_map(|(at, value)| [make.number(*at as f64), make.value(value.as_value())])
                .collect();
            make.array(flat.into_iter())?
        }
    };
    Ok([make.typed(Float64Array::from(column.values.as_slice()))?, odd])
}

fn more(make: Maker, values: &[crate::db::OwnedValue]) -> Result<Raw> {
    match values.is_empty() {
        true => make.null(),
        false => make.array(values.iter().map(|value| make.value(value.as_value()))),
    }
}
