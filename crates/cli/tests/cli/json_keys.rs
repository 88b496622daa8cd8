//! The keys of JSON: docs/cli.md describes every one that a command prints.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

static REFERENCE: LazyLock<String> = LazyLock::new(runstore_cli::reference);

/// What is data, keys and values.
const DATA: [&str; 10] = [
    "config",
    "content",
    "input",
    "logs",
    "meanScores",
    "metadata",
    "metrics",
    "passAtK",
    "passAtKCases",
    "pass_at_k",
];
/// What may have names as its keys: those of metrics, benchmarks and tags.
const BY_NAME: [&str; 4] = ["benchmarks", "scores", "tags", "thresholds"];

/// Adds the keys of all objects, except those that are data.
fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    let of_key = |(key, value): (&String, &Value), keys: &mut BTreeSet<String>| match value {
        _ if DATA.contains(&key.as_str()) => {}
        Value::Object(named) if BY_NAME.contains(&key.as_str()) => {
            named.values().for_each(|value| collect(value, keys));
        }
        value => collect(value, keys),
    };
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
        Value::Object(fields) => {
            for field in fields {
                keys.insert(field.0.clone());
                of_key(field, keys);
            }
        }
        _ => {}
    }
}

fn section(command: &str) -> Option<&'static str> {
    let mut sections = REFERENCE.split("\n## ");
    sections.find(|section| section.starts_with(&format!("runstore {command}\n")))
}

/// The descriptions of the JSON of a command: below `JSON:`, `JSON with --fix:` and the like.
fn shapes(section: &str) -> Vec<&str> {
    let paragraphs: Vec<&str> = section.split("\n\n").collect();
    let is_title = |text: &str| text.starts_with("JSON") && text.ends_with(':');
    paragraphs.windows(2).filter(|pair| is_title(pair[0])).map(|pair| pair[1]).collect()
}

/// The words of the descriptions of a command, and of those that they refer to as in `"runstore runs"`.
fn documented(command: &str, seen: &mut BTreeSet<String>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    if !seen.insert(command.to_owned()) {
        return words;
    }
    for shape in section(command).map(shapes).unwrap_or_default() {
        let parts = shape.split(|one: char| !one.is_alphanumeric() && one != '_');
        words.extend(parts.map(str::to_owned));
        for other in shape.split("\"runstore ").skip(1) {
            words.extend(documented(other.split('"').next().unwrap_or_default(), seen));
        }
    }
    words
}

/// Returns the command that these arguments call, unless options come first.
fn command_of(words: &[String]) -> Option<String> {
    let lengths = [2, 1].into_iter().filter(|length| words.len() >= *length);
    lengths.map(|length| words[..length].join(" ")).find(|command| section(command).is_some())
}

/// Fails unless every key that a command printed is described.
pub fn check_keys(words: &[String], stdout: &str) {
    let Some(command) = command_of(words) else { return };
    // The content of an exported file is not an answer of the command.
    let Ok(value) = serde_json::from_str(stdout) else { return };
    let mut keys = BTreeSet::new();
    collect(&value, &mut keys);
    let known = documented(&command, &mut BTreeSet::new());
    let unknown: Vec<&String> = keys.difference(&known).collect();
    assert!(unknown.is_empty(), "{words:?}: --help does not describe the keys {unknown:?}");
}

/// The commands whose JSON is described.
pub fn commands_with_json() -> impl Iterator<Item = &'static str> {
    let sections = REFERENCE.split("\n## runstore ").skip(1);
    let described = sections.filter(|section| !shapes(section).is_empty());
    described.filter_map(|section| section.lines().next())
}

#[test]
fn a_key_that_is_not_described_is_found() {
    let words = ["suites".to_owned(), "--json".to_owned()];
    check_keys(&words, r#"[{"id": 1, "name": 2, "created_at": 3}]"#);
    let undescribed = || check_keys(&words, r#"[{"id": 1, "nmae": 2}]"#);
    let failed = std::panic::catch_unwind(undescribed).unwrap_err();
    assert!(failed.downcast_ref::<String>().unwrap().contains(r#"["nmae"]"#));
}
