//! A disk that only exists in memory, on which the power can fail and every call can go wrong.
//!
//! A file has two contents: what programs see, and what is on the medium. What was written reaches the medium when it is
//! synced; when the power fails before, any part of it may have got there: some writes and not others, and of one write
//! some sectors and not others.

mod shm;
mod vfs;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::random::Random;

/// What SQLite asks of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Open,
    Read,
    Write,
    /// A write whose first half is still done.
    HalfWrite,
    Truncate,
    Sync,
    Size,
    Lock,
    Delete,
    /// The word to the medium that a file is gone, after it is.
    SyncFolder,
    Access,
    /// Locks of the shared memory.
    Shm,
    /// Making and mapping it.
    MapShm,
}

/// A call that goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub call: Call,
    /// The first, second, … call of its kind, from 1.
    pub nth: usize,
    /// SQLite's code for what goes wrong.
    pub code: i32,
    /// Whether all later calls of the kind go wrong as well.
    pub lasting: bool,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Write(at, bytes) => {
                let end = at + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*at..end].copy_from_slice(bytes);
            }
            Change::Truncate(length) => content.resize(*length, 0),
        }
    }
}

#[derive(Default)]
struct FileData {
    current: Vec<u8>,
    /// What is on the medium; `None` before the file is there at all.
    durable: Option<Vec<u8>>,
    /// What has been written since.
    pending: Vec<Change>,
    /// Lock levels of the connections.
    locks: BTreeMap<usize, i32>,
    shm: Vec<Box<[u8; 32768]>>,
    /// Of each lock of the shared memory: -1 for exclusive, else how many share it.
    shm_locks: [i32; 8],
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, FileData>,
    /// Files that were deleted without a word to the medium.
    ghosts: BTreeMap<String, Vec<u8>>,
    calls: BTreeMap<u8, usize>,
    fault: Option<Fault>,
    faults_met: usize,
    /// Writes, truncations and syncs until the power fails.
    until_cut: Option<u64>,
    is_off: bool,
}

impl State {
    /// Counts a call; returns the code with which it fails.
    fn call(&mut self, call: Call) -> Result<(), i32> {
        if matches!(call, Call::Write | Call::Truncate | Call::Sync)
            && let Some(left) = &mut self.until_cut
        {
            *left = left.saturating_sub(1);
            self.is_off |= *left == 0;
        }
        if self.is_off && call != Call::Lock {
            return Err(rusqlite::ffi::SQLITE_IOERR);
        }
        let count = self.calls.entry(call as u8).or_default();
        *count += 1;
        match self.fault {
            Some(fault)
                if fault.call == call
                    && (*count == fault.nth || fault.lasting && *count > fault.nth) =>
            {
                self.faults_met += 1;
                Err(fault.code)
            }
            _ => Ok(()),
        }
    }
}

/// A disk, known to SQLite by its name.
#[derive(Clone)]
pub struct Disk {
    state: Arc<Mutex<State>>,
    name: String,
}

impl Disk {
    pub fn new() -> Disk {
        let name = format!("disk-{}", uuid::Uuid::new_v4().simple());
        let disk = Disk { state: Arc::default(), name };
        vfs::register(&disk);
        disk
    }

    /// Returns what a store opens a file on this disk by.
    pub fn path(&self, file: &str) -> String {
        format!("file:/{file}?vfs={}", self.name)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Has a call go wrong, counted from now on.
    pub fn inject(&self, fault: Fault) {
        let mut state = self.state();
        state.calls.clear();
        state.faults_met = 0;
        state.fault = Some(fault);
    }

    /// Ends the fault; returns how many calls went wrong.
    pub fn repair(&self) -> usize {
        let mut state = self.state();
        state.fault = None;
        state.faults_met
    }

    /// Has the power fail after so many writes, truncations and syncs.
    pub fn cut_power_after(&self, calls: u64) {
        self.state().until_cut = Some(calls);
    }

    pub fn is_off(&self) -> bool {
        self.state().is_off
    }

    /// Turns the power off, if it is not yet, and on again: of what was not synced, any part has reached the medium.
    pub fn restart(&self, random: &mut Random) {
        let mut state = self.state();
        let state = &mut *state;
        let ghosts = std::mem::take(&mut state.ghosts);
        let files = std::mem::take(&mut state.files);
        for (name, file) in files {
            if let Some(content) = survivor(file, random) {
                let durable = Some(content.clone());
                let file = FileData { current: content, durable, ..FileData::default() };
                state.files.insert(name, file);
            }
        }
        for (name, content) in ghosts {
            if random.percent(50) {
                let durable = Some(content.clone());
                let file = FileData { current: content, durable, ..FileData::default() };
                state.files.entry(name).or_insert(file);
            }
        }
        (state.until_cut, state.is_off, state.fault) = (None, false, None);
    }

    /// Changes the content of a file past everybody.
    pub fn change(&self, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let data = state.files.get_mut(&format!("/{file}")).unwrap();
        change(&mut data.current);
        data.durable = Some(data.current.clone());
        data.pending.clear();
    }

    pub fn remove(&self, file: &str) -> bool {
        self.state().files.remove(&format!("/{file}")).is_some()
    }

    pub fn size(&self, file: &str) -> Option<usize> {
        self.state().files.get(&format!("/{file}")).map(|file| file.current.len())
    }

    /// Returns a disk of its own with the same files, all of them on the medium.
    pub fn copy(&self) -> Disk {
        let copy = Disk::new();
        for (name, file) in &self.state().files {
            let (current, durable) = (file.current.clone(), Some(file.current.clone()));
            let file = FileData { current, durable, ..FileData::default() };
            copy.state().files.insert(name.clone(), file);
        }
        copy
    }
}

const SECTOR: usize = 512;

/// Returns what is left of a file, `None` when it is not there.
fn survivor(file: FileData, random: &mut Random) -> Option<Vec<u8>> {
    // That a file exists may reach the medium before what is in it.
    let mut content = match file.durable {
        Some(content) => content,
        None if random.percent(50) => Vec::new(),
        None => return None,
    };
    // Now and then everything is lost, now and then nothing; else each write has its luck.
    let luck = [0, 50, 90, 100][random.below(4) as usize];
    for change in &file.pending {
        match change {
            Change::Write(at, bytes) if random.percent(luck) => {
                write_torn(&mut content, *at, bytes, random);
            }
            Change::Truncate(_) if random.percent(luck) => change.apply(&mut content),
            _ => {}
        }
    }
    Some(content)
}

/// One write in five reaches the medium in part.
fn write_torn(content: &mut Vec<u8>, at: usize, bytes: &[u8], random: &mut Random) {
    let is_torn = random.percent(20);
    let mut start = 0;
    while start < bytes.len() {
        let end = ((at + start) / SECTOR * SECTOR + SECTOR - at).min(bytes.len());
        if !is_torn || random.percent(50) {
            Change::Write(at + start, bytes[start..end].to_vec()).apply(content);
        }
        start = end;
    }
}
