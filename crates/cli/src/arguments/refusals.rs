//! Describes invalid arguments in two lines: the fault, and a hint.

use std::error::Error as _;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::Failure;

/// Describes the faults that clap reports, in our words or else in clap's.
pub(super) fn failure(error: &clap::Error) -> Failure {
    let context = Context(error);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => context.unknown_argument(),
        ErrorKind::InvalidSubcommand => context.unknown_command(),
        ErrorKind::InvalidValue => context.another_value(),
        ErrorKind::ValueValidation => context.refused_value(),
        ErrorKind::MissingRequiredArgument => context.missing(),
        _ => None,
    };
    Failure::usage(message.unwrap_or_else(|| first_paragraph(error))).hint(context.hint())
}

/// The details of a fault, from clap.
struct Context<'e>(&'e clap::Error);

impl Context<'_> {
    fn text(&self, kind: ContextKind) -> Option<&str> {
        match self.0.get(kind) {
            Some(ContextValue::String(text)) => Some(text),
            _ => None,
        }
    }

    fn texts(&self, kind: ContextKind) -> &[String] {
        match self.0.get(kind) {
            Some(ContextValue::Strings(texts)) => texts,
            _ => &[],
        }
    }

    fn argument(&self) -> Option<String> {
        self.text(ContextKind::InvalidArg).map(name)
    }

    fn unknown_argument(&self) -> Option<String> {
        let given = self.argument()?;
        Some(match given.starts_with('-') {
            true => format!("there is no option {given}"),
            false => format!("there is one argument too many: \"{given}\""),
        })
    }

    fn unknown_command(&self) -> Option<String> {
        let given = self.text(ContextKind::InvalidSubcommand)?;
        Some(format!("there is no command \"{given}\""))
    }

    /// A value that is not one of the possible values.
    fn another_value(&self) -> Option<String> {
        let (argument, given) = (self.argument()?, self.text(ContextKind::InvalidValue)?);
        let possible = self.texts(ContextKind::ValidValue);
        match (given, possible) {
            ("", _) => Some(format!("{argument} needs a value")),
            (_, []) => None,
            (_, possible) => {
                Some(format!("{argument} must be {}, not \"{given}\"", one_of(possible)))
            }
        }
    }

    /// A value that cannot be parsed.
    fn refused_value(&self) -> Option<String> {
        let (argument, given) = (self.argument()?, self.text(ContextKind::InvalidValue)?);
        let source = self.0.source()?;
        let whole = source.downcast_ref::<ParseIntError>().map(|error| match error.kind() {
            IntErrorKind::PosOverflow => "a smaller whole number",
            IntErrorKind::NegOverflow => "a larger whole number",
            _ if given.parse::<i64>().is_ok() => "a whole number that is not negative",
            _ => "a whole number",
        });
        let number = source.downcast_ref::<ParseFloatError>().map(|_| "a number");
        let range = range(&source.to_string());
        Some(match range.as_deref().or(whole).or(number) {
            Some(expected) => format!("{argument} must be {expected}, not \"{given}\""),
            None => format!("{argument} cannot be \"{given}\": {source}"),
        })
    }

    fn missing(&self) -> Option<String> {
        // One argument of a group is required: `<--keep <N>|--max-size <SIZE>>`.
        let of_group = |one: &String| one_of(&one.split('|').map(name).collect::<Vec<_>>());
        let names: Vec<_> = self.texts(ContextKind::InvalidArg).iter().map(of_group).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(format!("{one} is missing")),
            several => Some(format!("{} are missing", several.join(" and "))),
        }
    }

    /// Returns the command that was probably meant. clap also suggests commands that are less similar.
    fn meant_command(&self, given: &str) -> Option<String> {
        let suggested = self.texts(ContextKind::SuggestedSubcommand);
        let distance = |name: &&String| strsim::damerau_levenshtein(given, name);
        suggested.iter().min_by_key(distance).cloned()
    }

    fn hint_for_command(&self, given: &str) -> String {
        match self.meant_command(given) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "\"runstore help\" lists the commands".to_owned(),
        }
    }

    fn hint(&self) -> String {
        if let Some(given) = self.text(ContextKind::InvalidSubcommand) {
            return self.hint_for_command(given);
        }
        let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let meant = meant.into_iter().find_map(|kind| {
            self.text(kind).or_else(|| self.texts(kind).first().map(String::as_str))
        });
        let usage = self.0.to_string();
        let usage = usage.split("\n\n").find_map(|words| words.trim().strip_prefix("Usage: "));
        let usage = usage.map(|usage| {
            let lines =
                usage.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            lines.collect::<Vec<_>>().join(" or ")
        });
        match (meant, usage) {
            (Some(meant), _) => format!("did you mean {}?", name(meant)),
            (None, Some(usage)) => format!("usage: {usage}"),
            (None, None) if self.argument().is_some() => {
                "run it with --help to see its arguments".to_owned()
            }
            (None, None) => "\"runstore --help\" lists the commands".to_owned(),
        }
    }
}

/// Returns `--limit` for `--limit <N>`, and `RUN` for `<RUN>`.
fn name(argument: &str) -> String {
    let first = argument.split_whitespace().next().unwrap_or_default();
    first
        .split('=')
        .next()
        .unwrap_or_default()
        .trim_matches(|sign| "<>[].".contains(sign))
        .to_owned()
}

/// Returns the range of `2 is not in 3..=4294967295`.
fn range(refusal: &str) -> Option<String> {
    let (_, range) = refusal.split_once(" is not in ")?;
    let (least, most) = range.split_once("..=")?;
    let is_open = [i64::MAX.to_string(), u64::MAX.to_string(), u32::MAX.to_string()]
        .contains(&most.to_owned());
    Some(match is_open {
        true => format!("a whole number of at least {least}"),
        false => format!("a whole number from {least} to {most}"),
    })
}

fn one_of(values: &[String]) -> String {
    match values {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => values.concat(),
    }
}

fn first_paragraph(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}
