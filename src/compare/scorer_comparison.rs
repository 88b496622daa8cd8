//! The result for each scorer.

use super::cases::{Cases, PairedCase, View};
use super::estimate::{Estimate, fault};
use super::missing::{Missing, Scale};
use super::options::{ComparisonOptions, DEFAULT_MARGIN, PerScorer};
use super::paired_scores::{PairedScores, mean};
use super::report::{Bound, Effect, Ends, MissingOfBoth, OfBoth, RunToRun, ScorerComparison};
use super::tested::tested;
use crate::error::Result;
use crate::stats::{self, Clusters};

pub(super) fn compared_scorers(
    cases: &Cases,
    options: &ComparisonOptions,
    margins: Option<&PerScorer>,
) -> Result<Vec<ScorerComparison>> {
    let rows: Vec<&PairedCase> = cases.rows.iter().collect();
    let mut compared = vec![];
    for (scorer, name) in cases.scorers.iter().enumerate() {
        let lower_is_better = options.lower_is_better.contains(name);
        let view = View::of_estimate(options.missing, lower_is_better);
        let scores = cases.scores(&rows, scorer, view);
        let margin = margins.map(|margins| margins.of(name).unwrap_or(DEFAULT_MARGIN));
        let mut one = compared_scorer(name, &scores, options, margin)?;
        let [baseline, candidate] = cases.missing(scorer);
        one.missing = MissingOfBoth { baseline, candidate };
        one.scored_only = scored_only(cases, scorer);
        one.scale = cases.scales[scorer];
        if baseline.trials + candidate.trials > 0 {
            let attempts = baseline.attempts() + candidate.attempts();
            // A crash is never the same score; cases that are left out on purpose do not count.
            one.equal_scores &= match options.missing {
                Missing::Fail => true,
                Missing::Ignore => attempts == 0,
                Missing::Worst => false,
            };
            if options.missing == Missing::Worst {
                let bound =
                    |view| bound(&cases.scores(&rows, scorer, view), options, lower_is_better);
                let [falling, rising] = [bound(View::Falling)?, bound(View::Rising)?];
                (one.worst_case, one.best_case) =
                    if lower_is_better { (rising, falling) } else { (falling, rising) };
            }
        }
        compared.push(one);
    }
    correct(&mut compared, options.alpha)?;
    Ok(compared)
}

/// Returns the difference with assumed scores in place of the missing ones.
fn bound(
    scores: &PairedScores,
    options: &ComparisonOptions,
    lower_is_better: bool,
) -> Result<Option<Bound>> {
    let Some(delta) = scores.delta() else { return Ok(None) };
    let (estimate, p_value) = tested(scores, options, lower_is_better)?;
    let interval = estimate.map(|estimate| Ends::from(estimate.interval));
    Ok(Some(Bound { delta, interval, p_value, p_adjusted: None }))
}

/// Returns in how many cases a scorer scored one run only.
fn scored_only(cases: &Cases, scorer: usize) -> OfBoth {
    let mut only = OfBoth::default();
    for row in &cases.rows {
        let [before, after] = [&row.baseline, &row.candidate]
            .map(|side| side.as_ref().is_some_and(|side| side.seen(scorer).is_some()));
        only.baseline += usize::from(before && !after);
        only.candidate += usize::from(after && !before);
    }
    only
}

pub(super) fn compared_scorer(
    name: &str,
    scores: &PairedScores,
    options: &ComparisonOptions,
    margin: Option<f64>,
) -> Result<ScorerComparison> {
    let lower_is_better = options.lower_is_better.iter().any(|scorer| scorer == name);
    let (estimate, p_value) = tested(scores, options, lower_is_better)?;
    let [improved, regressed, unchanged] = changes(scores, lower_is_better, options.tolerance);
    Ok(ScorerComparison {
        scorer: name.to_owned(),
        lower_is_better,
        n: scores.baseline.len(),
        // A single cluster has no estimate, but it says why.
        clusters: scores.true_clusters().map(Clusters::len),
        effective_clusters: scores.true_clusters().map(Clusters::effective),
        run_to_run: estimate.and_then(|estimate| run_to_run(&estimate)),
        scored_only: OfBoth::default(),
        missing: MissingOfBoth::default(),
        scale: Scale::of(scores.baseline.iter().chain(&scores.candidate).copied()),
        baseline_mean: mean(&scores.baseline),
        candidate_mean: mean(&scores.candidate),
        delta: scores.delta(),
        interval: estimate.map(|estimate| Ends::from(estimate.interval)),
        p_value,
        p_adjusted: None,
        significant: false,
        method: estimate.map(|estimate| estimate.method),
        effect_size: effect(scores),
        minimum_detectable_effect: estimate
            .as_ref()
            .and_then(|estimate| estimate.minimum_detectable_effect(options.alpha, options.power)),
        improved,
        regressed,
        unchanged,
        worst_case: None,
        best_case: None,
        equal_scores: !scores.baseline.is_empty() && scores.baseline == scores.candidate,
        equal_outputs: None,
        estimate,
        p_beyond_margin: margin
            .and_then(|margin| Estimate::p_of_loss(scores, margin, lower_is_better)),
    })
}

fn run_to_run(estimate: &Estimate) -> Option<RunToRun> {
    estimate.runs.map(|runs| RunToRun { sd: runs.sd, df: runs.df })
}

fn changes(scores: &PairedScores, lower_is_better: bool, tolerance: f64) -> [usize; 3] {
    let mut counts = [0; 3];
    for (before, after) in scores.baseline.iter().zip(&scores.candidate) {
        let gain = if lower_is_better { before - after } else { after - before };
        let place = if gain > tolerance {
            0
        } else if gain < -tolerance {
            1
        } else {
            2
        };
        counts[place] += 1;
    }
    counts
}

fn effect(scores: &PairedScores) -> Option<Effect> {
    let effect = stats::cohens_d_paired(&scores.baseline, &scores.candidate).ok()?;
    let value = effect.value.is_finite().then_some(effect.value);
    Some(Effect { value, magnitude: effect.magnitude.name() })
}

/// Adjusts the p-values for the number of scorers, by Holm; those of each bound separately.
pub(super) fn correct(scorers: &mut [ScorerComparison], alpha: f64) -> Result<()> {
    let seen: Vec<Option<f64>> = scorers.iter().map(|scorer| scorer.p_value).collect();
    for (scorer, p) in scorers.iter_mut().zip(holm(&seen, alpha)?) {
        scorer.p_adjusted = p;
        scorer.significant = p.is_some_and(|p| p < alpha);
    }
    for bound in [
        (|scorer| &mut scorer.worst_case) as fn(&mut ScorerComparison) -> &mut Option<Bound>,
        |scorer| &mut scorer.best_case,
    ] {
        // If nothing is missing, the estimate is the bound.
        let p_values: Vec<Option<f64>> = (scorers.iter_mut().zip(&seen))
            .map(|(scorer, seen)| bound(scorer).map_or(*seen, |bound| bound.p_value))
            .collect();
        for (scorer, p) in scorers.iter_mut().zip(holm(&p_values, alpha)?) {
            if let Some(bound) = bound(scorer) {
                bound.p_adjusted = p;
            }
        }
    }
    Ok(())
}

fn holm(p_values: &[Option<f64>], alpha: f64) -> Result<Vec<Option<f64>>> {
    let known: Vec<f64> = p_values.iter().flatten().copied().collect();
    let mut adjusted = stats::holm(&known, alpha).map_err(fault)?.p_adjusted.into_iter();
    Ok(p_values.iter().map(|p| p.and_then(|_| adjusted.next())).collect())
}
