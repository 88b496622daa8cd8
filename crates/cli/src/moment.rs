//! The state of the store in which names are looked up, and their rows are read.

use std::cell::RefCell;
use std::ops::Deref;

use runstore::store::Store;

/// The store within a transaction of [`Session`](super::session::Session). Names of runs and suites are only looked up
/// here: outside of a transaction, another program may change what a name refers to before it is used.
pub(super) struct Moment<'s> {
    store: &'s Store,
    /// What the reader of the answer should know about the names that were looked up.
    remarks: RefCell<Vec<String>>,
}

impl<'s> Moment<'s> {
    /// Wraps a store in which a transaction has begun.
    pub(super) fn of(store: &'s Store) -> Self {
        Moment { store, remarks: RefCell::default() }
    }

    /// Adds a remark about a name.
    pub(super) fn remark(&self, remark: String) {
        let mut remarks = self.remarks.borrow_mut();
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }

    /// Returns the remarks.
    pub(super) fn into_remarks(self) -> Vec<String> {
        self.remarks.into_inner()
    }
}

impl Deref for Moment<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        self.store
    }
}
