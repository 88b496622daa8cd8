//! Formats numbers for people.

use crate::cell::Cell;
use crate::colour::Role;

/// Returns a whole number in groups of three digits.
pub fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns `1 case`, `2 cases`.
pub fn counted(number: usize, one: &str) -> String {
    format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Rounding errors of sums below this count as zero.
const NOISE: f64 = 1e-12;

/// Returns a score, or another number, with three or four significant digits; a number other than 0 and 1 is never
/// rounded to 0 or 1.
pub fn figure(number: f64) -> String {
    match number.abs() {
        size if size < NOISE => format!("{:.3}", 0.0),
        size if size < 10.0 => told_apart(number, 3, &[0.0, 1.0]),
        size if size < 1000.0 => format!("{number:.1}"),
        size if size < 1e15 => {
            format!("{}{}", if number < 0.0 { "-" } else { "" }, count(size.round() as u64))
        }
        _ => format!("{number:.3e}"),
    }
}

/// Returns a number with at least `digits` decimals, and as many more as are needed to distinguish it from `others`;
/// very small numbers with an exponent.
fn told_apart(number: f64, digits: usize, others: &[f64]) -> String {
    let written = |digits: usize| format!("{number:.digits$}");
    let is_told = |text: &String| {
        let told: f64 = text.parse().unwrap_or(f64::NAN);
        others.iter().all(|other| told.abs() != *other || number.abs() == *other)
    };
    let found = (digits..=MOST_DIGITS).map(written).find(is_told);
    found.unwrap_or_else(|| match number.abs() < 0.5 {
        true => format!("{number:.1e}"),
        false => written(digits),
    })
}

/// Returns a count, which may be fractional if it is a mean.
pub fn amount(number: f64) -> String {
    if number.fract() == 0.0 && (0.0..1e15).contains(&number) {
        count(number as u64)
    } else {
        figure(number)
    }
}

/// Returns a difference with its sign; the minus is the Unicode one, as wide as the plus.
pub fn signed(number: f64) -> String {
    let size = figure(number.abs());
    match number {
        _ if size.chars().all(|digit| matches!(digit, '0' | '.')) => size,
        _ if number > 0.0 => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// Returns a p-value; small ones as a bound.
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

/// The maximum number of decimals used to avoid rounding to nothing or everything.
const MOST_DIGITS: usize = 9;

/// Returns a share in percent; only exactly none or all is shown as 0% or 100%.
pub fn percent(share: f64) -> String {
    let written = |digits: usize| format!("{:.digits$}", share * 100.0);
    let is_told = |text: &String| {
        let told = text.parse().unwrap_or(f64::NAN);
        (told != 0.0 || share == 0.0) && (told != 100.0 || share == 1.0)
    };
    let text = (1..=MOST_DIGITS).map(written).find(is_told).unwrap_or_else(|| written(1));
    format!("{}%", text.trim_end_matches(".0"))
}

/// Returns a duration, given in milliseconds.
pub fn duration(ms: f64) -> String {
    match ms {
        _ if ms < 10.0 => format!("{} ms", told_apart(ms, 2, &[0.0])),
        _ if ms < 1000.0 => format!("{ms:.0} ms"),
        _ if ms < 60_000.0 => format!("{:.1} s", ms / 1000.0),
        _ if ms < 3_600_000.0 => {
            format!("{:.0} min {:.0} s", (ms / 60_000.0).floor(), (ms / 1000.0).floor() % 60.0)
        }
        _ => {
            format!("{:.0} h {:.0} min", (ms / 3_600_000.0).floor(), (ms / 60_000.0).floor() % 60.0)
        }
    }
}

/// Returns an amount of US dollars; very small ones with two significant digits.
pub fn dollars(amount: f64) -> String {
    match amount.abs() {
        size if size >= 1.0 => format!("${amount:.2}"),
        size if !(1e-12..0.00095).contains(&size) => format!("${amount:.4}"),
        size => {
            let digits = (1.0 - size.log10().floor()) as usize;
            format!("${amount:.digits$}")
        }
    }
}

/// Returns a difference with an arrow, coloured as a gain, a loss or neither.
pub fn delta(number: f64, lower_is_better: bool) -> Cell {
    let text = signed(number);
    let direction = match text.chars().next() {
        Some('+') => 1,
        Some('−') => -1,
        _ => 0,
    };
    let (arrow, role) = match (direction, lower_is_better) {
        (0, _) => ("=", Role::Plain),
        (1, false) => ("▲", Role::Good),
        (1, true) => ("▲", Role::Bad),
        (_, false) => ("▼", Role::Bad),
        (_, true) => ("▼", Role::Good),
    };
    Cell::new(&format!("{arrow} {text}"), role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let counts = [0_u64, 999, 1000, 12_345, 1_234_567].map(count);
        assert_eq!(counts, ["0", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!([counted(1, "case"), counted(2000, "case")], ["1 case", "2,000 cases"]);
    }

    #[test]
    fn differences_have_a_sign_unless_they_round_to_zero() {
        assert_eq!(
            [0.25, -0.25, -0.0, 1e-16, 12.34].map(signed),
            ["+0.250", "−0.250", "0.000", "0.000", "+12.3"]
        );
    }

    #[test]
    fn a_figure_is_not_rounded_to_none_or_all() {
        let figures =
            [0.0, 1.0, 0.5, 0.9999, -0.9999, 0.000_04, 1.000_2, 3e-10, 1.0 - 1e-15, 9.9996];
        let told = [
            "0.000", "1.000", "0.500", "0.9999", "-0.9999", "0.00004", "1.0002", "3.0e-10",
            "1.000", "10.000",
        ];
        assert_eq!(figures.map(figure), told);
        assert_eq!([0.0004, -0.000_04].map(signed), ["+0.0004", "−0.00004"]);
        let small = delta(-0.0004, false);
        assert_eq!((small.text(), small.role), ("▼ −0.0004", Role::Bad));
        assert_eq!([0.004, 0.0, 9.0].map(duration), ["0.004 ms", "0.00 ms", "9.00 ms"]);
    }

    #[test]
    fn durations_have_a_unit_that_fits_their_size() {
        let told = [0.5, 12.0, 1500.0, 61_000.0, 7_260_000.0].map(duration);
        assert_eq!(told, ["0.50 ms", "12 ms", "1.5 s", "1 min 1 s", "2 h 1 min"]);
    }

    #[test]
    fn a_share_is_not_rounded_to_none_or_all() {
        let shares = [0.0, 1.0, 0.5, 0.9999, 0.0001, 0.99996, 1.0 - 1e-9, 0.12345].map(percent);
        let told = ["0%", "100%", "50%", "99.99%", "0.01%", "99.996%", "99.9999999%", "12.3%"];
        assert_eq!(shares, told);
    }

    #[test]
    fn a_small_amount_of_money_is_not_rounded_to_zero() {
        let amounts = [0.0, 12.345, 0.0123, 0.001, 0.000_012_2, 0.000_5].map(dollars);
        assert_eq!(amounts, ["$0.0000", "$12.35", "$0.0123", "$0.0010", "$0.000012", "$0.00050"]);
    }

    #[test]
    fn a_rise_is_bad_if_lower_is_better() {
        let rise = delta(0.5, true);
        assert_eq!((rise.text(), rise.role), ("▲ +0.500", Role::Bad));
        let fall = delta(-0.5, true);
        assert_eq!((fall.text(), fall.role), ("▼ −0.500", Role::Good));
        assert_eq!(delta(0.0, false).text(), "= 0.000");
    }
}
