//! Writes one run with very many scores to an archive and reads it back, in as little memory as possible.
//!
//! `cargo run --release --package runstore-archive --example large-run -- FOLDER SCORES`; `npm run bench:archive` does.

use std::path::PathBuf;
use std::time::Instant;

use runstore::error::{Code, Result, StoreError};
use runstore::model::{CaseRow, RowBatch, RowCounts, RunHead, RunRow, ScoreRow, Suite};
use runstore::rows::{RowSink, RowSource};
use runstore_archive::{Archive, Options};

/// Rows of a batch, as in an export of a store.
const BATCH: usize = 512;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(scores)) = (arguments.next(), arguments.next()) else {
        return Err(StoreError::new(Code::InvalidArgument, "usage: large-run FOLDER SCORES"));
    };
    let scores = scores.parse().unwrap_or(0);
    let folder = PathBuf::from(folder);
    let archive = Archive::open(folder.clone(), "default", Options::default())?;

    let start = Instant::now();
    let mut writer = archive.writer();
    batches(scores).try_for_each(|batch| writer.put_batch(batch))?;
    let runs = writer.commit()?;
    archive.close()?;
    let write_ms = start.elapsed().as_millis();

    let start = Instant::now();
    let (_, mut items) = archive.items("run")?;
    let mut read = 0;
    loop {
        match items.next_items()?.len() {
            0 => break,
            some => read += some,
        }
    }
    let mut body = archive.body("run")?;
    while body.next_batch()?.is_some() {}
    assert_eq!((read, runs.len()), (scores, 1));
    let read_ms = start.elapsed().as_millis();
    let (peak, bytes) = (peak_bytes(), bytes_below(&folder));
    println!(
        "{{\"write_ms\":{write_ms},\"read_ms\":{read_ms},\"peak_bytes\":{peak},\"bytes\":{bytes}}}"
    );
    Ok(())
}

fn batches(scores: usize) -> impl Iterator<Item = RowBatch> {
    let head = RowBatch::Run(Box::new(RunHead {
        suite: Suite { id: "suite".into(), name: "suite".into(), created_at: 0 },
        run: RunRow {
            id: "run".into(),
            suite_id: "suite".into(),
            name: "large".into(),
            model: "model".into(),
            status: "completed".into(),
            ..RunRow::default()
        },
        thresholds: Default::default(),
    }));
    let cases = (0..scores)
        .step_by(BATCH)
        .map(move |first| RowBatch::Cases((first..scores.min(first + BATCH)).map(case).collect()));
    let counts = RowCounts { cases: scores as u64, scores: scores as u64, ..RowCounts::default() };
    std::iter::once(head).chain(cases).chain(std::iter::once(RowBatch::End(counts)))
}

fn case(at: usize) -> CaseRow {
    CaseRow {
        id: format!("case {at}"),
        idx: at as f64,
        input: format!("\"question {at}\""),
        output: Some(format!("an answer to question {at}, in some words")),
        scores: vec![ScoreRow {
            id: format!("score {at}"),
            scorer_name: "exact".into(),
            score: (at % 10) as f64 / 10.0,
            ..ScoreRow::default()
        }],
        ..CaseRow::default()
    }
}

/// Returns the peak memory of the process, where Linux reports it.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

fn bytes_below(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => bytes_below(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}
