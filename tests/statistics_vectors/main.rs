//! Every one of the 284 vectors in `fixtures/statistics-vectors.json`, through the public functions.
//!
//! The numbers were computed by evalsig, NumPy, statsmodels and tinker-cookbook. They hold to 1e-9
//! (relative above 1), those drawn at random to the last bit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod functions;
mod vector;

use std::collections::BTreeMap;

use functions::*;
use serde_json::Value;
use vector::{Vector, same};

const VECTORS: &str = include_str!("../fixtures/statistics-vectors.json");

/// serde_json reads decimal numbers to within a bit or two, unless it is told to be exact. No other
/// count of resamples is as near.
const ONE_BIT: f64 = 1e-15;

/// Recomputes what a vector expects.
type Compute = fn(&Vector) -> Value;

/// How many vectors there are of each function, so that none is passed over.
const FUNCTIONS: [(&str, usize, Compute); 27] = [
    ("paired_t_test", 30, paired_t_test),
    ("mcnemar_test", 24, mcnemar_test),
    ("mde", 12, mde),
    ("required_n", 5, required_n),
    ("power_for_delta", 8, power_for_delta),
    ("estimate_icc", 5, estimate_icc),
    ("cohens_d", 4, cohens_d),
    ("cohens_d_paired", 4, cohens_d_paired),
    ("cliffs_delta", 5, cliffs_delta),
    ("unpaired_t_test", 3, unpaired_t_test),
    ("bonferroni", 4, bonferroni),
    ("holm", 4, holm),
    ("benjamini_hochberg", 4, benjamini_hochberg),
    ("confidence_sequence", 4, confidence_sequence),
    ("sequential_gate", 8, sequential_gate),
    ("numpy.random.default_rng", 4, default_rng),
    ("paired_bootstrap_ci", 24, paired_bootstrap_ci),
    ("paired_permutation_test", 24, paired_permutation_test),
    ("cluster_bootstrap_ci", 3, cluster_bootstrap_ci),
    ("unpaired_bootstrap", 3, unpaired_bootstrap),
    ("compare", 53, compare),
    ("gate", 36, gate),
    ("clustered_standard_error", 1, clustered_standard_error),
    ("wilson_interval", 4, wilson_interval),
    ("pass_at_k_single", 6, pass_at_k_single),
    ("compute_pass_at_k", 1, compute_pass_at_k),
    ("choose_k_values", 1, choose_k_values),
];

#[test]
fn every_vector_is_reproduced() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = vec![];
    for vector in file["vectors"].as_array().unwrap() {
        let vector = Vector(vector);
        let function = vector.text(&vector.0["function"]);
        let (_, _, compute) = FUNCTIONS.iter().find(|(name, ..)| *name == function).unwrap();
        *counts.entry(function.to_owned()).or_default() += 1;
        let tolerance = if vector.0["random"].is_null() { 1e-9 } else { ONE_BIT };
        if let Err(difference) = same(&compute(&vector), &vector.0["expected"], tolerance) {
            failures.push(format!("{}: {difference}", vector.0["id"]));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    let expected: BTreeMap<String, usize> =
        FUNCTIONS.iter().map(|(name, count, _)| ((*name).to_owned(), *count)).collect();
    assert_eq!(counts, expected);
    assert_eq!(counts.values().sum::<usize>(), 284);
}
