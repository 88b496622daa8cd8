//! Whether a run is better or worse than another, and whether that can be trusted.

use super::cases::{Cases, PairedCase, View};
use super::content::Content;
use super::diffs::case_diffs;
use super::estimate::{Estimate, fault};
use super::matching::{Matching, Sample};
use super::missing::{Missing, Scale};
use super::note::{Fact, Note};
use super::notes::notes;
use super::options::{ComparisonOptions, DEFAULT_MARGIN, PairBy, PerScorer, refused};
use super::outputs::same_outputs;
use super::paired_scores::{PairedScores, mean};
use super::report::{
    Bound, Comparison, Effect, Ends, MissingOfBoth, OfBoth, Pairing, RunToRun, ScorerComparison,
};
use super::side::{Role, RunReference};
use super::slices::slices;
use super::tested::tested;
use super::usage::usage_report;
use crate::error::{Code, Result, StoreError};
use crate::stats;
use crate::store::{CasesToRead, HUMAN, NamedRun, Store};

/// Compares two runs of a store, or several a side, case by case. Cases are paired by key or content; the trials of a
/// case become one score first. Runs are named as [`Store::find_run`] takes them.
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
/// let comparison = compare(&store, &[&baseline], &[&candidate], &ComparisonOptions::default())?;
/// assert_eq!(comparison.coverage.both, 0);
/// # Ok::<(), runstore::StoreError>(())
/// ```
pub fn compare(
    store: &Store,
    baseline: &[&str],
    candidate: &[&str],
    options: &ComparisonOptions,
) -> Result<Comparison> {
    options.check().map_err(|error| error.during("compare"))?;
    compare_for("compare", store, [baseline, candidate], options, None)
}

/// Compares on behalf of an operation, which errors name, and of a gate with these margins.
pub(super) fn compare_for(
    operation: &str,
    store: &Store,
    names: [&[&str]; 2],
    options: &ComparisonOptions,
    margins: Option<&PerScorer>,
) -> Result<Comparison> {
    store.at_one_moment(operation, || {
        let sides = store
            .find_sides(names, options.suite_id.as_deref())
            .and_then(distinct)
            .map_err(|error| error.during(operation))?;
        compared(operation, store, &sides, options, margins)
    })
}

/// Refuses a run on both sides: it differs from itself in nothing.
fn distinct(sides: [Vec<NamedRun>; 2]) -> Result<[Vec<NamedRun>; 2]> {
    let all: Vec<&NamedRun> = sides.iter().flatten().collect();
    if sides.iter().any(Vec::is_empty) {
        return Err(StoreError::new(Code::InvalidArgument, "each side takes at least one run"));
    }
    let again = all
        .iter()
        .enumerate()
        .find(|(at, named)| all[..*at].iter().any(|before| before.run.id == named.run.id));
    let Some((_, NamedRun { run, .. })) = again else { return Ok(sides) };
    let newer = all.iter().find_map(|named| named.newer.as_ref());
    let hint = newer.map_or(String::new(), |newer| {
        format!("; a newer one, \"{}\" ({}), is {}", newer.name, newer.id, newer.status)
    });
    let message = format!(
        "\"{}\" ({}) cannot be compared with itself: it is named twice{hint}",
        run.name, run.id
    );
    Err(StoreError::new(Code::SameRun, message))
}

fn compared(
    operation: &str,
    store: &Store,
    sides: &[Vec<NamedRun>; 2],
    options: &ComparisonOptions,
    margins: Option<&PerScorer>,
) -> Result<Comparison> {
    let pairing = pairing(store, sides, options.pair_by, operation)?;
    let samples = |side: &Vec<NamedRun>| -> Result<Vec<Sample>> {
        side.iter()
            .map(|named| sample(store, &named.run.id, &pairing, options, operation))
            .collect()
    };
    let [before, after] = [samples(&sides[0])?, samples(&sides[1])?];
    let samples = [before.as_slice(), after.as_slice()];
    let named = |error: StoreError| error.during(operation);
    check_slices(samples, options).map_err(named)?;
    let scorers = scorers(samples, options).map_err(named)?;
    let matching = Matching::new(samples, pairing.by);
    let cases = Cases::new(samples, matching, scorers, options);

    let level = 1.0 - options.alpha;
    let diffs = case_diffs(store, &cases, options, operation)?;
    let references = |side: usize| -> Vec<RunReference> {
        let runs = sides[side].iter().zip(samples[side]);
        runs.map(|(named, run)| RunReference::of(&named.run, Some(run.cases.len()))).collect()
    };
    let [baselines, candidates] = [references(0), references(1)];
    let mut comparison = Comparison {
        baseline: baselines[0].clone(),
        candidate: candidates[0].clone(),
        baseline_runs: baselines,
        candidate_runs: candidates,
        alpha: options.alpha,
        reducer: options.reducer,
        missing: options.missing,
        pairing: Pairing { by: pairing.name(), reason: pairing.reason },
        coverage: cases.coverage(),
        scorers: compared_scorers(&cases, options, margins)?,
        usage: usage_report(samples, &cases, level),
        diffs: diffs.listed,
        changed_cases: diffs.changed,
        slices: slices(&cases, options)?,
        notes: vec![],
    };
    if comparison.scorers.iter().any(|scorer| scorer.equal_scores) {
        let same = same_outputs(store, sides, &cases, operation)?;
        let equal = comparison.scorers.iter_mut().filter(|scorer| scorer.equal_scores);
        equal.for_each(|scorer| scorer.equal_outputs = same);
    }
    comparison.notes = newer_runs(sides)
        .into_iter()
        .chain(notes(&comparison, samples, &cases, pairing.has_some_keys))
        .collect();
    Ok(comparison)
}

/// Says where `latest` is not the newest run.
fn newer_runs(sides: &[Vec<NamedRun>; 2]) -> Vec<Note> {
    let roles = [Role::Baseline, Role::Candidate];
    let named = roles.into_iter().zip(sides).flat_map(|(role, side)| {
        side.iter().filter_map(move |named| Some((role, named.newer.as_ref()?)))
    });
    let note = |(role, run)| {
        let run = Box::new(RunReference::of(run, None));
        Note::from(Fact::NewerRunIncomplete { role, run })
    };
    named.map(note).collect()
}

/// How the cases are paired, decided.
pub(super) struct Decided {
    pub(super) by: PairBy,
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

pub(super) fn pairing(
    store: &Store,
    sides: &[Vec<NamedRun>; 2],
    by: PairBy,
    operation: &str,
) -> Result<Decided> {
    if by != PairBy::Auto {
        return Ok(Decided { by, reason: "asked for", has_some_keys: false });
    }
    let (mut cases, mut keys) = (0, 0);
    for named in sides.iter().flatten() {
        let counts = store.count_keys(&named.run.id, operation)?;
        (cases, keys) = (cases + counts.0, keys + counts.1);
    }
    let all_keyed = cases == keys && cases > 0;
    Ok(Decided {
        by: if all_keyed { PairBy::Key } else { PairBy::Input },
        reason: if all_keyed { "every case has a key" } else { "not every case has a key" },
        has_some_keys: !all_keyed && keys > 0,
    })
}

pub(super) fn sample(
    store: &Store,
    run_id: &str,
    pairing: &Decided,
    options: &ComparisonOptions,
    operation: &str,
) -> Result<Sample> {
    let field = options.field();
    let what = CasesToRead {
        run_id,
        benchmark: None,
        input: pairing.by == PairBy::Input || field.is_some(),
        metadata: field.is_some(),
    };
    store.sample_run(what, operation, |texts| Content::of(texts, field.as_ref()))
}

/// Refuses to slice by what no case has, most often a typing error, and by objects.
fn check_slices(sides: [&[Sample]; 2], options: &ComparisonOptions) -> Result<()> {
    let Some(field) = &options.slice_by else { return Ok(()) };
    let mut cases = sides.into_iter().flatten().flat_map(|run| &run.cases).peekable();
    let is_empty = cases.peek().is_none();
    let mut is_known = is_empty;
    for case in cases {
        if case.described.is_object {
            let expected = "a field of texts, numbers, booleans or arrays of them";
            let given = format!("\"{field}\", which is an object in case \"{}\"", case.id);
            return Err(refused("slice_by", expected, given));
        }
        is_known |= !case.described.slices.is_empty();
    }
    match is_known {
        true => Ok(()),
        false => Err(refused("slice_by", "a field that cases have", format_args!("\"{field}\""))),
    }
}

/// Returns the scorers that are compared, by name. The labels of people are few: unless they are asked for, or are all there is,
/// they would take the power of the test from the other scorers, and a verdict would wait for them.
fn scorers(sides: [&[Sample]; 2], options: &ComparisonOptions) -> Result<Vec<String>> {
    let mut known = known_scorers(sides, options)?;
    let is_human = |scorer: &String| scorer.starts_with(HUMAN);
    if options.scorers.is_empty() && !known.iter().all(is_human) {
        known.retain(|scorer| !is_human(scorer));
    }
    Ok(known)
}

/// Returns the scorers that are asked for, by name; all when none is.
pub(super) fn known_scorers(
    sides: [&[Sample]; 2],
    options: &ComparisonOptions,
) -> Result<Vec<String>> {
    let runs = sides.into_iter().flatten();
    let mut known: Vec<String> = runs.flat_map(|run| &run.scorers).cloned().collect();
    known.sort_unstable();
    known.dedup();
    let scales = options.range.iter().flat_map(|range| range.names());
    let asked = (options.scorers.iter().map(|name| ("scorers", name)))
        .chain(options.lower_is_better.iter().map(|name| ("lower_is_better", name)))
        .chain(scales.map(|name| ("range", name)));
    for (option, name) in asked {
        if !known.contains(name) {
            let expected = format!("scorers of these runs ({})", known.join(", "));
            return Err(refused(option, expected, format_args!("\"{name}\"")));
        }
    }
    if !options.scorers.is_empty() {
        known.retain(|scorer| options.scorers.contains(scorer));
    }
    Ok(known)
}

fn compared_scorers(
    cases: &Cases,
    options: &ComparisonOptions,
    margins: Option<&PerScorer>,
) -> Result<Vec<ScorerComparison>> {
    let rows: Vec<&PairedCase> = cases.rows.iter().collect();
    let mut compared = vec![];
    for (scorer, name) in cases.scorers.iter().enumerate() {
        let lower_is_better = options.lower_is_better.contains(name);
        let view = match options.missing {
            Missing::Fail => View::failed(lower_is_better),
            Missing::Worst | Missing::Ignore => View::Seen,
        };
        let scores = cases.scores(&rows, scorer, view);
        let margin = margins.map(|margins| margins.of(name).unwrap_or(DEFAULT_MARGIN));
        let mut one = compared_scorer(name, &scores, options, margin)?;
        let [baseline, candidate] = cases.missing(scorer);
        one.missing = MissingOfBoth { baseline, candidate };
        one.scored_only = scored_only(cases, scorer);
        one.scale = cases.scales[scorer];
        if baseline.trials + candidate.trials > 0 {
            one.equal_scores &= options.missing == Missing::Fail;
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

/// Returns what other scores in place of missing ones would say.
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

/// Returns how often a scorer scored a case in one run only.
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
        clusters: estimate.and_then(|estimate| estimate.n_clusters),
        effective_clusters: estimate.and_then(|estimate| estimate.effective_clusters),
        run_to_run: estimate
            .and_then(|estimate| estimate.runs)
            .map(|runs| RunToRun { sd: runs.sd, df: runs.df }),
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

/// Adjusts the p-values for the number of scorers, by Holm; those of each bound among themselves.
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
        // Where nothing is missing, what was seen is the bound.
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
