//! Whether the candidate may replace the baseline.
//!
//! All scorers must be allowed, which needs no correction for their number; a single rejection rejects, so its p-value
//! is corrected by Holm over all of them (Berger 1982 and Holm 1979). [`judgement`](super::judgement) decides for each
//! scorer.

use serde::Serialize;

use super::comparison::compare_for;
use super::judgement::{Evidence, Whole, gain};
use super::method::Method;
use super::note::{Fact, Note};
use super::options::{DEFAULT_MARGIN, GateOptions};
use super::paired_scores::PairedScores;
use super::reason::{Advice, Finding, Reason};
use super::report::{Comparison, Coverage, Ends, OfBoth, ScorerComparison, Slice};
use super::scorer_comparison::{compared_scorer, correct};
use super::side::{Role, RunReference};
use super::worst::{Badness, loss};
use crate::error::{Argument, Result, StoreError};
use crate::model::Decision;
use crate::store::Store;

const OPERATION: &str = "gate";

/// The verdict on one scorer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScorerVerdict {
    /// The scorer.
    pub scorer: String,
    /// The decision.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// The acceptable loss, in units of the scores.
    pub margin: f64,
    /// The required gain.
    pub required_improvement: Option<f64>,
    /// Whether lower scores are better.
    pub lower_is_better: bool,
    /// Cases that were scored in both runs.
    pub n: usize,
    /// Mean of candidate − baseline.
    pub delta: Option<f64>,
    /// Of the difference, at level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all gated scorers.
    pub p_adjusted: Option<f64>,
    /// One-sided, of a loss of at least the margin.
    pub p_loss_beyond_margin: Option<f64>,
    /// The method behind the figures.
    pub method: Option<Method>,
    /// How many cases in all would settle it, if it is inconclusive, under the assumption in the reason's advice.
    pub cases_needed: Option<f64>,
}

impl ScorerVerdict {
    /// Returns the interval if it decides: where nothing changed, it may extend beyond the margin of an ALLOW.
    pub fn deciding_interval(&self) -> Option<Ends> {
        let is_equal = matches!(
            self.reason.finding,
            Finding::NothingChanged { .. } | Finding::EqualScores { .. }
        );
        self.interval.filter(|_| !is_equal)
    }
}

/// The verdict on a candidate.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GateReport {
    /// The decision.
    pub decision: Decision,
    /// The reasons; the deciding ones come first, and of those the largest losses.
    pub reasons: Vec<Reason>,
    /// Probability that an interval misses the true value.
    pub alpha: f64,
    /// By name.
    pub scorers: Vec<ScorerVerdict>,
    /// The comparison behind it.
    pub comparison: Comparison,
}

impl GateReport {
    /// Returns the verdicts on scorers: rejections first, then doubts, and larger losses, as shares of their scales,
    /// before smaller ones.
    pub fn worst_first(&self) -> Vec<&ScorerVerdict> {
        let badness = |(verdict, of): (&ScorerVerdict, &ScorerComparison)| Badness {
            decision: Some(verdict.decision),
            loss: loss(verdict.delta, of),
        };
        let pairs = self.scorers.iter().zip(&self.comparison.scorers);
        let mut ranked: Vec<_> = pairs.map(|pair| (badness(pair), pair.0)).collect();
        ranked.sort_by(|(one, _), (other, _)| one.before(other));
        ranked.into_iter().map(|(_, verdict)| verdict).collect()
    }
}

/// Decides whether a candidate may replace the baseline, each being one run or several.
pub fn gate(
    store: &Store,
    baseline: &[&str],
    candidate: &[&str],
    options: &GateOptions,
) -> Result<GateReport> {
    options.check().map_err(|error| error.during(OPERATION))?;
    let sides = [baseline, candidate];
    let comparison =
        compare_for(OPERATION, store, sides, &options.comparison, Some(&options.margin))?;
    check_names(&comparison, options).map_err(|error| error.during(OPERATION))?;
    let whole = Whole {
        scorers: comparison.scorers.len(),
        shared_keys: shared_keys(&comparison),
        trials: trials(&comparison),
        runs: OfBoth {
            baseline: comparison.baseline_runs.len(),
            candidate: comparison.candidate_runs.len(),
        },
    };
    let verdicts = comparison.scorers.iter().map(|scorer| verdict(scorer, options, whole));
    let mut scorers: Vec<ScorerVerdict> = verdicts.collect();
    if let Some((finding, advice)) = nothing_paired(&comparison) {
        let unpaired = |scorer| undecided(scorer, finding.clone(), advice.clone());
        scorers = scorers.iter().map(unpaired).collect();
    }
    let own = scorers.iter().zip(&comparison.scorers).map(|(verdict, of)| Said::of(verdict, of));
    let said = (unfinished_verdicts(&comparison, options).into_iter())
        .chain(slice_verdicts(&comparison, options))
        .chain(nothing_scored(&comparison))
        .chain(own)
        .collect();
    let (decision, reasons) = concluded(said);
    Ok(GateReport { decision, reasons, alpha: comparison.alpha, scorers, comparison })
}

/// Decides the same for the scores of one scorer from any source; all of them count.
///
/// ```
/// use runstore::compare::{Decision, GateOptions, PairedScores, gate_scores};
///
/// let scores = PairedScores { baseline: vec![1.0; 50], candidate: vec![0.0; 50], ..PairedScores::default() };
/// assert_eq!(gate_scores("exact", &scores, &GateOptions::default())?.decision, Decision::Reject);
/// # Ok::<(), runstore::StoreError>(())
/// ```
pub fn gate_scores(
    scorer: &str,
    scores: &PairedScores,
    options: &GateOptions,
) -> Result<ScorerVerdict> {
    options.check().map_err(|error| error.during(OPERATION))?;
    let margin = options.margin.of(scorer).unwrap_or(DEFAULT_MARGIN);
    let mut compared = [compared_scorer(scorer, scores, &options.comparison, Some(margin))?];
    correct(&mut compared, options.comparison.alpha)?;
    Ok(verdict(
        &compared[0],
        options,
        Whole {
            scorers: 1,
            shared_keys: 0,
            trials: OfBoth::default(),
            runs: OfBoth { baseline: 1, candidate: 1 },
        },
    ))
}

/// Of several runs of one side, there are more trials for another reason.
fn trials(comparison: &Comparison) -> OfBoth {
    if comparison.has_single_runs() { comparison.coverage.trials } else { OfBoth::default() }
}

/// Refuses margins for scorers that the runs do not have, because a misspelt name would open the gate.
fn check_names(comparison: &Comparison, options: &GateOptions) -> Result<()> {
    let known: Vec<&str> = comparison.scorers.iter().map(|scorer| scorer.scorer.as_str()).collect();
    let margins = options.margin.names().map(|name| ("margin", name));
    let improvements = options.require_improvement.iter().flat_map(|each| each.names());
    for (option, name) in margins.chain(improvements.map(|name| ("require_improvement", name))) {
        if !known.contains(&name.as_str()) {
            let expected = format!("for scorers that are compared ({})", known.join(", "));
            return Err(StoreError::value(
                Argument::option(option),
                expected,
                format_args!("for \"{name}\""),
            ));
        }
    }
    Ok(())
}

/// A reason, and its weight.
struct Said {
    badness: Badness,
    reason: Reason,
}

impl Said {
    /// About the runs as a whole: it comes before those about a scorer.
    fn of_runs(reason: Reason) -> Self {
        let badness = Badness { decision: Some(Decision::Inconclusive), loss: f64::INFINITY };
        Said { badness, reason }
    }

    fn of(verdict: &ScorerVerdict, scorer: &ScorerComparison) -> Self {
        let decision = Some(verdict.decision);
        let badness = Badness { decision, loss: loss(verdict.delta, scorer) };
        Said { badness, reason: verdict.reason.clone() }
    }
}

/// Returns the decision and its reasons, the worst first.
fn concluded(mut said: Vec<Said>) -> (Decision, Vec<Reason>) {
    said.sort_by(|one, other| one.badness.before(&other.badness));
    let decision = said.iter().find_map(|said| said.badness.decision);
    let reasons = said.into_iter().map(|said| said.reason).collect();
    (decision.unwrap_or(Decision::Inconclusive), reasons)
}

/// Returns how many cases have the key of another.
fn shared_keys(comparison: &Comparison) -> usize {
    let shared = |note: &Note| match note.fact {
        Fact::SharedKeys { cases } => Some(cases),
        _ => None,
    };
    comparison.notes.iter().find_map(shared).unwrap_or_default()
}

fn verdict(scorer: &ScorerComparison, options: &GateOptions, whole: Whole) -> ScorerVerdict {
    let margin = options.margin.of(&scorer.scorer).unwrap_or(DEFAULT_MARGIN);
    let required = options.require_improvement.as_ref().and_then(|each| each.of(&scorer.scorer));
    let evidence = Evidence::of(scorer, options, whole);
    let judgement = evidence.judge(margin, required);
    let cases_needed = judgement.needed();
    let reason = Reason::new(Some(&scorer.scorer), judgement.finding, judgement.advice);
    ScorerVerdict {
        scorer: scorer.scorer.clone(),
        decision: judgement.decision,
        reason,
        margin,
        required_improvement: required,
        lower_is_better: scorer.lower_is_better,
        n: scorer.n,
        delta: scorer.delta,
        interval: scorer.interval,
        p_value: scorer.p_value,
        p_adjusted: scorer.p_adjusted,
        p_loss_beyond_margin: scorer.p_beyond_margin,
        method: scorer.method,
        cases_needed,
    }
}

/// Returns why no case is in both runs, if none is; then it does not matter what each scorer lacks.
fn nothing_paired(comparison: &Comparison) -> Option<(Finding, Vec<Advice>)> {
    if comparison.coverage.both > 0 {
        return None;
    }
    if let Some((role, run)) = comparison.empty_side() {
        return Some(no_cases(role, run));
    }
    let by_key = comparison.pairing.by == "key";
    let advice = if by_key { Advice::SameKeys } else { Advice::GiveKeys };
    Some((Finding::NoCommonCase, vec![advice]))
}

fn undecided(scorer: &ScorerVerdict, finding: Finding, advice: Vec<Advice>) -> ScorerVerdict {
    ScorerVerdict {
        decision: Decision::Inconclusive,
        reason: Reason::new(Some(&scorer.scorer), finding, advice),
        cases_needed: None,
        ..scorer.clone()
    }
}

/// Returns the reason if no scorer scored a case: without anything to compare, a candidate is not allowed.
fn nothing_scored(comparison: &Comparison) -> Vec<Said> {
    if !comparison.scorers.is_empty() {
        return vec![];
    }
    let said = |(finding, advice)| Said::of_runs(Reason::new(None, finding, advice));
    if comparison.empty_side().is_some() {
        let empty = comparison.runs().filter(|(_, run)| run.cases == Some(0));
        return empty.map(|(role, run)| said(no_cases(role, run))).collect();
    }
    let reason = nothing_paired(comparison).unwrap_or_else(|| {
        let Coverage { errored, errored_trials: trials, .. } = comparison.coverage;
        let attempts = trials.baseline + trials.candidate;
        let run_again = (attempts > 0).then_some(Advice::RunAgain { attempts, errored: attempts });
        (Finding::NoScores { errored }, run_again.into_iter().collect())
    });
    vec![said(reason)]
}

fn no_cases(role: Role, run: &RunReference) -> (Finding, Vec<Advice>) {
    (Finding::NoCases { role, run: Box::new(run.clone()) }, vec![Advice::ChooseRun])
}

/// Runs that did not complete are never allowed, nor is a candidate compared with one.
fn unfinished_verdicts(comparison: &Comparison, options: &GateOptions) -> Vec<Said> {
    if options.unfinished {
        return vec![];
    }
    let unfinished = comparison.runs().filter(|(_, run)| run.status != "completed");
    let reason = |(role, run): (Role, &RunReference)| {
        let finding = Finding::Unfinished { role, run: Box::new(run.clone()) };
        Said::of_runs(Reason::new(None, finding, vec![Advice::Finish]))
    };
    unfinished.map(reason).collect()
}

/// Slices that lose beyond chance are named, and decide if the option requires it.
fn slice_verdicts(comparison: &Comparison, options: &GateOptions) -> Vec<Said> {
    let said = |slice: &Slice| {
        let scorer = comparison.scorers.iter().find(|one| one.scorer == slice.scorer)?;
        let level = 1.0 - comparison.alpha;
        let gain = gain(slice.delta, slice.interval?, scorer.lower_is_better, level);
        let is_loss = slice.significant && gain.mean < 0.0;
        let margin = options.margin.of(&slice.scorer).unwrap_or(DEFAULT_MARGIN);
        let decides = options.gate_slices && gain.mean < -margin;
        let badness = Badness {
            decision: decides.then_some(Decision::Reject),
            loss: loss(Some(slice.delta), scorer),
        };
        let value = slice.value.clone();
        let finding = Finding::SliceLoses { value, gain, margin, cases: slice.n, decides };
        let advice = (!options.gate_slices).then_some(Advice::ReviewSlice);
        let reason = || Reason::new(Some(&slice.scorer), finding, advice.into_iter().collect());
        is_loss.then(|| Said { badness, reason: reason() })
    };
    comparison.slices.iter().filter_map(said).collect()
}
