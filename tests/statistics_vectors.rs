//! Every one of the 284 vectors in `fixtures/statistics-vectors.json`, through the public
//! functions.
//!
//! The numbers were computed by evalsig, NumPy, statsmodels and tinker-cookbook. They hold to 1e-9
//! (relative above 1), those drawn at random to the last bit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use runstore::stats::rng::{Generator, seed_words};
use runstore::stats::{self, Alternative, Clusters, ErrorRates, Interval, Resampling, evalsig};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("fixtures/statistics-vectors.json");

/// serde_json reads decimal numbers to within a bit or two, unless it is told to be exact. No other
/// count of resamples is as near.
const ONE_BIT: f64 = 1e-15;

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

/// Recomputes what a vector expects.
type Compute = fn(&Vector) -> Value;

/// One entry of the file.
struct Vector<'a>(&'a Value);

impl<'a> Vector<'a> {
    fn input(&self, name: &str) -> &'a Value {
        self.0["inputs"].get(name).unwrap_or_else(|| panic!("{}: no {name}", self.0["id"]))
    }

    fn text(&self, value: &'a Value) -> &'a str {
        value.as_str().unwrap_or_else(|| panic!("{}: {value} is no text", self.0["id"]))
    }

    fn number(&self, name: &str) -> f64 {
        number(self.input(name)).unwrap()
    }

    fn whole(&self, name: &str) -> u64 {
        self.input(name).as_u64().unwrap()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.input(name).as_array().unwrap().iter().map(|value| number(value).unwrap()).collect()
    }

    fn flag(&self, name: &str) -> bool {
        self.input(name).as_bool().unwrap()
    }

    fn runs(&self) -> (Vec<f64>, Vec<f64>) {
        (self.numbers("a"), self.numbers("b"))
    }

    fn alternative(&self) -> Alternative {
        Alternative::from_name(self.text(self.input("alternative"))).unwrap()
    }

    fn resampling(&self) -> Resampling {
        Resampling {
            resamples: self.whole("n_resamples") as usize,
            seed: self.whole("rng"),
            threads: 2,
        }
    }

    fn clusters(&self) -> Clusters {
        let names = self.input("cluster_id").as_array().unwrap();
        let names: Vec<&str> = names.iter().map(|name| self.text(name)).collect();
        Clusters::from_names(&names)
    }

    fn clustering(&self) -> Option<stats::Clustering> {
        let n_clusters = self.input("n_clusters").as_u64();
        let icc = self.input("icc").as_f64();
        n_clusters.zip(icc).map(|(n_clusters, icc)| stats::Clustering { n_clusters, icc })
    }

    fn rates(&self, power: &str) -> ErrorRates {
        ErrorRates {
            alpha: self.number("alpha"),
            power: self.number(power),
            one_sided: self.flag("one_sided"),
        }
    }

    fn sequence_options(&self) -> stats::SequenceOptions {
        stats::SequenceOptions {
            alpha: self.number("alpha"),
            rho: self.number("rho"),
            sigma_bound: self.input("sigma_bound").as_f64(),
        }
    }

    fn items(&self, run: &str) -> Vec<evalsig::Item<'a>> {
        let items = self.input(run)["items"].as_array().unwrap();
        let item = |item: &'a Value| evalsig::Item {
            item_id: self.text(&item["item_id"]),
            score: number(&item["score"]).unwrap(),
            cluster_id: item["cluster_id"].as_str(),
            epoch: item["epoch"].as_i64().unwrap(),
        };
        items.iter().map(item).collect()
    }

    fn compare_options(&self, power: &str) -> evalsig::CompareOptions<'a> {
        evalsig::CompareOptions {
            method: evalsig::Method::from_name(self.text(self.input("method"))).unwrap(),
            cluster: self.input("cluster").as_str(),
            rates: self.rates(power),
            resampling: self.resampling(),
        }
    }
}

/// Returns the number that a JSON value stands for.
fn number(value: &Value) -> Option<f64> {
    match value.get("$float").and_then(Value::as_str) {
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some("NaN") => Some(f64::NAN),
        _ => value.as_f64(),
    }
}

/// Returns the JSON value that stands for a number.
fn float(number: f64) -> Value {
    match number {
        f64::INFINITY => json!({"$float": "Infinity"}),
        f64::NEG_INFINITY => json!({"$float": "-Infinity"}),
        number => json!(number),
    }
}

fn ends(interval: Interval) -> Value {
    json!([float(interval.low), float(interval.high)])
}

/// Compares two JSON values, numbers to within the tolerance, which is relative above 1.
fn same(got: &Value, expected: &Value, tolerance: f64) -> Result<(), String> {
    let differ = || Err(format!("got {got}, expected {expected}"));
    match (got, expected) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| same(a, b, tolerance))
        }
        (Value::Object(a), Value::Object(b))
            if a.len() == b.len() && number(expected).is_none() =>
        {
            a.iter().try_for_each(|(key, a)| {
                let b = b.get(key).ok_or_else(|| format!("{key} is not expected"))?;
                same(a, b, tolerance).map_err(|difference| format!("{key}: {difference}"))
            })
        }
        _ => match (number(got), number(expected)) {
            (Some(a), Some(b)) if a == b || (a - b).abs() <= tolerance * b.abs().max(1.0) => Ok(()),
            (Some(_), Some(_)) => differ(),
            _ if got == expected => Ok(()),
            _ => differ(),
        },
    }
}

fn paired(outcome: evalsig::Paired) -> Value {
    let mut value = json!({
        "delta": outcome.delta,
        "ci": ends(outcome.interval),
        "ci_level": outcome.interval.level,
        "p_value": outcome.p_value,
        "n_pairs": outcome.n_pairs,
        "method": outcome.method,
        "sd_diff": outcome.sd_diff,
    });
    if let Some(n_clusters) = outcome.n_clusters {
        value["n_clusters"] = json!(n_clusters);
    }
    value
}

fn paired_t_test(v: &Vector) -> Value {
    let ((a, b), level) = (v.runs(), v.number("ci_level"));
    let outcome = evalsig::paired_t_test(&a, &b, v.alternative(), level).unwrap();
    if outcome.sd_diff > 0.0 {
        let sound = stats::paired_t_test(&a, &b, v.alternative(), level).unwrap();
        assert_eq!((sound.p_value, sound.interval), (outcome.p_value, outcome.interval));
    }
    paired(outcome)
}

fn mcnemar_test(v: &Vector) -> Value {
    let ((a, b), threshold) = (v.runs(), v.whole("exact_threshold"));
    let test =
        evalsig::mcnemar_test(&a, &b, v.alternative(), v.number("ci_level"), threshold).unwrap();
    json!({
        "delta": test.delta,
        "b_wins": test.counts.baseline_only,
        "c_wins": test.counts.candidate_only,
        "p_value": test.p_value,
        "n_pairs": test.counts.n(),
        "method": test.method,
        "ci": ends(test.interval),
        "ci_level": test.interval.level,
    })
}

fn mde(v: &Vector) -> Value {
    let (sd_diff, n_pairs, rates) = (v.number("sd_diff"), v.whole("n_pairs"), v.rates("power"));
    let (n_clusters, icc) = (v.input("n_clusters").as_u64(), v.input("icc").as_f64());
    let effect = evalsig::mde(sd_diff, n_pairs, &rates, n_clusters, icc).unwrap();
    let sound = stats::minimum_detectable_effect(sd_diff, n_pairs, &rates, v.clustering()).unwrap();
    assert_eq!(sound.mde, effect.mde);
    json!({
        "mde": float(effect.mde),
        "alpha": rates.alpha,
        "power": rates.power,
        "n_pairs": n_pairs,
        "sd_diff": sd_diff,
        "n_clusters": n_clusters,
        "icc": icc,
        "deff": effect.deff,
    })
}

fn required_n(v: &Vector) -> Value {
    let (delta, sd_diff, rates) = (v.number("target_delta"), v.number("sd_diff"), v.rates("power"));
    let n =
        stats::required_n(delta, sd_diff, &rates, v.number("icc"), v.number("mean_cluster_size"));
    json!({"n": n.unwrap()})
}

fn power_for_delta(v: &Vector) -> Value {
    let (delta, sd_diff, n_pairs) = (v.number("delta"), v.number("sd_diff"), v.whole("n_pairs"));
    let (alpha, one_sided) = (v.number("alpha"), v.flag("one_sided"));
    let power = stats::power_for_delta(delta, sd_diff, n_pairs, alpha, one_sided, v.clustering());
    json!({"power": power.unwrap()})
}

fn estimate_icc(v: &Vector) -> Value {
    json!({"icc": evalsig::estimate_icc(&v.numbers("values"), &v.clusters()).unwrap()})
}

fn effect_size(name: &str, effect: stats::Result<stats::EffectSize>) -> Value {
    let effect = effect.unwrap();
    json!({"name": name, "value": effect.value, "magnitude": effect.magnitude.name()})
}

fn cohens_d(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cohens_d", evalsig::cohens_d(&a, &b))
}

fn cohens_d_paired(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cohens_d_paired", evalsig::cohens_d_paired(&a, &b))
}

fn cliffs_delta(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cliffs_delta", stats::cliffs_delta(&a, &b))
}

fn unpaired_t_test(v: &Vector) -> Value {
    let (a, b) = v.runs();
    let test = stats::unpaired_t_test(&a, &b, v.alternative(), v.number("ci_level")).unwrap();
    json!({
        "delta": test.delta,
        "ci": ends(test.interval),
        "ci_level": test.interval.level,
        "p_value": test.p_value,
        "n_a": a.len(),
        "n_b": b.len(),
        "method": "unpaired_welch_t",
    })
}

fn adjusted(
    v: &Vector,
    correct: fn(&[f64], f64) -> stats::Result<stats::AdjustedPValues>,
) -> Value {
    let adjusted = correct(&v.numbers("p_values"), v.number("alpha")).unwrap();
    json!({"p_adjusted": adjusted.p_adjusted, "reject": adjusted.reject})
}

fn bonferroni(v: &Vector) -> Value {
    adjusted(v, stats::bonferroni)
}

fn holm(v: &Vector) -> Value {
    adjusted(v, stats::holm)
}

fn benjamini_hochberg(v: &Vector) -> Value {
    adjusted(v, stats::benjamini_hochberg)
}

fn sequence(state: stats::ConfidenceSequence) -> Value {
    json!({
        "delta": state.delta,
        "ci": ends(state.interval),
        "ci_level": state.interval.level,
        "n_pairs": state.n,
        "stopped": state.stopped,
        "method": "howard_2021_acs",
        "half_width": float(state.half_width),
    })
}

fn confidence_sequence(v: &Vector) -> Value {
    sequence(evalsig::confidence_sequence(&v.numbers("diffs"), &v.sequence_options()).unwrap())
}

fn sequential_gate(v: &Vector) -> Value {
    let (stream, min_n) = (v.numbers("stream"), v.whole("min_n") as usize);
    let options = v.sequence_options();
    sequence(evalsig::sequential_gate(&stream, v.alternative(), min_n, &options).unwrap())
}

fn default_rng(v: &Vector) -> Value {
    let seed = v.whole("seed");
    let hex = |word: u64| format!("{word:016x}");
    let mut raw = Generator::from_seed(seed);
    let below = |bound: u32, draws: usize| {
        let mut indices = vec![0; draws];
        Generator::from_seed(seed).fill_below(bound, &mut indices);
        indices
    };
    let signs: Vec<f64> = below(2, 12).into_iter().map(|i| [-1.0, 1.0][i as usize]).collect();
    json!({
        "seed_sequence_state_hex": seed_words(seed).map(hex),
        "random_raw_hex": (0..6).map(|_| hex(raw.next_u64())).collect::<Vec<_>>(),
        "integers_0_2": below(2, 25),
        "integers_0_3": below(3, 25),
        "integers_0_7": below(7, 25),
        "integers_0_12": below(12, 25),
        "integers_0_1000": below(1000, 25),
        "choice_minus1_plus1": signs,
    })
}

fn paired_bootstrap_ci(v: &Vector) -> Value {
    let ((a, b), level, resampling) = (v.runs(), v.number("ci_level"), v.resampling());
    let outcome =
        evalsig::paired_bootstrap_ci(&a, &b, v.alternative(), level, &resampling).unwrap();
    let sound = stats::paired_bootstrap(&a, &b, v.alternative(), level, &resampling).unwrap();
    assert_eq!(sound.interval, outcome.interval);
    paired(outcome)
}

fn paired_permutation_test(v: &Vector) -> Value {
    let ((a, b), level, resampling) = (v.runs(), v.number("ci_level"), v.resampling());
    paired(evalsig::paired_permutation_test(&a, &b, v.alternative(), level, &resampling).unwrap())
}

fn cluster_bootstrap_ci(v: &Vector) -> Value {
    let ((a, b), clusters, level) = (v.runs(), v.clusters(), v.number("ci_level"));
    let (alternative, resampling) = (v.alternative(), v.resampling());
    paired(
        evalsig::cluster_bootstrap_ci(&a, &b, &clusters, alternative, level, &resampling).unwrap(),
    )
}

fn unpaired_bootstrap(v: &Vector) -> Value {
    let ((a, b), level, resampling) = (v.runs(), v.number("ci_level"), v.resampling());
    let outcome = evalsig::unpaired_bootstrap(&a, &b, v.alternative(), level, &resampling).unwrap();
    json!({
        "delta": outcome.delta,
        "ci": ends(outcome.interval),
        "ci_level": outcome.interval.level,
        "p_value": outcome.p_value,
        "n_a": outcome.n_baseline,
        "n_b": outcome.n_candidate,
        "method": outcome.method,
    })
}

fn comparison(comparison: &evalsig::Comparison) -> Value {
    json!({
        "delta": comparison.delta,
        "ci": ends(comparison.interval),
        "ci_level": comparison.interval.level,
        "p_value": comparison.p_value,
        "significant": comparison.significant,
        "n_pairs": comparison.n_pairs,
        "n_clusters": comparison.n_clusters,
        "method": comparison.method,
        "mde": float(comparison.mde),
        "notes": comparison.notes,
    })
}

fn compare(v: &Vector) -> Value {
    let (baseline, candidate) = (v.items("baseline"), v.items("candidate"));
    let options = v.compare_options("target_power");
    comparison(&evalsig::compare(&baseline, &candidate, &options).unwrap())
}

fn gate(v: &Vector) -> Value {
    let (baseline, candidate) = (v.items("baseline"), v.items("candidate"));
    let (min_delta, options) = (v.number("min_delta"), v.compare_options("power"));
    let report = evalsig::gate(&baseline, &candidate, min_delta, &options).unwrap();
    json!({
        "verdict": report.verdict.name(),
        "exit_code": report.verdict.exit_code(),
        "comparison": comparison(&report.comparison),
        "min_delta": min_delta,
        "alpha": options.rates.alpha,
        "power": options.rates.power,
        "suggestion": report.suggestion,
    })
}

fn clustered_standard_error(v: &Vector) -> Value {
    let error = stats::clustered_standard_error(&v.numbers("values"), &v.clusters()).unwrap();
    json!({"mean": error.mean, "se_cr0": error.cr0, "se_cr1": error.cr1, "se_naive": error.naive})
}

fn wilson_interval(v: &Vector) -> Value {
    let (successes, n, level) = (v.whole("successes"), v.whole("n"), v.number("ci_level"));
    let interval = stats::wilson_interval(successes, n, level).unwrap();
    json!({"low": interval.low, "high": interval.high})
}

fn pass_at_k_single(v: &Vector) -> Value {
    let samples = stats::Samples { n: v.whole("n"), passed: v.whole("c") };
    json!({"value": stats::pass_at_k(samples, v.whole("k")).unwrap()})
}

fn compute_pass_at_k(v: &Vector) -> Value {
    let rewards = |case: &Value| -> Vec<f64> {
        case.as_array().unwrap().iter().map(|reward| number(reward).unwrap()).collect()
    };
    let cases: Vec<stats::Samples> = v
        .input("per_example")
        .as_object()
        .unwrap()
        .values()
        .map(|case| stats::Samples::from_rewards(&rewards(case)).unwrap())
        .collect();
    let means = v.input("k_values").as_array().unwrap().iter().map(|k| {
        let k = k.as_u64().unwrap();
        (k.to_string(), json!(stats::mean_pass_at_k(&cases, k).unwrap()))
    });
    Value::Object(means.collect())
}

fn choose_k_values(v: &Vector) -> Value {
    let chosen = v.input("num_samples").as_array().unwrap().iter().map(|n| {
        let n = n.as_u64().unwrap();
        (n.to_string(), json!(stats::choose_k_values(n)))
    });
    Value::Object(chosen.collect())
}
