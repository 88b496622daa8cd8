//! What other packages say of agreement and of prediction-powered means; `fixtures/agreement-vectors.py` asked them.
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

use runstore::stats::{
    Distance, Interval, KappaWeights, cohens_kappa, krippendorffs_alpha, prediction_powered_mean,
};
use serde_json::Value;

const VECTORS: &str = include_str!("fixtures/agreement-vectors.json");

fn vectors(of: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    all[of].as_array().unwrap().clone()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|one| one.as_f64().unwrap_or(f64::NAN)).collect()
}

fn assert_near(got: f64, vector: &Value, field: &str) {
    let expected = vector[field].as_f64().unwrap();
    assert!((got - expected).abs() < 1e-9, "{field}: {got} is not {expected}, {vector}");
}

/// The 97.5 % quantile of Student's t with so many degrees of freedom, by numerical integration of its density elsewhere.
fn quantile_of_t(df: usize) -> f64 {
    match df {
        19 => 2.093_024_054_408,
        22 => 2.073_873_067_904,
        39 => 2.022_690_920_037,
        49 => 2.009_575_237_129,
        other => panic!("no quantile for {other}"),
    }
}

fn assert_interval(interval: Interval, (low, high): (f64, f64)) {
    let is_near = (interval.low - low).abs() < 1e-9 && (interval.high - high).abs() < 1e-9;
    assert!(is_near, "{interval:?} is not {low} to {high}");
}

#[test]
fn kappa_is_that_of_scikit_learn_and_its_error_that_of_statsmodels() {
    let vectors = vectors("kappa");
    assert_eq!(vectors.len(), 15);
    for vector in &vectors {
        let weights = match vector["weights"].as_str().unwrap() {
            "linear" => KappaWeights::Linear,
            "quadratic" => KappaWeights::Quadratic,
            _ => KappaWeights::None,
        };
        let (one, other) = (numbers(&vector["one"]), numbers(&vector["other"]));
        let kappa = cohens_kappa(&one, &other, weights, 0.95).unwrap();
        assert_near(kappa.estimate, vector, "estimate");
        assert_near(kappa.standard_error, vector, "standard_error");
        // The 97.5 % quantile of the normal distribution, as in statsmodels' kappa_low and kappa_upp.
        let half = 1.959_963_984_540_054 * vector["standard_error"].as_f64().unwrap();
        let estimate = vector["estimate"].as_f64().unwrap();
        let ends = ((estimate - half).max(-1.0), (estimate + half).min(1.0));
        assert_interval(kappa.interval, ends);
    }
}

#[test]
fn alpha_is_that_of_the_package_krippendorff() {
    let vectors = vectors("alpha");
    assert_eq!(vectors.len(), 12);
    for vector in &vectors {
        let distance = match vector["distance"].as_str().unwrap() {
            "ordinal" => Distance::Ordinal,
            "interval" => Distance::Interval,
            _ => Distance::Nominal,
        };
        let ratings: Vec<Vec<f64>> =
            vector["ratings"].as_array().unwrap().iter().map(numbers).collect();
        let ratings: Vec<&[f64]> = ratings.iter().map(Vec::as_slice).collect();
        let alpha = krippendorffs_alpha(&ratings, distance, 0.95).unwrap();
        assert_near(alpha.estimate, vector, "estimate");
        assert_near(alpha.standard_error, vector, "standard_error");
        assert_eq!(alpha.n as u64, vector["n"].as_u64().unwrap());
        let half = quantile_of_t(alpha.n - 1) * vector["standard_error"].as_f64().unwrap();
        let estimate = vector["estimate"].as_f64().unwrap();
        assert_interval(alpha.interval, (estimate - half, (estimate + half).min(1.0)));
    }
}

#[test]
fn the_prediction_powered_mean_is_that_of_ppi_python() {
    let vectors = vectors("mean");
    assert_eq!(vectors.len(), 4);
    for vector in &vectors {
        let of = |field: &str| numbers(&vector[field]);
        let (labels, predictions, unlabeled) = (of("labels"), of("predictions"), of("unlabeled"));
        let mean = prediction_powered_mean(&labels, &predictions, &unlabeled, 0.95).unwrap();
        assert_near(mean.estimate, vector, "estimate");
        assert_near(mean.lambda, vector, "lambda");
        assert_near(mean.standard_error, vector, "standard_error");
        assert_near(mean.interval.low, vector, "low");
        assert_near(mean.interval.high, vector, "high");
    }
}
