//! Whether a run is better or worse than another, and whether that can be trusted.

use super::cases::{Cases, PairedCase};
use super::content::Content;
use super::diffs::case_diffs;
use super::estimate::{Estimate, PairedScores, fault, mean};
use super::matching::{Matching, Sample};
use super::options::{ComparisonOptions, PairBy, refused};
use super::report::{Comparison, Effect, Ends, OfBoth, Pairing, RunReference, ScorerComparison};
use super::slices::slices;
use super::usage::usage_report;
use crate::error::{Code, Result, StoreError};
use crate::model::Run;
use crate::stats;
use crate::store::Store;

/// With fewer cases an interval rests on what few cases happen to look like.
const FEW: usize = 10;
/// Below this share of common cases a reader is told.
const FULL_COVERAGE: f64 = 0.95;

/// Compares two runs of a store, case by case. Cases are paired by key or content, trials of a case averaged first.
///
/// ```
/// use runstore::compare::{ComparisonOptions, compare};
/// use runstore::db::OpenOptions;
/// use runstore::model::NewRun;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let suite_id = store.create_suite("suite")?.id;
/// let new = NewRun { suite_id: &suite_id, name: "run", model: "m", ..NewRun::default() };
/// let (baseline, candidate) = (store.create_run(&new)?, store.create_run(&new)?);
/// let comparison = compare(&store, &baseline, &candidate, &ComparisonOptions::default())?;
/// assert_eq!(comparison.coverage.both, 0);
/// # Ok::<(), runstore::StoreError>(())
/// ```
pub fn compare(
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &ComparisonOptions,
) -> Result<Comparison> {
    compare_for("compare", store, baseline, candidate, options)
}

/// Compares on behalf of an operation, which errors name.
pub(super) fn compare_for(
    operation: &str,
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &ComparisonOptions,
) -> Result<Comparison> {
    options.check().map_err(|error| error.during(operation))?;
    store.at_one_moment(operation, || compared(operation, store, baseline, candidate, options))
}

fn compared(
    operation: &str,
    store: &Store,
    baseline: &str,
    candidate: &str,
    options: &ComparisonOptions,
) -> Result<Comparison> {
    let runs = [("baseline", baseline), ("candidate", candidate)];
    let [before, after] = runs.map(|(role, id)| run_of(store, id, role, operation));
    let (before, after) = (before?, after?);
    let pairing = pairing(store, &before, &after, options.pair_by, operation)?;
    let [of_baseline, of_candidate] =
        [&before, &after].map(|run| sample(store, run, &pairing, options, operation));
    let (of_baseline, of_candidate) = (of_baseline?, of_candidate?);
    let scorers =
        scorers(&of_baseline, &of_candidate, options).map_err(|error| error.during(operation))?;
    let matching = Matching::new(&of_baseline, &of_candidate, pairing.by);
    let cases = Cases::new(&of_baseline, &of_candidate, matching, scorers);

    let level = 1.0 - options.alpha;
    let diffs = case_diffs(store, &cases, options, operation)?;
    let mut comparison = Comparison {
        baseline: reference(&before, &of_baseline),
        candidate: reference(&after, &of_candidate),
        alpha: options.alpha,
        pairing: Pairing { by: pairing.name(), reason: pairing.reason },
        coverage: cases.coverage(),
        scorers: compared_scorers(&cases, options)?,
        usage: usage_report([&of_baseline, &of_candidate], &cases, level),
        diffs: diffs.listed,
        changed_cases: diffs.changed,
        slices: slices(&cases, options)?,
        notes: vec![],
    };
    comparison.notes = notes(&comparison, &cases, &pairing);
    Ok(comparison)
}

fn run_of(store: &Store, id: &str, role: &str, operation: &str) -> Result<Run> {
    store.run_for(operation, id)?.ok_or_else(|| {
        let message = format!("{operation}: {role}: there is no run with id \"{id}\"");
        StoreError::new(Code::NotFound, message)
    })
}

/// How the cases are paired, decided.
struct Decided {
    by: PairBy,
    reason: &'static str,
    /// Whether some cases have a key, and others not.
    has_some_keys: bool,
}

impl Decided {
    fn name(&self) -> &'static str {
        match self.by {
            PairBy::Key => "key",
            PairBy::Auto | PairBy::Input => "input",
            PairBy::Idx => "idx",
        }
    }
}

fn pairing(
    store: &Store,
    baseline: &Run,
    candidate: &Run,
    by: PairBy,
    operation: &str,
) -> Result<Decided> {
    let asked = |by| Decided { by, reason: "asked for", has_some_keys: false };
    if by != PairBy::Auto {
        return Ok(asked(by));
    }
    let (before, after) =
        (store.count_keys(&baseline.id, operation)?, store.count_keys(&candidate.id, operation)?);
    let all_keyed = before.0 == before.1 && after.0 == after.1 && before.0 + after.0 > 0;
    Ok(Decided {
        by: if all_keyed { PairBy::Key } else { PairBy::Input },
        reason: if all_keyed { "every case has a key" } else { "not every case has a key" },
        has_some_keys: !all_keyed && before.1 + after.1 > 0,
    })
}

fn sample(
    store: &Store,
    run: &Run,
    pairing: &Decided,
    options: &ComparisonOptions,
    operation: &str,
) -> Result<Sample> {
    let field = options.field();
    let needs_texts = pairing.by == PairBy::Input || field.is_some();
    store.sample_run(&run.id, needs_texts, operation, |texts| Content::of(texts, field.as_ref()))
}

/// Returns the scorers that are compared, by name.
fn scorers(
    baseline: &Sample,
    candidate: &Sample,
    options: &ComparisonOptions,
) -> Result<Vec<String>> {
    let mut known: Vec<String> =
        baseline.scorers.iter().chain(&candidate.scorers).cloned().collect();
    known.sort_unstable();
    known.dedup();
    for (name, asked) in
        [("scorers", &options.scorers), ("lowerIsBetter", &options.lower_is_better)]
    {
        if let Some(unknown) = asked.iter().find(|scorer| !known.contains(scorer)) {
            let expected = format!("scorers of these runs ({})", known.join(", "));
            return Err(refused(name, &expected, format_args!("\"{unknown}\"")));
        }
    }
    if !options.scorers.is_empty() {
        known.retain(|scorer| options.scorers.contains(scorer));
    }
    Ok(known)
}

fn reference(run: &Run, sample: &Sample) -> RunReference {
    RunReference {
        id: run.id.clone(),
        name: run.name.clone(),
        model: run.model.clone(),
        suite_id: run.suite_id.clone(),
        status: run.status.clone(),
        started_at: run.started_at,
        cases: sample.cases.len(),
    }
}

fn compared_scorers(cases: &Cases, options: &ComparisonOptions) -> Result<Vec<ScorerComparison>> {
    let rows: Vec<&PairedCase> = cases.rows.iter().collect();
    let mut compared = vec![];
    for (scorer, name) in cases.scorers.iter().enumerate() {
        let scores = cases.pairs(&rows, |row| row.scores(scorer));
        let mut one = compared_scorer(name, &scores, options)?;
        one.scored_only = scored_only(cases, scorer);
        compared.push(one);
    }
    correct(&mut compared, options.alpha)?;
    Ok(compared)
}

/// Returns how often a scorer scored a case in one run only.
fn scored_only(cases: &Cases, scorer: usize) -> OfBoth {
    let mut only = OfBoth::default();
    for row in &cases.rows {
        let [before, after] = [&row.baseline, &row.candidate]
            .map(|side| side.as_ref().is_some_and(|side| side.scores[scorer].is_some()));
        only.baseline += usize::from(before && !after);
        only.candidate += usize::from(after && !before);
    }
    only
}

pub(super) fn compared_scorer(
    name: &str,
    scores: &PairedScores,
    options: &ComparisonOptions,
) -> Result<ScorerComparison> {
    let lower_is_better = options.lower_is_better.iter().any(|scorer| scorer == name);
    let estimate = Estimate::of(scores, 1.0 - options.alpha);
    let p_value = match &estimate {
        Some(estimate) => Some(estimate.p_value(scores, &options.resampling()).map_err(fault)?),
        None => None,
    };
    let [improved, regressed, unchanged] = changes(scores, lower_is_better, options.tolerance);
    Ok(ScorerComparison {
        scorer: name.to_owned(),
        lower_is_better,
        n: scores.baseline.len(),
        clusters: estimate.and_then(|estimate| estimate.n_clusters),
        scored_only: OfBoth::default(),
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
            .and_then(|estimate| estimate.minimum_detectable_effect(options.alpha, options.power)),
        improved,
        regressed,
        unchanged,
        identical: !scores.baseline.is_empty() && scores.baseline == scores.candidate,
    })
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

/// Adjusts the p-values for the number of scorers, by Holm.
pub(super) fn correct(scorers: &mut [ScorerComparison], alpha: f64) -> Result<()> {
    let p_values: Vec<f64> = scorers.iter().filter_map(|scorer| scorer.p_value).collect();
    let adjusted = stats::holm(&p_values, alpha).map_err(fault)?;
    let tested = scorers.iter_mut().filter(|scorer| scorer.p_value.is_some());
    for (scorer, p_adjusted) in tested.zip(adjusted.p_adjusted) {
        scorer.p_adjusted = Some(p_adjusted);
        scorer.significant = p_adjusted < alpha;
    }
    Ok(())
}

fn notes(comparison: &Comparison, cases: &Cases, pairing: &Decided) -> Vec<String> {
    let coverage = &comparison.coverage;
    let mut notes = vec![];
    for (role, run) in [("baseline", &comparison.baseline), ("candidate", &comparison.candidate)] {
        if run.status == "running" {
            notes.push(format!("the {role} is still running"));
        }
    }
    if comparison.baseline.suite_id != comparison.candidate.suite_id {
        notes.push("the runs belong to different suites".to_owned());
    }
    if pairing.has_some_keys {
        notes.push(
            "some cases have a key and others not, so cases were paired by their input".to_owned(),
        );
    }
    let most =
        (coverage.both + coverage.only_baseline).max(coverage.both + coverage.only_candidate);
    if coverage.both == 0 {
        notes.push("the runs have no case in common".to_owned());
    } else if (coverage.both as f64) < FULL_COVERAGE * most as f64 {
        let only = format!("{} of {most} cases are in both runs", coverage.both);
        notes.push(format!("{only}; what the others would have shown is not known"));
    }
    if coverage.trials.baseline.max(coverage.trials.candidate) > 1 {
        notes.push("the trials of a case are averaged before anything is tested".to_owned());
    }
    if cases.infinite > 0 {
        notes.push(format!("{} scores are infinite and count as missing", cases.infinite));
    }
    let torn = if cases.are_clustered() { cases.torn_clusters() } else { 0 };
    if torn > 0 {
        notes.push(format!(
            "{torn} cases are in another cluster in the candidate; the baseline's counts"
        ));
    }
    for scorer in &comparison.scorers {
        let ScorerComparison { scorer: name, n, .. } = scorer;
        if scorer.clusters.is_none() && cases.are_clustered() && *n > 1 {
            notes.push(format!(
                "{name}: all cases are in one cluster, which says nothing of the spread"
            ));
        } else if (1..FEW).contains(n) {
            notes.push(format!("{name}: only {n} cases; no figure can be trusted far"));
        }
    }
    notes
}
