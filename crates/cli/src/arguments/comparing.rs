//! Arguments of the commands that compare two runs.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};

use super::json_help;
use super::run_argument::RunArgument;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::suite_name;
use runstore::compare::{
    ComparisonOptions, DEFAULT_MIN_COVERAGE, EqualScores, GateOptions, Missing, PairBy, PerScorer,
    Reducer, Scale, ScalePerScorer,
};
use runstore::model::{ALPHA, POWER};

/// Compares two runs case by case: what changed, and whether the change is more than chance.
///
/// Differences are candidate − baseline. Intervals and p-values are based on the cases that are in both runs; the trials
/// of a case are averaged first.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::COMPARE, allow_negative_numbers = true)]
pub(crate) struct Compare {
    #[command(flatten)]
    pub(crate) pair: Pair,
    #[command(flatten)]
    pub(crate) how: How,
    #[command(flatten)]
    pub(crate) report: Report,
}

/// Decides whether a run may replace another: ALLOW, REJECT or INCONCLUSIVE, with exit code 0, 1 or 2.
///
/// A loss of at most the margin is acceptable. ALLOW: a larger loss is ruled out. REJECT: there is a loss, and the estimate
/// of it is larger. INCONCLUSIVE: neither is certain; the report says what a verdict takes, for instance how many more
/// cases.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::GATE, allow_negative_numbers = true)]
pub(crate) struct Gate {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// The acceptable loss, for all scorers or as SCORER=SIZE; may be repeated [default: 0.02]
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) margin: Vec<ForScorer>,
    /// A required gain in place of a margin, for all scorers or as SCORER=SIZE; may be repeated
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) require_improvement: Vec<ForScorer>,
    /// The minimum share of cases that are scored in both runs, among those scored in either
    #[arg(long, value_name = "SHARE", default_value_t = DEFAULT_MIN_COVERAGE)]
    pub(crate) min_coverage: f64,
    /// Treats running and failed runs as completed
    #[arg(long)]
    pub(crate) unfinished: bool,
    /// How to judge equal scores when outputs differ
    #[arg(long, value_name = "RULE", value_enum, default_value_t)]
    pub(crate) equal_scores: EqualScored,
    /// Rejects if a slice (see --slice-by) got significantly worse by more than the margin; without this option it is only
    /// named
    #[arg(long, requires = "slice_by")]
    pub(crate) gate_slices: bool,
    /// Records the verdict in the store, for "runstore verdicts"
    #[arg(long)]
    pub(crate) record: bool,
    #[command(flatten)]
    pub(crate) how: How,
    #[command(flatten)]
    pub(crate) report: Report,
}

/// Checks whether a run meets the thresholds of its suite: pass, warn or fail, and sets the exit code.
///
/// Each case is compared with the thresholds of its scorers, and the run with all thresholds of its suite. A run without
/// scores, or in a suite without thresholds, gets no verdict: the error says what is missing, and what to do about it.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::CHECK)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) run: RunArgument,
    /// Exits with 2 when the verdict is warn
    #[arg(long)]
    pub(crate) warn_as_failure: bool,
    #[command(flatten)]
    pub(crate) report: Report,
}

/// Names two runs.
#[derive(Args, Debug)]
pub(crate) struct Pair {
    /// The baseline: a run's id, its first four or more characters, name, latest, latest:NAME, baseline or
    /// baseline:NAME
    #[arg(value_name = "BASELINE")]
    pub(crate) baseline: String,
    /// The candidate, named in the same way
    #[arg(value_name = "CANDIDATE")]
    pub(crate) candidate: String,
    /// Another run on the side of the baseline; may be repeated
    #[arg(long, value_name = "RUN")]
    pub(crate) more_baselines: Vec<String>,
    /// Another run on the side of the candidate; may be repeated
    #[arg(long, value_name = "RUN")]
    pub(crate) more_candidates: Vec<String>,
    /// The suite that names of runs refer to, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

/// How runs are compared.
#[derive(Args, Debug)]
pub(crate) struct How {
    /// Only this scorer; may be repeated [default: all but those of people, if there are others]
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Vec<String>,
    /// A scorer for which lower scores are better; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// How the cases of both runs are paired
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) pair_by: PairedBy,
    /// Probability that an interval misses the true value
    #[arg(long, value_name = "P", default_value_t = ALPHA)]
    pub(crate) alpha: f64,
    /// Probability of detecting the minimum detectable effect
    #[arg(long, value_name = "P", default_value_t = POWER)]
    pub(crate) power: f64,
    /// A case whose score changed by at most this counts as unchanged
    #[arg(long, value_name = "SIZE", default_value_t = 0.0)]
    pub(crate) tolerance: f64,
    /// Also compares the cases for each value of a field, metadata.FIELD or input.FIELD
    #[arg(long, value_name = "FIELD")]
    pub(crate) slice_by: Option<String>,
    /// How several scores of a trial, and the trials of a case, become one score: mean, median, mode, max, min or at-least=K
    /// (1 if K trials or more score 1)
    #[arg(long, value_name = "HOW", default_value = "mean", value_parser = reducer)]
    pub(crate) reducer: Reducer,
    /// The value of a missing score
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) missing: Lacking,
    /// The possible scores, for missing ones: LOW:HIGH for all scorers or SCORER=LOW:HIGH; may be repeated
    #[arg(long, value_name = "SCALE", value_parser = scale_for_scorer)]
    pub(crate) range: Vec<ScaleForScorer>,
    /// How many changed cases to list, largest regression first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Lists changed cases with their inputs and outputs
    #[arg(long)]
    pub(crate) texts: bool,
}

/// How a comparison is reported.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// The format of the answer
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, conflicts_with = "json")]
    pub(crate) format: Format,
    /// Writes to the summary of a GitHub job ($GITHUB_STEP_SUMMARY), and annotations to stderr
    #[arg(long)]
    pub(crate) github: bool,
}

/// The format of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
}

/// How cases are paired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PairedBy {
    /// By key when every case has one, otherwise by input
    #[default]
    Auto,
    /// By key
    Key,
    /// By input
    Input,
    /// By position in the dataset, which must be the same in both runs
    Idx,
}

impl From<PairedBy> for PairBy {
    fn from(by: PairedBy) -> Self {
        match by {
            PairedBy::Auto => PairBy::Auto,
            PairedBy::Key => PairBy::Key,
            PairedBy::Input => PairBy::Input,
            PairedBy::Idx => PairBy::Idx,
        }
    }
}

/// The value of a missing score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lacking {
    /// The value that is worst for the verdict
    #[default]
    Worst,
    /// The worst score, as if the case had failed
    Fail,
    /// No value: the score is not counted
    Ignore,
}

/// How equal scores are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EqualScored {
    /// The interval decides
    #[default]
    Interval,
    /// They are allowed
    Allow,
}

pub(super) fn reducer(text: &str) -> Result<Reducer, String> {
    match (text, text.strip_prefix("at-least=").map(str::parse::<usize>)) {
        ("mean", _) => Ok(Reducer::Mean),
        ("median", _) => Ok(Reducer::Median),
        ("mode", _) => Ok(Reducer::Mode),
        ("max", _) => Ok(Reducer::Max),
        ("min", _) => Ok(Reducer::Min),
        (_, Some(Ok(k))) if k > 0 => Ok(Reducer::AtLeast(k)),
        _ => Err("it must be mean, median, mode, max, min or at-least=K".to_owned()),
    }
}

/// A scale for one scorer, or for all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScaleForScorer {
    scorer: Option<String>,
    scale: Scale,
}

fn scale_for_scorer(text: &str) -> Result<ScaleForScorer, String> {
    let (scorer, scale) = match text.rsplit_once('=') {
        Some((scorer, scale)) => (Some(scorer.to_owned()), scale),
        None => (None, text),
    };
    let ends = scale
        .split_once(':')
        .and_then(|(low, high)| Some(Scale { low: low.parse().ok()?, high: high.parse().ok()? }));
    let scale = ends.ok_or_else(|| "it must be LOW:HIGH or SCORER=LOW:HIGH".to_owned())?;
    if scale.low >= scale.high || !scale.low.is_finite() || !scale.high.is_finite() {
        return Err("LOW must be below HIGH, and both finite".to_owned());
    }
    Ok(ScaleForScorer { scorer, scale })
}

/// A number for one scorer, or for all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ForScorer {
    scorer: Option<String>,
    number: f64,
}

pub(super) fn for_scorer(text: &str) -> Result<ForScorer, String> {
    let (scorer, number) = match text.rsplit_once('=') {
        Some((scorer, number)) => (Some(scorer.to_owned()), number),
        None => (None, text),
    };
    let number: f64 = number.parse().map_err(|_| "it must be SIZE or SCORER=SIZE".to_owned())?;
    Ok(ForScorer { scorer, number })
}

impl Pair {
    /// Returns the names of the baseline's runs.
    pub(crate) fn baselines(&self) -> Vec<&str> {
        [&self.baseline].into_iter().chain(&self.more_baselines).map(String::as_str).collect()
    }

    /// Returns the names of the candidate's runs.
    pub(crate) fn candidates(&self) -> Vec<&str> {
        [&self.candidate].into_iter().chain(&self.more_candidates).map(String::as_str).collect()
    }

    fn suite_id(&self, store: &Moment<'_>) -> Result<Option<String>, Failure> {
        suite_name::find_id(store, self.suite.as_deref())
    }
}

impl Compare {
    pub(crate) fn options(&self, store: &Moment<'_>) -> Result<ComparisonOptions, Failure> {
        self.how.options(self.pair.suite_id(store)?)
    }
}

impl How {
    fn options(&self, suite_id: Option<String>) -> Result<ComparisonOptions, Failure> {
        Ok(ComparisonOptions {
            suite_id,
            reducer: self.reducer,
            missing: match self.missing {
                Lacking::Worst => Missing::Worst,
                Lacking::Fail => Missing::Fail,
                Lacking::Ignore => Missing::Ignore,
            },
            range: scales(&self.range)?,
            scorers: self.scorer.clone(),
            lower_is_better: self.lower_is_better.clone(),
            pair_by: self.pair_by.into(),
            alpha: self.alpha,
            power: self.power,
            tolerance: self.tolerance,
            max_diffs: if self.limit == 0 { usize::MAX } else { self.limit },
            texts: self.texts,
            slice_by: self.slice_by.clone(),
            ..ComparisonOptions::default()
        })
    }
}

impl Gate {
    pub(crate) fn options(&self, store: &Moment<'_>) -> Result<GateOptions, Failure> {
        let defaults = GateOptions::default();
        Ok(GateOptions {
            comparison: self.how.options(self.pair.suite_id(store)?)?,
            margin: per_scorer("--margin", &self.margin)?.unwrap_or(defaults.margin),
            require_improvement: per_scorer("--require-improvement", &self.require_improvement)?,
            min_coverage: self.min_coverage,
            unfinished: self.unfinished,
            equal_scores: match self.equal_scores {
                EqualScored::Interval => EqualScores::Interval,
                EqualScored::Allow => EqualScores::Allow,
            },
            gate_slices: self.gate_slices,
        })
    }
}

fn scales(given: &[ScaleForScorer]) -> Result<Option<ScalePerScorer>, Failure> {
    match given {
        [] => Ok(None),
        [ScaleForScorer { scorer: None, scale }] => Ok(Some(ScalePerScorer::All(*scale))),
        each if each.iter().all(|one| one.scorer.is_some()) => {
            let each = each.iter().filter_map(|one| Some((one.scorer.clone()?, one.scale)));
            Ok(Some(ScalePerScorer::Each(each.collect())))
        }
        _ => Err(Failure::usage("--range is given for all scorers and more than once")
            .hint("give --range once, or as SCORER=LOW:HIGH each time")),
    }
}

pub(super) fn per_scorer(option: &str, given: &[ForScorer]) -> Result<Option<PerScorer>, Failure> {
    let for_all = given.iter().find(|each| each.scorer.is_none());
    match (given, for_all) {
        ([], _) => Ok(None),
        ([only], Some(_)) => Ok(Some(PerScorer::All(only.number))),
        (_, Some(_)) => {
            Err(Failure::usage(format!("{option} is given for all scorers and more than once"))
                .hint(format!("give {option} once, or as SCORER=SIZE each time")))
        }
        (each, None) => {
            let each = each.iter().filter_map(|each| Some((each.scorer.clone()?, each.number)));
            Ok(Some(PerScorer::Each(each.collect::<BTreeMap<_, _>>())))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn a_size_applies_to_all_scorers_or_to_one() {
        let given = |texts: &[&str]| -> Vec<ForScorer> {
            texts.iter().map(|text| for_scorer(text).unwrap()).collect()
        };
        assert_eq!(per_scorer("--margin", &[]), Ok(None));
        assert_eq!(per_scorer("--margin", &given(&["0.05"])), Ok(Some(PerScorer::All(0.05))));
        let each = per_scorer("--margin", &given(&["exact=0.01", "a=b=2"])).unwrap().unwrap();
        assert_eq!(each.of("exact"), Some(0.01));
        assert_eq!(each.of("a=b"), Some(2.0));
        assert!(per_scorer("--margin", &given(&["0.05", "exact=0.01"])).is_err());
        assert!(for_scorer("exact=").is_err());
    }
}
