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
}
