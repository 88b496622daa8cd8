//! Times: milliseconds here, ISO 8601 in the log and in the manifest.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runstore::error::{Code, Result, StoreError};

/// A moment in UTC, in microseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

impl Moment {
    pub(crate) fn now() -> Self {
        Moment(Timestamp::now().as_microsecond())
    }

    /// Converts a time of a store: milliseconds since the epoch, with a fraction.
    pub(crate) fn of_ms(ms: f64) -> Result<Self> {
        let moment = Moment((ms * 1000.0).round() as i64);
        let fits = ms.is_finite() && (-6e13..2.5e14).contains(&ms);
        if fits {
            Ok(moment)
        } else {
            Err(StoreError::new(Code::InvalidArgument, format!("{ms} is not a valid time")))
        }
    }

    /// Parses a time that evalsig or we wrote: ISO 8601, in UTC if it has no offset.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(moment) = read_ours(text.as_bytes()) {
            return Some(moment);
        }
        let moment = text.parse::<Timestamp>().map(|at| at.as_microsecond());
        let without_offset = || {
            let at = text.parse::<jiff::civil::DateTime>().ok()?;
            at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond())
        };
        moment.ok().or_else(without_offset).map(Moment)
    }

    /// Returns the format of Python's `isoformat`, whose texts sort by time, as evalsig needs.
    pub(crate) fn written(self) -> String {
        let at = self.timestamp();
        let fraction = at.subsec_nanosecond() / 1000;
        let seconds = at.strftime("%Y-%m-%dT%H:%M:%S");
        match fraction {
            0 => format!("{seconds}+00:00"),
            _ => format!("{seconds}.{:06}+00:00", self.0.rem_euclid(1_000_000)),
        }
    }

    /// Returns the year and the month.
    pub(crate) fn month(self) -> (i16, i8) {
        let date = self.timestamp().to_zoned(TimeZone::UTC).date();
        (date.year(), date.month())
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_duration(SignedDuration::from_micros(self.0))
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Parses what [`Moment::written`] returns for our days; an archive has a hundred thousand of them.
fn read_ours(text: &[u8]) -> Option<Moment> {
    let at = text.strip_suffix(b"+00:00")?;
    let (at, micros) = match at.get(19..)? {
        [] => (at, 0),
        [b'.', fraction @ ..] if fraction.len() == 6 => (at.get(..19)?, digits(fraction)?),
        _ => return None,
    };
    let [.., b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', _, _] = at else { return None };
    let part = |from: usize, to: usize| at.get(from..to).and_then(digits);
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    // Other dates, for instance February 30th, are for the library.
    let is_plain =
        (1970..=2999).contains(&year) && (1..=12).contains(&month) && (1..=28).contains(&day);
    if !is_plain || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(Moment(seconds * 1_000_000 + micros))
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 10 + i64::from(digit - b'0')),
        _ => None,
    })
}

/// Returns the number of days from 1970 to a date in the Gregorian calendar. Years are counted from March, so that the leap day is
/// the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    #[test]
    fn a_time_has_the_format_of_evalsig_and_is_read_back() {
        for (ms, text) in [
            (1_767_225_600_000.0, "2026-01-01T00:00:00+00:00"),
            (1_782_864_000_250.0, "2026-07-01T00:00:00.250000+00:00"),
            (-1.0, "1969-12-31T23:59:59.999000+00:00"),
        ] {
            let moment = Moment::of_ms(ms).unwrap();
            assert_eq!(moment.written(), text);
            assert_eq!(Moment::read(text), Some(moment));
        }
        assert_eq!(Moment::read("2026-06-30T22:00:00+02:00"), Moment::read("2026-06-30T20:00:00Z"));
        assert_eq!(Moment::read("2026-06-30T20:00:00"), Moment::read("2026-06-30T20:00:00Z"));
        assert_eq!(Moment::read("yesterday"), None);
        assert!([f64::NAN, f64::INFINITY, 1e18].iter().all(|ms| Moment::of_ms(*ms).is_err()));
        assert_eq!(Moment::of_ms(1_767_225_599_999.0).unwrap().month(), (2025, 12));
    }

    #[test]
    fn our_times_are_read_like_the_library_reads_them() {
        let (mut seconds, end) = (0, 32_503_680_000);
        while seconds < end {
            let text = Moment(seconds * 1_000_000 + seconds % 3 * 250_000).written();
            let read = text.parse::<Timestamp>().unwrap().as_microsecond();
            assert_eq!(Moment::read(&text), Some(Moment(read)), "{text}");
            // Two days and a prime number of seconds.
            seconds += 86_400 * 2 + 7_919;
        }
        for odd in
            ["2026-02-30T00:00:00+00:00", "2026-13-01T00:00:00+00:00", "2026-01-01T24:00:00+00:00"]
        {
            assert_eq!(Moment::read(odd), None, "{odd}");
        }
        let wide = "2026-01-01T00:00:00.1234567+00:00";
        assert_eq!(Moment::read(wide), Some(Moment(1_767_225_600_123_456)));
    }
}
