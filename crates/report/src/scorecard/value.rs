//! Formats metrics.

use runstore::model::Threshold;

use crate::numbers::{amount, dollars, duration, figure, percent};

/// Returns the value of a metric in its unit.
pub(super) fn value(metric: &str, value: f64) -> String {
    match metric {
        "cost_usd" => dollars(value),
        "latency_ms" | "latency_p50_ms" | "latency_p95_ms" => duration(value),
        "pass_rate" | "scored_rate" => percent(value),
        "total_cases" | "passed" | "warned" | "failed" | "errored" | "unscored" | "tokens_in"
        | "tokens_out" => amount(value),
        _ => figure(value),
    }
}

/// Returns the threshold of a metric: `≥ 0.8, warns from 0.6`.
pub(super) fn limits(metric: &str, threshold: &Threshold) -> String {
    let told = |sign: &str, limit: Option<f64>, warns: &str, warn: Option<f64>| {
        let warn =
            warn.map_or(String::new(), |warn| format!(", warns {warns} {}", value(metric, warn)));
        limit.map(|limit| format!("{sign} {}{warn}", value(metric, limit)))
    };
    let floor = told("≥", threshold.pass_floor, "from", threshold.warn_floor);
    let ceiling = told("≤", threshold.pass_ceiling, "up to", threshold.warn_ceiling);
    floor.into_iter().chain(ceiling).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_the_unit_of_the_metric() {
        let floors =
            Threshold { pass_floor: Some(0.8), warn_floor: Some(0.6), ..Threshold::default() };
        assert_eq!(limits("exact", &floors), "≥ 0.800, warns from 0.600");
        assert_eq!(limits("pass_rate", &floors), "≥ 80%, warns from 60%");
        let ceiling = Threshold { pass_ceiling: Some(2.0), ..Threshold::default() };
        assert_eq!(limits("cost_usd", &ceiling), "≤ $2.00");
        assert_eq!(
            limits("x", &Threshold { pass_floor: Some(1.0), ..ceiling }),
            "≥ 1.000; ≤ 2.000"
        );
    }
}
