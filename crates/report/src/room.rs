//! Fits Markdown into the room that GitHub gives it.

use crate::numbers::count;

/// The maximum size of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// A comment on a pull request: 65,536 characters at GitHub.
    Comment,
    /// The summary of a job: 1 MiB at GitHub.
    Summary,
}

impl Room {
    /// Bytes, with a reserve for additions of the caller.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Room::Comment => 60_000,
            Room::Summary => 1_000_000,
        }
    }
}

/// The maximum length of a name, in characters.
const LONGEST: usize = 300;

/// Returns the beginning of a name that is longer than any should be.
pub(crate) fn shortened(text: &str) -> String {
    shortened_to(LONGEST, text)
}

/// Returns the beginning of a text with more than so many characters.
pub(crate) fn shortened_to(most: usize, text: &str) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A line or a row of a table.
pub(crate) trait Part {
    /// Its size in bytes, as it is written.
    fn size(&self) -> usize;
}

impl Part for String {
    fn size(&self) -> usize {
        self.len() + 1
    }
}

impl Part for Vec<String> {
    fn size(&self) -> usize {
        self.iter().map(|cell| cell.len() + 3).sum::<usize>() + 2
    }
}

/// Returns the first parts that fit.
pub(crate) fn within<P: Part>(room: usize, parts: impl Iterator<Item = P>) -> Vec<P> {
    let mut taken = 0;
    parts
        .take_while(|part| {
            taken += part.size();
            taken <= room
        })
        .collect()
}

/// The parts that fit, and how many do not.
pub(crate) struct Fitting<P> {
    pub(crate) shown: Vec<P>,
    pub(crate) others: usize,
}

impl<P: Part> Fitting<P> {
    /// Takes the first of `all` that fit.
    pub(crate) fn first<T>(room: usize, all: &[T], part: impl Fn(&T) -> P) -> Self {
        let shown = within(room, all.iter().map(part));
        let others = all.len() - shown.len();
        Fitting { shown, others }
    }

    /// Takes all in their order if they fit, and otherwise the worst that fit.
    pub(crate) fn worst<'t, T>(
        room: usize,
        all: &'t [T],
        worst_first: impl FnOnce() -> Vec<&'t T>,
        part: impl Fn(&T) -> P,
    ) -> Self {
        let fitting = Fitting::first(room, all, &part);
        if fitting.others == 0 {
            return fitting;
        }
        Fitting::first(room, &worst_first(), |one| part(one))
    }

    /// Returns `… and 940 more scorers`; an empty string if all fit.
    pub(crate) fn rest(&self, one: &str) -> String {
        match self.others {
            0 => String::new(),
            1 => format!("… and 1 more {one}"),
            others => format!("… and {} more {one}s", count(others)),
        }
    }
}
