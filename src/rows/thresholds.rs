//! Validation of thresholds.

use crate::error::{Argument, Result, Step, StoreError, number};
use crate::model::{Threshold, Thresholds};

/// Checks thresholds from outside; errors name them by `at`.
///
/// # Errors
/// Names the metric and the limit: one that is not finite, a warn limit without or on the wrong side of its pass limit, a
/// floor above a ceiling, or a metric without any limit.
pub fn check_thresholds(thresholds: &Thresholds, at: &Argument) -> Result<()> {
    thresholds.iter().try_for_each(|(metric, threshold)| {
        check_threshold(threshold, &at.clone().then(Step::Key(metric.clone())))
    })
}

/// Checks one threshold, as [`check_thresholds`] does.
///
/// # Errors
/// Names the limit.
pub fn check_threshold(threshold: &Threshold, at: &Argument) -> Result<()> {
    let Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = *threshold;
    let of = |limit| at.clone().then(Step::Option(limit));
    let limits = [
        ("pass_floor", pass_floor),
        ("warn_floor", warn_floor),
        ("pass_ceiling", pass_ceiling),
        ("warn_ceiling", warn_ceiling),
    ];
    for (name, limit) in limits {
        if let Some(limit) = limit.filter(|limit| !limit.is_finite()) {
            return Err(StoreError::value(of(name), "a finite number", number(limit)));
        }
    }
    if pass_floor.is_none() && pass_ceiling.is_none() {
        return Err(StoreError::unsuitable(
            at.clone(),
            "has neither a pass floor nor a pass ceiling",
        ));
    }
    let (floor, ceiling) = (of("warn_floor"), of("warn_ceiling"));
    ordered(floor, warn_floor, pass_floor, |warn, pass| warn <= pass, "at most the pass floor")?;
    let at_least = "at least the pass ceiling";
    ordered(ceiling, warn_ceiling, pass_ceiling, |warn, pass| warn >= pass, at_least)?;
    match pass_floor.zip(pass_ceiling) {
        Some((floor, ceiling)) if floor > ceiling => {
            Err(StoreError::value(of("pass_floor"), "at most the pass ceiling", number(floor)))
        }
        _ => Ok(()),
    }
}

/// Refuses a warn limit without a pass limit, or on the wrong side of it.
fn ordered(
    at: Argument,
    warn: Option<f64>,
    pass: Option<f64>,
    is_ordered: fn(f64, f64) -> bool,
    expected: &'static str,
) -> Result<()> {
    match (warn, pass) {
        (Some(_), None) => Err(StoreError::unsuitable(at, "needs a pass limit beside it")),
        (Some(warn), Some(pass)) if !is_ordered(warn, pass) => {
            Err(StoreError::value(at, expected, number(warn)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    fn refused(threshold: Threshold) -> String {
        let thresholds = Thresholds::from([("a b".to_owned(), threshold)]);
        check_thresholds(&thresholds, &Argument::new("thresholds")).unwrap_err().message()
    }

    #[test]
    fn an_invalid_threshold_is_refused_with_its_metric_and_limit() {
        let none = Threshold::default();
        assert_eq!(
            refused(none),
            "thresholds[\"a b\"] has neither a pass floor nor a pass ceiling"
        );
        assert_eq!(
            refused(Threshold { warn_floor: Some(0.5), pass_ceiling: Some(1.0), ..none }),
            "thresholds[\"a b\"].warn_floor needs a pass limit beside it"
        );
        assert_eq!(
            refused(Threshold { pass_floor: Some(0.5), warn_floor: Some(0.6), ..none }),
            "thresholds[\"a b\"].warn_floor must be at most the pass floor, not 0.6"
        );
        assert_eq!(
            refused(Threshold { pass_ceiling: Some(2.0), warn_ceiling: Some(1.0), ..none }),
            "thresholds[\"a b\"].warn_ceiling must be at least the pass ceiling, not 1"
        );
        assert_eq!(
            refused(Threshold { pass_floor: Some(3.0), pass_ceiling: Some(2.0), ..none }),
            "thresholds[\"a b\"].pass_floor must be at most the pass ceiling, not 3"
        );
        assert_eq!(
            refused(Threshold { pass_floor: Some(f64::NAN), ..none }),
            "thresholds[\"a b\"].pass_floor must be a finite number, not NaN"
        );
    }
}
