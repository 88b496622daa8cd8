//! How names of runs are resolved.

use super::fixture::{BROKEN, FIRST, Fixture, RIVERS, SECOND};
use super::terminal::{call, snapshot};

/// The id of the run that is shown.
fn shown(folder: &tempfile::TempDir, name: &str) -> String {
    let outcome = call(&format!("show {name} --json")).run_in(folder.path());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let shown: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    shown["run"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_run_is_named_by_id_prefix_name_or_latest() {
    let folder = Fixture::new().finish();
    assert_eq!(shown(&folder, SECOND), SECOND);
    assert_eq!(shown(&folder, "77aa"), BROKEN);
    assert_eq!(shown(&folder, "1a2b3c4"), FIRST);
    assert_eq!(shown(&folder, "second"), SECOND);
    assert_eq!(shown(&folder, "first --suite rivers"), RIVERS);
    // The latest completed run, not the latest run.
    assert_eq!(shown(&folder, "latest"), SECOND);
    assert_eq!(shown(&folder, "latest:claude"), RIVERS);
    assert_eq!(shown(&folder, "latest --suite rivers"), RIVERS);
}

#[test]
fn the_latest_of_a_model_or_a_name_unless_it_may_be_either() {
    let mut fixture = Fixture::new();
    let suite = fixture.suite("names", 1);
    fixture.run(&suite, "of-the-name", "gpt-4", "m", 1);
    fixture.finish_run("of-the-name", runstore::model::RunStatus::Completed);
    fixture.run(&suite, "of-both", "m", "m", 2);
    fixture.finish_run("of-both", runstore::model::RunStatus::Completed);
    let folder = fixture.finish();
    assert_eq!(shown(&folder, "latest:first"), RIVERS);
    assert_eq!(shown(&folder, "latest:first --suite capitals"), FIRST);
    assert_eq!(shown(&folder, "latest:gpt-4 --suite capitals"), SECOND);
    assert_eq!(shown(&folder, "latest:gpt-4 --suite names"), "of-the-name");
    snapshot("latest", folder.path(), &["show latest:gpt-4", "show latest:m"].map(call));
}

#[test]
fn latest_says_when_a_newer_run_did_not_complete() {
    let mut fixture = Fixture::new();
    let suite = fixture.suite("killed", 1);
    fixture.run(&suite, "whole", "nightly", "m", 2);
    fixture.finish_run("whole", runstore::model::RunStatus::Completed);
    fixture.run(&suite, "killed", "nightly", "m", 1);
    let folder = fixture.finish();
    let said = |arguments: &str| {
        let outcome = call(arguments).run_in(folder.path());
        assert_eq!(outcome.code, 0, "{arguments}: {}", outcome.stderr);
        outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let note = "note: \"latest\" is the latest completed run; a newer one, \"nightly\" (killed), is running";
    for command in ["show latest", "cases latest", "cases latest --json", "report show latest"] {
        assert_eq!(said(&format!("{command} --suite killed")), note, "{command}");
    }
    assert_eq!(said("show whole"), "");
}

#[test]
fn an_id_refers_to_its_run_even_if_it_is_the_name_of_others() {
    let mut fixture = Fixture::new();
    let suite = fixture.suite("names", 1);
    fixture.run(&suite, "short", "a", "m", 1);
    fixture.run(&suite, "other", "short", "m", 1);
    let folder = fixture.finish();
    assert_eq!(shown(&folder, "short"), "short");
}

#[test]
fn ambiguous_and_unknown_names_are_refused() {
    let folder = Fixture::new().finish();
    let calls = [
        "show 1a2b",
        "show first",
        "show 1a2",
        "show third",
        "show ''",
        "show latest:gpt-5",
        "show second --suite rivers",
        "show second --suite lakes",
    ];
    snapshot("naming", folder.path(), &calls.map(call));
}
