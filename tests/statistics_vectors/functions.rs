//! What our functions make of the inputs of a vector, in the shape of what it expects.

use runstore::stats::rng::{Generator, seed_words};
use runstore::stats::{self, evalsig};
use serde_json::{Value, json};

use super::vector::{Vector, ends, float, number};

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

pub fn paired_t_test(v: &Vector) -> Value {
    let ((a, b), level) = (v.runs(), v.number("ci_level"));
    let outcome = evalsig::paired_t_test(&a, &b, v.alternative(), level).unwrap();
    if outcome.sd_diff > 0.0 {
        let sound = stats::paired_t_test(&a, &b, v.alternative(), level).unwrap();
        assert_eq!((sound.p_value, sound.interval), (outcome.p_value, outcome.interval));
    }
    paired(outcome)
}

pub fn mcnemar_test(v: &Vector) -> Value {
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

pub fn mde(v: &Vector) -> Value {
    let (sd_diff, n_pairs, rates) = (v.number("sd_diff"), v.whole("n_pairs"), v.rates("power"));
    let (n_clusters, icc) = (v.input("n_clusters").as_u64(), v.input("icc").as_f64());
    let effect = evalsig::mde(sd_diff, n_pairs, &rates, n_clusters, icc).unwrap();
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

pub fn required_n(v: &Vector) -> Value {
    let (delta, sd_diff, rates) = (v.number("target_delta"), v.number("sd_diff"), v.rates("power"));
    let n =
        evalsig::required_n(delta, sd_diff, &rates, v.number("icc"), v.number("mean_cluster_size"));
    json!({"n": n.unwrap()})
}

pub fn power_for_delta(v: &Vector) -> Value {
    let (delta, sd_diff, n_pairs) = (v.number("delta"), v.number("sd_diff"), v.whole("n_pairs"));
    let (alpha, one_sided) = (v.number("alpha"), v.flag("one_sided"));
    let power = evalsig::power_for_delta(delta, sd_diff, n_pairs, alpha, one_sided, v.clustering());
    json!({"power": power.unwrap()})
}

pub fn estimate_icc(v: &Vector) -> Value {
    json!({"icc": evalsig::estimate_icc(&v.numbers("values"), &v.clusters()).unwrap()})
}

fn effect_size(name: &str, effect: stats::Result<stats::EffectSize>) -> Value {
    let effect = effect.unwrap();
    json!({"name": name, "value": effect.value, "magnitude": effect.magnitude.name()})
}

pub fn cohens_d(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cohens_d", evalsig::cohens_d(&a, &b))
}

pub fn cohens_d_paired(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cohens_d_paired", evalsig::cohens_d_paired(&a, &b))
}

pub fn cliffs_delta(v: &Vector) -> Value {
    let (a, b) = v.runs();
    effect_size("cliffs_delta", stats::cliffs_delta(&a, &b))
}

pub fn unpaired_t_test(v: &Vector) -> Value {
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

pub fn bonferroni(v: &Vector) -> Value {
    adjusted(v, stats::bonferroni)
}

pub fn holm(v: &Vector) -> Value {
    adjusted(v, stats::holm)
}

pub fn benjamini_hochberg(v: &Vector) -> Value {
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

pub fn confidence_sequence(v: &Vector) -> Value {
    sequence(evalsig::confidence_sequence(&v.numbers("diffs"), &v.sequence_options()).unwrap())
}

pub fn sequential_gate(v: &Vector) -> Value {
    let (stream, min_n) = (v.numbers("stream"), v.whole("min_n") as usize);
    let options = v.sequence_options();
    sequence(evalsig::sequential_gate(&stream, v.alternative(), min_n, &options).unwrap())
}

pub fn default_rng(v: &Vector) -> Value {
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

pub fn paired_bootstrap_ci(v: &Vector) -> Value {
    let ((a, b), level, resampling) = (v.runs(), v.number("ci_level"), v.resampling());
    let outcome =
        evalsig::paired_bootstrap_ci(&a, &b, v.alternative(), level, &resampling).unwrap();
    let sound = stats::paired_bootstrap(&a, &b, v.alternative(), level, &resampling).unwrap();
    assert_eq!(sound.interval, outcome.interval);
    paired(outcome)
}

pub fn paired_permutation_test(v: &Vector) -> Value {
    let ((a, b), level, resampling) = (v.runs(), v.number("ci_level"), v.resampling());
    paired(evalsig::paired_permutation_test(&a, &b, v.alternative(), level, &resampling).unwrap())
}

pub fn cluster_bootstrap_ci(v: &Vector) -> Value {
    let ((a, b), clusters, level) = (v.runs(), v.clusters(), v.number("ci_level"));
    let (alternative, resampling) = (v.alternative(), v.resampling());
    paired(
        evalsig::cluster_bootstrap_ci(&a, &b, &clusters, alternative, level, &resampling).unwrap(),
    )
}

pub fn unpaired_bootstrap(v: &Vector) -> Value {
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

pub fn compare(v: &Vector) -> Value {
    let (baseline, candidate) = (v.items("baseline"), v.items("candidate"));
    let options = v.compare_options("target_power");
    comparison(&evalsig::compare(&baseline, &candidate, &options).unwrap())
}

pub fn gate(v: &Vector) -> Value {
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

pub fn clustered_standard_error(v: &Vector) -> Value {
    let error = stats::clustered_standard_error(&v.numbers("values"), &v.clusters()).unwrap();
    json!({"mean": error.mean, "se_cr0": error.cr0, "se_cr1": error.cr1, "se_naive": error.naive})
}

pub fn wilson_interval(v: &Vector) -> Value {
    let (successes, n, level) = (v.whole("successes"), v.whole("n"), v.number("ci_level"));
    let interval = stats::wilson_interval(successes, n, level).unwrap();
    json!({"low": interval.low, "high": interval.high})
}

pub fn pass_at_k_single(v: &Vector) -> Value {
    let samples = stats::Samples { n: v.whole("n"), passed: v.whole("c") };
    json!({"value": stats::pass_at_k(samples, v.whole("k")).unwrap()})
}

pub fn compute_pass_at_k(v: &Vector) -> Value {
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

pub fn choose_k_values(v: &Vector) -> Value {
    let chosen = v.input("num_samples").as_array().unwrap().iter().map(|n| {
        let n = n.as_u64().unwrap();
        (n.to_string(), json!(stats::choose_k_values(n)))
    });
    Value::Object(chosen.collect())
}
