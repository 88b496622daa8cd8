//! Archives whose log, checkpoint, manifest or clock is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a failing test is meant to panic

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use runstore::Code;
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Suite};
use runstore::rows::{RowSink, copy_rows};
use runstore_archive::{Archive, Decision, Frame, Item, Options, Query};

fn archive(root: &Path) -> Arc<Archive> {
    Archive::open(root.to_owned(), "default", Options::default()).unwrap()
}

fn ids(archive: &Archive) -> Vec<String> {
    archive.runs(&Query::default()).unwrap().into_iter().map(|run| run.run_id).collect()
}

fn write(archive: &Archive, id: &str) {
    try_write(archive, id).unwrap();
}

fn try_write(archive: &Archive, id: &str) -> runstore::error::Result<()> {
    let item = Item {
        item_id: "a".into(),
        score: 0.5,
        cluster_id: None,
        epoch: 0,
        metadata_json: "{}".into(),
    };
    let frame = Frame {
        run_id: id.into(),
        model_id: "m".into(),
        task_id: "t".into(),
        metric_name: "exact".into(),
        config_hash: String::new(),
        items: vec![item],
    };
    archive.write_frame(frame, Some(0.0), Decision::default()).map(drop)
}

fn push(archive: &Arc<Archive>, id: &str) {
    try_push(archive, id).unwrap();
}

fn try_push(archive: &Arc<Archive>, id: &str) -> runstore::error::Result<()> {
    try_push_scored(archive, id, true)
}

fn try_push_scored(archive: &Arc<Archive>, id: &str, scored: bool) -> runstore::error::Result<()> {
    let head = RunHead {
        suite: Suite { id: "s".into(), name: "s".into(), created_at: 0 },
        run: RunRow {
            id: id.into(),
            suite_id: "s".into(),
            status: "completed".into(),
            ..RunRow::default()
        },
        thresholds: Default::default(),
    };
    let score =
        ScoreRow { id: format!("{id}-s"), scorer_name: "exact".into(), ..ScoreRow::default() };
    let case = CaseRow {
        id: format!("{id}-c"),
        input: "1".into(),
        scores: if scored { vec![score] } else { vec![] },
        ..CaseRow::default()
    };
    let counts = RowCounts { cases: 1, scores: u64::from(scored), ..RowCounts::default() };
    let mut writer = archive.writer();
    for batch in [RowBatch::Run(Box::new(head)), RowBatch::Cases(vec![case]), RowBatch::End(counts)]
    {
        writer.put_batch(batch)?;
    }
    writer.commit().map(drop)
}

fn entry(root: &Path, number: u64) -> PathBuf {
    root.join(format!("default/_delta_log/{number:020}.json"))
}

#[test]
fn a_log_with_a_gap_is_refused_until_the_later_entries_are_moved_away() {
    let root = tempfile::tempdir().unwrap();
    ["a", "b", "c"].iter().for_each(|id| write(&archive(root.path()), id));
    fs::remove_file(entry(root.path(), 1)).unwrap();
    let opened = archive(root.path());
    let error = opened.runs(&Query::default()).unwrap_err();
    assert_eq!(error.code, Code::Corrupt);
    let message = error.message();
    assert!(message.contains("00000000000000000001.json, which is missing"), "{message}");
    assert!(message.contains("; Archive::rebuild then adopts"), "{message}");
    assert_eq!(opened.fold().unwrap_err().code, Code::Corrupt);
    assert!(!entry(root.path(), 1).exists(), "nothing takes the number of the missing entry");

    fs::rename(entry(root.path(), 2), root.path().join("moved.json")).unwrap();
    let opened = archive(root.path());
    opened.rebuild(&mut |_, _| Ok(())).unwrap();
    let mut all = ids(&opened);
    all.sort();
    assert_eq!(all, ["a", "b", "c"]);
}

#[test]
fn a_lost_log_is_rebuilt_with_all_rows_of_its_runs() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    push(&writing, "a");
    push(&writing, "b::exact é");
    try_push_scored(&writing, "d.e/é", false).unwrap();
    write(&writing, "c");
    writing.close().unwrap();
    let rows = |archive: &Archive, id: &str| {
        let mut rows = Vec::new();
        copy_rows(&mut archive.body(id).unwrap(), &mut rows).unwrap();
        rows
    };
    let before = ["a", "b::exact é", "d.e/é"].map(|id| rows(&writing, id));
    let listed = |archive: &Archive| {
        let mut runs = archive.runs(&Query::default()).unwrap();
        runs.iter_mut().for_each(|run| run.mean = None);
        runs.sort_by(|one, other| one.run_id.cmp(&other.run_id));
        runs
    };
    let mut entries = listed(&writing);
    fs::remove_dir_all(root.path().join("default/_delta_log")).unwrap();
    fs::remove_file(root.path().join("default/manifest.json")).unwrap();

    let opened = archive(root.path());
    opened.rebuild(&mut |_, _| Ok(())).unwrap();
    assert_eq!(["a", "b::exact é", "d.e/é"].map(|id| rows(&opened, id)), before);
    // A run that came from no store has only the time of its file.
    let mut rebuilt = listed(&opened);
    [&mut entries, &mut rebuilt]
        .into_iter()
        .flatten()
        .filter(|run| run.run_id == "c")
        .for_each(|run| run.ts.clear());
    assert_eq!(rebuilt, entries);
    let found = opened.verify(&mut |_, _| Ok(())).unwrap();
    assert_eq!((found.problems, found.unlisted), (vec![], vec![]), "a vacuum would remove rows");
}

#[test]
fn a_file_that_was_never_committed_does_not_double_a_run() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    push(&writing, "a");
    let path = writing.runs(&Query::default()).unwrap()[0].path.clone();
    let project = root.path().join("default");
    let never = path.replace(&path[path.len() - 20..path.len() - 8], "0123456789ab");
    fs::copy(project.join(path), project.join(&never)).unwrap();
    writing.rebuild(&mut |_, _| Ok(())).unwrap();
    assert_eq!(ids(&writing), ["a::exact"]);
    assert_eq!(writing.verify(&mut |_, _| Ok(())).unwrap().unlisted, std::slice::from_ref(&never));

    // Of a run without an entry, the newest file is taken.
    writing.delete("a").unwrap();
    let other = never.replace("0123456789ab", "ba9876543210");
    fs::copy(project.join(&never), project.join(&other)).unwrap();
    let past = SystemTime::now() - Duration::from_secs(60);
    File::options().append(true).open(project.join(&never)).unwrap().set_modified(past).unwrap();
    writing.rebuild(&mut |_, _| Ok(())).unwrap();
    let paths: Vec<_> =
        writing.runs(&Query::default()).unwrap().into_iter().map(|run| run.path).collect();
    assert_eq!(paths, [other]);
}

#[test]
fn an_unreadable_checkpoint_is_reported_and_the_entries_are_read() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    (0..102).for_each(|run| write(&writing, &format!("r{run}")));
    let before = ids(&writing);
    let checkpoint = root.path().join("default/_delta_log/00000000000000000100.checkpoint.parquet");
    let last = root.path().join("default/_delta_log/_last_checkpoint");
    let kept = [fs::read(&checkpoint).unwrap(), fs::read(&last).unwrap()];
    for (path, content) in [
        (&checkpoint, "PAR1 not Parquet PAR1"),
        (&last, "{\"version\":18446744073709551615,\"size\":1}"),
    ] {
        fs::write(path, content).unwrap();
        assert_eq!(ids(&archive(root.path())), before);
        let found = archive(root.path()).verify(&mut |_, _| Ok(())).unwrap();
        let paths: Vec<_> = found.problems.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["_delta_log/_last_checkpoint"], "{content}");
        fs::write(&checkpoint, &kept[0]).unwrap();
        fs::write(&last, &kept[1]).unwrap();
    }
    assert_eq!(archive(root.path()).verify(&mut |_, _| Ok(())).unwrap().problems, []);
}

#[test]
fn a_checkpoint_that_differs_from_the_entries_is_reported() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for root in [&one, &other] {
        let writing = archive(root.path());
        (0..101).for_each(|run| write(&writing, &format!("r{run}")));
    }
    let name = "default/_delta_log/00000000000000000100.checkpoint.parquet";
    fs::copy(other.path().join(name), one.path().join(name)).unwrap();
    let found = archive(one.path()).verify(&mut |_, _| Ok(())).unwrap();
    let told = found.problems.iter().find(|one| one.path == "_delta_log/_last_checkpoint").unwrap();
    assert!(told.message.contains("as the entries of the log do"), "{}", told.message);
}

#[test]
fn a_checkpoint_that_describes_a_run_otherwise_is_reported() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    (0..101).for_each(|run| write(&writing, &format!("r{run}")));
    let entry = entry(root.path(), 7);
    let text = fs::read_to_string(&entry).unwrap();
    let otherwise = text.replace("\"runstore.model_id\":\"m\"", "\"runstore.model_id\":\"n\"");
    assert_ne!(otherwise, text);
    fs::write(&entry, otherwise).unwrap();
    let found = archive(root.path()).verify(&mut |_, _| Ok(())).unwrap();
    let [told] = &*found.problems else { panic!("{:?}", found.problems) };
    assert_eq!(told.path, "_delta_log/_last_checkpoint");
    assert!(told.message.contains("run_id=r7."), "{}", told.message);
}

/// The tags of a run are in two columns: one that we read, and one that others read.
#[test]
fn a_checkpoint_whose_columns_differ_is_reported() {
    let (id, other_id) = ("a-run-of-its-own", "A-RUN-OF-ITS-OWN");
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    (0..100).for_each(|run| write(&writing, &format!("r{run}")));
    write(&writing, id);
    (0..=100).for_each(|version| fs::remove_file(entry(root.path(), version)).unwrap());
    let checkpoint = root.path().join("default/_delta_log/00000000000000000100.checkpoint.parquet");
    let kept = fs::read(&checkpoint).unwrap();
    let problems = || -> Vec<String> {
        let found = archive(root.path()).verify(&mut |_, _| Ok(())).unwrap().problems.into_iter();
        let of_it = found.filter(|one| one.path == "_delta_log/_last_checkpoint");
        of_it.map(|one| one.message).collect()
    };
    assert_eq!(problems(), [""; 0]);
    let is_id = |at: &usize| kept[*at..].starts_with(id.as_bytes());
    let reported = (0..kept.len()).filter(is_id).filter(|at| {
        let mut changed = kept.clone();
        changed[*at..*at + id.len()].copy_from_slice(other_id.as_bytes());
        fs::write(&checkpoint, changed).unwrap();
        problems().iter().any(|one| one.contains("in one column otherwise than in another"))
    });
    assert_eq!(reported.count(), 2);
}

/// Lets files have been changed in an hour, as on a server whose clock is ahead, or after the own clock was set back.
fn in_an_hour(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => in_an_hour(&path),
            false => File::options()
                .append(true)
                .open(path)
                .unwrap()
                .set_modified(SystemTime::now() + Duration::from_secs(3600))
                .unwrap(),
        }
    }
}

#[test]
fn deleted_runs_stay_away_and_archived_ones_whole_whatever_the_clock_says() {
    let root = tempfile::tempdir().unwrap();
    let project = root.path().join("default");
    let writing = archive(root.path());
    push(&writing, "kept");
    push(&writing, "deleted");
    writing.close().unwrap();
    in_an_hour(&project);
    writing.delete("deleted").unwrap();
    writing.rebuild(&mut |_, _| Ok(())).unwrap();
    assert_eq!(ids(&archive(root.path())), ["kept::exact"]);
    // A manifest of evalsig, which names the file of the run, but not that of its rows.
    let manifest = project.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let (runs, _) = text.rsplit_once(",\n  \"runstore_log_version\"").unwrap();
    fs::write(&manifest, format!("{runs}\n}}")).unwrap();
    let reading = archive(root.path());
    reading.fold().unwrap();
    assert_eq!(ids(&reading), ["kept::exact"]);
    assert!(reading.body("kept").is_ok());
}

#[test]
fn a_manifest_may_name_very_many_files_that_do_not_exist() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    write(&writing, "a");
    let run = |at: usize| {
        format!(
            "{{\"run_id\":\"r{at}\",\"model_id\":\"\",\"task_id\":\"\",\"metric_name\":\"\",\"ts\":\"\",\"path\":\"x/{at}.parquet\",\"n_items\":1}}"
        )
    };
    let runs: Vec<String> = (0..50_000).map(run).collect();
    let manifest = format!("{{\"project_id\":\"default\",\"runs\":[{}]}}", runs.join(","));
    fs::write(root.path().join("default/manifest.json"), manifest).unwrap();
    let reading = archive(root.path());
    assert_eq!(ids(&reading), ["a"]);
    reading.fold().unwrap();
    assert_eq!(ids(&archive(root.path())), ["a"]);
}

/// Pages refer to a dictionary that is missing: the Parquet reader panics.
#[test]
fn a_parquet_file_that_contradicts_itself_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let month = root.path().join("default/year=2026/month=01");
    fs::create_dir_all(&month).unwrap();
    fs::copy("tests/fixtures/damaged/no-dictionary.parquet", month.join("run_id=x.parquet"))
        .unwrap();
    let opened = archive(root.path());
    let read = || {
        opened.rebuild(&mut |_, _| Ok(()))?;
        let id = ids(&opened).pop().unwrap();
        let (_, mut items) = opened.items(&id)?;
        while !items.next_items()?.is_empty() {}
        Ok::<_, runstore::StoreError>(())
    };
    assert_eq!(read().unwrap_err().code, Code::Corrupt);
}

/// Returns the files below a folder, sorted.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

type Operation = fn(&Arc<Archive>) -> runstore::error::Result<()>;

/// The operations that write to an archive.
const WRITING: [(&str, Operation); 5] = [
    ("write_frame", |archive| try_write(archive, "new")),
    ("push", |archive| try_push(archive, "new")),
    ("delete", |archive| archive.delete("a").map(drop)),
    ("fold", |archive| archive.fold()),
    ("vacuum", |archive| archive.vacuum(0.0).map(drop)),
];

#[test]
fn writing_to_a_damaged_archive_leaves_no_file_behind_and_says_what_to_run() {
    for (damaged, content, remedy) in [
        ("manifest.json", "{", "Archive::rebuild replaces it"),
        ("manifest.json", "{\"project_id\":\"p\",\"runs\":5}", "Archive::rebuild replaces it"),
        ("_delta_log/00000000000000000001.json", "{", "Archive::rebuild adopts the files"),
        ("_delta_log/00000000000000000001.json", "{\"add\":{}}", "Archive::rebuild adopts"),
    ] {
        for is_open in [false, true] {
            let root = tempfile::tempdir().unwrap();
            let writing = archive(root.path());
            write(&writing, "a");
            let opened = if is_open { writing } else { archive(root.path()) };
            let path = root.path().join("default").join(damaged);
            fs::write(&path, content).unwrap();
            let before = files_in(root.path());
            for (name, operation) in WRITING {
                let error = operation(&opened).expect_err(name);
                let message = error.message();
                assert!(message.contains(damaged), "{name}: {message}");
                assert!(message.contains(remedy), "{name}: {message}");
                assert_eq!(files_in(root.path()), before, "{name}, {damaged}, {is_open}");
            }
        }
    }
}

#[test]
fn a_log_that_cannot_be_written_is_noticed_before_a_file_is_written() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("default")).unwrap();
    fs::write(root.path().join("default/_delta_log"), "a file").unwrap();
    let before = files_in(root.path());
    for (name, operation) in &WRITING[..2] {
        let error = operation(&archive(root.path())).expect_err(name);
        assert!(error.message().contains("_delta_log"), "{name}: {}", error.message());
        assert_eq!(files_in(root.path()), before, "{name}");
    }
}
