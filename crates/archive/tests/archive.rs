//! Writes runs to an archive on a local disk, and reads them back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a failing test is meant to panic

use std::fs;
use std::path::Path;
use std::sync::Arc;

use runstore::model::*;
use runstore::rows::{RowSink, RowSource, copy_rows};
use runstore::store::RowImport;
use runstore::{Code, Store};
use runstore_archive::{Archive, ArchivedRun, Decision, Frame, Item, Options, Query};

fn archive(root: &Path) -> Arc<Archive> {
    Archive::open(root.to_owned(), "default", Options::default()).unwrap()
}

fn all(archive: &Archive) -> Vec<ArchivedRun> {
    archive.runs(&Query::default()).unwrap()
}

fn ids(archive: &Archive) -> Vec<String> {
    all(archive).into_iter().map(|run| run.run_id).collect()
}

/// The rows of a run in which every column has a value.
fn rows(id: &str) -> Vec<RowBatch> {
    let text = |text: &str| Some(text.to_owned());
    let run = RunRow {
        id: id.to_owned(),
        suite_id: "suite".into(),
        name: "nightly".into(),
        model: "m/1".into(),
        config: text("{\"temperature\":0}"),
        started_at: 1_767_225_599_999.0,
        finished_at: Some(1_767_225_700_000.5),
        status: "completed".into(),
        summary: text("{}"),
        tags: text("[\"a\"]"),
        metadata: text("{\"prompt\":\"p1\",\"lone\":\"\\ud800\"}"),
        label: text("Label é"),
        benchmarks: text("[\"gsm8k\"]"),
        checkpoint_name: text("step-1"),
        checkpoint_path: text("/c"),
        git: text("{\"commit\":\"abc\"}"),
        scores: text("{\"gsm8k\":0.5}"),
        benchmark_summary: text("{}"),
        owner_pid: Some(1.0),
        owner_host: text("h"),
        owner_marks: text("x"),
        heartbeat_at: Some(1.0),
    };
    let score = |scorer: &str, value: f64, at: usize| ScoreRow {
        id: format!("{id}-{scorer}-{at}-{value}"),
        scorer_name: scorer.into(),
        score: value,
        reason: text("because \0 🙂"),
        metadata: text("{\"k\":1}"),
        answer: text("42"),
    };
    let case = |at: usize| CaseRow {
        id: format!("{id}-case-{at}"),
        idx: at as f64,
        input: format!("\"question {at}\""),
        output: text("forty-two"),
        expected: text("42"),
        latency_ms: Some(0.1),
        tokens_in: Some(-0.0),
        tokens_out: Some(f64::INFINITY),
        error: (at == 2).then(|| "boom".to_owned()),
        key: at.is_multiple_of(2).then(|| format!("key {at}")),
        trial: Some(1.0),
        benchmark: text("gsm8k"),
        cluster: (at > 1).then(|| "cluster".to_owned()),
        metadata: text("{\"topic\":\"math\"}"),
        cost_usd: Some(0.001),
        started_at: Some(5.0),
        scores: match at {
            2 => vec![],
            3 => vec![
                score("exact", f64::NEG_INFINITY, at),
                score("judge", 1.0, at),
                score("judge", 0.0, at),
            ],
            _ => vec![score("exact", at as f64 / 10.0, at)],
        },
    };
    let turn = |role| TurnRow {
        role,
        content: text("[]"),
        message: text("{}"),
        is_parts: true,
        token_count: Some(3.0),
        metadata: text("{}"),
    };
    let batches = vec![
        RowBatch::Run(Box::new(RunHead {
            suite: Suite { id: "suite".into(), name: "arithmetic".into(), created_at: 3 },
            run,
            thresholds: [(
                "exact".to_owned(),
                Threshold { pass_floor: Some(0.8), ..Threshold::default() },
            )]
            .into(),
        })),
        RowBatch::Cases((0..3).map(case).collect()),
        RowBatch::Cases((3..6).map(case).collect()),
        RowBatch::Trajectories(vec![TrajectoryRow {
            benchmark: "gsm8k".into(),
            idx: 4,
            example_id: text("e"),
            reward: 0.5,
            metrics: text("{\"loss\":1}"),
            logs: text("{}"),
            error: text("cut"),
            time_seconds: Some(1.5),
            turns: vec![turn(Role::User), turn(Role::Assistant)],
            trial: Some(2.0),
            case_id: Some(format!("{id}-case-1")),
        }]),
        RowBatch::Baselines(vec![BaselineRow { name: "main".into(), set_at: 9 }]),
        RowBatch::Verdicts(vec![VerdictRow {
            id: format!("{id}-v"),
            baseline_run_id: "before".into(),
            decision: "ALLOW".into(),
            alpha: 0.05,
            scorers: "[]".into(),
            created_at: 10,
        }]),
        RowBatch::Prompts(vec![Prompt {
            id: "p1".into(),
            name: "n".into(),
            version: 1,
            content: "c".into(),
            created_at: 1,
        }]),
    ];
    let mut counts = RowCounts::default();
    batches.iter().for_each(|batch| counts.add(batch));
    batches.into_iter().chain([RowBatch::End(counts)]).collect()
}

fn push(archive: &Arc<Archive>, id: &str) -> Vec<ArchivedRun> {
    let mut writer = archive.writer();
    rows(id).into_iter().for_each(|batch| writer.put_batch(batch).unwrap());
    writer.commit().unwrap()
}

fn read(source: &mut dyn RowSource) -> Vec<RowBatch> {
    let mut batches = Vec::new();
    copy_rows(source, &mut batches).unwrap();
    batches
}

fn frame(id: &str, scores: &[f64]) -> Frame {
    let item = |(at, score): (usize, &f64)| Item {
        item_id: format!("q{at}"),
        score: *score,
        cluster_id: None,
        epoch: 0,
        metadata_json: "{}".into(),
    };
    Frame {
        run_id: id.into(),
        model_id: "m".into(),
        task_id: "t".into(),
        metric_name: "exact".into(),
        config_hash: String::new(),
        items: scores.iter().enumerate().map(item).collect(),
    }
}

#[test]
fn a_run_is_read_back_with_every_value_of_every_row() {
    let root = tempfile::tempdir().unwrap();
    push(&archive(root.path()), "run/1");
    let mut body = archive(root.path()).body("run/1").unwrap();
    assert_eq!(read(&mut body), rows("run/1"));
}

#[test]
fn a_run_that_was_pushed_and_deleted_is_equal_after_it_is_pulled() {
    let (root, store) = (
        tempfile::tempdir().unwrap(),
        Store::open(":memory:", &runstore::db::OpenOptions::default()).unwrap(),
    );
    let pull = |store: &Store, source: &mut dyn RowSource| {
        copy_rows(source, &mut store.row_sink(RowImport::default())).unwrap()
    };
    pull(&store, &mut rows("r").into_iter().map(Ok));
    let before = read(&mut store.export_run("r"));
    let archive = archive(root.path());
    let mut writer = archive.writer();
    copy_rows(&mut store.export_run("r"), &mut writer).unwrap();
    writer.commit().unwrap();
    store.delete_run("r").unwrap();
    pull(&store, &mut archive.body("r").unwrap());
    assert_eq!(read(&mut store.export_run("r")), before);
}

#[test]
fn a_run_that_differs_in_any_row_is_not_the_same_run() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    push(&archive, "run");
    let holds = |rows: Vec<RowBatch>| archive.holds("run", &mut Batches(rows.into_iter())).unwrap();
    assert!(holds(rows("run")));
    let mut changed = rows("run");
    let Some(RowBatch::Cases(cases)) =
        changed.iter_mut().find(|one| matches!(one, RowBatch::Cases(_)))
    else {
        unreachable!()
    };
    cases.last_mut().unwrap().output = Some("other".to_owned());
    assert!(!holds(changed));
    assert!(!archive.holds("other", &mut Batches(rows("other").into_iter())).unwrap());
}

/// The rows of a store.
struct Batches(std::vec::IntoIter<RowBatch>);

impl RowSource for Batches {
    fn next_batch(&mut self) -> runstore::Result<Option<RowBatch>> {
        Ok(self.0.next())
    }
}

#[test]
fn each_scorer_has_an_entry_without_unscored_cases() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    let entries = push(&archive, "r");
    let told: Vec<_> = entries
        .iter()
        .map(|run| (run.run_id.as_str(), run.metric_name.as_str(), run.n_items))
        .collect();
    assert_eq!(told, [("r::exact", "exact", 5), ("r::judge", "judge", 2)]);
    assert_eq!(all(&archive), entries);
    assert_eq!(entries[0].ts, "2025-12-31T23:59:59.999000+00:00");
    assert!(
        entries[0].path.starts_with("year=2025/month=12/run_id=r%3A%3Aexact."),
        "{}",
        entries[0].path
    );

    let (_, mut items) = archive.items("r::exact").unwrap();
    let items = items.next_items().unwrap();
    let told: Vec<_> =
        items.iter().map(|item| (item.item_id.as_str(), item.epoch, item.score)).collect();
    let wanted = [
        ("key 0", 0, 0.0),
        ("question 1", 0, 0.1),
        ("question 3", 0, f64::NEG_INFINITY),
        ("key 4", 0, 0.4),
        ("question 5", 0, 0.5),
    ];
    assert_eq!(told, wanted);
    assert!(items[0].metadata_json.contains("\"topic\":\"math\""));
    let (_, mut judged) = archive.items("r::judge").unwrap();
    let epochs: Vec<_> =
        judged.next_items().unwrap().iter().map(|item| (item.epoch, item.score)).collect();
    assert_eq!(epochs, [(0, 1.0), (1, 0.0)]);

    let error = archive.items("r").err().unwrap();
    assert_eq!(error.code, Code::Ambiguous);
    assert!(error.message().contains("\"r::exact\", \"r::judge\""), "{}", error.message());
    assert_eq!(archive.items("nothing").err().unwrap().code, Code::NotFound);
}

#[test]
fn a_run_without_scores_is_listed_and_read_back_but_hidden_from_evalsig() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    let mut head = rows("empty");
    head.truncate(1);
    head.push(RowBatch::End(RowCounts::default()));
    let mut writer = archive.writer();
    head.clone().into_iter().for_each(|batch| writer.put_batch(batch).unwrap());
    writer.commit().unwrap();
    assert_eq!(ids(&archive), ["empty"]);
    assert_eq!(read(&mut archive.body("empty").unwrap()), head);
    let manifest = fs::read_to_string(root.path().join("default/manifest.json")).unwrap();
    assert!(manifest.contains("\"runs\": []"), "{manifest}");
}

#[test]
fn a_run_that_is_written_again_replaces_the_old_one() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    push(&archive, "r");
    archive.write_frame(frame("f", &[1.0]), Some(0.0), Decision::default()).unwrap();
    push(&archive, "r");
    assert_eq!(ids(&archive), ["f", "r::exact", "r::judge"]);
    let verified = archive.verify(&mut |_, _| Ok(())).unwrap();
    assert_eq!((verified.problems.len(), verified.unlisted.len()), (0, 3), "{verified:?}");
    assert!(
        archive.vacuum(60_000.0).unwrap().files().is_empty(),
        "files of a writer that is about to commit are young"
    );
    let mut vacuum = archive.vacuum(0.0).unwrap();
    assert_eq!(vacuum.files().len(), 3);
    while vacuum.next_file().unwrap().is_some() {}
    assert_eq!(archive.verify(&mut |_, _| Ok(())).unwrap().unlisted, Vec::<String>::new());
    assert_eq!(read(&mut archive.body("r").unwrap()), rows("r"));
}

#[test]
fn a_verdict_is_stored_beside_the_run() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    let decision = Decision {
        delta: Some(-0.1),
        p_value: Some(f64::NAN),
        verdict: Some("REJECT".into()),
        parent_run_id: Some("before".into()),
    };
    archive.write_frame(frame("f", &[0.5]), Some(1_000.5), decision).unwrap();
    let run = all(&self::archive(root.path())).pop().unwrap();
    assert_eq!((run.delta, run.p_value), (Some(-0.1), None));
    assert_eq!(
        (run.verdict.as_deref(), run.parent_run_id.as_deref()),
        (Some("REJECT"), Some("before"))
    );
    assert_eq!(run.ts, "1970-01-01T00:00:01.000500+00:00");
}

#[test]
fn a_query_compares_times_not_their_texts() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    for (id, ms) in [("a", 3_000.0), ("b", 1_000.0), ("c", 2_000.0)] {
        archive.write_frame(frame(id, &[1.0]), Some(ms), Decision::default()).unwrap();
    }
    let found = |query: Query| -> Vec<String> {
        archive.runs(&query).unwrap().into_iter().map(|run| run.run_id).collect()
    };
    assert_eq!(found(Query { since: Some(2_000.0), ..Query::default() }), ["a", "c"]);
    assert_eq!(found(Query { until: Some(1_999.0), ..Query::default() }), ["b"]);
    assert_eq!(found(Query { newest_first: true, limit: Some(2), ..Query::default() }), ["a", "c"]);
    assert_eq!(
        found(Query { newest_first: true, cursor: Some("c".into()), ..Query::default() }),
        ["b"]
    );
    assert_eq!(
        found(Query { model_id: Some("M".into()), ..Query::default() }),
        Vec::<String>::new()
    );
    let error = archive.runs(&Query { cursor: Some("?".into()), ..Query::default() }).unwrap_err();
    assert!(error.message().contains("query.cursor"), "{}", error.message());
}

#[test]
fn eight_concurrent_writers_lose_no_run() {
    let root = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let root = root.path();
            scope.spawn(move || {
                let archive = archive(root);
                for run in 0..25 {
                    archive
                        .write_frame(
                            frame(&format!("{writer}-{run}"), &[1.0]),
                            Some(0.0),
                            Decision::default(),
                        )
                        .unwrap();
                }
                archive.close().unwrap();
            });
        }
    });
    let archive = archive(root.path());
    let mut ids = ids(&archive);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 200);
    archive.fold().unwrap();
    let manifest = fs::read_to_string(root.path().join("default/manifest.json")).unwrap();
    assert_eq!(manifest.matches("\"run_id\":").count(), 200);
    assert_eq!(archive.verify(&mut |_, _| Ok(())).unwrap().problems, []);
}

#[test]
fn a_checkpoint_replaces_the_entries_before_it() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    push(&writing, "r");
    for run in 0..105 {
        let decision =
            Decision { verdict: (run == 7).then(|| "ALLOW".to_owned()), ..Decision::default() };
        writing.write_frame(frame(&format!("é{run}"), &[0.5]), Some(0.0), decision).unwrap();
    }
    let before = all(&writing);
    assert_eq!(before.len(), 107);
    let log = root.path().join("default/_delta_log");
    for entry in 0..=100 {
        fs::remove_file(log.join(format!("{entry:020}.json"))).unwrap();
    }
    let reading = archive(root.path());
    assert_eq!(all(&reading), before);
    reading.write_frame(frame("after", &[0.5]), Some(0.0), Decision::default()).unwrap();
    assert_eq!(all(&archive(root.path())).len(), 108);

    // Without the checkpoint, the remaining log is incomplete, not empty.
    fs::remove_file(log.join("_last_checkpoint")).unwrap();
    let headless = archive(root.path());
    assert_eq!(headless.runs(&Query::default()).unwrap_err().code, Code::Schema);
    let refused = headless.write_frame(frame("x", &[0.5]), Some(0.0), Decision::default());
    assert_eq!(refused.unwrap_err().code, Code::Schema);
}

#[test]
fn a_listing_opens_no_parquet_file() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    push(&writing, "r");
    let decision = Decision { verdict: Some("REJECT".into()), ..Decision::default() };
    writing.write_frame(frame("f", &[0.5]), Some(0.0), decision).unwrap();
    let before = all(&writing);
    let project = root.path().join("default");
    fs::remove_dir_all(project.join("year=1970")).unwrap();
    fs::remove_dir_all(project.join("year=2025")).unwrap();
    fs::remove_dir_all(project.join("_runstore/runs")).unwrap();
    assert_eq!(all(&archive(root.path())), before);
    let rejected = Query { verdict: Some("REJECT".into()), ..Query::default() };
    assert_eq!(archive(root.path()).runs(&rejected).unwrap().len(), 1);
}

#[test]
fn a_commit_has_the_same_length_however_many_runs_there_are() {
    let root = tempfile::tempdir().unwrap();
    let writing = archive(root.path());
    for run in 0..250 {
        let id = format!("run {run:03}");
        writing.write_frame(frame(&id, &[0.5]), Some(0.0), Decision::default()).unwrap();
    }
    let length = |entry: u64| {
        let path = root.path().join(format!("default/_delta_log/{entry:020}.json"));
        fs::metadata(path).unwrap().len()
    };
    // The first one also has the schema of the table.
    assert!((2..250).all(|entry| length(entry) == length(1)));
}

#[test]
fn a_writer_that_does_not_commit_leaves_no_run() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    let mut writer = archive.writer();
    rows("r").into_iter().take(2).for_each(|batch| writer.put_batch(batch).unwrap());
    assert_eq!(writer.commit().err().unwrap().code, Code::InvalidArgument);
    drop(writer);
    let mut writer = archive.writer();
    rows("s").into_iter().for_each(|batch| writer.put_batch(batch).unwrap());
    drop(writer);
    assert!(all(&archive).is_empty());
    assert_eq!(
        archive.vacuum(0.0).unwrap().files(),
        Vec::<String>::new(),
        "temporary files are removed with their writer"
    );
}

#[test]
fn a_run_of_evalsig_is_listed_at_once_and_adopted_by_the_next_commit() {
    let root = tempfile::tempdir().unwrap();
    copy(Path::new("tests/fixtures/evalsig/odd-values"), &root.path().join("default"));
    let archive = archive(root.path());
    assert_eq!(ids(&archive), ["odd"]);
    assert!(!root.path().join("default/_delta_log").exists(), "a listing writes nothing");
    let (_, mut items) = archive.items("odd").unwrap();
    let scores: Vec<_> = items.next_items().unwrap().iter().map(|item| item.score).collect();
    assert!(
        scores.iter().any(|score| score.is_nan()) && scores.contains(&f64::INFINITY),
        "{scores:?}"
    );
    assert_eq!(archive.body("odd").err().unwrap().code, Code::InvalidArgument);

    archive.write_frame(frame("new", &[1.0]), Some(0.0), Decision::default()).unwrap();
    assert_eq!(ids(&self::archive(root.path())), ["odd", "new"]);
    assert_eq!(fs::read_dir(root.path().join("default/_delta_log")).unwrap().count(), 1);
}

#[test]
fn a_run_that_evalsig_writes_with_an_old_manifest_is_adopted_and_ours_stay() {
    let root = tempfile::tempdir().unwrap();
    let project = root.path().join("default");
    let ours = archive(root.path());
    ours.write_frame(frame("ours", &[1.0]), Some(0.0), Decision::default()).unwrap();
    // An evalsig that had opened the store before writes a manifest without our run.
    copy(Path::new("tests/fixtures/evalsig/odd-values"), &project);
    assert_eq!(ids(&ours), ["ours", "odd"]);
    ours.fold().unwrap();
    let manifest = fs::read_to_string(project.join("manifest.json")).unwrap();
    assert!(
        manifest.contains("\"run_id\": \"ours\"") && manifest.contains("\"run_id\": \"odd\""),
        "{manifest}"
    );
    assert_eq!(ids(&archive(root.path())), ["ours", "odd"]);
}

#[test]
fn every_parquet_dialect_reads_the_same() {
    let folder = Path::new("tests/fixtures/parquet-variants");
    let expected: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let wanted = expected["base"]["items"].as_array().unwrap();
    for file in
        ["none", "zstd", "data_page_v2", "plain_no_dictionary", "no_statistics_no_arrow_schema"]
    {
        let root = tempfile::tempdir().unwrap();
        let month = root.path().join("default/year=2026/month=01");
        fs::create_dir_all(&month).unwrap();
        fs::copy(folder.join(format!("{file}.parquet")), month.join("run_id=x.parquet")).unwrap();
        let archive = archive(root.path());
        archive.rebuild(&mut |_, _| Ok(())).unwrap();
        let run = all(&archive).pop().unwrap();
        let (_, mut items) = archive.items(&run.run_id).unwrap();
        let mut read = Vec::new();
        loop {
            match items.next_items().unwrap() {
                more if more.is_empty() => break,
                more => read.extend(more),
            }
        }
        assert_eq!((read.len(), run.n_items), (wanted.len(), wanted.len() as u64), "{file}");
        for (item, wanted) in read.iter().zip(wanted) {
            assert_eq!(item.item_id, wanted["item_id"].as_str().unwrap(), "{file}");
            assert_eq!(item.score, wanted["score"].as_f64().unwrap(), "{file}");
            assert_eq!(item.cluster_id.as_deref(), wanted["cluster_id"].as_str(), "{file}");
            assert_eq!(i64::from(item.epoch), wanted["epoch"].as_i64().unwrap(), "{file}");
            let metadata: serde_json::Value = serde_json::from_str(&item.metadata_json).unwrap();
            assert_eq!(metadata, wanted["metadata"], "{file}");
        }
    }
}

#[test]
fn verify_names_damaged_files_and_no_others() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    for id in ["a", "b", "c"] {
        push(&archive, id);
    }
    let at = |path: &str| root.path().join("default").join(path);
    let runs = all(&archive);
    let path = |id: &str| runs.iter().find(|run| run.run_id == id).unwrap().path.clone();
    fs::write(at(&path("a::exact")), b"PAR1 not parquet PAR1").unwrap();
    fs::remove_file(at(&path("b::judge"))).unwrap();
    fs::copy(at(&path("a::judge")), at(&path("c::judge"))).unwrap();
    let body = runs
        .iter()
        .find_map(|run| run.source.clone().filter(|source| source.run_id == "c"))
        .unwrap()
        .body;
    let bytes = fs::read(at(&body)).unwrap();
    fs::write(at(&body), &bytes[..bytes.len() - 9]).unwrap();
    let found = archive.verify(&mut |_, _| Ok(())).unwrap();
    let mut paths: Vec<_> = found.problems.iter().map(|problem| problem.path.clone()).collect();
    let mut wanted = [path("a::exact"), path("b::judge"), path("c::judge"), body];
    paths.sort();
    wanted.sort();
    assert_eq!(paths, wanted, "{:?}", found.problems);
}

#[test]
fn a_forged_log_or_manifest_is_an_error_and_reads_no_other_files() {
    let add = |path: &str| {
        format!(
            "{{\"add\":{{\"path\":\"{path}\",\"partitionValues\":{{}},\"size\":1,\"modificationTime\":0,\"dataChange\":true}}}}"
        )
    };
    let protocol = "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"]}}";
    for entry in [
        add("../../etc/passwd"),
        add("/etc/passwd"),
        add("a%2f..%2f..%2fb"),
        protocol.to_owned(),
        "no json".to_owned(),
    ] {
        let root = tempfile::tempdir().unwrap();
        let log = root.path().join("default/_delta_log");
        fs::create_dir_all(&log).unwrap();
        fs::write(log.join("00000000000000000000.json"), &entry).unwrap();
        let archive = archive(root.path());
        let error = archive.runs(&Query::default()).expect_err(&entry);
        assert!(matches!(error.code, Code::Corrupt | Code::Schema), "{entry}: {}", error.message());
        assert!(
            archive.write_frame(frame("f", &[1.0]), None, Decision::default()).is_err(),
            "{entry}"
        );
        assert_eq!(fs::read_dir(&log).unwrap().count(), 1, "{entry}");
    }
    for (path, why) in [
        ("../../../etc/passwd", "leaves the folder of the project"),
        ("../default/year=2026/month=01/a.parquet", "leaves the folder of the project"),
        // Files that are there: each would become a run, and change while it is adopted.
        (".", "is not that of a run's file"),
        ("manifest.json", "is not that of a run's file"),
        ("_runstore/lock", "is not that of a run's file"),
        ("_delta_log/00000000000000000000.json", "is not that of a run's file"),
    ] {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("default");
        fs::create_dir_all(&project).unwrap();
        let run = format!(
            "{{\"run_id\":\"a\",\"model_id\":\"\",\"task_id\":\"\",\"metric_name\":\"\",\"ts\":\"\",\"path\":\"{path}\",\"n_items\":1}}"
        );
        let manifest = format!("{{\"project_id\":\"p\",\"runs\":[{run}]}}");
        fs::write(project.join("manifest.json"), manifest).unwrap();
        let archive = archive(root.path());
        for error in [archive.runs(&Query::default()).map(drop), archive.fold()] {
            let message = error.expect_err(path).message();
            assert!(message.contains(why) && message.contains("manifest.json"), "{message}");
        }
        assert!(!project.join("_delta_log").exists(), "{path}");
    }
}

#[test]
fn a_folder_in_the_place_of_a_runs_file_is_no_run() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("default/year=2026/month=01/a.parquet");
    fs::create_dir_all(&folder).unwrap();
    let manifest = "{\"project_id\":\"p\",\"runs\":[{\"run_id\":\"a\",\"model_id\":\"\",\"task_id\":\"\",\"metric_name\":\"\",\"ts\":\"\",
        \"path\":\"year=2026/month=01/a.parquet\",\"n_items\":1}]}";
    fs::write(root.path().join("default/manifest.json"), manifest).unwrap();
    let archive = archive(root.path());
    archive.fold().unwrap();
    assert_eq!(all(&archive), []);
}

#[test]
fn an_unreadable_manifest_is_overwritten_only_by_rebuild() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    archive.write_frame(frame("f", &[1.0]), Some(0.0), Decision::default()).unwrap();
    let manifest = root.path().join("default/manifest.json");
    fs::write(&manifest, "{\"project_id\": \"cut").unwrap();
    assert!(archive.fold().unwrap_err().message().contains("manifest.json"));
    assert_eq!(fs::read_to_string(&manifest).unwrap(), "{\"project_id\": \"cut");
    archive.rebuild(&mut |_, _| Ok(())).unwrap();
    assert!(fs::read_to_string(&manifest).unwrap().contains("\"run_id\": \"f\""));
    assert_eq!(ids(&archive), ["f"]);
}

#[test]
fn a_deleted_run_is_not_listed_and_deleting_an_unknown_one_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let archive = archive(root.path());
    push(&archive, "r");
    assert_eq!(archive.delete("r").unwrap().len(), 2);
    assert!(all(&archive).is_empty());
    assert_eq!(archive.delete("r").unwrap_err().code, Code::NotFound);
    archive.close().unwrap();
    assert!(
        !fs::read_to_string(root.path().join("default/manifest.json")).unwrap().contains("run_id")
    );
}

/// What an evalsig writes that read the manifest at some earlier moment: the runs of that moment, without our cursor.
fn stale(manifest: &Path) -> String {
    let text = fs::read_to_string(manifest).unwrap();
    let (runs, _) = text.rsplit_once(",\n  \"runstore_log_version\"").unwrap();
    format!("{runs}\n}}")
}

#[test]
fn an_old_manifest_does_not_restore_deleted_or_replaced_runs() {
    let root = tempfile::tempdir().unwrap();
    let project = root.path().join("default");
    copy(Path::new("tests/fixtures/evalsig/odd-values"), &project);
    let writing = archive(root.path());
    for id in ["kept", "deleted", "replaced"] {
        writing.write_frame(frame(id, &[1.0]), Some(0.0), Decision::default()).unwrap();
    }
    writing.close().unwrap();
    let manifest = project.join("manifest.json");
    let before = stale(&manifest);
    assert!(["odd", "deleted", "replaced"].iter().all(|id| before.contains(id)));
    writing.delete("deleted").unwrap();
    writing.delete("odd").unwrap();
    writing.write_frame(frame("replaced", &[0.0, 0.5]), Some(0.0), Decision::default()).unwrap();
    let wanted = ["kept", "replaced"];
    let check = |archive: &Archive| {
        fs::write(&manifest, &before).unwrap();
        assert_eq!(ids(archive), wanted);
        archive.fold().unwrap();
        assert_eq!(ids(archive), wanted);
        assert_eq!(archive.items("replaced").unwrap().0.n_items, 2);
    };
    check(&writing);
    check(&archive(root.path()));
    archive(root.path()).rebuild(&mut |_, _| Ok(())).unwrap();
    assert_eq!(ids(&archive(root.path())), wanted);

    // A checkpoint remembers the removal as well.
    for _ in 0..101 {
        writing.write_frame(frame("kept", &[1.0]), Some(0.0), Decision::default()).unwrap();
    }
    for entry in 0..=100 {
        fs::remove_file(project.join(format!("_delta_log/{entry:020}.json"))).unwrap();
    }
    let reading = archive(root.path());
    fs::write(&manifest, &before).unwrap();
    assert_eq!(ids(&reading), ["replaced", "kept"]);

    // evalsig writes the run again, to the same path.
    let path = "year=2026/month=08/run_id=odd.parquet";
    let bytes = fs::read(project.join(path)).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(5));
    fs::write(project.join(path), bytes).unwrap();
    fs::write(&manifest, format!("{before} ")).unwrap();
    assert_eq!(ids(&reading), ["replaced", "kept", "odd"]);
}

#[test]
fn an_overwritten_file_is_read_again_even_if_it_has_the_same_size() {
    let root = tempfile::tempdir().unwrap();
    let project = root.path().join("default");
    copy(Path::new("tests/fixtures/evalsig/odd-values"), &project);
    let archive = archive(root.path());
    archive.fold().unwrap();
    let version = |archive: &Archive| {
        archive.fold().unwrap();
        fs::read_dir(project.join("_delta_log")).unwrap().count()
    };
    assert_eq!(version(&archive), 1);
    let before = stale(&project.join("manifest.json"));
    fs::write(project.join("manifest.json"), &before).unwrap();
    assert_eq!(version(&archive), 1, "nothing was overwritten");
    let path = project.join("year=2026/month=08/run_id=odd.parquet");
    let bytes = fs::read(&path).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(5));
    fs::write(&path, bytes).unwrap();
    fs::write(project.join("manifest.json"), &before).unwrap();
    assert_eq!(version(&archive), 2, "it is described anew");
    assert_eq!(archive.verify(&mut |_, _| Ok(())).unwrap().problems, []);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}
