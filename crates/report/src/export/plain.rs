//! Escapes multi-line text of cases for files that people and programs open.

use std::borrow::Cow;

use crate::escape::printable;

/// Returns the text with its line breaks, and every other control character escaped.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let is_kept = |character: char| matches!(character, '\n' | '\t');
    let harmless = |part: &str| matches!(printable(part), Cow::Borrowed(_));
    if text.split(is_kept).all(harmless) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let mut escaped = String::with_capacity(text.len() + 16);
    for part in text.split_inclusive(is_kept) {
        let end = part.chars().next_back().filter(|last| is_kept(*last));
        escaped
            .push_str(&printable(end.map_or(part, |end| part.strip_suffix(end).unwrap_or(part))));
        escaped.extend(end);
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_commands_do_not() {
        assert!(matches!(plain("one\n\ttwo é"), Cow::Borrowed(_)));
        assert_eq!(plain("a\r\nb\rc\u{1b}[2J\u{202e}"), "a\nb\\rc\\u{1b}[2J\\u{202e}");
    }
}
