//! The commands that look at what there is.

use super::fixture::Fixture;
use super::terminal::{call, everywhere, snapshot};

#[test]
fn suites() {
    let folder = Fixture::new().finish();
    snapshot("suites", folder.path(), &everywhere("suites"));
}

#[test]
fn runs() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("runs");
    calls.extend([
        call("runs --suite rivers"),
        call("runs --model gpt-4 --status completed --limit 1"),
        call("runs --status running --json"),
        call("runs --model none"),
        call("runs").piped(),
        call("runs").piped().with("COLUMNS", "70"),
    ]);
    snapshot("runs", folder.path(), &calls);
}

#[test]
fn show() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("show broken");
    calls.extend([
        call("show first --suite capitals"),
        call("show nightly"),
        call("show second --threshold 0.9"),
    ]);
    snapshot("show", folder.path(), &calls);
}

#[test]
fn cases() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("cases broken");
    calls.extend([
        call("cases second --failed --scorer exact"),
        call("cases second --failed --threshold 0.3 --limit 2").narrow(),
        call("cases broken --errored --unscored"),
        call("cases broken --unscored --scorer similarity --json"),
        call("cases broken --full").narrow(),
        call("cases broken --full --failed").coloured(),
        call("cases nightly"),
    ]);
    snapshot("cases", folder.path(), &calls);
}

#[test]
fn prompts() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("prompts");
    calls.extend(everywhere("prompts judge"));
    calls.extend([
        call("prompts judge --version 1"),
        call("prompts judge --version 7"),
        call("prompts jury"),
    ]);
    snapshot("prompts", folder.path(), &calls);
}

#[test]
fn an_empty_store_says_so() {
    let folder = Fixture::empty().finish();
    let calls =
        ["suites", "runs", "prompts", "show latest", "prompts x", "runs --suite x", "runs --json"];
    snapshot("empty", folder.path(), &calls.map(call));
}

#[test]
fn completions_are_made_for_every_shell() {
    let folder = Fixture::empty().finish();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = call(&format!("completions {shell}")).run_in(folder.path());
        assert_eq!(script.code, 0);
        for word in ["runstore", "suites", "threshold"] {
            assert!(script.stdout.contains(word), "{shell}: {word}");
        }
    }
}
