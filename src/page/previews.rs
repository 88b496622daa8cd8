//! What a row shows of the texts of its case: what differs from case to case, and from run to run.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, VecDeque};

/// Characters of an input that a row shows, and of an output.
const INPUT: usize = 80;
const OUTPUT: usize = 60;
/// Characters of what the baseline had in place of it: a narrow column still has room for both.
const REPLACED: usize = 14;
/// A beginning that is not longer leaves what follows it in sight, also in a narrow column.
const IN_SIGHT: usize = 16;
/// A beginning is left out that one row in so many has, and at least so many rows.
const COMMON_SHARE: usize = 3;
const COMMON_ROWS: usize = 3;
/// Bytes of a text that are read for it.
const BYTES: usize = 400;

/// Returns the beginning of an input: a text without its quotes, anything else as JSON.
pub(super) fn start_of_input(input: &[u8]) -> String {
    let text = start(input);
    unquoted(&text).unwrap_or_else(|| text.into_owned())
}

/// Returns the beginning of an output, or of an error.
pub(super) fn start(text: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&text[..text.len().min(BYTES)])
}

/// Returns the beginning of an input that a row shows, whatever others begin with.
pub(super) fn input(start: &str) -> String {
    beginning(start, INPUT)
}

/// Returns what each row shows of its input, by the beginnings of the inputs.
pub(super) fn inputs(starts: &[String]) -> Vec<String> {
    let texts: Vec<&str> = starts.iter().map(String::as_str).collect();
    without_beginnings(&texts, INPUT)
}

/// Returns what each row shows of its output, by the beginnings of the outputs of baseline and candidate: where the candidate has
/// something else than the baseline, both, with an arrow.
pub(super) fn outputs(starts: &[[String; 2]]) -> Vec<String> {
    let own: Vec<&str> = starts.iter().map(|[_, own]| own.as_str()).collect();
    let shown = without_beginnings(&own, OUTPUT);
    let rows = starts.iter().zip(shown);
    rows.map(|(pair, shown)| difference(pair).unwrap_or(shown)).collect()
}

/// Returns the beginning of a text, at most so many characters.
fn beginning(text: &str, most: usize) -> String {
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// Returns the words of two texts that differ; `None` if there are no two texts, or they differ at most in their white space.
fn difference([before, after]: &[String; 2]) -> Option<String> {
    if before == after || before.is_empty() || after.is_empty() {
        return None;
    }
    let same = common(before, after);
    let same = last_word(before, same).min(last_word(after, same));
    let [mut old, mut new] = [before, after].map(|text| &text[same..]);
    // Of a longer text, the end is not known.
    if before.len().max(after.len()) < BYTES {
        let kept = common_end(old, new);
        [old, new] = [old, new].map(|text| &text[..text.len() - kept]);
    }
    [old, new] = [old, new].map(str::trim);
    (old != new).then(|| format!("{} → {}", few_words(old, REPLACED), beginning(new, OUTPUT)))
}

/// Returns the beginning of a text, up to the end of a word if one ends there.
fn few_words(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let words = match last_word(text, end) {
        0 => &text[..end],
        whole => text[..whole].trim_end_matches([' ', ',', ';', ':', '.']),
    };
    format!("{words}…")
}

/// Returns where the word begins that `at` lies in or follows.
fn last_word(text: &str, at: usize) -> usize {
    let words = text[..at].char_indices().rev();
    let mut follows = text[at..].chars().next();
    for (place, character) in words {
        if is_boundary(character, text[..place].chars().next_back(), follows) {
            return place + character.len_utf8();
        }
        follows = Some(character);
    }
    0
}

/// Returns whether a word ends at a character, by what stands before and after it.
fn is_boundary(character: char, before: Option<char>, after: Option<char>) -> bool {
    let is_number = |side: Option<char>| side.is_some_and(|one| one.is_numeric());
    match character {
        '.' | '!' | '?' => after.is_none_or(char::is_whitespace),
        ',' | ':' | ';' => !(is_number(before) && is_number(after)),
        _ => character.is_whitespace() || "\"`()[]{}<>=|".contains(character),
    }
}

/// Returns the length of the beginning that two texts share, in bytes.
fn common(one: &str, other: &str) -> usize {
    let same = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
    same.map_or(one.len().min(other.len()), |((at, _), _)| at)
}

/// Returns the length of the end that two texts share, in bytes: whole words that leave something of both texts.
fn common_end(one: &str, other: &str) -> usize {
    let mut length = 0;
    let mut found = 0;
    let mut follows = None;
    let mut before = one.chars().rev().skip(1);
    for (a, b) in one.chars().rev().zip(other.chars().rev()) {
        if a != b {
            return found;
        }
        length += a.len_utf8();
        if is_boundary(a, before.next(), follows) {
            found = length;
        }
        follows = Some(a);
    }
    // One is the end of the other: with a word of it on both sides, it says more.
    0
}

/// Returns the texts without long beginnings that many of them share, each at most `most` characters.
fn without_beginnings(texts: &[&str], most: usize) -> Vec<String> {
    let shared = shared_beginnings(texts);
    let rows = texts.iter().zip(shared);
    rows.map(|(text, shared)| {
        let cut = last_word(text, shared);
        let is_long = text[..cut].chars().count() > IN_SIGHT && cut < text.len();
        if is_long {
            format!("…{}", beginning(&text[cut..], most))
        } else {
            beginning(text, most)
        }
    })
    .collect()
}

/// Returns the length of the longest beginning of each text that many other texts have, in bytes. Equal texts count once.
fn shared_beginnings(texts: &[&str]) -> Vec<usize> {
    let distinct: BTreeSet<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    let distinct: Vec<&str> = distinct.into_iter().collect();
    let many = (distinct.len() / COMMON_SHARE).max(COMMON_ROWS);
    // In order, neighbours share what the first and the last of them share: each text shares the most that any group of so many
    // around it does. Of the groups around a text, those are kept that no later one outlasts and exceeds.
    let mut groups: VecDeque<(usize, usize)> = VecDeque::new();
    let mut shared = HashMap::new();
    for (place, text) in distinct.iter().enumerate() {
        if let Some(last) = distinct.get(place + many - 1) {
            let length = common(text, last);
            while groups.back().is_some_and(|(_, other)| *other <= length) {
                groups.pop_back();
            }
            groups.push_back((place, length));
        }
        while groups.front().is_some_and(|(first, _)| first + many <= place) {
            groups.pop_front();
        }
        shared.insert(*text, groups.front().map_or(0, |(_, length)| *length));
    }
    texts.iter().map(|text| shared.get(text).copied().unwrap_or(0)).collect()
}

/// Returns the text of a JSON string, or of its beginning, which may end within a character.
fn unquoted(json: &str) -> Option<String> {
    const LONGEST_ESCAPE: usize = "\\ud83d\\ude00".len();
    if !json.starts_with('"') {
        return None;
    }
    if let Ok(whole) = crate::json::read(json) {
        return Some(whole);
    }
    let ends = json.char_indices().map(|(at, _)| at).chain([json.len()]).rev();
    ends.take(LONGEST_ESCAPE)
        .find_map(|end| crate::json::read(&format!("{}\"", json.get(..end)?)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_starts_with_its_text_even_if_what_was_read_ends_within_a_character() {
        assert_eq!(start_of_input(br#""What is the\ncapital?""#), "What is the\ncapital?");
        assert_eq!(start_of_input(br#"{"question":"x"}"#), r#"{"question":"x"}"#);
        assert_eq!(start_of_input(b""), "");
        let long = start_of_input(format!("\"{}\"", "é".repeat(500)).as_bytes());
        assert_eq!(inputs(&[long]), ["é".repeat(80) + "…"]);
        for cut in 1..=12 {
            let torn = format!("\"abc{}", &r"\ud83d\ude00"[..cut]);
            let text = unquoted(&torn).unwrap_or_default();
            assert!(text.starts_with("abc"), "{torn}: {text}");
        }
    }

    #[test]
    fn a_row_shows_the_words_that_differ() {
        let cases = [
            ["The capital is Canberra.", "The capital is Sydney.", "Canberra → Sydney"],
            ["Yes.", "No.", "Yes → No"],
            [r#"{"label":"fr","sure":true}"#, r#"{"label":"en","sure":true}"#, "fr → en"],
            [r#"{"n":12}"#, r#"{"n":13}"#, "12 → 13"],
            ["It costs 1,000 EUR.", "It costs 1,001 EUR.", "1,000 → 1,001"],
            ["at 12:30 today", "at 12:31 today", "12:30 → 12:31"],
            ["a pi of 3.14", "a pi of 3.15", "3.14 → 3.15"],
            ["In New Delhi, where it rains.", "In Pune.", "New Delhi… → Pune"],
            ["x-0123456789-0123456789", "y", "x-0123456789-0… → y"],
            ["unhappy", "happy", "unhappy → happy"],
            ["two words more", "two words", "words more → words"],
            ["one two", "zero one two", "one two → zero one two"],
            ["a\u{301}é", "a\u{300}é", "a\u{301}é → a\u{300}é"],
        ];
        for [before, after, shown] in cases {
            let pair = [before, after].map(str::to_owned);
            assert_eq!(difference(&pair).as_deref(), Some(shown), "{before} and {after}");
        }
        for [before, after] in [["Yes", "Yes\n"], ["a b", "a  b"], ["same", "same"], ["", "new"]] {
            assert_eq!(difference(&[before, after].map(str::to_owned)), None, "{before:?}");
        }
        let long = format!("{} one {}", "x".repeat(30), "end ".repeat(120));
        let other = long.replace("one", "two");
        let shown = difference(&[long, other].map(|text| start(text.as_bytes()).into_owned()));
        assert_eq!(
            shown.unwrap_or_default(),
            "one end end… → two end end end end end end end end end end end end end end …"
        );
    }

    #[test]
    fn equal_outputs_and_those_of_one_run_are_shown_from_where_rows_differ() {
        let pair = |[before, after]: [&str; 2]| [before.to_owned(), after.to_owned()];
        let same = "The capital of that country is ";
        let rows = ["Lima.", "Quito.", "Bern."].map(|city| pair(["", &format!("{same}{city}")]));
        assert_eq!(outputs(&rows), ["…Lima.", "…Quito.", "…Bern."]);
        let equal = rows.map(|[_, own]| [own.clone(), own]);
        assert_eq!(outputs(&equal), ["…Lima.", "…Quito.", "…Bern."]);
    }

    #[test]
    fn only_a_long_beginning_of_many_rows_is_left_out() {
        let shown = |texts: &[&str]| without_beginnings(texts, 20);
        assert_eq!(shown(&["What is 1 + 1?"; 3]), ["What is 1 + 1?"; 3]);
        assert_eq!(shown(&["Translate into French: one"; 3]), ["Translate into Frenc…"; 3]);
        let tasks = [
            "Translate into French: cat",
            "Translate into French: dog",
            "Translate into French: cow",
        ];
        assert_eq!(shown(&tasks), ["…cat", "…dog", "…cow"]);
        assert_eq!(shown(&tasks[..2]), ["Translate into Frenc…"; 2]);
        assert_eq!(
            shown(&[tasks[0], "", tasks[1], "other", tasks[2]]),
            ["…cat", "", "…dog", "other", "…cow"]
        );
        assert_eq!(shown(&[]), [""; 0]);
    }

    #[test]
    fn shared_beginnings_are_those_that_a_comparison_of_all_finds() {
        let words = ["a", "b", "é", "ab"];
        for seed in 0..200_usize {
            let text = |at: usize| -> String {
                (0..(seed * 7 + at * 13) % 6)
                    .map(|word| words[(seed * at + word * 5 + at / 2) % 4])
                    .collect()
            };
            let texts: Vec<String> = (0..(seed % 45)).map(text).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let distinct: BTreeSet<_> = texts.iter().filter(|text| !text.is_empty()).collect();
            let many = (distinct.len() / COMMON_SHARE).max(COMMON_ROWS);
            let longest = |text: &&str| {
                let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                let is_shared = |end: &usize| {
                    distinct.iter().filter(|other| other.starts_with(&text[..*end])).count() >= many
                };
                ends.filter(is_shared).max().unwrap_or(0)
            };
            let expected: Vec<usize> = texts.iter().map(longest).collect();
            assert_eq!(shared_beginnings(&texts), expected, "{texts:?}");
        }
    }
}
