//! Messages of failed cases: reasons and errors without what differs from case to case.

use std::collections::HashMap;

/// Maximum length of a message, in characters.
const LONGEST: usize = 160;

/// A text of each message.
pub(super) type Examples = HashMap<String, String>;

/// Returns the message of a reason or an error, and keeps its first line as an example; `None` for an empty one.
pub(super) fn of(text: &str, examples: &mut Examples) -> Option<String> {
    let line = first_line(text);
    let message = Some(normal(line)).filter(|one| !one.is_empty())?;
    if !examples.contains_key(&message) {
        examples.insert(message.clone(), shortened(line));
    }
    Some(message)
}

/// Words that a message needs to say something without an example.
const TELLING: usize = 3;

/// Returns a message as people read it: that of a single case as it is, and one of few words with an example.
pub(super) fn told(message: String, examples: &Examples, cases: usize) -> String {
    let Some(example) = examples.get(&message).filter(|example| **example != message) else {
        return message;
    };
    let words = message.split(|part: char| !part.is_alphanumeric()).filter(|word| word.len() > 1);
    match words.count() {
        _ if cases == 1 => example.clone(),
        words if words < TELLING => format!("{message}, such as: {example}"),
        _ => message,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// Returns a line without the parts that differ from case to case: numbers and ids become `#`, quoted texts `"…"`.
fn normal(line: &str) -> String {
    let mut normal = String::new();
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let is_begun = normal.ends_with(|last: char| last.is_alphanumeric());
        let (shown, length) = match character {
            '"' | '`' => quoted(rest, character),
            // Not an apostrophe within a word.
            '\'' if !is_begun => quoted(rest, character),
            '\u{201c}' => quoted(rest, '\u{201d}'),
            _ if character.is_whitespace() => (" ", rest.len() - rest.trim_start().len()),
            _ if character.is_ascii_alphanumeric() => word(rest),
            _ => (&rest[..character.len_utf8()], character.len_utf8()),
        };
        normal.push_str(shown);
        rest = &rest[length..];
    }
    shortened(&normal)
}

fn shortened(line: &str) -> String {
    let mut characters = line.chars();
    let short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() { short + "…" } else { short }
}

/// Returns the replacement of a quoted text, and its length; the quote itself if it is unclosed.
fn quoted(rest: &str, end: char) -> (&str, usize) {
    let open = rest.chars().next().map_or(1, char::len_utf8);
    match rest[open..].find(end) {
        Some(length) => ("\"…\"", open + length + end.len_utf8()),
        None => (&rest[..open], open),
    }
}

/// Returns the replacement of a word, and its length: `#` for a number or an id.
fn word(rest: &str) -> (&str, usize) {
    const SHORTEST_ID: usize = 8;
    let end = |is_part: fn(char) -> bool| rest.find(|part| !is_part(part)).unwrap_or(rest.len());
    let id = end(|part| part.is_ascii_hexdigit() || part == '-');
    let has_digit = rest[..id].contains(|part: char| part.is_ascii_digit());
    if id >= SHORTEST_ID && has_digit && !rest[id..].starts_with(char::is_alphanumeric) {
        return ("#", id);
    }
    let number = end(|part| part.is_ascii_digit() || matches!(part, '.' | ',' | ':'));
    let number = rest[..number].trim_end_matches(['.', ',', ':']).len();
    if number > 0 {
        return ("#", number);
    }
    let letters = end(|part| part.is_ascii_alphabetic());
    (&rest[..letters.max(1)], letters.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ids_and_quoted_texts_are_left_out_of_a_message() {
        let normals = [
            ("TimeoutError: no answer within 30.5 s", "TimeoutError: no answer within # s"),
            ("429, retry in 2,000 ms.", "#, retry in # ms."),
            ("expected City17", "expected City#"),
            ("expected \"Lima\", got \"Cusco\"", "expected \"…\", got \"…\""),
            ("it's 'Lima' isn't it", "it's \"…\" isn't it"),
            ("request 0b6f1c2e-77aa-4d6e-8f00-1b2c3d4e5f60 failed", "request # failed"),
            ("a  b\tc", "a b c"),
            ("an open \" quote", "an open \" quote"),
            ("\u{6771}\u{4eac} 12 é", "\u{6771}\u{4eac} # é"),
            ("", ""),
        ];
        for (text, expected) in normals {
            assert_eq!(normal(text), expected, "{text}");
        }
        assert_eq!(normal(&"é ".repeat(200)).chars().count(), LONGEST + 1);
        assert_eq!(first_line("\n  Error: x\n  at y"), "Error: x");
    }

    #[test]
    fn a_message_of_few_words_has_an_example_and_that_of_one_case_is_its_own() {
        let message = |text: &str| (normal(text), text.to_owned());
        let examples = Examples::from_iter(
            ["expected 19.8, got 2.2", "no answer in 30 s", "cut"].map(message),
        );
        let told = |message: &str, cases| told(message.to_owned(), &examples, cases);
        assert_eq!(
            told("expected #, got #", 2),
            "expected #, got #, such as: expected 19.8, got 2.2"
        );
        assert_eq!(told("expected #, got #", 1), "expected 19.8, got 2.2");
        assert_eq!(told("no answer in # s", 2), "no answer in # s");
        assert_eq!(told("cut", 1), "cut");
    }
}
