//! Refuses the name of a scorer that scored nothing.

use super::failure::Failure;

/// Returns a failure if scorers are known, and the given one is not among them. `found` is the start of the message:
/// `run "nightly" has no`.
pub(super) fn check(given: Option<&str>, known: &[&str], found: &str) -> Result<(), Failure> {
    let Some(given) = given.filter(|given| !known.is_empty() && !known.contains(given)) else {
        return Ok(());
    };
    let distance = |name: &&&str| strsim::damerau_levenshtein(given, name);
    let near = known.iter().min_by_key(distance).filter(|name| distance(name) <= 2);
    let hint = match near {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are scores of {}", known.join(", ")),
    };
    Err(Failure::usage(format!("{found} score of \"{given}\"")).hint(hint))
}
