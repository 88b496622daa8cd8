//! A comparison of two runs is passed as one array; `comparison.js` creates the result from it.

use napi::bindgen_prelude::{Float64Array, ToNapiValue, TypeName, Uint8Array};
use napi::{Result, ValueType, sys};

use super::columns::numbers;
use super::values::{Maker, Raw};
use crate::compare::{Change, RunComparison, ScorerSummary};

/// `[baselineCases, candidateCases, names, summaries, cost, index, odd, baseline, candidate, delta, change]`
pub struct Compared(pub(super) RunComparison);

impl ToNapiValue for Compared {
    unsafe fn to_napi_value(env: sys::napi_env, compared: Self) -> Result<Raw> {
        let (make, Compared(comparison)) = (Maker(env), compared);
        let cost = comparison.cost;
        let [index, odd] = numbers(make, &comparison.index)?;
        let scorers = &comparison.scorers;
        let summaries: Vec<f64> = scorers.iter().flat_map(summary).collect();
        let changes: Vec<u8> = comparison.change.iter().map(|change| code(*change)).collect();
        let parts = [
            make.number(comparison.baseline_cases as f64)?,
            make.number(comparison.candidate_cases as f64)?,
            make.array(scorers.iter().map(|scorer| make.text(scorer.name.as_bytes())))?,
            make.typed(Float64Array::new(summaries))?,
            make.typed(Float64Array::new(vec![cost.latency_ms, cost.tokens_in, cost.tokens_out]))?,
            index,
            odd,
            make.typed(Float64Array::new(comparison.baseline))?,
            make.typed(Float64Array::new(comparison.candidate))?,
            make.typed(Float64Array::new(comparison.delta))?,
            make.typed(Uint8Array::new(changes))?,
        ];
        make.array(parts.into_iter().map(Ok))
    }
}

impl TypeName for Compared {
    fn type_name() -> &'static str {
        "Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

/// Mean delta, the three counts, and whether the scorer regressed.
fn summary(scorer: &ScorerSummary) -> [f64; 5] {
    let counts = [scorer.improved, scorer.regressed, scorer.unchanged].map(|count| count as f64);
    [scorer.mean_delta, counts[0], counts[1], counts[2], f64::from(u8::from(scorer.exceeds))]
}

/// The index in `CHANGES` of `comparison.js`.
fn code(change: Change) -> u8 {
    match change {
        Change::Unchanged => 0,
        Change::Improved => 1,
        Change::Regressed => 2,
    }
}
