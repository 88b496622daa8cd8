//! Formats numbers in sentences.

/// Returns a size with three significant digits, and at most four decimals.
pub fn size(number: f64) -> String {
    let places = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        _ => 4,
    };
    let text = format!("{number:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.replace('-', "−") }
}

/// Returns a number of which only the magnitude matters, with two significant digits.
pub(super) fn about(number: f64) -> String {
    let number = number.max(1.0);
    let unit = 10_f64.powf(number.log10().floor() - 1.0).max(1.0);
    count((number / unit).ceil() * unit)
}

/// Returns a count with the noun in singular or plural.
pub(super) fn counted(number: usize, one: &str) -> String {
    format!("{} {one}{}", count(number as f64), if number == 1 { "" } else { "s" })
}

/// Returns a whole number in groups of three digits.
pub(super) fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_significant_digits_and_zero_has_no_sign() {
        let sizes = [0.0, -0.0, 0.02, -1e-9, 0.123_456, 5.139_8, 95.0, 97.5, 1234.5].map(size);
        assert_eq!(sizes, ["0", "0", "0.02", "0", "0.123", "5.14", "95", "97.5", "1234"]);
    }

    #[test]
    fn estimated_numbers_of_cases_have_two_significant_digits() {
        let about = [0.2, 7.0, 12.0, 97.0, 962.0, 7_095.0, 100_001.0].map(about);
        assert_eq!(about, ["1", "7", "12", "97", "970", "7,100", "110,000"]);
    }
}
