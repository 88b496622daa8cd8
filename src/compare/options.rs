//! The options of a comparison and of a gate.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::missing::{Missing, ScalePerScorer};
use super::reducer::Reducer;
use crate::error::{Argument, Result, Step, StoreError, number};
use crate::stats::{ErrorRates, MAX_RESAMPLES, Resampling};

/// How the cases of two runs are paired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PairBy {
    /// By key when every case of both runs has one, otherwise by input.
    #[default]
    Auto,
    /// By `key`; cases without one are unpaired.
    Key,
    /// By input; cases with the same input are trials of one case.
    Input,
    /// By `idx`, which is correct only if the dataset has the same order.
    Idx,
}

named!(PairBy {
    Auto = "auto",
    Key = "key",
    Input = "input",
    Idx = "idx",
});

/// The options of a comparison.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ComparisonOptions {
    /// The compared scorers; if empty, all but those of people, if there are others.
    pub scorers: Vec<String>,
    /// Scorers for which lower scores are better.
    pub lower_is_better: Vec<String>,
    /// How cases are paired.
    pub pair_by: PairBy,
    /// Probability that an interval misses the true value; intervals have the level 1 − alpha.
    pub alpha: f64,
    /// Probability of detecting an existing difference, for the minimum detectable effect.
    pub power: f64,
    /// A case whose score changed by at most this is unchanged, in units of the scores.
    pub tolerance: f64,
    /// How many cases to list, largest regression first.
    pub max_diffs: usize,
    /// Whether the listed cases have their input, expected value and outputs.
    pub texts: bool,
    /// `metadata.FIELD` or `input.FIELD` to slice by.
    pub slice_by: Option<String>,
    /// How several scores of a scorer on one trial, and the trials of a case, become one score.
    pub reducer: Reducer,
    /// The value of a missing score.
    pub missing: Missing,
    /// The scale of the scores, for missing ones; `None` derives it from the scores.
    pub range: Option<ScalePerScorer>,
    /// The suite in which names of runs are looked up.
    pub suite_id: Option<String>,
    /// Seed of the random test.
    pub seed: u64,
    /// Resamples of the random test.
    pub resamples: usize,
}

impl Default for ComparisonOptions {
    fn default() -> Self {
        let rates = ErrorRates::default();
        ComparisonOptions {
            scorers: vec![],
            lower_is_better: vec![],
            pair_by: PairBy::Auto,
            alpha: rates.alpha,
            power: rates.power,
            tolerance: 0.0,
            max_diffs: 100,
            texts: false,
            slice_by: None,
            reducer: Reducer::default(),
            missing: Missing::default(),
            range: None,
            suite_id: None,
            seed: 0,
            resamples: Resampling::default().resamples,
        }
    }
}

impl ComparisonOptions {
    pub(super) fn check(&self) -> Result<()> {
        in_open_unit(Argument::option("alpha"), self.alpha)?;
        in_open_unit(Argument::option("power"), self.power)?;
        not_negative(Argument::option("tolerance"), self.tolerance)?;
        if !(1..=MAX_RESAMPLES).contains(&self.resamples) {
            let expected = format!("a whole number from 1 to {MAX_RESAMPLES}");
            return Err(StoreError::value(Argument::option("resamples"), expected, self.resamples));
        }
        if self.reducer == Reducer::AtLeast(0) {
            return Err(refused("reducer", "{ atLeast: k } with k of 1 or more", 0));
        }
        if let Some(range) = &self.range {
            range.check()?;
        }
        match &self.slice_by {
            Some(field) if Field::parse(field).is_none() => Err(StoreError::value(
                Argument::option("slice_by"),
                "metadata.FIELD or input.FIELD",
                format_args!("\"{field}\""),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn resampling(&self) -> Resampling {
        Resampling { resamples: self.resamples, seed: self.seed, threads: 0 }
    }

    pub(super) fn field(&self) -> Option<Field> {
        self.slice_by.as_deref().and_then(Field::parse)
    }
}

/// The same for all scorers, or one for each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum PerScorer {
    /// For all scorers.
    All(f64),
    /// By scorer; others have the default.
    Each(BTreeMap<String, f64>),
}

impl PerScorer {
    /// Returns the value for a scorer.
    pub fn of(&self, scorer: &str) -> Option<f64> {
        match self {
            PerScorer::All(value) => Some(*value),
            PerScorer::Each(values) => values.get(scorer).copied(),
        }
    }

    fn check(&self, argument: Argument) -> Result<()> {
        match self {
            PerScorer::All(value) => not_negative(argument, *value),
            PerScorer::Each(values) => values.iter().try_for_each(|(scorer, value)| {
                not_negative(argument.clone().then(Step::Key(scorer.clone())), *value)
            }),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        match self {
            PerScorer::All(_) => None,
            PerScorer::Each(values) => Some(values.keys()),
        }
        .into_iter()
        .flatten()
    }
}

/// The options of a gate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GateOptions {
    /// How the runs are compared.
    pub comparison: ComparisonOptions,
    /// The acceptable loss, in units of the scores.
    pub margin: PerScorer,
    /// The required gain.
    pub require_improvement: Option<PerScorer>,
    /// The minimum share of cases that are scored in both runs, among those scored in either.
    pub min_coverage: f64,
    /// Whether a running or failed run may be allowed, or be the baseline.
    pub unfinished: bool,
    /// How equal scores with different outputs are judged.
    pub equal_scores: EqualScores,
    /// Whether a slice with a loss rejects; otherwise it is only named.
    pub gate_slices: bool,
}

/// How runs with equal scores but different outputs are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EqualScores {
    /// By the interval, as usual.
    #[default]
    Interval,
    /// They are allowed.
    Allow,
}

named!(EqualScores {
    Interval = "interval",
    Allow = "allow",
});

/// The margin of a scorer without its own.
pub const DEFAULT_MARGIN: f64 = 0.02;

/// Default of the minimum share of cases that are scored in both runs.
pub const DEFAULT_MIN_COVERAGE: f64 = 0.95;

impl Default for GateOptions {
    fn default() -> Self {
        GateOptions {
            comparison: ComparisonOptions::default(),
            margin: PerScorer::Each(BTreeMap::new()),
            require_improvement: None,
            min_coverage: DEFAULT_MIN_COVERAGE,
            unfinished: false,
            equal_scores: EqualScores::default(),
            gate_slices: false,
        }
    }
}

impl GateOptions {
    pub(crate) fn check(&self) -> Result<()> {
        self.comparison.check()?;
        self.margin.check(Argument::option("margin"))?;
        if let Some(improvement) = &self.require_improvement {
            improvement.check(Argument::option("require_improvement"))?;
        }
        if (0.0..=1.0).contains(&self.min_coverage) {
            return Ok(());
        }
        Err(StoreError::value(
            Argument::option("min_coverage"),
            "from 0 to 1",
            number(self.min_coverage),
        ))
    }
}

/// A field of a case's metadata or input, as a path of keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    Input(Vec<String>),
    Metadata(Vec<String>),
}

impl Field {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (root, path) = text.split_once('.')?;
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return None;
        }
        match root {
            "input" => Some(Field::Input(path)),
            "metadata" => Some(Field::Metadata(path)),
            _ => None,
        }
    }
}

pub(super) fn in_open_unit(argument: Argument, value: f64) -> Result<()> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(StoreError::value(argument, "between 0 and 1", number(value)))
}

fn not_negative(argument: Argument, value: f64) -> Result<()> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(StoreError::value(argument, "a finite number that is not negative", number(value)))
}

/// Refuses an option.
pub(super) fn refused(
    option: &'static str,
    expected: impl Into<std::borrow::Cow<'static, str>>,
    given: impl std::fmt::Display,
) -> StoreError {
    StoreError::value(Argument::option(option), expected, given)
}
