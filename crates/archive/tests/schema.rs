//! The schema of the scores is public: engines have queries for it. This is a copy of it, which changes only together with
//! docs/archive.md and a line in the changelog.
#![allow(clippy::unwrap_used)] // a failing test is meant to panic

use std::fs::{self, File};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::printer::print_schema;
use runstore_archive::{Archive, Decision, Frame, Item, Options};
use serde_json::{Value, json};

const PARQUET: &str = "\
message schema {
  OPTIONAL BYTE_ARRAY project_id (STRING);
  OPTIONAL BYTE_ARRAY run_id (STRING);
  OPTIONAL BYTE_ARRAY model_id (STRING);
  OPTIONAL BYTE_ARRAY task_id (STRING);
  OPTIONAL BYTE_ARRAY metric_name (STRING);
  OPTIONAL BYTE_ARRAY item_id (STRING);
  OPTIONAL BYTE_ARRAY cluster_id (STRING);
  OPTIONAL INT32 epoch;
  OPTIONAL DOUBLE score;
  OPTIONAL BYTE_ARRAY config_hash (STRING);
  OPTIONAL INT64 ts (TIMESTAMP(MICROS,true));
  OPTIONAL BYTE_ARRAY metadata_json (STRING);
}
";

const DELTA: [(&str, &str); 14] = [
    ("project_id", "string"),
    ("run_id", "string"),
    ("model_id", "string"),
    ("task_id", "string"),
    ("metric_name", "string"),
    ("item_id", "string"),
    ("cluster_id", "string"),
    ("epoch", "integer"),
    ("score", "double"),
    ("config_hash", "string"),
    ("ts", "timestamp"),
    ("metadata_json", "string"),
    ("year", "integer"),
    ("month", "integer"),
];

#[test]
fn the_schema_of_the_files_and_of_the_table_is_the_public_one() {
    let root = tempfile::tempdir().unwrap();
    let archive = Archive::open(root.path().to_owned(), "p", Options::default()).unwrap();
    let item = Item {
        item_id: "a".into(),
        score: 1.0,
        cluster_id: None,
        epoch: 0,
        metadata_json: "{}".into(),
    };
    let frame = Frame {
        run_id: "r".into(),
        model_id: "m".into(),
        task_id: "t".into(),
        metric_name: "x".into(),
        config_hash: String::new(),
        items: vec![item],
    };
    let run = archive.write_frame(frame, Some(0.0), Decision::default()).unwrap();
    let project = root.path().join("p");

    let file = File::open(project.join(run.path)).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let mut printed = Vec::new();
    print_schema(&mut printed, reader.metadata().file_metadata().schema());
    assert_eq!(String::from_utf8(printed).unwrap(), PARQUET);

    let entry = fs::read_to_string(project.join("_delta_log/00000000000000000000.json")).unwrap();
    let lines: Vec<Value> = entry.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let action = |name: &str| lines.iter().find_map(|line| line.get(name)).unwrap();
    let metadata = action("metaData");
    assert_eq!(metadata["partitionColumns"], json!(["year", "month"]));
    let schema: Value = serde_json::from_str(metadata["schemaString"].as_str().unwrap()).unwrap();
    let field =
        |(name, kind)| json!({"name": name, "type": kind, "nullable": true, "metadata": {}});
    let fields: Vec<Value> = DELTA.into_iter().map(field).collect();
    assert_eq!(schema, json!({"type": "struct", "fields": fields}));
    assert_eq!(action("protocol")["minReaderVersion"], 1);
}

#[test]
fn the_guide_lists_the_columns_of_the_files() {
    let guide = fs::read_to_string("../../docs/archive.md").unwrap();
    let (_, table) = guide.split_once("| column | type | content |\n").unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let column = |row: &str| row.split('`').nth(1).unwrap().to_owned();
    let columns: Vec<_> = rows.map(column).collect();
    assert_eq!(columns, DELTA[..12].iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
