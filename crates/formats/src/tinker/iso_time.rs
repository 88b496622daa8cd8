//! Times in the format of Python's `isoformat`.

use runstore::store::date;

/// Returns milliseconds since the epoch; `offset`, in minutes, applies to times without one.
pub(super) fn parse(text: &str, offset: i32) -> Option<f64> {
    let (day, rest) = (text.get(..10)?, text.get(11..)?);
    let is_parted = matches!(text.as_bytes().get(10), Some(b'T' | b' '));
    let [year, month, date_of_month] = numbers::<3>(day, '-')?;
    let at = rest.find(['+', '-', 'Z']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers::<3>(clock, ':')?;
    let micros = micros(fraction)?;
    let offset = if zone.is_empty() { i64::from(offset) } else { zone_minutes(zone)? };
    let is_time = is_parted && hour < 24 && minute < 60 && second < 60;
    let days = days(year, month, date_of_month).filter(|_| is_time)?;
    let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    Some((seconds * 1000 + micros / 1000) as f64)
}

/// Reads numbers of two digits, and a year of four.
fn numbers<const N: usize>(text: &str, between: char) -> Option<[i64; N]> {
    let read = |part: &str| {
        let is_number =
            matches!(part.len(), 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_number)
    };
    let numbers: Option<Vec<i64>> = text.split(between).map(read).collect();
    numbers?.try_into().ok()
}

fn micros(fraction: &str) -> Option<i64> {
    let is_fraction =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    format!("{fraction:0<6}").get(..6)?.parse().ok().filter(|_| is_fraction)
}

fn zone_minutes(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let [hours, minutes] = numbers::<2>(zone.get(1..)?, ':')?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Returns the days from 1970-01-01 to a valid date.
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(year: i64, month: i64, date_of_month: i64) -> Option<i64> {
    let year_from_march = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year_from_march.div_euclid(400), year_from_march.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + date_of_month - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    ((1..=12).contains(&month) && date(days) == (year, month, date_of_month)).then_some(days)
}

/// Writes milliseconds since the epoch, in UTC with its offset.
pub(super) fn write(ms: f64) -> String {
    let ms = ms.floor() as i64;
    let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    let fraction = match of_day % 1000 {
        0 => String::new(),
        rest => format!(".{rest:03}000"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}+00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by `date -u -d … +%s`.
    #[test]
    fn times_agree_with_the_calendar() {
        for (text, ms) in [
            ("1970-01-01T00:00:00", 0.0),
            ("2026-03-01T10:14:00.002002", 1_772_360_040_002.0),
            ("2026-03-01 10:14:00.5", 1_772_360_040_500.0),
            ("2000-02-29T12:10:10.999999+02:00", 951_819_010_999.0),
            ("1969-12-31T23:59:59-00:30", 1_799_000.0),
            ("2026-03-01T10:14:00Z", 1_772_360_040_000.0),
        ] {
            assert_eq!(parse(text, 0), Some(ms), "{text}");
        }
        assert_eq!(parse("2026-03-01T10:14:00", 120), Some(1_772_352_840_000.0));
        assert_eq!(parse("2026-03-01T10:14:00+00:00", 120), Some(1_772_360_040_000.0));
    }

    #[test]
    fn invalid_times_are_refused() {
        for text in [
            "",
            "yesterday",
            "2026-02-30T00:00:00",
            "2026-13-01T00:00:00",
            "2026-00-01T00:00:00",
            "2026-03-01T24:00:00",
            "2026-03-01",
            "2026-03-01T10:14",
            "2026-03-01T10:14:00.",
            "2026-03-01T10:14:00+2",
            "2026-03-01x10:14:00",
            "é026-03-01T10:14:00",
            "+026-03-01T10:14:00",
            "2026-03-01T10:14:00.1234567890",
        ] {
            assert_eq!(parse(text, 0), None, "{text}");
        }
    }

    #[test]
    fn a_written_time_is_read_back() {
        for (ms, text) in [
            (1_772_360_040_002.0, "2026-03-01T10:14:00.002000+00:00"),
            (0.0, "1970-01-01T00:00:00+00:00"),
            (-1.0, "1969-12-31T23:59:59.999000+00:00"),
        ] {
            assert_eq!(write(ms), text);
            assert_eq!(parse(text, 60), Some(ms));
        }
    }
}
