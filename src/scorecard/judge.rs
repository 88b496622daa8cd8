//! From metrics and thresholds to reasons.

use super::card::Metrics;
use super::grade::{Grade, GradeReason};
use crate::model::{Threshold, Thresholds};

/// Metrics of how many cases have a score: a threshold on one of them limits how many may have none.
const OF_COVERAGE: [&str; 3] = ["errored", "scored_rate", "unscored"];

/// Returns why a run does not pass, from its metrics alone, so that a run file gives the reasons that the store gives.
/// Without a number of cases, as in files of other programs, only the thresholds are compared.
pub fn judge_run(metrics: &Metrics, thresholds: &Thresholds) -> Vec<GradeReason> {
    let count = |metric: &str| metrics.get(metric).map(|count| *count as u64);
    let Some(cases) = count("total_cases") else { return judge(metrics, thresholds) };
    let unscored = count("unscored").unwrap_or(0);
    if unscored >= cases {
        return vec![GradeReason::NoScores];
    }
    if thresholds.is_empty() {
        return vec![GradeReason::NoThresholds];
    }
    let mut reasons = judge(metrics, thresholds);
    if unscored > 0 && !OF_COVERAGE.iter().any(|metric| thresholds.contains_key(*metric)) {
        let errored = count("errored").unwrap_or(0);
        reasons.push(GradeReason::NotAllScored { cases, unscored, errored });
    }
    reasons
}

/// Returns why metrics do not meet the thresholds, ordered by the metrics' names; empty if all are met.
pub fn judge(metrics: &Metrics, thresholds: &Thresholds) -> Vec<GradeReason> {
    let of = |(metric, threshold): (&String, &Threshold)| match metrics.get(metric) {
        Some(value) => beyond(metric, *value, threshold),
        None => Some(GradeReason::NotMeasured { metric: metric.clone() }),
    };
    thresholds.iter().filter_map(of).collect()
}

/// Returns the verdict on one metric.
pub fn grade_of(metric: &str, value: Option<f64>, threshold: &Threshold) -> Grade {
    match value {
        Some(value) => worst(&beyond(metric, value, threshold).into_iter().collect::<Vec<_>>()),
        None => Grade::None,
    }
}

/// Returns by how much a mean may miss a limit through floating-point addition: (0.85 + 0.95) / 2 is below 0.9.
pub(crate) fn rounding(limit: f64) -> f64 {
    1e-9 * limit.abs().max(1.0)
}

fn is_below(value: f64, floor: f64) -> bool {
    value < floor - rounding(floor)
}

fn is_above(value: f64, ceiling: f64) -> bool {
    value > ceiling + rounding(ceiling)
}

fn beyond(metric: &str, value: f64, threshold: &Threshold) -> Option<GradeReason> {
    let Threshold { pass_floor, warn_floor, pass_ceiling, warn_ceiling } = *threshold;
    let metric = metric.to_owned();
    if let Some(floor) = pass_floor.filter(|floor| is_below(value, *floor)) {
        let warns = warn_floor.is_some_and(|warn| !is_below(value, warn));
        return Some(GradeReason::BelowFloor {
            metric,
            value,
            floor,
            verdict: warn_or_fail(warns),
        });
    }
    let ceiling = pass_ceiling.filter(|ceiling| is_above(value, *ceiling))?;
    let warns = warn_ceiling.is_some_and(|warn| !is_above(value, warn));
    Some(GradeReason::AboveCeiling { metric, value, ceiling, verdict: warn_or_fail(warns) })
}

fn warn_or_fail(warns: bool) -> Grade {
    if warns { Grade::Warn } else { Grade::Fail }
}

/// Returns the verdict that follows from the reasons: the worst.
pub(super) fn worst(reasons: &[GradeReason]) -> Grade {
    reasons.iter().map(verdict).max().unwrap_or(Grade::Pass)
}

fn verdict(reason: &GradeReason) -> Grade {
    match reason {
        GradeReason::BelowFloor { verdict, .. } | GradeReason::AboveCeiling { verdict, .. } => {
            *verdict
        }
        GradeReason::NotAllScored { .. } => Grade::Warn,
        GradeReason::NotMeasured { .. }
        | GradeReason::NoScores
        | GradeReason::NoThresholds
        | GradeReason::Unfinished => Grade::None,
        GradeReason::RunFailed | GradeReason::SomeRunsFailed { .. } => Grade::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(value: f64, threshold: Threshold) -> Grade {
        let (metrics, thresholds) = (
            Metrics::from([("m".to_owned(), value)]),
            Thresholds::from([("m".to_owned(), threshold)]),
        );
        worst(&judge(&metrics, &thresholds))
    }

    #[test]
    fn a_value_equal_to_a_limit_meets_it() {
        let floors =
            Threshold { pass_floor: Some(0.8), warn_floor: Some(0.6), ..Threshold::default() };
        let grades = [0.8, 0.79, 0.6, 0.59].map(|value| graded(value, floors));
        assert_eq!(grades, [Grade::Pass, Grade::Warn, Grade::Warn, Grade::Fail]);
        let ceilings =
            Threshold { pass_ceiling: Some(2.0), warn_ceiling: Some(3.0), ..Threshold::default() };
        let grades = [2.0, 2.1, 3.0, 3.1].map(|value| graded(value, ceilings));
        assert_eq!(grades, [Grade::Pass, Grade::Warn, Grade::Warn, Grade::Fail]);
        let range =
            Threshold { pass_floor: Some(1.0), pass_ceiling: Some(2.0), ..Threshold::default() };
        let grades = [0.9, 1.0, 2.0, 2.1].map(|value| graded(value, range));
        assert_eq!(grades, [Grade::Fail, Grade::Pass, Grade::Pass, Grade::Fail]);
    }

    #[test]
    fn an_unmeasured_metric_does_not_pass_and_a_failure_outweighs_it() {
        let floor = Threshold { pass_floor: Some(0.8), ..Threshold::default() };
        let thresholds = Thresholds::from([("a".to_owned(), floor), ("b".to_owned(), floor)]);
        let of = |value| worst(&judge(&Metrics::from([("a".to_owned(), value)]), &thresholds));
        assert_eq!([of(0.9), of(0.1)], [Grade::None, Grade::Fail]);
    }

    /// The verdict on a run of ten cases, of which so many have no score, all others having passed.
    fn verdict_on(unscored: f64, thresholds: &[&str]) -> Grade {
        let metrics = [("total_cases", 10.0), ("unscored", unscored), ("errored", 0.0)];
        let metrics = metrics.map(|(name, value)| (name.to_owned(), value));
        let lenient = Threshold { pass_ceiling: Some(10.0), ..Threshold::default() };
        let thresholds = thresholds.iter().map(|metric| ((*metric).to_owned(), lenient));
        worst(&judge_run(&Metrics::from(metrics), &thresholds.collect()))
    }

    #[test]
    fn cases_without_a_score_are_a_warning_unless_a_threshold_limits_them() {
        assert_eq!(verdict_on(0.0, &["total_cases"]), Grade::Pass);
        assert_eq!(verdict_on(1.0, &["total_cases"]), Grade::Warn);
        for metric in ["unscored", "errored"] {
            assert_eq!(verdict_on(1.0, &["total_cases", metric]), Grade::Pass, "{metric}");
        }
    }

    #[test]
    fn nothing_scored_and_no_thresholds_are_no_verdict() {
        assert_eq!(verdict_on(10.0, &["unscored"]), Grade::None);
        assert_eq!(verdict_on(0.0, &[]), Grade::None);
    }
}
