//! Shortens the ids of runs.

use std::collections::HashMap;

/// Minimum number of characters.
const LEAST: usize = 8;

/// The shortest unambiguous prefixes of some ids.
pub struct ShortIds<'r>(HashMap<&'r str, usize>);

impl<'r> ShortIds<'r> {
    /// Shortens UUIDs; other ids are shown in full.
    pub fn among(ids: impl Iterator<Item = &'r str>) -> Self {
        let mut ids: Vec<&str> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let common = |at: usize, other: Option<usize>| {
            let (one, other) = (ids.get(at), other.and_then(|other| ids.get(other)));
            one.zip(other).map_or(0, |(one, other)| shared(one, other))
        };
        let lengths = ids.iter().enumerate().map(|(at, id)| {
            let neighbours = common(at, at.checked_sub(1)).max(common(at, Some(at + 1)));
            (*id, (neighbours + 1).max(LEAST))
        });
        ShortIds(lengths.collect())
    }

    /// Returns the shortened id.
    pub fn of<'i>(&self, id: &'i str) -> &'i str {
        let length = self.0.get(id).filter(|_| is_uuid(id));
        length.and_then(|length| id.get(..*length)).unwrap_or(id)
    }
}

/// Returns a shortened id that may be ambiguous.
pub fn short(id: &str) -> &str {
    id.get(..LEAST).filter(|_| is_uuid(id)).unwrap_or(id)
}

fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36 && uuid::Uuid::try_parse(id).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_id_is_long_enough_to_be_unambiguous() {
        let ids = [
            "01234567-89ab-4cde-8f01-23456789abcd",
            "01234567-89ac-4cde-8f01-23456789abcd",
            "fedcba98-89ab-4cde-8f01-23456789abcd",
            "a name of my own",
        ];
        let short = ShortIds::among(ids.into_iter());
        let shown = ids.map(|id| short.of(id));
        assert_eq!(shown, ["01234567-89ab", "01234567-89ac", "fedcba98", "a name of my own"]);
    }
}
