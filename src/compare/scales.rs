//! The scale of each scorer: the option, extended by the observed scores.

use super::matching::Sample;
use super::missing::Scale;
use super::options::ComparisonOptions;
use super::reducer::Reducer;

/// Returns the scales of scorers; `numbers` says, side by side and run by run, which of them each scorer of a run is.
pub(super) fn scales(
    sides: [&[Sample]; 2],
    numbers: &[Vec<Vec<Option<usize>>>; 2],
    scorers: &[String],
    options: &ComparisonOptions,
) -> Vec<Scale> {
    let mut seen = vec![None; scorers.len()];
    // With these reducers, the compared value is whether enough trials passed.
    if !matches!(options.reducer, Reducer::AtLeast(_)) {
        let runs = sides.into_iter().flatten().zip(numbers.iter().flatten());
        runs.for_each(|(run, numbers)| widen(&mut seen, run, numbers));
    }
    let asked = |name: &str| options.range.as_ref().and_then(|range| range.of(name));
    let scale = |(name, seen): (&String, Option<Scale>)| match (asked(name), seen) {
        (Some(asked), Some(seen)) => asked.with(seen.low).with(seen.high),
        (Some(asked), None) => asked,
        (None, seen) => Scale::around(seen),
    };
    scorers.iter().zip(seen).map(scale).collect()
}

/// Extends each scorer's scale by the finite scores of a run, in one pass for all of them.
fn widen(seen: &mut [Option<Scale>], run: &Sample, numbers: &[Option<usize>]) {
    let scores = run.cases.iter().flat_map(|case| &case.scores);
    for (own, score) in scores.filter(|(_, score)| score.is_finite()) {
        let Some(number) = numbers[*own] else { continue };
        let point = Scale { low: *score, high: *score };
        seen[number] = Some(seen[number].map_or(point, |span| span.with(*score)));
    }
}
