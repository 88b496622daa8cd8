//! The scorers of two runs under one numbering.

use crate::store::RunScores;

/// Scorers in the order in which they are first seen: in the baseline, case by case, then in the candidate.
pub(super) struct Scorers<'a> {
    pub(super) names: Vec<&'a str>,
    baseline: Vec<Option<usize>>,
    candidate: Vec<Option<usize>>,
}

impl<'a> Scorers<'a> {
    /// Numbers the scorers of the cases at these places.
    pub(super) fn of(
        (baseline, before): (&'a RunScores, &[usize]),
        (candidate, after): (&'a RunScores, &[usize]),
    ) -> Self {
        let mut names = Vec::new();
        let baseline = numbered(baseline, before, &mut names);
        let candidate = numbered(candidate, after, &mut names);
        Scorers { names, baseline, candidate }
    }

    /// Sets the last score of each scorer of a case of the baseline.
    pub(super) fn spread_baseline(&self, scores: &[(usize, f64)], into: &mut [f64]) {
        spread(&self.baseline, scores, into);
    }

    /// Sets the last score of each scorer of a case of the candidate.
    pub(super) fn spread_candidate(&self, scores: &[(usize, f64)], into: &mut [f64]) {
        spread(&self.candidate, scores, into);
    }
}

/// Returns the number of each scorer of the run, `None` for one that no case has; new names are added.
fn numbered<'a>(
    run: &'a RunScores,
    cases: &[usize],
    names: &mut Vec<&'a str>,
) -> Vec<Option<usize>> {
    let mut numbers = vec![None; run.scorers.len()];
    for (scorer, _) in cases.iter().flat_map(|case| run.of_case(*case)) {
        if numbers[*scorer].is_some() {
            continue;
        }
        let name = run.scorers[*scorer].as_str();
        let known = names.iter().position(|other| *other == name);
        numbers[*scorer] = known.or(Some(names.len()));
        if known.is_none() {
            names.push(name);
        }
    }
    numbers
}

fn spread(numbers: &[Option<usize>], scores: &[(usize, f64)], into: &mut [f64]) {
    for (scorer, score) in scores {
        if let Some(number) = numbers[*scorer] {
            into[number] = *score;
        }
    }
}
