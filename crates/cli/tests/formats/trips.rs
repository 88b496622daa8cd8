//! The conversion of a run to each format and back.

use std::path::Path;

use runstore::Store;
use runstore::db::OpenOptions;
use runstore::model::{CaseRow, ScoreRow};
use runstore::results::read_run_rows;
use runstore::rows::{RowSink, RowSource, copy_rows, decode, encode};
use runstore::store::RowImport;
use runstore_archive::{Archive, Options};
use runstore_cli::exporting::RunExport;
use runstore_formats::run_file::{RunFileOptions, RunFileWriter, read_rows};
use runstore_formats::tinker::{EvalStoreExport, EvalStoreImport, ExportOptions, ImportOptions};
use runstore_report::export::{ExportFormat, Runs};
use serde_json::value::RawValue;

use super::content::Content;

/// Returns the content of a store to which `fill` has written.
fn stored(fill: impl FnOnce(&mut dyn RowSink)) -> Content {
    let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
    fill(&mut store.row_sink(RowImport::default()));
    Content::of(&mut store.export_run("run"))
}

pub fn packed(source: &Store, _: &Path) -> Content {
    stored(|sink| {
        let mut rows = source.export_run("run");
        while let Some(batch) = rows.next_batch().unwrap() {
            sink.put_batch(decode(&encode(&batch).unwrap()).unwrap()).unwrap();
        }
    })
}

pub fn run_file(source: &Store, folder: &Path) -> Content {
    let mut writer = RunFileWriter::new(folder, RunFileOptions::default()).unwrap();
    copy_rows(&mut source.export_run("run"), &mut writer).unwrap();
    let path = folder.join("run.json");
    writer.finish_as(&path).unwrap();
    stored(|sink| read_rows(&path, &Default::default(), sink).unwrap())
}

pub fn archive(source: &Store, folder: &Path) -> Content {
    let archive = Archive::open(folder.to_owned(), "project", Options::default()).unwrap();
    let mut writer = archive.writer();
    copy_rows(&mut source.export_run("run"), &mut writer).unwrap();
    writer.commit().unwrap();
    stored(|sink| {
        copy_rows(&mut archive.body("run").unwrap(), sink).unwrap();
    })
}

pub fn tinker(source: &Store, folder: &Path) -> Content {
    let path = folder.join("evals");
    let path = path.to_str().unwrap();
    let ids = ["run".to_owned()];
    let mut export = EvalStoreExport::begin(path, &ids, ExportOptions::default()).unwrap();
    read_run_rows(source, "run", "export", &mut |batch| export.put_batch(batch)).unwrap();
    export.finish().unwrap();
    let options = ImportOptions { strict: true, ..ImportOptions::default() };
    let mut import = EvalStoreImport::open(path, options).unwrap();
    stored(|sink| {
        while let Some(batch) = import.next_batch().unwrap() {
            sink.put_batch(batch).unwrap();
        }
    })
}

/// A key that is present holds JSON, which may be `null`.
fn present<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Option<Box<RawValue>>, D::Error> {
    serde::Deserialize::deserialize(json).map(Some)
}

/// A line of the format, as docs/run-files.md describes it.
#[derive(serde::Deserialize)]
struct Line {
    id: String,
    idx: f64,
    key: Option<String>,
    trial: Option<Number>,
    benchmark: Option<String>,
    cluster: Option<String>,
    input: Box<RawValue>,
    output: Option<String>,
    expected: Option<Box<RawValue>>,
    latency_ms: Option<Number>,
    tokens_in: Option<Number>,
    tokens_out: Option<Number>,
    cost_usd: Option<Number>,
    started_at: Option<Number>,
    error: Option<String>,
    #[serde(default, deserialize_with = "present")]
    metadata: Option<Box<RawValue>>,
    scores: Vec<LineScore>,
}

#[derive(serde::Deserialize)]
struct LineScore {
    id: String,
    scorer_name: String,
    score: Number,
    reason: Option<String>,
    #[serde(default, deserialize_with = "present")]
    metadata: Option<Box<RawValue>>,
    answer: Option<String>,
}

/// A number that is not finite is a text.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Infinite(String),
}

impl Number {
    fn value(self) -> f64 {
        match self {
            Number::Finite(number) => number,
            Number::Infinite(name) => name.parse().unwrap(),
        }
    }
}

pub fn jsonl(source: &Store, _: &Path) -> Content {
    let mut export = RunExport::new(ExportFormat::Jsonl, Runs::One).unwrap();
    copy_rows(&mut source.export_run("run"), &mut export).unwrap();
    let text = String::from_utf8(export.finish().unwrap()).unwrap();
    let cases = text.lines().map(|line| case(serde_json::from_str(line).unwrap()));
    Content { cases: cases.collect(), ..Content::default() }
}

fn case(line: Line) -> CaseRow {
    let number = |value: Option<Number>| value.map(Number::value);
    CaseRow {
        id: line.id,
        idx: line.idx,
        input: line.input.get().to_owned(),
        output: line.output,
        expected: line.expected.map(|json| json.get().to_owned()),
        latency_ms: number(line.latency_ms),
        tokens_in: number(line.tokens_in),
        tokens_out: number(line.tokens_out),
        error: line.error,
        key: line.key,
        trial: number(line.trial),
        benchmark: line.benchmark,
        cluster: line.cluster,
        metadata: line.metadata.map(|json| json.get().to_owned()),
        cost_usd: number(line.cost_usd),
        started_at: number(line.started_at),
        scores: line.scores.into_iter().map(score).collect(),
    }
}

fn score(score: LineScore) -> ScoreRow {
    ScoreRow {
        id: score.id,
        scorer_name: score.scorer_name,
        score: score.score.value(),
        reason: score.reason,
        metadata: score.metadata.map(|json| json.get().to_owned()),
        answer: score.answer,
    }
}
