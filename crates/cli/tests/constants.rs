//! `lib/constants.js` is generated from the constants in Rust. `RUNSTORE_UPDATE_SNAPSHOTS=1 cargo test -p runstore-cli
//! --test constants` writes the file.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used)] // a failing test is meant to panic

use runstore::compare::{
    Change, CompareOptions, EqualScores, MIN_TREND_RUNS, Missing, PairBy, Reducer,
};
use runstore::db::{Durability, MAX_ROW_BYTES, OpenOptions};
use runstore::model::{
    BASELINE, Decision, LARGEST_PAGE, LEVEL, Outcome, Role, RunOrder, RunStatus, STALE_AFTER_MS,
    STATUSES, STORE_PATH, THRESHOLD, TRAJECTORIES_PAGE,
};
use runstore::page::{Field, MAX_PAGE_HISTORY, ROWS_IN_BLOCK};
use runstore::rows::{BATCH_BYTES, BATCH_ROWS};
use runstore::stats::{
    Alternative, Distance, ErrorRates, GateOptions, KappaWeights, MAX_RESAMPLES, PermutationMode,
    Resampling, SequenceOptions, evalsig,
};
use runstore::store::OnConflict;
use runstore_archive::{DEFAULT_PROJECT, GRACE_MS, TIMEOUT};
use runstore_cli::{Exit, VIEW_HOST};
use runstore_formats::run_file::DEFAULT_FOLDER;
use runstore_formats::tinker::{DEFAULT_SUITE, MAX_UTC_OFFSET};
use runstore_report::export::ExportFormat;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../lib/constants.js");

const HEAD: &str = "'use strict';

/**
 * Enumerations, defaults, limits and exit codes of the core. Generated from Rust: see crates/cli/tests/constants.rs.
 */
module.exports = {
";

fn enumerations() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("ALTERNATIVES", Alternative::ALL.map(Alternative::name).into()),
        ("CHANGES", Change::ALL.map(Change::name).into()),
        ("DECISIONS", Decision::ALL.map(Decision::name).into()),
        ("DISTANCES", Distance::ALL.map(Distance::name).into()),
        ("DURABILITIES", Durability::ALL.map(Durability::name).into()),
        ("ENDED", RunStatus::ALL.map(RunStatus::name).into()),
        ("EQUAL_SCORES", EqualScores::ALL.map(EqualScores::name).into()),
        ("EVALSIG_METHODS", evalsig::Method::ALL.map(evalsig::Method::name).into()),
        ("EXPORT_FORMATS", ExportFormat::ALL.map(ExportFormat::name).into()),
        ("KAPPA_WEIGHTS", KappaWeights::ALL.map(KappaWeights::name).into()),
        ("MISSING", Missing::ALL.map(Missing::name).into()),
        ("ON_CONFLICT", OnConflict::ALL.map(OnConflict::name).into()),
        ("OUTCOMES", Outcome::ALL.map(Outcome::name).into()),
        ("PAGE_FIELDS", Field::ALL.map(Field::name).into()),
        ("PAIR_BY", PairBy::ALL.map(PairBy::name).into()),
        ("PERMUTATION_MODES", PermutationMode::ALL.map(PermutationMode::name).into()),
        ("ROLES", Role::ALL.map(Role::name).into()),
        ("RUN_ORDERS", RunOrder::ALL.map(RunOrder::name).into()),
        ("STATUSES", STATUSES.into()),
    ]
}

fn texts() -> [(&'static str, &'static str); 7] {
    [
        ("DEFAULT_BASELINE", BASELINE),
        ("DEFAULT_HOST", VIEW_HOST),
        ("DEFAULT_ON_CONFLICT", OnConflict::default().name()),
        ("DEFAULT_PROJECT", DEFAULT_PROJECT),
        ("DEFAULT_RESULTS_FOLDER", DEFAULT_FOLDER),
        ("DEFAULT_STORE_PATH", STORE_PATH),
        ("DEFAULT_TINKER_SUITE", DEFAULT_SUITE),
    ]
}

fn numbers() -> Vec<(&'static str, f64)> {
    let (compared, rates, gate) =
        (CompareOptions::default(), ErrorRates::default(), GateOptions::default());
    vec![
        ("BATCH_BYTES", BATCH_BYTES as f64),
        ("BATCH_ROWS", BATCH_ROWS as f64),
        ("DEFAULT_ALPHA", rates.alpha),
        ("DEFAULT_BUSY_TIMEOUT_MS", OpenOptions::default().busy_timeout.as_millis() as f64),
        ("DEFAULT_EXACT_THRESHOLD", evalsig::EXACT_THRESHOLD as f64),
        ("DEFAULT_GRACE_MS", GRACE_MS as f64),
        ("DEFAULT_LEVEL", LEVEL),
        ("DEFAULT_MARGIN_OF_GATE", gate.margin),
        ("DEFAULT_MIN_N", evalsig::MIN_N as f64),
        ("DEFAULT_POWER", rates.power),
        ("DEFAULT_REGRESSION_THRESHOLD", compared.regression_threshold),
        ("DEFAULT_RESAMPLES", Resampling::default().resamples as f64),
        ("DEFAULT_RHO", SequenceOptions::default().rho),
        ("DEFAULT_THRESHOLD", THRESHOLD),
        ("DEFAULT_TIMEOUT_MS", TIMEOUT.as_millis() as f64),
        ("DEFAULT_TOLERANCE", compared.tolerance),
        ("DEFAULT_TRAJECTORIES", f64::from(TRAJECTORIES_PAGE)),
        ("LARGEST_PAGE", f64::from(LARGEST_PAGE)),
        ("MAX_PAGE_HISTORY", f64::from(MAX_PAGE_HISTORY)),
        ("MAX_RESAMPLES", MAX_RESAMPLES as f64),
        ("MAX_ROW_BYTES", f64::from(MAX_ROW_BYTES)),
        ("MAX_UTC_OFFSET", f64::from(MAX_UTC_OFFSET)),
        ("MIN_N_OF_GATE", gate.min_n as f64),
        ("MIN_TREND_RUNS", f64::from(MIN_TREND_RUNS)),
        ("ROWS_IN_BLOCK", ROWS_IN_BLOCK as f64),
        ("STALE_AFTER_MS", STALE_AFTER_MS as f64),
    ]
}

fn written() -> String {
    let mut text = HEAD.to_owned();
    for (name, value) in texts() {
        text.push_str(&format!("  {name}: '{value}',\n"));
    }
    for (name, value) in numbers() {
        text.push_str(&format!("  {name}: {value},\n"));
    }
    let GateOptions { range: (low, high), .. } = GateOptions::default();
    text.push_str(&format!("  DEFAULT_RANGE_OF_GATE: [{low}, {high}],\n"));
    for (name, values) in enumerations() {
        text.push_str(&format!("  {name}: ['{}'],\n", values.join("', '")));
    }
    let reducers = serde_json::to_string(&Reducer::NAMED).unwrap();
    text.push_str(&format!("  REDUCERS: {},\n", reducers.replace('"', "'").replace(',', ", ")));
    let codes = Exit::ALL.map(|exit| format!("{}: {}", exit.name(), exit as u8)).join(", ");
    text + &format!("  EXIT: {{ {codes} }},\n}};\n")
}

#[test]
fn the_constants_of_javascript_equal_those_of_rust() {
    if std::env::var_os("RUNSTORE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(FILE, written()).unwrap();
    }
    let known = std::fs::read_to_string(FILE).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(known, written(), "RUNSTORE_UPDATE_SNAPSHOTS=1 rewrites it");
}
