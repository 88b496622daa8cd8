//! May the candidate take the place of the baseline?
//!
//! The rule is that of non-inferiority trials: a loss of at most the margin is acceptable. With the interval [L, U] of
//! the difference, turned so that more is better: ALLOW when L ≥ −margin, REJECT when U < 0 and L < −margin, otherwise
//! INCONCLUSIVE. All scorers have to be allowed, which needs no correction for their number; one rejection rejects,
//! so its p-value is Holm's over all of them (Berger 1982 on the former, Holm 1979 on the latter).

use serde::Serialize;

use super::comparison::{compare_for, compared_scorer, correct};
use super::estimate::{Method, PairedScores};
use super::options::{DEFAULT_MARGIN, GateOptions, refused};
use super::report::{Comparison, Ends, ScorerComparison};
use crate::error::Result;
use crate::model::Decision;
use crate::store::Store;

const OPERATION: &str = "gate";

/// What a gate says of one scorer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScorerVerdict {
    /// The scorer.
    pub scorer: String,
    /// What is said.
    pub decision: Decision,
    /// Why, in words.
    pub reason: String,
    /// The loss that is acceptable, in units of the scores.
    pub margin: f64,
    /// The gain that is asked for.
    pub required_improvement: Option<f64>,
    /// Whether lower scores are better.
    pub lower_is_better: bool,
    /// Cases that were scored in both runs.
    pub n: usize,
    /// Mean of candidate − baseline.
    pub delta: Option<f64>,
    /// Of the difference, of level 1 − alpha.
    pub interval: Option<Ends>,
    /// Two-sided, of no difference.
    pub p_value: Option<f64>,
    /// Holm's, over all gated scorers.
    pub p_adjusted: Option<f64>,
    /// How the figures were made.
    pub method: Option<Method>,
    /// How many cases in all would settle it, when it is not settled.
    pub cases_needed: Option<f64>,
}

/// What a gate says of a candidate.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GateReport {
    /// What is said.
    pub decision: Decision,
    /// Why, in words; those that decide come first.
    pub reasons: Vec<String>,
    /// Probability of an interval that misses the truth.
    pub alpha: f64,
    /// By name.
    pub scorers: Vec<ScorerVerdict>,
    /// What it rests on.
    pub comparison: Comparison,
}

/// Says whether a candidate may take the place of the baseline.
pub fn gate(
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &GateOptions,
) -> Result<GateReport> {
    options.check().map_err(|error| error.during(OPERATION))?;
    let comparison = compare_for(OPERATION, store, baseline, candidate, &options.comparison)?;
    check_names(&comparison, options).map_err(|error| error.during(OPERATION))?;
    let errored = comparison.coverage.errored.candidate;
    let scorers: Vec<ScorerVerdict> =
        comparison.scorers.iter().map(|scorer| verdict(scorer, errored, options)).collect();
    let decision = decide(scorers.iter().map(|scorer| scorer.decision));
    Ok(GateReport {
        decision,
        reasons: reasons(decision, &scorers),
        alpha: comparison.alpha,
        scorers,
        comparison,
    })
}

/// Says the same of the scores of one scorer, wherever they come from; all of them count.
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
    let mut compared = [compared_scorer(scorer, scores, &options.comparison)?];
    correct(&mut compared, options.comparison.alpha)?;
    Ok(verdict(&compared[0], 0, options))
}

/// Refuses margins for scorers that the runs do not have: a typing error would open the gate.
fn check_names(comparison: &Comparison, options: &GateOptions) -> Result<()> {
    let known: Vec<&str> = comparison.scorers.iter().map(|scorer| scorer.scorer.as_str()).collect();
    let margins = options.margin.names().map(|name| ("margin", name));
    let improvements = options.require_improvement.iter().flat_map(|each| each.names());
    for (option, name) in margins.chain(improvements.map(|name| ("requireImprovement", name))) {
        if !known.contains(&name.as_str()) {
            let expected = format!("for scorers that are compared ({})", known.join(", "));
            return Err(refused(option, &expected, format_args!("for \"{name}\"")));
        }
    }
    Ok(())
}

fn decide(decisions: impl Iterator<Item = Decision>) -> Decision {
    let mut all: Option<Decision> = None;
    for decision in decisions {
        all = match (all, decision) {
            (Some(Decision::Reject), _) | (_, Decision::Reject) => Some(Decision::Reject),
            (Some(Decision::Inconclusive), _) | (_, Decision::Inconclusive) => {
                Some(Decision::Inconclusive)
            }
            _ => Some(Decision::Allow),
        };
    }
    // Nothing that could be compared is no reason to let a candidate pass.
    all.unwrap_or(Decision::Inconclusive)
}

fn reasons(decision: Decision, scorers: &[ScorerVerdict]) -> Vec<String> {
    if scorers.is_empty() {
        return vec!["no scorer scored a case in either run".to_owned()];
    }
    let (deciding, others): (Vec<_>, Vec<_>) =
        scorers.iter().partition(|scorer| scorer.decision == decision);
    let sentence = |scorer: &&ScorerVerdict| format!("{}: {}", scorer.scorer, scorer.reason);
    deciding.iter().chain(&others).map(sentence).collect()
}

fn verdict(scorer: &ScorerComparison, errored: usize, options: &GateOptions) -> ScorerVerdict {
    let margin = options.margin.of(&scorer.scorer).unwrap_or(DEFAULT_MARGIN);
    let required = options.require_improvement.as_ref().and_then(|each| each.of(&scorer.scorer));
    let evidence = Evidence::of(scorer, errored, options);
    let judgement = match required {
        Some(improvement) => evidence.improvement(improvement),
        None => evidence.non_inferiority(margin),
    };
    ScorerVerdict {
        scorer: scorer.scorer.clone(),
        decision: judgement.decision,
        reason: judgement.reason,
        margin,
        required_improvement: required,
        lower_is_better: scorer.lower_is_better,
        n: scorer.n,
        delta: scorer.delta,
        interval: scorer.interval,
        p_value: scorer.p_value,
        p_adjusted: scorer.p_adjusted,
        method: scorer.method,
        cases_needed: judgement.cases_needed,
    }
}

/// What is known of one scorer, turned so that more is better.
struct Evidence<'a> {
    scorer: &'a ScorerComparison,
    alpha: f64,
    /// Mean gain, with its interval.
    gain: Option<(f64, Ends)>,
    /// Why nothing can be allowed however good the figures are.
    gap: Option<String>,
}

struct Judgement {
    decision: Decision,
    reason: String,
    cases_needed: Option<f64>,
}

impl Judgement {
    fn new(decision: Decision, reason: String) -> Self {
        Judgement { decision, reason, cases_needed: None }
    }
}

impl<'a> Evidence<'a> {
    fn of(scorer: &'a ScorerComparison, errored: usize, options: &GateOptions) -> Self {
        let gain = scorer.delta.zip(scorer.interval).map(|(delta, Ends { low, high })| {
            if scorer.lower_is_better {
                (-delta, Ends { low: -high, high: -low })
            } else {
                (delta, Ends { low, high })
            }
        });
        let gap = gap(scorer, errored, options.min_coverage);
        Evidence { scorer, alpha: options.comparison.alpha, gain, gap }
    }

    fn non_inferiority(&self, margin: f64) -> Judgement {
        let n = self.scorer.n;
        if self.is_identical() && self.gap.is_none() {
            let reason = format!("all {n} cases have the same score in both runs");
            return Judgement::new(Decision::Allow, reason);
        }
        let Some((gain, interval)) = self.gain else { return self.too_few() };
        let figures = figures(gain, interval);
        if interval.high < 0.0 && interval.low < -margin && self.is_significant() {
            let reason = format!("worse by {}, beyond the margin of {}", figures, short(margin));
            return Judgement::new(Decision::Reject, reason);
        }
        if let Some(gap) = &self.gap {
            return Judgement::new(Decision::Inconclusive, gap.clone());
        }
        if interval.low >= -margin {
            let reason = format!("{figures}; a loss of more than {} is ruled out", short(margin));
            return Judgement::new(Decision::Allow, reason);
        }
        self.unsettled(
            margin,
            &format!("{figures}; a loss of more than {} is possible", short(margin)),
        )
    }

    /// The rule of evalsig: a significant gain, and one that is large enough.
    fn improvement(&self, required: f64) -> Judgement {
        let Some((gain, interval)) = self.gain else { return self.too_few() };
        let figures = figures(gain, interval);
        if let Some(gap) = &self.gap {
            return Judgement::new(Decision::Inconclusive, gap.clone());
        }
        let is_better = interval.low > 0.0 && self.is_significant();
        if is_better && gain >= required {
            return Judgement::new(Decision::Allow, format!("better by {figures}"));
        }
        if interval.high < required || is_better {
            let reason = format!("{figures}; a gain of {} was asked for", short(required));
            return Judgement::new(Decision::Reject, reason);
        }
        self.unsettled(
            required,
            &format!("{figures}; a gain of {} is possible, and so is none", short(required)),
        )
    }

    /// Whether no case that the baseline scored has another score, or none, in the candidate.
    fn is_identical(&self) -> bool {
        self.scorer.identical && self.scorer.scored_only.baseline == 0
    }

    fn is_significant(&self) -> bool {
        self.scorer.p_adjusted.is_some_and(|p| p < self.alpha)
    }

    fn too_few(&self) -> Judgement {
        let reason = match (self.scorer.n, self.scorer.clusters) {
            (0, _) => "no case was scored in both runs".to_owned(),
            (1, _) => "only one case was scored in both runs".to_owned(),
            _ => "the cases are all in one cluster".to_owned(),
        };
        Judgement::new(Decision::Inconclusive, self.gap.clone().unwrap_or(reason))
    }

    /// Says how many cases it would take.
    fn unsettled(&self, target: f64, reason: &str) -> Judgement {
        let n = self.scorer.n as f64;
        let needed = self.scorer.minimum_detectable_effect.filter(|_| target > 0.0);
        let needed = needed
            .map(|effect| (n * (effect / target).powi(2)).ceil())
            .filter(|total| total.is_finite());
        let advice = match needed {
            Some(total) if total > n => {
                format!(
                    "; about {} more cases would show a difference of {}",
                    total - n,
                    short(target)
                )
            }
            Some(_) => "; more cases would narrow the interval".to_owned(),
            None if target == 0.0 => {
                "; no number of cases can rule out every loss, give a margin".to_owned()
            }
            None => String::new(),
        };
        Judgement {
            decision: Decision::Inconclusive,
            reason: format!("{reason}{advice}"),
            cases_needed: needed,
        }
    }
}

/// Returns why the candidate's scores do not speak for all of the baseline's cases.
fn gap(scorer: &ScorerComparison, errored: usize, min_coverage: f64) -> Option<String> {
    let scored = scorer.n + scorer.scored_only.baseline;
    if scorer.n as f64 >= min_coverage * scored as f64 && scorer.n > 0 {
        return None;
    }
    let because = match errored {
        0 => String::new(),
        1 => " (one case has an error)".to_owned(),
        _ => format!(" ({errored} cases have an error)"),
    };
    Some(match scored {
        0 => "the baseline has no score of it".to_owned(),
        _ => format!(
            "the candidate has a score for only {} of the baseline's {scored} cases{because}",
            scorer.n
        ),
    })
}

fn figures(gain: f64, Ends { low, high }: Ends) -> String {
    format!("{} [{}, {}]", signed(gain), signed(low), signed(high))
}

fn signed(number: f64) -> String {
    format!("{}{}", if number < 0.0 { "−" } else { "+" }, short(number.abs()))
}

/// Returns a number with the digits that matter: at least four after the point, or four in all.
fn short(number: f64) -> String {
    let digits = if number >= 100.0 { 1 } else { 4 };
    let text = format!("{number:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() { "0".to_owned() } else { text.to_owned() }
}
