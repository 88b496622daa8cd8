//! `lib/constants.js`: what JavaScript knows of the core stands in Rust, once. `RUNSTORE_UPDATE_SNAPSHOTS=1 cargo test --test
//! constants` writes the file.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used)] // a failing test is meant to panic

use runstore::compare::{Missing, Reducer};
use runstore::model::{BASELINE, Decision, Outcome, Role, RunStatus, STALE_AFTER_MS, THRESHOLD};
use runstore::store::OnConflict;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/lib/constants.js");

const HEAD: &str = "'use strict';

/**
 * Enumerations and defaults of the core. Written from Rust, which has them once: tests/constants.rs says how.
 */
module.exports = {
";

/// Names as JSON has them.
fn serialized<T: serde::Serialize>(values: &[T]) -> Vec<String> {
    let name = |value| serde_json::to_value(value).unwrap().as_str().unwrap().to_owned();
    values.iter().map(name).collect()
}

fn named<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| name(*value).to_owned()).collect()
}

fn written() -> String {
    let lists = [
        ("DECISIONS", named(&Decision::ALL, Decision::name)),
        ("ENDED", named(&RunStatus::ALL, RunStatus::name)),
        ("MISSING", serialized(&Missing::ALL)),
        ("ON_CONFLICT", named(&OnConflict::ALL, OnConflict::name)),
        ("OUTCOMES", named(&Outcome::ALL, Outcome::name)),
        ("REDUCERS", serialized(&Reducer::NAMED)),
        ("ROLES", named(&Role::ALL, Role::name)),
    ];
    let mut text = HEAD.to_owned();
    text.push_str(&format!("  DEFAULT_BASELINE: '{BASELINE}',\n"));
    text.push_str(&format!("  DEFAULT_THRESHOLD: {THRESHOLD},\n"));
    text.push_str(&format!("  STALE_AFTER_MS: {STALE_AFTER_MS},\n"));
    for (name, values) in lists {
        text.push_str(&format!("  {name}: ['{}'],\n", values.join("', '")));
    }
    text + "};\n"
}

#[test]
fn what_javascript_knows_is_what_stands_in_rust() {
    if std::env::var_os("RUNSTORE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(FILE, written()).unwrap();
    }
    let known = std::fs::read_to_string(FILE).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(known, written(), "run RUNSTORE_UPDATE_SNAPSHOTS=1 cargo test --test constants");
}
