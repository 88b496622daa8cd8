//! Runs out of a store and into another one.

use proptest::prelude::*;
use runstore::Code;
use runstore::db::OpenOptions;
use runstore::maintenance::{RecoverOptions, recover_runs};
use runstore::model::*;
use runstore::rows::{RowSink, RowSource, copy_rows, decode, encode};
use runstore::store::{ExistingRun, RowImport, refuse};

use super::support::random_runs::{cases, fill, json, text, trajectories};
use super::support::rows;
use super::*;

/// All tables, each row as SQLite writes its values, without numbers that each file gives anew.
fn content(db: &rusqlite::Connection) -> Vec<Vec<String>> {
    [
        "SELECT * FROM suites ORDER BY id",
        "SELECT * FROM runs ORDER BY id",
        "SELECT * FROM cases ORDER BY run_id, idx, rowid",
        "SELECT s.* FROM scores s JOIN cases c ON c.id = case_id ORDER BY c.run_id, c.idx, c.rowid, s.rowid",
        "SELECT * FROM prompts ORDER BY id",
        "SELECT * FROM baselines ORDER BY suite_id, name",
        "SELECT * FROM verdicts ORDER BY id",
        "SELECT * FROM run_keywords ORDER BY run_id, kind, keyword",
        "SELECT * FROM benchmark_results ORDER BY run_id, benchmark",
        "SELECT run_id, benchmark, idx, example_id, reward, metrics, logs, error, time_seconds, trial, case_id
         FROM trajectories
         ORDER BY run_id, benchmark, idx",
        "SELECT run_id, benchmark, idx, position, role, turns.content, is_parts, token_count, metadata, message,
           hash, length
         FROM turns JOIN trajectories t ON t.id = trajectory_id LEFT JOIN texts ON texts.id = text_id
         ORDER BY run_id, benchmark, idx, position",
        "SELECT hash, length, content FROM texts ORDER BY hash",
    ]
    .iter()
    .map(|sql| rows(db, sql))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_run_comes_into_another_store_as_it_was(
        run in (text(), json()), cases in cases(), trajectories in trajectories()
    ) {
        let (from, to) = (Place::new(), Place::new());
        let source = open(&from.path).unwrap();
        fill(&source, run, &cases, &trajectories);
        let target = open(&to.path).unwrap();
        let mut sink = target.row_sink(RowImport::default());
        let mut export = source.export_run("run");
        while let Some(batch) = export.next_batch().unwrap() {
            let packed = encode(&batch).unwrap();
            let unpacked = decode(&packed).unwrap();
            prop_assert_eq!(&unpacked, &batch);
            sink.put_batch(unpacked).unwrap();
        }
        drop(sink);
        let [source, target] = [source, target].map(|store| store.close().unwrap());
        let _ = (source, target);
        prop_assert_eq!(content(&from.sqlite()), content(&to.sqlite()));
    }
}

fn filled() -> (Store, Place) {
    let place = Place::new();
    let store = open(&place.path).unwrap();
    let case = |idx| CaseRow {
        idx,
        input: "1".to_owned(),
        scores: vec![ScoreRow { scorer_name: "s".to_owned(), score: 1.0, ..ScoreRow::default() }],
        ..CaseRow::default()
    };
    let cases: Vec<_> = (0..1300).map(|idx| case(f64::from(idx % 7))).collect();
    let turn = TurnRow {
        role: Role::User,
        content: Some("x".repeat(100_000)),
        is_parts: false,
        token_count: None,
        metadata: None,
        message: None,
    };
    let trajectories = vec![TrajectoryRow { turns: vec![turn], ..TrajectoryRow::default() }; 40];
    fill(&store, ("n".to_owned(), "{}".to_owned()), &cases, &trajectories);
    (store, place)
}

fn batches(store: &Store) -> Vec<RowBatch> {
    let mut all = vec![];
    copy_rows(&mut store.export_run("run"), &mut all).unwrap();
    all
}

#[test]
fn batches_are_bounded_and_lose_no_row() {
    let (store, _place) = filled();
    let all = batches(&store);
    let sizes: Vec<_> = all
        .iter()
        .filter_map(|batch| match batch {
            RowBatch::Cases(rows) => Some(rows.len()),
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [512, 512, 276]);
    let trajectories = all.iter().filter(|batch| matches!(batch, RowBatch::Trajectories(_)));
    assert_eq!(trajectories.count(), 4, "11 of 100 kB fill a batch of 1 MiB");
    let Some(RowBatch::End(counts)) = all.last() else { panic!("{:?}", all.last()) };
    assert_eq!(
        (counts.cases, counts.scores, counts.trajectories, counts.turns),
        (1300, 1300, 40, 40)
    );
    assert_eq!((counts.prompts, counts.baselines, counts.verdicts, counts.results), (1, 1, 1, 1));
}

#[test]
fn a_run_that_changes_meanwhile_is_read_as_of_one_moment() {
    let (store, _place) = filled();
    let mut export = store.export_run("run");
    export.next_batch().unwrap();
    export.next_batch().unwrap();
    store.save_cases([Ok(case("late", 9.0))]).unwrap();
    let late =
        store.save_scores([score("late", "s", 1.0)]).and_then(|()| store.rename_run("run", "new"));
    late.unwrap();
    let ended =
        std::iter::from_fn(|| export.next_batch().transpose()).find_map(Result::err).unwrap();
    assert_eq!(ended.code, Code::Busy);
    assert!(ended.message().contains("was changed while it was read"), "{ended}");
}

#[test]
fn an_idx_that_is_no_number_ends_the_reading_of_a_file() {
    for (table, idx) in [("trajectories", "'x'"), ("trajectories", "0.5"), ("cases", "'x'")] {
        let (store, place) = filled();
        let change = format!("UPDATE {table} SET idx = {idx} WHERE idx = 3 AND rowid % 2 = 1");
        place.sqlite().execute_batch(&change).unwrap();
        let refused = copy_rows(&mut store.export_run("run"), &mut Vec::new()).unwrap_err();
        assert_eq!(refused.code, Code::Corrupt, "{refused}");
    }
}

#[test]
fn a_run_is_invisible_until_its_import_ends_and_an_abandoned_import_is_removed() {
    let (source, _place) = filled();
    let target = Place::new();
    let store = open(&target.path).unwrap();
    let before = content(&target.sqlite());
    let all = batches(&source);
    for cut in 1..all.len() {
        let mut sink = store.row_sink(RowImport::default());
        for batch in &all[..cut] {
            sink.put_batch(batch.clone()).unwrap();
        }
        let run = store.get_run("run", &refuse).unwrap().unwrap();
        assert_eq!((run.status.as_str(), run.more.importing), ("running", Some(true)));
        assert_eq!(
            store.get_latest_completed_run(&run.suite_id, None, &refuse).unwrap().map(|run| run.id),
            None
        );
        for refused in [
            store.export_run("run").next_batch().unwrap_err(),
            store.resume_run("run", None).unwrap_err(),
        ] {
            assert!(refused.message().contains("is still being imported"), "{refused}");
        }
        drop(sink);
        assert_eq!(content(&target.sqlite()), before, "cut at {cut}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_of_a_dead_process_is_removed_by_recover_and_by_the_next_import() {
    for by_recover in [true, false] {
        let (source, _place) = filled();
        let target = Place::new();
        let store = open(&target.path).unwrap();
        let before = content(&target.sqlite());
        let all = batches(&source);
        let mut sink = store.row_sink(RowImport::default());
        all[..3].iter().for_each(|batch| sink.put_batch(batch.clone()).unwrap());
        std::mem::forget(sink);
        target.sqlite().execute_batch("UPDATE runs SET owner_pid = 2147483646").unwrap();
        if by_recover {
            let report = recover_runs(&store, &RecoverOptions::default()).unwrap();
            let found: Vec<_> =
                report.runs.iter().map(|run| (run.id.as_str(), run.removed)).collect();
            assert_eq!(found, [("run", true)]);
            assert_eq!(content(&target.sqlite()), before);
        }
        copy_rows(&mut source.export_run("run"), &mut store.row_sink(RowImport::default()))
            .unwrap();
        assert_eq!(store.count_cases("run").unwrap(), 1300);
    }
}

#[test]
fn a_run_that_is_there_is_refused_or_kept() {
    let (source, _place) = filled();
    let mut sink = source.row_sink(RowImport::default());
    let refused = copy_rows(&mut source.export_run("run"), &mut sink).unwrap_err();
    assert_eq!(refused.code, Code::Constraint);
    assert!(refused.message().contains("there is a run with id \"run\" already"), "{refused}");
    drop(sink);
    let mut sink =
        source.row_sink(RowImport { existing: ExistingRun::Keep, ..RowImport::default() });
    copy_rows(&mut source.export_run("run"), &mut sink).unwrap();
    assert_eq!(sink.imported().iter().map(|run| run.is_new).collect::<Vec<_>>(), [false]);
    drop(sink);
    assert_eq!(source.count_cases("run").unwrap(), 1300);
}

#[test]
fn rows_that_a_store_could_not_read_are_refused_by_name_and_leave_nothing() {
    let (source, _place) = filled();
    let all = batches(&source);
    type Spoil = fn(&mut RowBatch);
    let spoilt: [(&str, Spoil); 6] = [
        ("config of run \"run\" is not JSON", |batch| {
            if let RowBatch::Run(head) = batch {
                head.run.config = Some("{".to_owned());
            }
        }),
        ("status of run \"run\" is \"done\"", |batch| {
            if let RowBatch::Run(head) = batch {
                head.run.status = "done".to_owned();
            }
        }),
        ("is not JSON", |batch| {
            if let RowBatch::Cases(cases) = batch {
                cases[3].input.clear();
            }
        }),
        ("is NaN", |batch| {
            if let RowBatch::Cases(cases) = batch {
                cases[3].scores[0].score = f64::NAN;
            }
        }),
        ("already", |batch| {
            if let RowBatch::Cases(cases) = batch {
                cases[3].id = cases[2].id.clone();
            }
        }),
        ("does not count the rows", |batch| {
            if let RowBatch::End(counts) = batch {
                counts.cases += 1;
            }
        }),
    ];
    for (expected, spoil) in spoilt {
        let place = Place::new();
        let store = open(&place.path).unwrap();
        let before = content(&place.sqlite());
        let mut sink = store.row_sink(RowImport::default());
        let mut given = all.clone();
        given.iter_mut().for_each(spoil);
        let refused =
            given.into_iter().map(|batch| sink.put_batch(batch)).find_map(Result::err).unwrap();
        assert!(refused.message().contains(expected), "{expected}: {refused}");
        assert_eq!(content(&place.sqlite()), before, "{expected}");
    }
}

#[test]
fn batches_in_another_order_are_refused() {
    let (source, _place) = filled();
    let all = batches(&source);
    let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
    let put = |batches: &[&RowBatch]| {
        let mut sink = store.row_sink(RowImport::default());
        let put = batches.iter().map(|batch| sink.put_batch((*batch).clone()));
        put.last().unwrap().unwrap_err().message()
    };
    let (run, cases, last) = (&all[0], &all[1], &all[all.len() - 1]);
    let results = all.iter().find(|batch| matches!(batch, RowBatch::Results(_))).unwrap();
    assert!(put(&[cases]).contains("do not begin with a run"));
    assert!(put(&[run, run]).contains("before the end"));
    assert!(put(&[run, results, cases]).contains("another order"));
    assert!(put(&[run, last]).contains("does not count"));
    assert_eq!(store.list_runs(None, &refuse).unwrap().len(), 0);
}

#[test]
fn a_baseline_and_a_prompt_of_others_stay() {
    let (source, _place) = filled();
    let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
    store.create_prompt("system", "be long").unwrap();
    let suite = store.create_suite("other").unwrap();
    let other = NewRun {
        id: Some("other"),
        suite_id: &suite.id,
        name: "n",
        model: "m",
        ..NewRun::default()
    };
    store.create_run(&other).unwrap();
    store.set_baseline(&suite.id, "other", "main").unwrap();
    let into = RowImport { suite_id: Some(suite.id.clone()), ..RowImport::default() };
    let mut sink = store.row_sink(into);
    copy_rows(&mut source.export_run("run"), &mut sink).unwrap();
    let [imported] = sink.imported() else { panic!("{:?}", sink.imported()) };
    assert_eq!(
        (&imported.kept_baselines[..], &imported.kept_prompts[..]),
        (&["main".to_owned()][..], &["system 1".to_owned()][..])
    );
    assert_eq!(store.get_baseline(&suite.id, "main").unwrap().unwrap().run_id, "other");
    assert_eq!(store.get_latest_prompt("system").unwrap().unwrap().content, "be long");
    assert_eq!(store.list_runs(Some(&suite.id), &refuse).unwrap().len(), 2);
}

proptest! {
    #[test]
    fn hostile_buffers_are_errors(mut bytes in prop::collection::vec(any::<u8>(), 0..300), valid in any::<bool>()) {
        if valid {
            bytes.splice(0..0, *b"RSRB\x01");
        }
        // What is read is written and read alike; by its bytes, as NaN is not equal to itself.
        if let Ok(batch) = decode(&bytes) {
            let written = encode(&batch).unwrap();
            prop_assert_eq!(encode(&decode(&written).unwrap()).unwrap(), written);
        }
    }

    #[test]
    fn a_truncated_or_changed_buffer_causes_no_panic(cut in 0usize..400, flip in 0usize..400, to in any::<u8>()) {
        let rows = vec![CaseRow { input: "\"some text\"".to_owned(), output: Some("ü".to_owned()), ..CaseRow::default() }; 4];
        let mut buffer = encode(&RowBatch::Cases(rows)).unwrap();
        let length = buffer.len();
        prop_assert!(decode(&buffer[..cut % length]).is_err());
        buffer[flip % length] = to;
        let _ = decode(&buffer);
    }
}

#[test]
fn other_versions_and_claims_of_endless_rows_are_refused() {
    let buffer = encode(&RowBatch::End(RowCounts::default())).unwrap();
    let mut newer = buffer.clone();
    newer[4] = 9;
    assert!(decode(&newer).unwrap_err().message().contains("version 9"));
    let mut longer = buffer.clone();
    longer.push(0);
    assert!(decode(&longer).unwrap_err().message().contains("follow the last row"));
    // Cases, 2^60 of them.
    let endless = [&buffer[..5], &[1], &[0x80; 8], &[0x10]].concat();
    assert!(decode(&endless).unwrap_err().message().contains("malformed"));
}
