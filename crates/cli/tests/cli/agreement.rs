//! Whatever is printed of a verdict says the same: text, JSON, Markdown, the annotation for GitHub, and the exit code.

use std::path::Path;

use super::terminal::Call;

/// Fails unless all forms of a gate's answer agree; other commands are not looked at.
pub fn check_agreement(gate: &Call, folder: &Path) {
    if !gate.is_of("gate") {
        return;
    }
    let plain =
        gate.clone().without("--format").without("markdown").without("--github").wide(100_000);
    let text = plain.run_in(folder);
    let decision = text.stdout.lines().next().unwrap().to_owned();
    let reasons = items(&text.stdout, "- ");
    assert!(!reasons.is_empty());

    let json = plain.clone().and("--json").run_in(folder);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["decision"], decision.as_str());
    assert_eq!(grouped(&report["reasons"]), reasons);
    let of_scorers = report["scorers"].as_array().unwrap().iter();
    let all: Vec<String> = list(&report["reasons"]).iter().map(text_of).collect();
    of_scorers.for_each(|scorer| assert!(all.contains(&text_of(&scorer["reason"]))));
    assert_eq!(grouped(&report["comparison"]["notes"]), items(&text.stdout, "note: "));

    let markdown = plain.clone().and("--format").and("markdown").run_in(folder);
    assert!(markdown.stdout.lines().next().unwrap().ends_with(&format!(" {decision}")));
    assert_eq!(items(&markdown.stdout, "- "), reasons);
    assert_eq!(items(&markdown.stdout, "> "), items(&text.stdout, "note: "));
    let cases = items(&text.stdout, "cases      ")[0].split("; ").next().unwrap().to_owned();
    assert!(markdown.stdout.contains(&format!("Cases: {cases}; ")), "{cases}: {}", markdown.stdout);

    let github = plain.clone().and("--github").run_in(folder);
    let (kind, code) = match decision.as_str() {
        "ALLOW" => ("notice", 0),
        "REJECT" => ("error", 1),
        _ => ("warning", 2),
    };
    let title = format!("::{kind} title=runstore gate%3A {decision}::");
    let all = format!("{}{}", github.stdout, github.stderr);
    let annotation = items(&all, &title)[0].replace("%25", "%");
    assert!(annotation.starts_with(&reasons[0]), "{annotation}");
    assert!(annotation.len() < 64_000, "GitHub cuts what is longer");
    assert_eq!([text.code, json.code, markdown.code, github.code], [code; 4]);
}

/// Returns the sentences of reasons or notes in JSON as they are printed: what is true of several scorers is said once.
fn grouped(said: &serde_json::Value) -> Vec<String> {
    let mut groups: Vec<(Vec<&str>, String)> = vec![];
    for one in list(said) {
        let Some(scorer) = one["scorer"].as_str() else {
            groups.push((vec![], text_of(one)));
            continue;
        };
        let text = text_of(one);
        let sentence = text.strip_prefix(&format!("{scorer}: ")).unwrap();
        let same =
            |(names, known): &&mut (Vec<&str>, String)| !names.is_empty() && known == sentence;
        match groups.iter_mut().find(same) {
            Some((names, _)) => names.push(scorer),
            None => groups.push((vec![scorer], sentence.to_owned())),
        }
    }
    let printed = |(names, sentence): (Vec<&str>, String)| match names.len() {
        0 => sentence,
        1..=3 => format!("{}: {sentence}", names.join(", ")),
        4 => format!("{} and 1 more scorer: {sentence}", names[..3].join(", ")),
        all => format!("{} and {} more scorers: {sentence}", names[..3].join(", "), all - 3),
    };
    groups.into_iter().map(printed).collect()
}

fn list(said: &serde_json::Value) -> &Vec<serde_json::Value> {
    said.as_array().unwrap()
}

fn text_of(said: &serde_json::Value) -> String {
    said["text"].as_str().unwrap().replace(['\\', '`'], "")
}

/// Returns the lines that begin so, without that and without the marks of Markdown.
fn items(text: &str, start: &str) -> Vec<String> {
    let own = text.lines().filter_map(|line| line.strip_prefix(start));
    own.map(|line| line.replace(['\\', '`'], "")).collect()
}
