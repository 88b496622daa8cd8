//! Whether a run is better or worse than another, and whether the difference is more than chance.

use super::cases::Cases;
use super::content::Content;
use super::diffs::case_diffs;
use super::matching::{Matching, Sample};
use super::note::{Fact, Note};
use super::notes::notes;
use super::options::{ComparisonOptions, PairBy, PerScorer, refused};
use super::outputs::same_outputs;
use super::report::{Comparison, Pairing};
use super::scorer_comparison::compared_scorers;
use super::side::{Role, RunReference};
use super::slices::slices;
use super::usage::usage_report;
use super::words;
use crate::error::{Code, Result, StoreError};
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

/// Compares for an operation, whose name errors contain, and for a gate with these margins.
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
            .and_then(|sides| distinct(store, sides))
            .map_err(|error| error.during(operation))?;
        compared(operation, store, &sides, options, margins)
    })
}

/// Refuses a run on both sides, which would be compared with itself.
fn distinct(store: &Store, sides: [Vec<NamedRun>; 2]) -> Result<[Vec<NamedRun>; 2]> {
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
    let hint = match newer {
        Some(newer) => format!("; {}", words::a_newer_run(&RunReference::of(store, newer, None)?)),
        None => String::new(),
    };
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
    let [before, after] = samples(operation, store, sides, &pairing, options)?;
    let samples = [before.as_slice(), after.as_slice()];
    let named = |error: StoreError| error.during(operation);
    check_slices(samples, options).map_err(named)?;
    let scorers = scorers(samples, options).map_err(named)?;
    let matching = Matching::new(samples, pairing.by);
    let cases = Cases::new(samples, matching, scorers, options);

    let diffs = case_diffs(store, &cases, options, operation)?;
    let baselines = references(store, &sides[0], samples[0])?;
    let candidates = references(store, &sides[1], samples[1])?;
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
        usage: usage_report(samples, &cases, 1.0 - options.alpha),
        diffs: diffs.listed,
        changed_cases: diffs.changed,
        slices: slices(&cases, options)?,
        notes: vec![],
    };
    note_equal_outputs(&mut comparison, || same_outputs(store, sides, &cases, operation))?;
    let others = notes(&comparison, samples, &cases, pairing.has_some_keys);
    comparison.notes = newer_runs(store, sides)?.into_iter().chain(others).collect();
    Ok(comparison)
}

/// Returns what is compared of each run, side by side.
fn samples(
    operation: &str,
    store: &Store,
    sides: &[Vec<NamedRun>; 2],
    pairing: &Decided,
    options: &ComparisonOptions,
) -> Result<[Vec<Sample>; 2]> {
    let of_side = |side: &Vec<NamedRun>| -> Result<Vec<Sample>> {
        let of_run = |named: &NamedRun| sample(store, &named.run.id, pairing, options, operation);
        side.iter().map(of_run).collect()
    };
    Ok([of_side(&sides[0])?, of_side(&sides[1])?])
}

fn references(store: &Store, runs: &[NamedRun], samples: &[Sample]) -> Result<Vec<RunReference>> {
    let reference = |(NamedRun { run, .. }, sample): (&NamedRun, &Sample)| {
        RunReference::of(store, run, Some(sample.cases.len()))
    };
    runs.iter().zip(samples).map(reference).collect()
}

/// Says of scorers with the same scores whether the outputs are the same as well, which are read only for them.
fn note_equal_outputs(
    comparison: &mut Comparison,
    same: impl FnOnce() -> Result<Option<bool>>,
) -> Result<()> {
    let mut equal = comparison.scorers.iter_mut().filter(|scorer| scorer.equal_scores).peekable();
    if equal.peek().is_some() {
        let same = same()?;
        equal.for_each(|scorer| scorer.equal_outputs = same);
    }
    Ok(())
}

/// Notes that `latest` is not the newest run.
fn newer_runs(store: &Store, sides: &[Vec<NamedRun>; 2]) -> Result<Vec<Note>> {
    let roles = [Role::Baseline, Role::Candidate];
    let named = roles.into_iter().zip(sides).flat_map(|(role, side)| {
        side.iter().filter_map(move |named| Some((role, named.newer.as_ref()?)))
    });
    let note = |(role, run)| {
        let run = Box::new(RunReference::of(store, run, None)?);
        Ok(Note::from(Fact::NewerRunIncomplete { role, run }))
    };
    named.map(note).collect()
}

/// The chosen pairing.
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
        return Ok(Decided { by, reason: "as requested", has_some_keys: false });
    }
    let (mut cases, mut keys) = (0, 0);
    for named in sides.iter().flatten() {
        let counts = store.count_keys(&named.run.id, operation)?;
        (cases, keys) = (cases + counts.0, keys + counts.1);
    }
    let all_keyed = cases == keys && cases > 0;
    Ok(Decided {
        by: if all_keyed { PairBy::Key } else { PairBy::Input },
        reason: if all_keyed {
            "because every case has a key"
        } else {
            "because not every case has a key"
        },
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

/// Refuses to slice by a field that no case has, which is usually a typing error, and by objects.
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

/// Returns the compared scorers, by name. The labels of people are few: unless they are requested, or are the only
/// scores, they are left out, because they would weaken the test of the other scorers and delay a verdict.
fn scorers(sides: [&[Sample]; 2], options: &ComparisonOptions) -> Result<Vec<String>> {
    let mut known = known_scorers(sides, options)?;
    let is_human = |scorer: &String| scorer.starts_with(HUMAN);
    if options.scorers.is_empty() && !known.iter().all(is_human) {
        known.retain(|scorer| !is_human(scorer));
    }
    Ok(known)
}

/// Returns the requested scorers, by name; all if none is requested.
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
