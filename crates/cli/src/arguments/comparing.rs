//! Arguments of the commands that compare two runs.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};

use super::json_help;
use crate::failure::Failure;
use crate::{run_name, suite_name};
use runstore::compare::{ComparisonOptions, GateOptions, PairBy, PerScorer};
use runstore::model::Run;
use runstore::store::Store;

/// Compares two runs case by case: what changed, and whether that can be trusted.
///
/// Differences are candidate − baseline. Intervals and p-values follow from the cases that are in both runs; trials of
/// a case are averaged first.
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

/// Says whether a run may take the place of another: ALLOW, REJECT or INCONCLUSIVE, also by its exit code.
///
/// A loss of at most the margin is acceptable. ALLOW: a larger loss is ruled out. REJECT: there is a loss, and it may be
/// larger. INCONCLUSIVE: neither can be said; the answer names how many cases would settle it.
#[derive(Args, Debug)]
#[command(after_long_help = json_help::GATE, allow_negative_numbers = true)]
pub(crate) struct Gate {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// The loss that is acceptable, for all scorers or as SCORER=SIZE; may be repeated [default: 0.02]
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) margin: Vec<ForScorer>,
    /// A gain that is asked for instead, for all scorers or as SCORER=SIZE; may be repeated
    #[arg(long, value_name = "SIZE", value_parser = for_scorer)]
    pub(crate) require_improvement: Vec<ForScorer>,
    /// Share of the baseline's scored cases that the candidate has to have scored
    #[arg(long, value_name = "SHARE", default_value_t = 0.95)]
    pub(crate) min_coverage: f64,
    /// Keeps the verdict in the store, for "runstore verdicts"
    #[arg(long)]
    pub(crate) record: bool,
    #[command(flatten)]
    pub(crate) how: How,
    #[command(flatten)]
    pub(crate) report: Report,
}

/// Names two runs.
#[derive(Args, Debug)]
pub(crate) struct Pair {
    /// What is compared with: id, its first four or more characters, name, latest, latest:MODEL, baseline or
    /// baseline:NAME
    #[arg(value_name = "BASELINE")]
    pub(crate) baseline: String,
    /// What is compared, named likewise
    #[arg(value_name = "CANDIDATE")]
    pub(crate) candidate: String,
    /// Only runs of this suite are meant, by name or id
    #[arg(long, value_name = "SUITE")]
    pub(crate) suite: Option<String>,
}

/// How runs are compared.
#[derive(Args, Debug)]
pub(crate) struct How {
    /// Only this scorer; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) scorer: Vec<String>,
    /// A scorer whose lower scores are better; may be repeated
    #[arg(long, value_name = "SCORER")]
    pub(crate) lower_is_better: Vec<String>,
    /// By what the cases of both runs are paired
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) pair_by: PairedBy,
    /// Probability of an interval that misses the truth
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    pub(crate) alpha: f64,
    /// Probability of seeing a difference that is there, for the smallest one that shows
    #[arg(long, value_name = "P", default_value_t = 0.8)]
    pub(crate) power: f64,
    /// A difference of at most this size is no change of a case
    #[arg(long, value_name = "SIZE", default_value_t = 0.0)]
    pub(crate) tolerance: f64,
    /// Compares apart the cases that share the value of a field, metadata.FIELD or input.FIELD
    #[arg(long, value_name = "FIELD")]
    pub(crate) slice_by: Option<String>,
    /// How many changed cases to list, largest regression first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Lists changed cases with their inputs and outputs
    #[arg(long)]
    pub(crate) texts: bool,
}

/// What is made of a comparison.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, conflicts_with = "json")]
    pub(crate) format: Format,
    /// Adds to the summary of a GitHub job ($GITHUB_STEP_SUMMARY), and annotates it by lines on stderr
    #[arg(long)]
    pub(crate) github: bool,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
}

/// By what cases are paired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PairedBy {
    /// By key when every case has one, otherwise by input
    #[default]
    Auto,
    /// By key
    Key,
    /// By input
    Input,
    /// By place in the dataset, which has to be the same one
    Idx,
}

/// A number for one scorer, or for all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ForScorer {
    scorer: Option<String>,
    number: f64,
}

fn for_scorer(text: &str) -> Result<ForScorer, String> {
    let (scorer, number) = match text.rsplit_once('=') {
        Some((scorer, number)) => (Some(scorer.to_owned()), number),
        None => (None, text),
    };
    let number: f64 = number.parse().map_err(|_| "it must be SIZE or SCORER=SIZE".to_owned())?;
    Ok(ForScorer { scorer, number })
}

impl Pair {
    /// Returns the runs that are meant, baseline first.
    pub(crate) fn find(&self, store: &Store) -> Result<(Run, Run), Failure> {
        let suite =
            self.suite.as_deref().map(|suite| suite_name::find(store, suite)).transpose()?;
        let suite = suite.as_ref().map(|suite| suite.id.as_str());
        run_name::find_both(store, &self.baseline, &self.candidate, suite)
    }
}

impl How {
    pub(crate) fn options(&self) -> ComparisonOptions {
        ComparisonOptions {
            scorers: self.scorer.clone(),
            lower_is_better: self.lower_is_better.clone(),
            pair_by: match self.pair_by {
                PairedBy::Auto => PairBy::Auto,
                PairedBy::Key => PairBy::Key,
                PairedBy::Input => PairBy::Input,
                PairedBy::Idx => PairBy::Idx,
            },
            alpha: self.alpha,
            power: self.power,
            tolerance: self.tolerance,
            max_diffs: if self.limit == 0 { usize::MAX } else { self.limit },
            texts: self.texts,
            slice_by: self.slice_by.clone(),
            ..ComparisonOptions::default()
        }
    }
}

impl Gate {
    pub(crate) fn options(&self) -> Result<GateOptions, Failure> {
        let defaults = GateOptions::default();
        Ok(GateOptions {
            comparison: self.how.options(),
            margin: per_scorer("--margin", &self.margin)?.unwrap_or(defaults.margin),
            require_improvement: per_scorer("--require-improvement", &self.require_improvement)?,
            min_coverage: self.min_coverage,
        })
    }
}

fn per_scorer(option: &str, given: &[ForScorer]) -> Result<Option<PerScorer>, Failure> {
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
    fn a_size_is_for_all_scorers_or_for_one() {
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
