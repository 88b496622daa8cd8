//! The sentences of scorecards, in one place.

use super::grade::GradeReason;

/// Returns a reason as a sentence.
pub fn reason(reason: &GradeReason) -> String {
    match reason {
        GradeReason::BelowFloor { metric, value, floor, .. } => {
            format!("{metric} is {}, below its floor of {}", figure(*value), figure(*floor))
        }
        GradeReason::AboveCeiling { metric, value, ceiling, .. } => {
            format!("{metric} is {}, above its ceiling of {}", figure(*value), figure(*ceiling))
        }
        GradeReason::NotMeasured { metric } => {
            format!("{metric} has a threshold, and was not measured")
        }
        GradeReason::NotAllScored { cases, unscored, errored: 0 } => {
            format!("{unscored} of {cases} cases have no score")
        }
        GradeReason::NotAllScored { cases, unscored, errored } => {
            format!("{unscored} of {cases} cases have no score, and {errored} ended with an error")
        }
        GradeReason::NoScores => "nothing was scored".to_owned(),
        GradeReason::NoThresholds => "the suite has no thresholds".to_owned(),
        GradeReason::Unfinished => "the run is still running".to_owned(),
        GradeReason::RunFailed => "the run failed".to_owned(),
    }
}

/// Returns a number with enough digits to differ from the limit that it misses.
fn figure(value: f64) -> String {
    let rounded = format!("{value:.6}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    match rounded.parse::<f64>() {
        Ok(same) if same == value => rounded.to_owned(),
        _ => value.to_string(),
    }
}
