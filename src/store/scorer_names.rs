//! The scorers of a run, numbered in the order in which they are met.

/// Numbers scorers by their names, which are compared as bytes.
#[derive(Default)]
pub(super) struct ScorerNames {
    names: Vec<Vec<u8>>,
    /// The scorer seen last: usually, the next score belongs to the one after it.
    last: usize,
}

impl ScorerNames {
    /// Returns the number of the scorer.
    pub(super) fn number(&mut self, name: &[u8]) -> usize {
        let count = self.names.len();
        let found =
            (1..=count).map(|step| (self.last + step) % count).find(|&at| self.names[at] == name);
        self.last = found.unwrap_or(count);
        if found.is_none() {
            self.names.push(name.to_vec());
        }
        self.last
    }

    /// Returns the names, by number.
    pub(super) fn into_texts(self) -> Vec<String> {
        self.names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }
}
