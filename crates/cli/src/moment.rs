//! The state of the store in which names are looked up, and their rows are read.

use std::ops::Deref;

use runstore::store::Store;

/// The store within a transaction of [`Session`](super::session::Session). Names of runs and suites are only looked up
/// here: outside of a transaction, another program may change what a name refers to before it is used.
pub(super) struct Moment<'s>(&'s Store);

impl<'s> Moment<'s> {
    /// Wraps a store in which a transaction has begun.
    pub(super) fn of(store: &'s Store) -> Self {
        Moment(store)
    }
}

impl Deref for Moment<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.0
    }
}
