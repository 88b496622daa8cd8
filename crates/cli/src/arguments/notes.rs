//! Fits the notes below the help of a command to the width of the terminal. clap would lose the indentation of JSON, and
//! break examples where a shell does not continue a line.

use clap::Command;

/// Returns the command with notes that fit the width, and so its subcommands.
pub(super) fn fitted(command: Command, width: usize) -> Command {
    let notes = command.get_after_long_help().map(ToString::to_string);
    let command = match notes {
        Some(notes) => command.after_long_help(fit(&notes, width)),
        None => command,
    };
    command.mut_subcommands(|each| fitted(each, width))
}

fn fit(notes: &str, width: usize) -> String {
    notes.lines().map(|line| broken(line, width)).collect::<Vec<_>>().join("\n")
}

/// Breaks a line before words that do not fit, and an example before options, with a backslash for the shell.
fn broken(line: &str, width: usize) -> String {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let (separator, end, further) =
        if text.starts_with("runstore ") { (" --", " \\", 4) } else { (" ", "", 2) };
    let mut lines = vec![];
    let mut current = String::new();
    for (at, part) in text.split(separator).enumerate() {
        let part = if at == 0 { part.to_owned() } else { format!("{}{part}", separator.trim()) };
        let used = indent + current.chars().count() + 1 + part.chars().count() + end.len();
        if current.is_empty() || used <= width {
            current.push_str(if current.is_empty() { "" } else { " " });
            current.push_str(&part);
        } else {
            lines.push(std::mem::replace(&mut current, format!("{:further$}{part}", "")));
        }
    }
    lines.push(current);
    let lines = lines.iter().map(|line| format!("{:indent$}{line}", "")).collect::<Vec<_>>();
    lines.join(&format!("{end}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        let notes = "JSON:\n  { a, b }\n\nExamples:\n  runstore runs --limit 5";
        assert_eq!(fit(notes, 80), notes);
    }

    #[test]
    fn json_keeps_its_indentation() {
        let line = "    scorers: [{ scorer, delta }]";
        assert_eq!(broken(line, 24), "    scorers: [{ scorer,\n      delta }]");
    }

    #[test]
    fn a_broken_example_can_be_pasted_into_a_shell() {
        let line = "  runstore cases latest --annotate fail --note 'It is Lima.'";
        let expected = "  runstore cases latest --annotate fail \\\n      --note 'It is Lima.'";
        assert_eq!(broken(line, 50), expected);
    }
}
