//! Names of runs for people.

use crate::model::MoreOfNewRun;

/// Returns the given label, or one for a run with a checkpoint or benchmarks: `{checkpoint or
/// 'base'}_{YYYYMMDD_HHMMSS}_{6 hexadecimal digits}`, with the time in UTC.
pub(super) fn label_of(more: &MoreOfNewRun, id: &str, started_at: f64) -> Option<String> {
    if more.label.is_some() || (more.checkpoint.is_none() && more.benchmarks.is_none()) {
        return more.label.clone();
    }
    let checkpoint = more.checkpoint.as_ref().and_then(|checkpoint| checkpoint.name.as_deref());
    Some(format!("{}_{}_{}", checkpoint.unwrap_or("base"), date_and_time(started_at), digits(id)))
}

/// The first digits of the id, so that label and id can be matched; an id of the caller may contain none.
fn digits(id: &str) -> String {
    match id.get(..6) {
        Some(first) if first.bytes().all(|byte| byte.is_ascii_hexdigit()) => first.to_owned(),
        _ => uuid::Uuid::new_v4().simple().to_string().chars().take(6).collect(),
    }
}

/// Writes milliseconds since the epoch as `YYYYMMDD_HHMMSS`.
pub fn date_and_time(ms: f64) -> String {
    let seconds = (ms / 1000.0).floor() as i64;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}{month:02}{day:02}_{hour:02}{minute:02}{:02}", second % 60)
}

/// Returns year, month and day of a number of days since 1970-01-01.
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::date_and_time;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (ms, written) in [
            (0.0, "19700101_000000"),
            (-1.0, "19691231_235959"),
            (951_826_210_999.0, "20000229_121010"),
            (4_107_542_399_000.0, "21000228_235959"),
            (4_107_542_400_000.0, "21000301_000000"),
            (1_795_267_956_000.0, "20261121_133236"),
        ] {
            assert_eq!(date_and_time(ms), written);
        }
    }
}
