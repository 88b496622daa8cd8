//! What a test did, in figures.

use std::fmt::Display;

/// Writes a line that the programs in `scripts` look for, and put into `docs/reliability.md`.
pub fn tell(figures: impl Display) {
    println!("figures: {figures}");
}

/// Returns a number with commas between its thousands, and the thing counted: `1,200 kills`.
pub fn count(number: usize, thing: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {thing}")
}
