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

/// Returns a share in percent, which is 0 or 100 only if the share is none or all.
pub(crate) fn percent(share: f64) -> String {
    let exactly = |places: usize| format!("{:.places$}", share * 100.0);
    let is_rounded_away = |text: &String| {
        let read: f64 = text.parse().unwrap_or(f64::NAN);
        (read == 0.0 && share > 0.0) || (read == 100.0 && share < 1.0)
    };
    let texts = [size(share * 100.0)].into_iter().chain((2..=MOST_PLACES).map(exactly));
    let text = texts.into_iter().find(|text| !is_rounded_away(text));
    format!("{}%", text.unwrap_or_else(|| exactly(MOST_PLACES)))
}

/// Places behind the point, for a share that is almost none or all.
const MOST_PLACES: usize = 12;

/// Returns a number with two significant digits, where only the magnitude matters.
pub(super) fn about(number: f64) -> String {
    let number = number.max(1.0);
    let unit = 10_f64.powf(number.log10().floor() - 1.0).max(1.0);
    count((number / unit).ceil() * unit)
}

/// Returns a count with the noun in singular or plural.
pub(crate) fn counted(number: usize, one: &str) -> String {
    format!("{} {one}{}", count(number as f64), if number == 1 { "" } else { "s" })
}

/// Returns a whole number in groups of three digits.
pub(crate) fn count(number: f64) -> String {
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
    fn a_share_is_not_rounded_to_none_or_all() {
        let shares = [0.95, 0.975, 0.999, 0.999_999_999, 0.01, 0.000_01, 0.0, 1.0].map(percent);
        assert_eq!(shares, ["95%", "97.5%", "99.9%", "99.9999999%", "1%", "0.001%", "0%", "100%"]);
    }

    #[test]
    fn estimated_numbers_of_cases_have_two_significant_digits() {
        let about = [0.2, 7.0, 12.0, 97.0, 962.0, 7_095.0, 100_001.0].map(about);
        assert_eq!(about, ["1", "7", "12", "97", "970", "7,100", "110,000"]);
    }
}
