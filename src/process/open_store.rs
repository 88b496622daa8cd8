//! The open stores of this process, so that two of them, in two threads, do not own one run.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::Process;

/// An open store of this process, registered until it is dropped.
#[derive(Debug)]
pub struct OpenStore {
    number: u64,
    owner: Process,
}

/// The numbers of the open stores, and the last number that was assigned.
#[derive(Default)]
struct Numbers {
    open: BTreeSet<u64>,
    last: u64,
}

fn numbers() -> MutexGuard<'static, Numbers> {
    static NUMBERS: Mutex<Numbers> = Mutex::new(Numbers { open: BTreeSet::new(), last: 0 });
    NUMBERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Distinguishes this copy of the library from others in the process, which number their own stores.
fn library() -> &'static str {
    static LIBRARY: OnceLock<String> = OnceLock::new();
    LIBRARY.get_or_init(|| uuid::Uuid::new_v4().simple().to_string())
}

impl OpenStore {
    /// Registers a store under a new number.
    pub fn new() -> Self {
        let number = {
            let mut numbers = numbers();
            numbers.last += 1;
            let number = numbers.last;
            numbers.open.insert(number);
            number
        };
        let Process { pid, host, identity } = Process::this();
        let identity = format!("{identity} {}.{number}", library());
        OpenStore { number, owner: Process { pid, host, identity } }
    }

    /// Returns the current process, marked with the number of the store.
    pub fn owner(&self) -> &Process {
        &self.owner
    }

    /// Returns whether a process is the current one, marked with another store that is, or may be, open.
    pub fn is_other_open(&self, owner: &Process) -> bool {
        let mark = owner.identity.rsplit(' ').next().and_then(|mark| mark.split_once('.'));
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
    fn another_store_of_the_process_is_recognised_while_it_is_open() {
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
        let identity = format!("{} another.1", Process::this().identity);
        assert!(store.is_other_open(&Process { identity, ..Process::this() }));
    }

    #[test]
    fn a_process_without_a_store_mark_is_not_a_store_of_this_process() {
        let [store, other] = [OpenStore::new(), OpenStore::new()];
        assert!(!store.is_other_open(&Process { pid: 1, ..other.owner().clone() }));
        assert!(!store.is_other_open(&Process::this()));
    }
}
