//! The stores that are open in this process: two of them, in two threads, do not work on one run.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::Process;

/// A store that is open in this process, until it is dropped.
#[derive(Debug)]
pub struct OpenStore {
    number: u64,
    owner: Process,
}

/// The numbers of those that are open, and the last one that was given away.
#[derive(Default)]
struct Numbers {
    open: BTreeSet<u64>,
    last: u64,
}

fn numbers() -> MutexGuard<'static, Numbers> {
    static NUMBERS: Mutex<Numbers> = Mutex::new(Numbers { open: BTreeSet::new(), last: 0 });
    NUMBERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells this copy of the library from others that the process may have loaded, whose numbers are their own.
fn library() -> &'static str {
    static LIBRARY: OnceLock<String> = OnceLock::new();
    LIBRARY.get_or_init(|| uuid::Uuid::new_v4().simple().to_string())
}

impl OpenStore {
    /// Gives a store its number.
    pub fn new() -> Self {
        let number = {
            let mut numbers = numbers();
            numbers.last += 1;
            let number = numbers.last;
            numbers.open.insert(number);
            number
        };
        let Process { pid, host, marks } = Process::this();
        let marks = format!("{marks} {}.{number}", library());
        OpenStore { number, owner: Process { pid, host, marks } }
    }

    /// Returns this process, marked with the number of the store.
    pub fn owner(&self) -> &Process {
        &self.owner
    }

    /// Returns whether a process is this one, but marked with another store that is open, or may be.
    pub fn is_other_open(&self, owner: &Process) -> bool {
        let mark = owner.marks.rsplit(' ').next().and_then(|mark| mark.split_once('.'));
        let Some((library_of_mark, number)) = mark.filter(|_| owner.is_this()) else {
            return false;
        };
        if library_of_mark != library() {
            return true;
        }
        let number = number.parse::<u64>();
        number.is_ok_and(|number| number != self.number && numbers().open.contains(&number))
    }

    /// The store is closed.
    pub fn end(&self) {
        numbers().open.remove(&self.number);
    }
}

impl Default for OpenStore {
    fn default() -> Self {
        OpenStore::new()
    }
}

impl Drop for OpenStore {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_knows_the_others_of_its_process_while_they_are_open() {
        let [one, other] = [OpenStore::new(), OpenStore::new()];
        assert!(one.owner().is_this() && other.owner().is_this());
        assert!(one.is_other_open(other.owner()) && other.is_other_open(one.owner()));
        assert!(!one.is_other_open(one.owner()));
        let owner = other.owner().clone();
        drop(other);
        assert!(!one.is_other_open(&owner));
    }

    #[test]
    fn a_store_of_another_copy_of_the_library_may_be_open() {
        let store = OpenStore::new();
        let marks = format!("{} another.1", Process::this().marks);
        assert!(store.is_other_open(&Process { marks, ..Process::this() }));
    }

    #[test]
    fn another_process_is_no_store_of_this_one_nor_is_one_that_tells_no_store() {
        let [store, other] = [OpenStore::new(), OpenStore::new()];
        assert!(!store.is_other_open(&Process { pid: 1, ..other.owner().clone() }));
        assert!(!store.is_other_open(&Process::this()));
    }
}
