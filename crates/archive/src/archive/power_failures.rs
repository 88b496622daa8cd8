//! Tests of power failures: the changes of a disk are recorded, and after each of them the folder is made again, with each
//! change that was not synced kept or lost.

#![allow(clippy::unwrap_used)] // a failing test is meant to panic

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use runstore::error::Result;
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Suite};
use runstore::rows::RowSink;
use tempfile::{NamedTempFile, TempDir};

use super::{Archive, Frame, Known, Options};
use crate::item::Item;
use crate::log::{self, Action, Snapshot, add_of};
use crate::manifest::{self, Manifest};
use crate::query::Query;
use crate::record::{ArchivedRun, Decision};
use crate::storage::{Disk, Local, Location, Storage, System};

/// All subsets of so many changes that were not synced are tried; of more, those of nearly all and of nearly none.
const MOST_SUBSETS_OF: usize = 5;

type Runs = BTreeSet<String>;

/// What happened to the disk, or was said to the caller.
#[derive(Clone)]
enum Event {
    Folder(PathBuf),
    Created(PathBuf),
    /// A file has these bytes on the disk.
    Synced(PathBuf, Vec<u8>),
    Renamed(PathBuf, PathBuf),
    SyncedFolder(PathBuf),
    Removed(PathBuf),
    /// An operation returned, after which the archive has these runs.
    Returned(Runs),
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    fn add(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }

    /// Does and records a change.
    fn record<T>(&self, event: Event, change: io::Result<T>) -> io::Result<T> {
        let changed = change?;
        self.add(event);
        Ok(changed)
    }

    fn returned(&self, runs: &[&str]) {
        self.add(Event::Returned(runs.iter().map(|run| (*run).to_owned()).collect()));
    }
}

impl Disk for Recorder {
    fn create_folder(&self, at: &Path) -> io::Result<()> {
        self.record(Event::Folder(at.to_owned()), System.create_folder(at))
    }

    fn create_scratch(&self, folder: &Path) -> io::Result<NamedTempFile> {
        let file = System.create_scratch(folder)?;
        self.add(Event::Created(file.path().to_owned()));
        Ok(file)
    }

    fn sync_file(&self, file: &NamedTempFile) -> io::Result<()> {
        let event = Event::Synced(file.path().to_owned(), fs::read(file.path())?);
        self.record(event, System.sync_file(file))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.record(Event::SyncedFolder(folder.to_owned()), System.sync_folder(folder))
    }

    fn rename_new(&self, file: NamedTempFile, at: &Path) -> io::Result<()> {
        let event = Event::Renamed(file.path().to_owned(), at.to_owned());
        self.record(event, System.rename_new(file, at))
    }

    fn replace(&self, file: NamedTempFile, at: &Path) -> io::Result<()> {
        let event = Event::Renamed(file.path().to_owned(), at.to_owned());
        self.record(event, System.replace(file, at))
    }

    fn remove(&self, at: &Path) -> io::Result<()> {
        self.record(Event::Removed(at.to_owned()), System.remove(at))
    }
}

/// A change of a name.
#[derive(Clone)]
enum Change {
    Folder,
    /// The name is that of the file that was created under this temporary name.
    File(PathBuf),
    None,
}

/// What is at a path: a folder, or a file with its bytes.
type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// A disk while its power may fail.
#[derive(Default)]
struct Platter {
    /// Changes of names, in order, and whether they are durable.
    names: Vec<(PathBuf, Change, bool)>,
    /// The durable bytes of files, by their temporary names.
    contents: BTreeMap<PathBuf, Vec<u8>>,
}

impl Platter {
    fn take(&mut self, event: &Event) {
        let mut change = |path: &PathBuf, change| self.names.push((path.clone(), change, false));
        match event {
            Event::Folder(path) => change(path, Change::Folder),
            Event::Created(path) => change(path, Change::File(path.clone())),
            Event::Renamed(from, to) => {
                change(to, Change::File(from.clone()));
                change(from, Change::None);
            }
            Event::Removed(path) => change(path, Change::None),
            Event::Synced(path, bytes) => {
                self.contents.insert(path.clone(), bytes.clone());
            }
            Event::SyncedFolder(folder) => {
                let in_folder =
                    |(path, ..): &&mut (PathBuf, _, bool)| path.parent() == Some(folder);
                self.names.iter_mut().filter(in_folder).for_each(|name| name.2 = true);
            }
            Event::Returned(_) => {}
        }
    }

    /// Returns what may be there after a power failure: with each change that is not durable kept or lost.
    fn survivors(&self) -> impl Iterator<Item = Tree> {
        let pending = self.names.iter().filter(|(.., is_durable)| !is_durable).count();
        let every = move |subset: u64| (0..pending).map(|at| subset >> at & 1 == 1).collect();
        let kept: Vec<Vec<bool>> = match pending <= MOST_SUBSETS_OF {
            true => (0..1 << pending).map(every).collect(),
            false => [true, false]
                .into_iter()
                .flat_map(|most| {
                    let but =
                        move |one: usize| (0..pending).map(|at| (at == one) != most).collect();
                    (0..=pending).map(but)
                })
                .collect(),
        };
        kept.into_iter().map(|kept| self.tree(&kept))
    }

    fn tree(&self, kept: &[bool]) -> Tree {
        let (mut tree, mut kept) = (Tree::new(), kept.iter());
        for (path, change, is_durable) in &self.names {
            if !is_durable && kept.next() == Some(&false) {
                continue;
            }
            let bytes = |file| self.contents.get(file).cloned().unwrap_or_default();
            match change {
                Change::Folder => tree.insert(path.clone(), None),
                Change::File(file) => tree.insert(path.clone(), Some(bytes(file))),
                Change::None => tree.remove(path),
            };
        }
        tree
    }
}

/// Makes the folder again. A file whose folder was lost is lost with it.
fn restore(tree: &Tree, from: &Path, to: &Path) {
    for (path, bytes) in tree {
        let Ok(path) = path.strip_prefix(from) else { continue };
        let at = to.join(path);
        if at.parent().is_some_and(Path::is_dir) {
            match bytes {
                None => fs::create_dir(at).unwrap(),
                Some(bytes) => fs::write(at, bytes).unwrap(),
            }
        }
    }
}

/// Calls `check` with every folder that a power failure may leave, and with the runs before and after the operation that it
/// interrupts. Returns the number of different folders.
fn each_failure(
    root: &Path,
    events: &[Event],
    prepare: impl Fn(&Path),
    check: impl Fn(&Path, [&Runs; 2]),
) -> usize {
    let (mut platter, mut before, mut seen) = (Platter::default(), &Runs::new(), HashSet::new());
    for at in 0..=events.len() {
        let mut later = events[at..].iter();
        let after = later.find_map(|event| match event {
            Event::Returned(runs) => Some(runs),
            _ => None,
        });
        let after = after.unwrap_or(before);
        for tree in platter.survivors() {
            if seen.insert((tree.clone(), before.clone(), after.clone())) {
                let folder = tempfile::tempdir().unwrap();
                prepare(folder.path());
                restore(&tree, root, folder.path());
                check(folder.path(), [before, after]);
            }
        }
        if let Some(event) = events.get(at) {
            platter.take(event);
            if let Event::Returned(runs) = event {
                before = runs;
            }
        }
    }
    seen.len()
}

fn archive_on(storage: Box<dyn Storage>) -> Arc<Archive> {
    let (project, options) = ("default".to_owned(), Options::default());
    let known = Mutex::<Known>::default();
    Arc::new(Archive { storage, project, options, known })
}

fn frame(id: &str) -> Frame {
    let (item_id, metadata_json) = ("a".into(), "{}".into());
    let item = Item { item_id, score: 0.5, cluster_id: None, epoch: 0, metadata_json };
    let [model_id, task_id, metric_name] = ["m", "t", "exact"].map(str::to_owned);
    let (run_id, config_hash) = (id.to_owned(), String::new());
    Frame { run_id, model_id, task_id, metric_name, config_hash, items: vec![item] }
}

/// Pushes a run of a store, with two scorers.
fn push(archive: &Arc<Archive>, id: &str) {
    let suite = Suite { id: "s".into(), name: "s".into(), created_at: 0 };
    let (suite_id, status) = ("s".into(), "completed".into());
    let run = RunRow { id: id.into(), suite_id, status, ..RunRow::default() };
    let head = RunHead { suite, run, thresholds: Default::default() };
    let score = |scorer: &str| ScoreRow {
        id: scorer.into(),
        scorer_name: scorer.into(),
        ..ScoreRow::default()
    };
    let scores = vec![score("exact"), score("f1")];
    let case = CaseRow { id: "c".into(), input: "1".into(), scores, ..CaseRow::default() };
    let counts = RowCounts { cases: 1, scores: 2, ..RowCounts::default() };
    let mut writer = archive.writer();
    for batch in [RowBatch::Run(Box::new(head)), RowBatch::Cases(vec![case]), RowBatch::End(counts)]
    {
        writer.put_batch(batch).unwrap();
    }
    writer.commit().unwrap();
}

/// Does each operation that writes, and records what it does to the disk.
fn recorded(root: &Path) -> Vec<Event> {
    let recorder = Recorder::default();
    let archive = archive_on(Box::new(Local::on(recorder.clone(), root.join("default"))));
    let write = |id: &str| archive.write_frame(frame(id), Some(0.0), Decision::default()).unwrap();
    write("a");
    recorder.returned(&["a"]);
    push(&archive, "run");
    recorder.returned(&["a", "run::exact", "run::f1"]);
    write("a");
    recorder.returned(&["a", "run::exact", "run::f1"]);
    let mut writer = archive.writer();
    for (id, started_at) in [("b", 0.0), ("c", 1e12)] {
        let staged = archive.stage(frame(id), Some(started_at), Decision::default()).unwrap();
        writer.put_staged(staged).unwrap();
    }
    writer.commit().unwrap();
    recorder.returned(&["a", "b", "c", "run::exact", "run::f1"]);
    archive.delete("run").unwrap();
    recorder.returned(&["a", "b", "c"]);
    archive.fold().unwrap();
    let mut vacuum = archive.vacuum(0.0).unwrap();
    while vacuum.next_file().unwrap().is_some() {}
    recorder.returned(&["a", "b", "c"]);
    recorder.0.lock().unwrap().clone()
}

#[test]
fn a_power_failure_leaves_an_archive_that_verifies_with_every_run_that_was_acknowledged() {
    let root = tempfile::tempdir().unwrap();
    let events = recorded(root.path());
    let folders = each_failure(
        root.path(),
        &events,
        |_| {},
        |folder, [before, after]| {
            let archive = Archive::open(folder.to_owned(), "default", Options::default()).unwrap();
            let found = archive.verify(&mut |_, _| Ok(())).unwrap();
            assert_eq!(found.problems, []);
            let listed = archive.runs(&Query::default()).unwrap().into_iter().map(|run| run.run_id);
            let listed = listed.collect::<Runs>();
            assert!(
                listed == *before || listed == *after,
                "{listed:?}, not {before:?} or {after:?}"
            );
            archive.fold().unwrap();
            let manifest = fs::read(folder.join("default").join(manifest::PATH)).unwrap();
            let manifest = Manifest::parse(&manifest).unwrap().runs.into_iter();
            assert_eq!(manifest.map(|run| run.run_id).collect::<Runs>(), listed);
        },
    );
    assert!(folders > events.len(), "{folders} folders after {} changes", events.len());
}

/// A commit after which a checkpoint is due.
const DUE: u64 = 100;

fn entry(id: u64) -> Result<Vec<Action>> {
    let (run_id, path) = (id.to_string(), format!("year=2026/month=01/{id}.parquet"));
    let run = ArchivedRun { run_id, path, ..ArchivedRun::default() };
    Ok(vec![Action::Add(Box::new(add_of(&run, 1, 2)?))])
}

fn commit(storage: &dyn Storage, log: &mut Snapshot, id: u64) {
    assert!(log::commit(storage, log, "WRITE", true, &mut |_| entry(id)).unwrap());
}

#[test]
fn a_power_failure_during_a_checkpoint_leaves_a_log_that_says_the_same() {
    let (root, mut log) = (TempDir::new().unwrap(), Snapshot::default());
    let disk = Location::Folder(root.path().to_owned()).open("default").unwrap();
    (0..DUE).for_each(|id| commit(&*disk, &mut log, id));
    let prepare = |folder: &Path| {
        let to = folder.join("default/_delta_log");
        fs::create_dir_all(&to).unwrap();
        for id in 0..DUE {
            let name = format!("{id:020}.json");
            fs::hard_link(root.path().join("default/_delta_log").join(&name), to.join(name))
                .unwrap();
        }
    };
    let recorder = Recorder::default();
    commit(&Local::on(recorder.clone(), root.path().join("default")), &mut log, DUE);
    let runs = |count: u64| (0..count).map(|id| id.to_string()).collect::<Runs>();
    let (before, after) = (runs(DUE), runs(DUE + 1));
    let events: Vec<_> = [Event::Returned(before)]
        .into_iter()
        .chain(recorder.0.lock().unwrap().clone())
        .chain([Event::Returned(after)])
        .collect();
    assert!(events.len() > 10, "a checkpoint was written");
    each_failure(root.path(), &events[1..], prepare, |folder, [_, after]| {
        let disk = Location::Folder(folder.to_owned()).open("default").unwrap();
        let mut log = Snapshot::default();
        log::refresh(&*disk, &mut log).unwrap();
        let count = log.files().len() as u64;
        assert!([DUE, after.len() as u64].contains(&count), "{count} files");
        assert_eq!(log::wrong_checkpoint(&*disk).unwrap(), None);
    });
}
