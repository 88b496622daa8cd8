//! Our own tags of a file, joined in one value beside the map `add.tags`. A map is read pair by pair, of which ten thousand runs
//! have more than a hundred thousand; that was most of the time to open an archive. Other programs read the map.

use parquet::data_type::ByteArray;
use runstore::error::Result;

use super::columns::{as_utf8, damaged};
use crate::log::tags::{COUNT, Places, Tag, Texts};

/// The column.
pub(super) const COLUMN: &str = "add.runstoreTags";

/// The first byte. It changes with the list of our tags; the values of other versions are not read, but the maps beside them.
const LAYOUT: u8 = 1;

/// Bits of a length in a byte; the highest bit says that another byte follows.
const BITS: u32 = 7;
const MORE: u8 = 1 << BITS;

/// Joins the tags: the layout, for each tag its length plus one, or 0 without it, and then the texts.
pub(super) fn join(tags: &Texts<'_>) -> Vec<u8> {
    let mut joined = vec![LAYOUT];
    for length in tags.places.lengths() {
        put_length(&mut joined, length.map_or(0, |length| length + 1));
    }
    joined.extend_from_slice(tags.joined.as_bytes());
    joined
}

/// The values of the column in a row group.
pub(super) struct Joined(pub(super) Vec<Option<ByteArray>>);

impl Joined {
    /// Returns the value of a row, if it is one for [`split`].
    pub(super) fn get(&self, row: usize) -> Option<&[u8]> {
        let value = self.0.get(row)?.as_ref().map(ByteArray::data);
        value.filter(|value| value.first() == Some(&LAYOUT))
    }
}

/// Returns the tags.
///
/// # Errors
/// If these are not joined tags that describe a run.
pub(super) fn split(joined: &[u8]) -> Result<Texts<'_>> {
    divided(joined)?.ok_or_else(|| damaged(&format!("a value of {COLUMN} contradicts itself")))
}

fn divided(joined: &[u8]) -> Result<Option<Texts<'_>>> {
    let Some((lengths, texts)) = lengths_of(joined) else { return Ok(None) };
    let joined = as_utf8(texts)?;
    let places = Places::of(lengths.map(|length| length.checked_sub(1)), joined);
    let tags = places.map(|places| Texts { joined: joined.into(), places });
    Ok(tags.filter(|tags| tags.get(Tag::RunId).is_some()))
}

/// Returns what stands for the length of each tag, and the bytes after that.
fn lengths_of(joined: &[u8]) -> Option<([usize; COUNT], &[u8])> {
    let (layout, mut rest) = joined.split_first()?;
    let mut lengths = [0; COUNT];
    for length in &mut lengths {
        *length = take_length(&mut rest)?;
    }
    (*layout == LAYOUT).then_some((lengths, rest))
}

fn put_length(to: &mut Vec<u8>, mut length: usize) {
    while length >= usize::from(MORE) {
        to.push(length as u8 | MORE);
        length >>= BITS;
    }
    to.push(length as u8);
}

/// Takes a length of at most 2³⁵ from the start of some bytes.
fn take_length(from: &mut &[u8]) -> Option<usize> {
    let mut length = 0_u64;
    for shift in (0..5 * BITS).step_by(BITS as usize) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        length |= u64::from(byte & !MORE) << shift;
        if byte & MORE == 0 {
            return usize::try_from(length).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn tags_are_split_as_they_were_joined() {
        let long = "é".repeat(40_000);
        let texts = [None, Some(""), Some("a"), Some("東京"), Some(long.as_str())];
        for first in 0..texts.len() {
            let mut tags: [_; COUNT] =
                std::array::from_fn(|at| texts[(first + at * 3) % texts.len()]);
            tags[Tag::RunId as usize] = Some("run");
            let tags = Texts::of(tags).unwrap();
            let column = Joined(vec![None, Some(join(&tags).into())]);
            assert_eq!(column.get(1).map(split).unwrap().unwrap(), tags);
            assert!(column.get(0).is_none() && column.get(2).is_none());
        }
    }

    #[test]
    fn values_of_a_later_version_are_left_alone() {
        let column = Joined(vec![Some(vec![LAYOUT + 1, 0].into()), Some(vec![].into())]);
        assert!(column.get(0).is_none() && column.get(1).is_none());
    }

    #[test]
    fn no_other_bytes_are_tags() {
        let mut tags = [None; COUNT];
        tags[Tag::RunId as usize] = Some("é");
        let joined = join(&Texts::of(tags).unwrap());
        assert!(split(&joined).is_ok());
        for end in 0..joined.len() {
            assert!(split(&joined[..end]).is_err(), "{end}");
        }
        let mut changed = joined.clone();
        for (at, byte) in [(0, 2), (1, 2), (10, 0), (10, 2), (10, MORE), (15, b'a'), (16, b'a')] {
            changed[at] = byte;
            assert!(split(&changed).is_err(), "{at}: {byte}");
            changed[at] = joined[at];
        }
        assert!(split(&[&joined[..], b"a"].concat()).is_err());
        assert!(split(&join(&Texts::default())).is_err());
        assert!(split(&[&[LAYOUT][..], &[0xff; 60]].concat()).is_err());
    }
}
