//! Reads and writes times. All are UTC, so that they are the same on every machine.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Returns the time, to the minute.
pub fn date_time(ms: f64) -> String {
    match Timestamp::from_millisecond(ms as i64) {
        Ok(time) => time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => format!("{ms} ms"),
    }
}

/// Returns the time in ISO 8601, to the second, in UTC without an offset.
pub fn date_time_iso(ms: f64) -> String {
    let time = Timestamp::from_millisecond(ms as i64).unwrap_or_default();
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Returns how long ago a time was; beyond two months, the date.
pub fn ago(ms: f64, now: i64) -> String {
    let seconds = (now as f64 - ms) / 1000.0;
    let told = |number: f64, unit: &str| {
        let plural = if number.floor() == 1.0 || unit.len() < 3 { "" } else { "s" };
        format!("{:.0} {unit}{plural} ago", number.floor())
    };
    match seconds {
        _ if seconds < -60.0 => date_time(ms),
        _ if seconds < 60.0 => "just now".to_owned(),
        _ if seconds < 3600.0 => format!("{:.0} min ago", (seconds / 60.0).floor()),
        _ if seconds < 86_400.0 => told(seconds / 3600.0, "h"),
        _ if seconds < 60.0 * 86_400.0 => told(seconds / 86_400.0, "day"),
        _ => date_time(ms).chars().take(10).collect(),
    }
}

/// Parses a date (`2026-11-01`), a time (`2026-11-01T12:00`, `2026-11-01T12:00+02:00`) or an age (`30d`, `12h`, `2
/// weeks`) into milliseconds since the epoch.
pub fn parse_time(text: &str, now: i64) -> Option<i64> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    // Without an offset, a time is UTC.
    if let Ok(date) = text.parse::<DateTime>() {
        return Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
    }
    let age: Span = text.parse().ok()?;
    let now = Timestamp::from_millisecond(now).ok()?.to_zoned(TimeZone::UTC);
    Some(now.checked_sub(age.abs()).ok()?.timestamp().as_millisecond())
}

/// Parses a duration (`30d`, `12h`, `2 weeks`), counted back from now, into milliseconds.
pub fn parse_duration(text: &str, now: i64) -> Option<i64> {
    let span: Span = text.parse().ok()?;
    let begin =
        Timestamp::from_millisecond(now).ok()?.to_zoned(TimeZone::UTC).checked_sub(span).ok()?;
    now.checked_sub(begin.timestamp().as_millisecond()).filter(|ms| *ms >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 12:00:00 UTC, by `date -u -d @1795262400`.
    const NOW: i64 = 1_795_262_400_000;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(date_time(NOW as f64), "2026-11-21 12:00");
        assert_eq!(date_time(f64::MAX), format!("{} ms", f64::MAX));
    }

    #[test]
    fn ages_have_a_unit_that_fits() {
        let before = |seconds: f64| ago(NOW as f64 - seconds * 1000.0, NOW);
        assert_eq!(before(5.0), "just now");
        assert_eq!(before(125.0), "2 min ago");
        assert_eq!(before(3600.0 * 5.0), "5 h ago");
        assert_eq!(before(86_400.0), "1 day ago");
        assert_eq!(before(86_400.0 * 59.0), "59 days ago");
        assert_eq!(before(86_400.0 * 61.0), "2026-09-21");
        assert_eq!(before(-3600.0), "2026-11-21 13:00");
    }

    #[test]
    fn a_time_can_be_given_as_a_date_or_an_age() {
        let day = 86_400_000;
        assert_eq!(parse_time("2026-11-20", NOW), Some(NOW - day - day / 2));
        assert_eq!(parse_time("2026-11-21T11:00Z", NOW), Some(NOW - day / 24));
        // Without an offset, the time of day is not dropped.
        for text in ["2026-11-21T11:00", "2026-11-21 11:00:00", "2026-11-21T13:00+02:00"] {
            assert_eq!(parse_time(text, NOW), Some(NOW - day / 24), "{text}");
        }
        assert_eq!(parse_time("2026-11-21T25:00", NOW), None);
        assert_eq!(parse_time("30d", NOW), Some(NOW - 30 * day));
        assert_eq!(parse_time("2 weeks", NOW), Some(NOW - 14 * day));
        assert_eq!(parse_time("yesterday", NOW), None);
    }

    #[test]
    fn a_duration_has_a_unit_and_no_sign() {
        let hour = 3_600_000;
        let durations =
            ["30d", "12h", "2 weeks", "1mo", "0d"].map(|text| parse_duration(text, NOW));
        // October has 31 days.
        assert_eq!(durations, [30 * 24, 12, 14 * 24, 31 * 24, 0].map(|hours| Some(hours * hour)));
        for text in ["", "30", "-30d", "30d ago", "soon", "2026-11-01", "99999999y"] {
            assert_eq!(parse_duration(text, NOW), None, "{text}");
        }
    }
}
