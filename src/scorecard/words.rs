//! The sentences of scorecards, in one place.

use super::grade::GradeReason;

/// Returns a reason as a sentence.
pub fn reason(reason: &GradeReason) -> String {
    match reason {
        GradeReason::BelowFloor { metric, value, floor, .. } => {
            format!("{metric} is {}, below its floor of {floor}", beside(*value, *floor))
        }
        GradeReason::AboveCeiling { metric, value, ceiling, .. } => {
            format!("{metric} is {}, above its ceiling of {ceiling}", beside(*value, *ceiling))
        }
        GradeReason::NotMeasured { metric } => {
            format!("{metric} has a threshold, and was not measured")
        }
        GradeReason::NotAllScored { cases, unscored, errored: 0 } => {
            format!("{unscored} of {cases} attempts have no score")
        }
        GradeReason::NotAllScored { cases, unscored, errored } => {
            format!(
                "{unscored} of {cases} attempts have no score, and {errored} ended with an error"
            )
        }
        GradeReason::NoScores => "nothing was scored".to_owned(),
        GradeReason::NoThresholds => "the suite has no thresholds".to_owned(),
        GradeReason::Unfinished => "the run is still running".to_owned(),
        GradeReason::RunFailed => "the run failed".to_owned(),
        GradeReason::SomeRunsFailed { pipelines } => {
            format!("some of the runs failed: {}", pipelines.join(", "))
        }
    }
}

/// Returns a value with as few decimal places as show on which side of the limit it is, but at least three.
fn beside(value: f64, limit: f64) -> String {
    let shows = |text: &String| {
        let rounded = text.parse().unwrap_or(limit);
        let side = rounded.partial_cmp(&limit) == value.partial_cmp(&limit) && rounded != limit;
        // 0.9996 is not all, and 0.0004 is not nothing.
        side && (rounded.fract() != 0.0 || value.fract() == 0.0)
    };
    let rounded = (3..=17).map(|places| format!("{value:.places$}")).find(shows);
    rounded.map_or_else(|| value.to_string(), |text| trimmed(&text).to_owned())
}

/// Returns the number without the zeros at its end.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches('0').trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_rounded_but_never_to_its_limit_nor_to_all_or_nothing() {
        let of = |value, limit| beside(value, limit);
        assert_eq!(of(0.5217391304347826, 0.8), "0.522");
        assert_eq!(of(0.5, 0.8), "0.5");
        assert_eq!(of(0.7999996, 0.8), "0.7999996");
        assert_eq!(of(0.79994, 0.8), "0.7999");
        assert_eq!(of(2.00000001, 2.0), "2.00000001");
        assert_eq!(of(0.99996, 0.5), "0.99996");
        assert_eq!(of(0.0000122, 0.5), "0.00001");
        assert_eq!(of(1234.5, 1000.0), "1234.5");
        assert_eq!(of(0.1 + 0.2, 0.3), "0.30000000000000004");
        assert_eq!(of(-1.0, 0.0), "-1");
        assert_eq!(of(f64::MAX, 1.0), trimmed(&format!("{:.3}", f64::MAX)));
    }
}
