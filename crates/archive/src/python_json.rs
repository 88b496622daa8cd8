//! JSON as Python writes it.

/// Returns the text with `null` in place of the bare words that Python writes for numbers that JSON lacks.
pub(crate) fn without_odd_numbers(json: &str) -> String {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut in_text = false;
    while let Some(character) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !in_text && rest.starts_with(*word));
        let length = match (word, character) {
            (Some(word), _) => {
                out.push_str("null");
                word.len()
            }
            (None, '\\') if in_text => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                out.push_str(rest.get(..1 + escaped).unwrap_or_default());
                1 + escaped
            }
            (None, _) => {
                in_text ^= character == '"';
                out.push(character);
                character.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}
