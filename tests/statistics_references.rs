//! Statistics beside other implementations: tests/fixtures/statistics-references.py computes them with NumPy, SciPy and
//! statsmodels.

#![allow(clippy::unwrap_used)] // a test may fail by a panic

use runstore::stats::{
    Alternative, Clusters, ErrorRates, Limits, bounded_mean_interval, clustered_mean_interval,
    clustered_standard_error, minimum_detectable_effect, power_for_delta,
};
use serde_json::Value;

fn references(name: &str) -> Vec<Value> {
    let text = include_str!("fixtures/statistics-references.json");
    let all: Value = serde_json::from_str(text).unwrap();
    let references = all[name].as_array().unwrap();
    assert!(!references.is_empty(), "{name}");
    references.clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn assert_close(value: f64, reference: &Value, tolerance: f64) {
    let expected = reference.as_f64().unwrap();
    let error = (value - expected).abs();
    assert!(error <= tolerance * expected.abs().max(1.0), "{value} instead of {expected}");
}

#[test]
fn clustered_errors_are_those_of_the_matrices_of_bell_and_mccaffrey() {
    for case in references("clustered") {
        let names: Vec<u64> =
            case["names"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        let (values, clusters) = (numbers(&case["values"]), Clusters::from_names(&names));
        let error = clustered_standard_error(&values, &clusters).unwrap();
        assert_close(error.cr2, &case["cr2"], 1e-10);
        assert_close(error.df, &case["df"], 1e-9);
        let test =
            clustered_mean_interval(&values, &clusters, Alternative::TwoSided, 0.95).unwrap();
        assert_close(test.standard_error, &case["cr2"], 1e-10);
        assert_close(test.df, &case["df"], 1e-9);
    }
}

#[test]
fn the_bound_of_passed_cases_is_clopper_and_pearsons() {
    for case in references("clopperPearson") {
        let [passed, n] = ["passed", "n"].map(|name| case[name].as_u64().unwrap());
        let values: Vec<f64> = (0..n).map(|at| f64::from(u8::from(at < passed))).collect();
        let unit = Limits { low: 0.0, high: 1.0 };
        let interval = bounded_mean_interval(&values, unit, Alternative::TwoSided, 0.95).unwrap();
        // The quantiles are a saddlepoint approximation.
        assert_close(interval.low, &case["low"], 2e-3);
        assert_close(interval.high, &case["high"], 2e-3);
    }
}

#[test]
fn the_bound_of_graded_values_is_a_quantile_of_random_weights() {
    for case in references("weightedMean") {
        let unit = Limits { low: 0.0, high: 1.0 };
        let values = numbers(&case["values"]);
        let interval = bounded_mean_interval(&values, unit, Alternative::TwoSided, 0.95).unwrap();
        assert_close(interval.low, &case["low"], 3e-3);
    }
}

#[test]
fn power_and_detectable_effect_are_those_of_the_t_test() {
    for case in references("power") {
        let (effect, n) = (case["effect"].as_f64().unwrap(), case["n"].as_u64().unwrap());
        let one_sided = case["oneSided"].as_bool().unwrap();
        let power = power_for_delta(effect, 1.0, n, 0.05, one_sided, None).unwrap();
        assert_close(power, &case["power"], 1e-8);
    }
    for case in references("detectable") {
        let n = case["n"].as_u64().unwrap();
        let found = minimum_detectable_effect(1.0, n, &ErrorRates::default(), None).unwrap();
        assert_close(found.mde, &case["effect"], 1e-6);
    }
}
