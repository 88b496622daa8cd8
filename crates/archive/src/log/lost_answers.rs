//! Tests of commits to a storage whose answers get lost, and of commits that meet those of other writers.

#![allow(clippy::unwrap_used)] // a failing test is meant to panic

use std::fs::File;
use std::sync::Mutex;

use runstore::error::{Code, Result, StoreError};
use tempfile::{NamedTempFile, TempDir};

use super::{Action, Snapshot, add_of, commit, refresh};
use crate::record::ArchivedRun;
use crate::storage::{Found, Location, State, Storage, Tag};

/// Makes a conditional write, and answers it.
type Answer = fn(&dyn Storage, &str, &[u8]) -> Result<bool>;

/// A disk with another answer to the first conditional write.
struct Disturbed {
    disk: Box<dyn Storage>,
    first: Mutex<Option<Answer>>,
}

impl Disturbed {
    fn new(root: &TempDir, first: Answer) -> Self {
        let disk = Location::Folder(root.path().to_owned()).open("p").unwrap();
        Disturbed { disk, first: Mutex::new(Some(first)) }
    }

    /// Commits a run, and returns the number of the entry and the runs in the log.
    fn commit(&self, id: &str) -> (Option<u64>, Vec<String>) {
        let mut snapshot = Snapshot::default();
        assert!(commit(self, &mut snapshot, "WRITE", true, &mut |_| Ok(vec![add(id)])).unwrap());
        let mut read = Snapshot::default();
        refresh(&*self.disk, &mut read).unwrap();
        assert_eq!(read.version(), snapshot.version());
        (read.version(), read.files().iter().map(|one| one.run_id().to_owned()).collect())
    }
}

impl Storage for Disturbed {
    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        match self.first.lock().unwrap().take() {
            Some(answer) => answer(&*self.disk, path, bytes),
            None => self.disk.put_new(path, bytes),
        }
    }

    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>> {
        self.disk.read(path, most)
    }

    fn read_from(&self, path: &str, start: u64) -> Result<Option<Vec<u8>>> {
        self.disk.read_from(path, start)
    }

    fn open(&self, path: &str) -> Result<Option<File>> {
        self.disk.open(path)
    }

    fn state(&self, path: &str) -> Result<Option<State>> {
        self.disk.state(path)
    }

    fn scratch(&self, path: &str) -> Result<NamedTempFile> {
        self.disk.scratch(path)
    }

    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()> {
        self.disk.publish(file, path)
    }

    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Tag>> {
        self.disk.change(path, change)
    }

    fn list(&self, folder: &str) -> Result<Vec<Found>> {
        self.disk.list(folder)
    }

    fn has_after(&self, folder: &str, name: &str, is_meant: &dyn Fn(&str) -> bool) -> Result<bool> {
        self.disk.has_after(folder, name, is_meant)
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.disk.remove(path)
    }
}

fn add(id: &str) -> Action {
    let path = format!("year=2026/month=01/{id}.parquet");
    let run = ArchivedRun { run_id: id.to_owned(), path, ..ArchivedRun::default() };
    Action::Add(Box::new(add_of(&run, 1, 2).unwrap()))
}

fn lost() -> Result<bool> {
    Err(StoreError::new(Code::Io, "the connection was closed"))
}

#[test]
fn a_commit_whose_answer_was_lost_is_there_once() {
    let answers: [Answer; 2] = [
        // The client repeated the request, and the first one had been carried out.
        |disk, path, bytes| disk.put_new(path, bytes).map(|_| false),
        |disk, path, bytes| disk.put_new(path, bytes).and_then(|_| lost()),
    ];
    for answer in answers {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Disturbed::new(&root, answer).commit("a"), (Some(0), vec!["a".to_owned()]));
    }
}

#[test]
fn a_commit_follows_that_of_a_writer_who_was_faster() {
    let root = tempfile::tempdir().unwrap();
    let faster: Answer = |disk, path, bytes| {
        commit(disk, &mut Snapshot::default(), "WRITE", true, &mut |_| Ok(vec![add("theirs")]))?;
        disk.put_new(path, bytes)
    };
    let (version, ids) = Disturbed::new(&root, faster).commit("ours");
    assert_eq!((version, ids), (Some(1), vec!["theirs".to_owned(), "ours".to_owned()]));
}

#[test]
fn a_commit_that_was_not_carried_out_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let disturbed = Disturbed::new(&root, |_, _, _| lost());
    let mut snapshot = Snapshot::default();
    let failed = commit(&disturbed, &mut snapshot, "WRITE", true, &mut |_| Ok(vec![add("a")]));
    assert_eq!(failed.unwrap_err().code, Code::Io);
    assert_eq!(snapshot.version(), None);
    // What failed is not in the way of the next one.
    assert_eq!(disturbed.commit("b"), (Some(0), vec!["b".to_owned()]));
}
