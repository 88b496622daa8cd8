//! The texts of a case, as a comparison digests and slices them.

use runstore::fuzzing::{canonical_text, digest_and_slice};

const FIELDS: [&str; 4] = ["input.a", "input.0.b", "metadata.a", "input"];

pub fn content(data: &[u8]) {
    let Some((field, input)) = data.split_first() else { return };
    let field = FIELDS[usize::from(*field) % FIELDS.len()];
    let (digest, _) = digest_and_slice(input, Some(input), field);
    let Some(canonical) = canonical_text(input) else { return };
    // Written in another way, it is the same input. (The commas at the ends are no JSON, but they are easily taken off.)
    let json = canonical.replace(",}", "}").replace(",]", "]");
    if json.contains('"') {
        return; // such a comma may stand in a text
    }
    assert_eq!(canonical_text(json.as_bytes()).as_deref(), Some(canonical.as_str()));
    assert_eq!(digest_and_slice(json.as_bytes(), None, field).0, digest);
}
