//! The decision by the scores of one scorer.
//!
//! The rule is that of non-inferiority trials: a loss of at most the margin is acceptable. With the interval [L, U] of
//! the difference, where positive is better: ALLOW if L ≥ −margin; REJECT if there is a loss (U ≤ 0 and Holm's p below
//! alpha) and its estimate is beyond the margin; otherwise INCONCLUSIVE. An ALLOW must hold if the missing scores were
//! the worst possible, a REJECT if they were the best.

#[cfg(doc)]
use super::estimate::Estimate;
use super::missing::Missing;
use super::options::{DEFAULT_MARGIN, EqualScores, GateOptions};
use super::reason::{Advice, Assumption, Finding, Gain, Plan};
use super::report::{Bound, Ends, OfBoth, ScorerComparison};
use crate::model::Decision;
use crate::stats::ErrorRates;

/// With such an alpha, an interval misses the true value as often as not.
const ALMOST_CHANCE: f64 = 0.5;

/// A decision, and why.
pub(super) struct Judgement {
    pub(super) decision: Decision,
    pub(super) finding: Finding,
    pub(super) advice: Vec<Advice>,
}

impl Judgement {
    fn new(decision: Decision, finding: Finding) -> Self {
        Judgement { decision, finding, advice: vec![] }
    }

    fn advising(self, advice: impl IntoIterator<Item = Advice>) -> Self {
        Judgement { advice: advice.into_iter().collect(), ..self }
    }

    /// How many cases in all would settle it.
    pub(super) fn needed(&self) -> Option<f64> {
        self.advice.iter().find_map(|advice| match advice {
            Advice::MoreCases(plan) => Some(plan.total),
            _ => None,
        })
    }
}

/// What the verdict on one scorer takes from the whole comparison.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    /// The number of gated scorers.
    pub(super) scorers: usize,
    /// Cases with the key of another.
    pub(super) shared_keys: usize,
    /// The largest number of trials of a case.
    pub(super) trials: OfBoth,
    /// The runs of each side.
    pub(super) runs: OfBoth,
}

/// The estimate for a scorer, where positive is better.
pub(super) struct Evidence<'a> {
    scorer: &'a ScorerComparison,
    options: &'a GateOptions,
    whole: Whole,
    seen: Option<Known>,
    worst: Option<Known>,
    best: Option<Known>,
}

#[derive(Clone, Copy)]
struct Known {
    gain: Gain,
    /// Whether Holm's p is below alpha.
    is_significant: bool,
}

impl Known {
    /// Whether a loss of any size is established, by test and interval: see [`Estimate::tested`].
    fn is_loss(&self) -> bool {
        self.gain.mean < 0.0 && self.gain.high <= 0.0 && self.is_significant
    }
}

impl<'a> Evidence<'a> {
    pub(super) fn of(scorer: &'a ScorerComparison, options: &'a GateOptions, whole: Whole) -> Self {
        let alpha = options.comparison.alpha;
        let known = |delta: Option<f64>, ends: Option<Ends>, p: Option<f64>| {
            let gain = gain(delta?, ends?, scorer.lower_is_better, 1.0 - alpha);
            Some(Known { gain, is_significant: p.is_some_and(|p| p < alpha) })
        };
        let seen = known(scorer.delta, scorer.interval, scorer.p_adjusted);
        let bound = |bound: Option<Bound>| match bound {
            Some(bound) => known(Some(bound.delta), bound.interval, bound.p_adjusted),
            None => seen,
        };
        let (worst, best) = (bound(scorer.worst_case), bound(scorer.best_case));
        Evidence { scorer, options, whole, seen, worst, best }
    }

    /// Decides whether the required gain is there, or else, whether a loss beyond the margin is ruled out.
    pub(super) fn judge(&self, margin: f64, required: Option<f64>) -> Judgement {
        let mut judgement = match required {
            Some(required) => self.improvement(required, margin),
            None => self.non_inferiority(margin),
        };
        judgement.advice.extend(self.usual_alpha(&judgement.advice));
        judgement
    }

    /// Says that more cases are needed because alpha is smaller than usual, or that it is so large that it decides little.
    fn usual_alpha(&self, advice: &[Advice]) -> Option<Advice> {
        let (alpha, usual) = (self.options.comparison.alpha, ErrorRates::default().alpha);
        let is_more = |advice: &Advice| {
            use Advice::{MoreCases, MoreClusters, TooFewToProve};
            matches!(advice, MoreCases(_) | MoreClusters(_) | TooFewToProve { .. })
        };
        if alpha >= ALMOST_CHANCE {
            return Some(Advice::SmallerAlpha { alpha, usual });
        }
        (alpha < usual && advice.iter().any(is_more))
            .then_some(Advice::LargerAlpha { alpha, usual })
    }

    /// Decides whether a loss beyond the margin is ruled out.
    fn non_inferiority(&self, margin: f64) -> Judgement {
        let decided = self.equal().or_else(|| self.loss_beyond(margin)).or_else(|| self.gap());
        if let Some(judgement) = decided {
            return judgement;
        }
        let Some(seen) = self.seen else { return self.too_few() };
        let is_allowed = |known: &Known| known.gain.low >= -margin;
        if self.worst.as_ref().is_some_and(is_allowed) {
            let established = seen.is_loss();
            let finding = Finding::LossRuledOut { gain: seen.gain, margin, established };
            let advice = self.smaller_margin(margin).into_iter().chain(self.own_margin());
            let advice = advice.chain(self.review_missing());
            return Judgement::new(Decision::Allow, finding).advising(advice);
        }
        if is_allowed(&seen) {
            return self.missing(seen.gain, margin, None);
        }
        let gain = seen.gain;
        let finding = match seen.is_loss() {
            true => Finding::LossEstablished { gain, margin },
            false => Finding::LossPossible { gain, margin },
        };
        let review: Vec<Advice> = match gain.mean {
            loss if loss < 0.0 => self.review().collect(),
            _ => self.review_outputs().into_iter().collect(),
        };
        let gaps = self.fill_what_counts();
        // If the margin does not fit the scores, no number of cases is the right answer.
        let next = match self.own_margin() {
            Some(margin) => vec![margin],
            // With the missing scores, nothing may have changed.
            None if !gaps.is_empty() && self.is_unchanged() => vec![],
            None => self.towards(&seen, margin),
        };
        let advice = gaps.into_iter().chain(review).chain(self.equal_trials());
        Judgement::new(Decision::Inconclusive, finding).advising(advice.chain(next))
    }

    /// Rejects a loss beyond the margin, if there is one even with the best possible scores in place of the missing ones.
    fn loss_beyond(&self, margin: f64) -> Option<Judgement> {
        let best = self.best.filter(|best| best.is_loss() && best.gain.mean < -margin)?;
        let certain = best.gain.high < -margin;
        let gain = self.seen.map_or(best.gain, |seen| seen.gain);
        let finding = Finding::LossBeyondMargin { gain, margin, certain };
        let advice = self.review_missing().chain(self.review()).chain(self.own_margin());
        Some(Judgement::new(Decision::Reject, finding).advising(advice))
    }

    /// Whether no scored case differs.
    fn is_unchanged(&self) -> bool {
        self.scorer.regressed + self.scorer.improved == 0
    }

    /// Says that one run has fewer trials of a case, which makes it the less certain of the two.
    fn equal_trials(&self) -> Option<Advice> {
        let OfBoth { baseline, candidate } = self.whole.trials;
        (baseline != candidate).then_some(Advice::EqualTrials { baseline, candidate })
    }

    /// Says that the default margin does not fit the scores.
    fn own_margin(&self) -> Option<Advice> {
        let ScorerComparison { scale, scorer, .. } = self.scorer;
        let is_default = self.options.margin.of(scorer).is_none();
        let advice = Advice::OwnMargin { scale: *scale, margin: DEFAULT_MARGIN };
        (is_default && !scale.is_unit()).then_some(advice)
    }

    /// Says that no loss can be larger than a margin that was asked for.
    fn smaller_margin(&self, margin: f64) -> Option<Advice> {
        let ScorerComparison { scale, scorer, .. } = self.scorer;
        let is_asked = self.options.margin.of(scorer).is_some();
        let advice = Advice::SmallerMargin { scale: *scale, margin };
        (is_asked && margin >= scale.high - scale.low).then_some(advice)
    }

    /// Says which cases are behind a loss: first those that crashed and count as failures.
    fn review(&self) -> impl Iterator<Item = Advice> {
        let cases = self.scorer.regressed;
        let cases = (cases > 0).then_some(Advice::ReviewCases { cases });
        let failures = |attempts, errored| Advice::ReviewFailures { attempts, errored };
        self.look_at_missing(Missing::Fail, failures).chain(cases)
    }

    /// Says that a scorer gives different outputs the same score.
    fn review_outputs(&self) -> Option<Advice> {
        let ScorerComparison { equal_scores, equal_outputs, .. } = self.scorer;
        (*equal_scores && *equal_outputs == Some(false)).then_some(Advice::ReviewOutputs)
    }

    /// Returns the attempts without a score, and those of them with an error. Infinite scores are another matter.
    fn unscored(&self) -> (usize, usize) {
        let [before, after] = [self.scorer.missing.baseline, self.scorer.missing.candidate];
        let attempts = before.attempts() + after.attempts() - self.infinite();
        (attempts, (before.errored + after.errored).min(attempts))
    }

    /// Returns the attempts with an infinite score.
    fn infinite(&self) -> usize {
        self.scorer.missing.baseline.infinite + self.scorer.missing.candidate.infinite
    }

    /// Says that infinite scores count as missing.
    fn correct_scores(&self) -> Option<Advice> {
        let attempts = self.infinite();
        (attempts > 0).then_some(Advice::CorrectScores { attempts })
    }

    /// Says that a decision holds whatever the missing scores are.
    fn review_missing(&self) -> impl Iterator<Item = Advice> {
        let missing = |attempts, errored| Advice::ReviewMissing { attempts, errored };
        self.look_at_missing(Missing::Worst, missing)
    }

    /// Says which scores are missing, if they count in this way.
    fn look_at_missing(
        &self,
        counted: Missing,
        look: fn(usize, usize) -> Advice,
    ) -> impl Iterator<Item = Advice> {
        let (attempts, errored) = self.unscored();
        let look = (attempts > 0).then(|| look(attempts, errored));
        let both = self.correct_scores().into_iter().chain(look);
        both.filter(move |_| self.options.comparison.missing == counted)
    }

    /// Decides whether the candidate is better by at least the required gain.
    fn improvement(&self, required: f64, margin: f64) -> Judgement {
        if let Some(gap) = self.gap() {
            return gap;
        }
        let (Some(seen), Some(worst), Some(best)) = (self.seen, self.worst, self.best) else {
            return self.too_few();
        };
        let gain = seen.gain;
        let is_better = worst.gain.low > 0.0 && worst.is_significant;
        if is_better && worst.gain.low >= required {
            let finding = Finding::GainEstablished { gain, required };
            return Judgement::new(Decision::Allow, finding).advising(self.review_missing());
        }
        if best.gain.high < required || best.is_loss() {
            let finding = Finding::GainRuledOut { gain, required };
            let review = (gain.mean < 0.0).then(|| self.review()).into_iter().flatten();
            return Judgement::new(Decision::Reject, finding)
                .advising(self.review_missing().chain(review));
        }
        if gain.low > 0.0 && gain.low >= required && seen.is_significant {
            return self.missing(gain, margin, Some(required));
        }
        let advice =
            self.fill_what_counts().into_iter().chain(self.as_seen(gain.mean - required, gain));
        Judgement::new(Decision::Inconclusive, Finding::GainPossible { gain, required })
            .advising(advice)
    }

    /// Allows unchanged scores.
    fn equal(&self) -> Option<Judgement> {
        let cases = self.scorer.n;
        if !self.scorer.equal_scores {
            return None;
        }
        let (finding, advice) = match (self.scorer.equal_outputs, self.options.equal_scores) {
            (Some(true), _) => (Finding::NothingChanged { cases }, Some(Advice::CheckChange)),
            (_, EqualScores::Allow) => (Finding::EqualScores { cases }, self.review_outputs()),
            _ => return None,
        };
        let few = self.too_few_to_prove().map(|_| Advice::CheckCases { cases });
        Some(Judgement::new(Decision::Allow, finding).advising(few.into_iter().chain(advice)))
    }

    /// Is inconclusive if too few cases were scored in both runs.
    fn gap(&self) -> Option<Judgement> {
        let ScorerComparison { n, missing, scored_only, .. } = self.scorer;
        let lacking = missing.baseline.cases + missing.candidate.cases;
        // If missing scores count as failures, no case is left out.
        let left_out = if self.options.comparison.missing == Missing::Fail { 0 } else { lacking };
        if *n > 0 && *n as f64 >= self.options.min_coverage * (n + left_out) as f64 {
            return None;
        }
        let finding = Finding::LowCoverage {
            scored: *n,
            of: n + lacking.max(scored_only.baseline + scored_only.candidate),
            required: self.options.min_coverage,
            baseline: missing.baseline,
            candidate: missing.candidate,
        };
        let is_of_one_side = *n == 0 && scored_only.baseline.min(scored_only.candidate) == 0;
        let advice =
            match is_of_one_side && missing.baseline.errored + missing.candidate.errored == 0 {
                true => vec![Advice::ScoreBoth],
                false => self.fill_gaps(),
            };
        Some(Judgement::new(Decision::Inconclusive, finding).advising(advice))
    }

    /// Says how to get the scores that are missing where a verdict has to hold whatever they are.
    fn fill_what_counts(&self) -> Vec<Advice> {
        match self.options.comparison.missing {
            Missing::Worst => self.fill_gaps(),
            Missing::Fail | Missing::Ignore => vec![],
        }
    }

    /// Says how to get the scores that are missing.
    fn fill_gaps(&self) -> Vec<Advice> {
        let (attempts, errored) = self.unscored();
        let run_again = (attempts > 0).then_some(Advice::RunAgain { attempts, errored });
        let absent = self.scorer.missing.candidate.absent;
        let absent = (absent > 0).then_some(match self.whole.shared_keys {
            0 => Advice::RunAbsent { cases: absent },
            cases => Advice::DistinctKeys { cases },
        });
        self.correct_scores().into_iter().chain(run_again).chain(absent).collect()
    }

    fn missing(&self, gain: Gain, margin: f64, required: Option<f64>) -> Judgement {
        let missing = self.scorer.missing;
        let finding = Finding::MissingScores {
            gain,
            worst: self.worst.map(|worst| worst.gain),
            margin,
            required,
            baseline: missing.baseline,
            candidate: missing.candidate,
        };
        Judgement::new(Decision::Inconclusive, finding).advising(self.fill_gaps())
    }

    fn too_few(&self) -> Judgement {
        let ScorerComparison { n, clusters, .. } = self.scorer;
        let finding = Finding::TooFew { cases: *n, clusters: *clusters };
        let is_loss = self.scorer.regressed > self.scorer.improved;
        let review = is_loss.then(|| self.review()).into_iter().flatten();
        let advice = review.chain(self.too_few_to_prove());
        Judgement::new(Decision::Inconclusive, finding).advising(advice)
    }

    /// Returns what is needed to rule out a loss beyond the margin, or to establish it.
    fn towards(&self, seen: &Known, margin: f64) -> Vec<Advice> {
        if seen.gain.mean < 0.0
            && let Some(advice) = self.too_few_to_prove()
        {
            return vec![advice];
        }
        if margin == 0.0 && !seen.is_loss() && seen.gain.mean >= 0.0 {
            return vec![Advice::GiveMargin { margin: DEFAULT_MARGIN }];
        }
        if !seen.is_loss()
            && let Some(plan) = self.plan(margin, Assumption::NoDifference)
        {
            let total_as_seen = (seen.gain.mean > 0.0)
                .then(|| self.plan(margin + seen.gain.mean, Assumption::AsSeen))
                .flatten()
                .map(|plan| plan.total);
            return vec![self.more(Plan { total_as_seen, ..plan })];
        }
        // By the estimate, the loss is beyond the margin and must be established, or within it and must be ruled out.
        let distance = if seen.is_loss() || seen.gain.mean >= -margin {
            seen.gain.mean + margin
        } else {
            seen.gain.mean
        };
        self.as_seen(distance, seen.gain)
    }

    fn as_seen(&self, distance: f64, gain: Gain) -> Vec<Advice> {
        let plan = self.plan(distance.abs(), Assumption::AsSeen);
        let enough = match self.scorer.run_to_run {
            Some(_) => {
                let OfBoth { baseline, candidate } = self.whole.runs;
                Advice::MoreRuns { baseline, candidate }
            }
            None => Advice::WeighMargin { gain: gain.low },
        };
        vec![plan.map_or(enough, |plan| self.more(plan))]
    }

    fn more(&self, plan: Plan) -> Advice {
        match self.scorer.clusters {
            Some(_) => Advice::MoreClusters(plan),
            None => Advice::MoreCases(plan),
        }
    }

    /// Returns how many cases, or clusters, detect a difference of this size; `None` if there are enough already.
    fn plan(&self, size: f64, assuming: Assumption) -> Option<Plan> {
        let options = &self.options.comparison;
        let n = self.scorer.n as f64;
        let needed = self.scorer.estimate?.cases_needed(size, options.alpha, options.power)?;
        let (total, have) = match self.scorer.clusters {
            Some(clusters) => ((needed / n * clusters as f64).ceil(), clusters as f64),
            None => (needed, n),
        };
        let more = total - have;
        (more > 0.0).then_some(Plan { total, more, assuming, total_as_seen: None })
    }

    /// Even if all n cases lost, a sign test would give p = 2·2⁻ⁿ.
    fn too_few_to_prove(&self) -> Option<Advice> {
        let have = self.scorer.clusters.unwrap_or(self.scorer.n);
        let alpha = self.options.comparison.alpha / self.whole.scorers.max(1) as f64;
        let need = ((2.0 / alpha).log2().floor() + 1.0) as usize;
        let clusters = self.scorer.clusters.is_some();
        (have < need).then_some(Advice::TooFewToProve { have, need, clusters })
    }
}

/// Returns a difference where positive is better.
pub(super) fn gain(delta: f64, ends: Ends, lower_is_better: bool, level: f64) -> Gain {
    let Ends { low, high } = ends;
    // + 0 turns −0 into 0, which JSON would otherwise show.
    match lower_is_better {
        true => Gain { mean: 0.0 - delta, low: 0.0 - high, high: 0.0 - low, level },
        false => Gain { mean: delta + 0.0, low: low + 0.0, high: high + 0.0, level },
    }
}
