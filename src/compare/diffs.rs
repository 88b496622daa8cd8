//! The cases that changed, largest regression first.

use serde_json::value::RawValue;

use super::case_side::Side;
use super::cases::{Cases, PairedCase};
use super::options::ComparisonOptions;
use super::report::{CaseDiff, CaseDiffTexts, ScoreDiff};
use crate::error::Result;
use crate::store::{CaseContent, Store};

pub(super) struct Diffs {
    pub(super) listed: Vec<CaseDiff>,
    /// The changed cases, listed or not.
    pub(super) changed: usize,
}

pub(super) fn case_diffs(
    store: &Store,
    cases: &Cases,
    options: &ComparisonOptions,
    operation: &str,
) -> Result<Diffs> {
    let lower: Vec<bool> =
        cases.scorers.iter().map(|scorer| options.lower_is_better.contains(scorer)).collect();
    let mut changed: Vec<(f64, &PairedCase)> = (cases.rows.iter())
        .filter_map(|row| Some((regression(row.both()?, &lower, options.tolerance)?, row)))
        .collect();
    // A stable sort: cases of equal regression stay in the order of the dataset.
    changed.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut listed = vec![];
    for (regression, row) in changed.iter().take(options.max_diffs) {
        let Some(both) = row.both() else { continue };
        let mut diff = diff(*regression, both, &cases.scorers);
        if options.texts {
            diff.texts = Some(texts(store, both, operation)?);
        }
        listed.push(diff);
    }
    Ok(Diffs { listed, changed: changed.len() })
}

/// Returns the largest loss of any scorer; `None` if no score changed. A score that the candidate lacks counts as a
/// complete loss.
fn regression(
    (baseline, candidate): (&Side, &Side),
    lower: &[bool],
    tolerance: f64,
) -> Option<f64> {
    let loss = |(scorer, lower): (usize, &bool)| {
        let (before, after) = (baseline.seen(scorer), candidate.seen(scorer));
        let loss = match (before, after) {
            (Some(before), Some(after)) => before - after,
            (Some(before), None) => return Some(before.abs()),
            (None, Some(after)) => return Some(-after.abs()),
            (None, None) => return None,
        };
        (loss.abs() > tolerance).then_some(if *lower { -loss } else { loss })
    };
    // + 0 turns −0 into 0, which JSON would otherwise show.
    lower
        .iter()
        .enumerate()
        .filter_map(loss)
        .max_by(f64::total_cmp)
        .map(|regression| regression + 0.0)
}

fn diff(regression: f64, (baseline, candidate): (&Side, &Side), scorers: &[String]) -> CaseDiff {
    let score = |(at, scorer): (usize, &String)| {
        let (before, after) = (baseline.seen(at), candidate.seen(at));
        before.or(after)?;
        let delta = before.zip(after).map(|(before, after)| after - before);
        Some(ScoreDiff { scorer: scorer.clone(), baseline: before, candidate: after, delta })
    };
    CaseDiff {
        idx: baseline.idx,
        key: baseline.key.clone(),
        baseline_case_id: baseline.id.clone(),
        candidate_case_id: candidate.id.clone(),
        regression,
        scores: scorers.iter().enumerate().filter_map(score).collect(),
        texts: None,
    }
}

fn texts(
    store: &Store,
    (baseline, candidate): (&Side, &Side),
    operation: &str,
) -> Result<CaseDiffTexts> {
    let before = store.case_content(&baseline.id, operation)?.unwrap_or_default();
    let after = store.case_content(&candidate.id, operation)?.unwrap_or_default();
    let CaseContent { input, expected, output, error } = before;
    // Invalid JSON is left out, so that it does not break the whole report.
    let json = |text: Option<String>| text.and_then(|text| RawValue::from_string(text).ok());
    Ok(CaseDiffTexts {
        input: json(Some(input)),
        expected: json(expected),
        baseline_output: output,
        candidate_output: after.output,
        baseline_error: error,
        candidate_error: after.error,
    })
}
