//! Generates docs/cli.md from the definitions.

use clap::{Arg, Command};

use super::arguments::definitions;

/// Returns the text of docs/cli.md: every command with its arguments, its JSON and examples.
///
/// ```
/// assert!(runstore_cli::reference().contains("## runstore runs"));
/// ```
pub fn reference() -> String {
    let mut command = definitions();
    command.build();
    let mut blocks = vec![
        "<!-- Made from the definitions in crates/cli/src/arguments by `npm run docs`. -->"
            .to_owned(),
        "# The command `runstore`".to_owned(),
        about(&command),
        INTRODUCTION.to_owned(),
        documented(&command).map(entry).collect::<Vec<_>>().join("\n"),
        "## How runs are named".to_owned(),
        NAMING.to_owned(),
        "## Options of every command".to_owned(),
        table(command.get_arguments()),
        "## Exit codes".to_owned(),
    ];
    blocks.extend(notes(&command).into_iter().skip(1));
    blocks.extend(documented(&command).flat_map(section));
    blocks.retain(|block| !block.is_empty());
    format!("{}\n", blocks.join("\n\n"))
}

const INTRODUCTION: &str = "\
The command works on the store that an evaluation writes, and never creates an empty one. Times are UTC. Numbers are rounded
in tables, but not in JSON, where a number that is not finite is null. If the output is not a terminal, tables are 120
columns wide, unless `COLUMNS` is set. Control characters in text from the store are escaped. If a command fails, it prints a
line that starts with `error:` and a line with a hint to stderr, and nothing to stdout, even with `--json`; only `doctor`
prints its findings, `merge` its conflicts, and `check` its figures. If `latest` is not the newest run, because that one did
not complete, a line that starts with `note:` on stderr names it. In the shapes of JSON, `key?` is present only if it was set.";

const NAMING: &str = "\
| | |
| --- | --- |
| an id | that run |
| the first four or more characters of an id, or a name | that run, if it is the only one |
| `latest` | the completed run that started last |
| `latest:NAME` | the same, among the runs of this model or with this name |
| `baseline`, `baseline:NAME` | the baseline `main`, or the baseline with this name, of `runstore baseline set` |

`--suite` restricts all of them to one suite. If only one of two runs is named by `latest` or `baseline`, it is looked up in
the suite of the other; if both are, `baseline` is looked up in the suite of the candidate.";

/// Returns the commands that can be run, in the order of their definition.
fn documented(command: &Command) -> impl Iterator<Item = &Command> {
    let commands = command.get_subcommands().filter(|each| !is_help(each));
    commands.flat_map(|each| {
        let itself = Some(each).filter(|each| !each.is_subcommand_required_set());
        itself.into_iter().chain(each.get_subcommands().filter(|each| !is_help(each)))
    })
}

fn is_help(command: &Command) -> bool {
    command.get_name() == "help"
}

/// Returns the line of the table of contents.
fn entry(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_default();
    let brief = command.get_about().map(ToString::to_string).unwrap_or_default();
    format!("- [`{name}`](#{}): {brief}", name.replace(' ', "-"))
}

fn section(command: &Command) -> Vec<String> {
    let usage = command.clone().render_usage().to_string();
    let mut blocks = vec![
        format!("## {}", command.get_bin_name().unwrap_or_default()),
        about(command),
        fenced("text", usage.trim_start_matches("Usage: ")),
        table(command.get_arguments().filter(|argument| !is_common(argument))),
    ];
    blocks.extend(notes(command));
    blocks
}

fn is_common(argument: &Arg) -> bool {
    argument.is_global_set() || argument.get_id() == "help"
}

fn table<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let rows = arguments.map(|argument| {
        format!("\n| {} | {} |", spelled(argument), meaning(argument).replace('|', "\\|"))
    });
    let rows: String = rows.collect();
    if rows.is_empty() { rows } else { format!("| | |\n| --- | --- |{rows}") }
}

/// Returns the syntax of an argument: `--limit N`, `RUN`, `[NAME]`.
fn spelled(argument: &Arg) -> String {
    let takes = argument.get_action().takes_values();
    let values = argument.get_value_names().filter(|_| takes).unwrap_or_default();
    let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
    match argument.get_long() {
        Some(long) if values.is_empty() => format!("`--{long}`"),
        Some(long) => format!("`--{long} {}`", values.join(" ")),
        None if argument.is_required_set() => format!("`{}`", values.join(" ")),
        None => format!("`[{}]`", values.join(" ")),
    }
}

fn meaning(argument: &Arg) -> String {
    let mut meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    if !argument.get_action().takes_values() {
        return meaning;
    }
    let choices = argument.get_possible_values();
    let names: Vec<String> =
        choices.iter().map(|choice| format!("`{}`", choice.get_name())).collect();
    if !names.is_empty() {
        meaning.push_str(&format!(": {}", names.join(", ")));
    }
    let defaults = argument.get_default_values().iter().map(|value| value.to_string_lossy());
    let defaults: Vec<_> = defaults.collect();
    if !defaults.is_empty() {
        meaning.push_str(&format!(" (default `{}`)", defaults.join(",")));
    }
    meaning
}

/// Returns the text below the help: paragraphs of a title and indented lines.
fn notes(command: &Command) -> Vec<String> {
    let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let paragraphs = after.split("\n\n").filter(|paragraph| !paragraph.is_empty());
    let blocks = paragraphs.flat_map(|paragraph| {
        let (title, lines) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
        let lines = lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line));
        let language = if title == "Examples:" { "sh" } else { "text" };
        [title.to_owned(), fenced(language, &lines.collect::<Vec<_>>().join("\n"))]
    });
    blocks.collect()
}

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{text}\n```")
}

fn about(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about());
    about.map(ToString::to_string).unwrap_or_default()
}
