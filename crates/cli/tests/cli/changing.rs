//! Commands that rename, tag and delete.

use super::fixture::{Fixture, SECOND};
use super::terminal::{call, snapshot};

#[test]
fn runs_are_renamed_tagged_and_deleted() {
    let folder = Fixture::new().finish();
    let calls = [
        "runs rename second better",
        "runs tag broken --add gpu --add nightly --remove flaky",
        "runs --tag gpu",
        "runs --tag flaky",
        "runs tag broken --remove gpu --remove nightly",
        "runs tag broken --add a --json",
        "runs tag broken",
        "runs rename gone x",
        "runs delete first --yes",
        "baseline set better --name v1",
        "runs delete better --suite capitals",
        "runs delete better broken --dry-run",
        "runs delete better broken better --yes",
        "runs",
        "runs delete nightly --yes",
        "runs delete nightly c0ff --yes",
        "runs delete c0ff --yes --json",
        "runs",
    ];
    snapshot("runs-changed", folder.path(), &calls.map(call));
}

#[test]
fn suites_are_renamed_and_deleted() {
    let folder = Fixture::new().finish();
    let calls = [
        "suites rename capitals cities",
        "suites rename cities rivers",
        "suites rename cities cities --json",
        "suites rename gone x",
        "suites delete rivers",
        "suites delete rivers --dry-run",
        "suites delete rivers --yes --dry-run",
        "suites delete rivers --yes",
        "suites delete cities --yes",
        "suites",
    ];
    snapshot("suites-changed", folder.path(), &calls.map(call));
}

#[test]
fn a_case_is_labelled_by_a_person() {
    let folder = Fixture::new().finish();
    let calls = [
        "cases second --search 'number 13?' --annotate fail --by ada --note 'It is another city.'",
        "cases second --search 'number 13?' --scorer human:ada --full",
        "cases second --search 'number 13?' --annotate 0.75 --by ada",
        "cases second --search 'number 13?' --annotate pass --by bob",
        "cases second --annotate pass --by ada",
        "cases second --id none --annotate pass --by ada",
        "cases second --search 'number 13?' --annotate good --by ada",
        "cases second --search 'number 13?' --annotate nan --by ada",
        "cases second --search 'number 13?' --annotate pass",
        "cases second --search 'number 13?' --annotate pass --by ' '",
        "cases second --search 'number 13?' --note why",
        "judges second --human human:ada --judge similarity --threshold 0.5",
    ];
    snapshot("annotated", folder.path(), &calls.map(call));
}

/// A name is looked up in the transaction that uses it, so a failure changes nothing.
#[test]
fn several_runs_are_deleted_all_or_none() {
    let folder = Fixture::new().finish();
    let outcome = call("runs delete second nightly --yes").run_in(folder.path());
    assert_eq!(outcome.code, 65);
    assert_eq!(call(&format!("show {SECOND}")).run_in(folder.path()).code, 0);
}
