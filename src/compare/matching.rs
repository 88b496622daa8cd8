//! Matches the cases of candidate and baseline, by key or content, never silently by position.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::content::Content;
use super::options::PairBy;
use crate::store::{RunSample, SampledCase};

/// A run in the form that comparisons need.
pub(super) type Sample = RunSample<Content>;

/// The identity of a case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    Key(String),
    /// Digest of the input.
    Input(u128),
    Idx(u64),
    /// A case without an identity: its run, and its index there.
    Alone(usize, usize),
}

impl Identity {
    /// Returns the identity of a case by any pairing but [`PairBy::Auto`], which the caller has resolved.
    pub(super) fn of(case: &SampledCase<Content>, by: PairBy, alone: (usize, usize)) -> Self {
        match by {
            PairBy::Key => {
                case.key.clone().map_or(Identity::Alone(alone.0, alone.1), Identity::Key)
            }
            PairBy::Idx => Identity::Idx(case.idx.to_bits()),
            PairBy::Auto | PairBy::Input => Identity::Input(case.described.digest),
        }
    }
}

/// A case of one of the runs of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    /// The index of the run in its side.
    pub(super) run: usize,
    /// Position in [`RunSample::cases`].
    pub(super) case: usize,
}

/// A case with all its trials, run by run.
pub(super) type Trials = Vec<At>;

/// The cases of both sides: the baseline's in order, then those that only the candidate has.
pub(super) struct Matching {
    pub(super) rows: Vec<[Trials; 2]>,
    /// Number of cases that count as a trial of another one only because they have the same key or input.
    pub(super) shared: usize,
}

impl Matching {
    /// Matches by any pairing but [`PairBy::Auto`], which the caller has resolved.
    pub(super) fn new(sides: [&[Sample]; 2], by: PairBy) -> Self {
        let names_benchmarks = |run: &Sample| run.cases.iter().any(|case| case.benchmark.is_some());
        // A benchmark is part of the identity only if every run has one.
        let by_benchmark = sides.into_iter().flatten().all(names_benchmarks);
        let mut rows: Vec<[Trials; 2]> = vec![];
        let mut places = HashMap::new();
        let mut shared = 0;
        let mut runs_so_far = 0;
        for (side, runs) in sides.into_iter().enumerate() {
            for (run, sample) in runs.iter().enumerate() {
                let mut trials = HashSet::new();
                for (case, sampled) in sample.cases.iter().enumerate() {
                    let identity = Identity::of(sampled, by, (runs_so_far + run, case));
                    let benchmark = sampled.benchmark.as_deref().filter(|_| by_benchmark);
                    let row = match places.entry((benchmark, identity)) {
                        Entry::Occupied(known) => *known.get(),
                        Entry::Vacant(new) => {
                            rows.push(Default::default());
                            *new.insert(rows.len() - 1)
                        }
                    };
                    let is_new = trials.insert((row, sampled.trial.map(f64::to_bits)));
                    shared += usize::from(by != PairBy::Idx && !is_new);
                    rows[row][side].push(At { run, case });
                }
            }
            runs_so_far += runs.len();
        }
        Matching { rows, shared }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(digest: u128) -> SampledCase<Content> {
        SampledCase {
            id: String::new(),
            idx: 0.0,
            key: None,
            benchmark: None,
            trial: None,
            cluster: None,
            is_errored: false,
            latency_ms: None,
            tokens_in: None,
            tokens_out: None,
            cost_usd: None,
            scores: vec![],
            described: Content { digest, ..Content::default() },
        }
    }

    fn run(cases: Vec<SampledCase<Content>>) -> Sample {
        RunSample { cases, scorers: vec![] }
    }

    /// The indexes of the cases of two runs, side by side.
    fn rows(baseline: Sample, candidate: Sample, by: PairBy) -> Vec<(Vec<usize>, Vec<usize>)> {
        let cases = |trials: &Trials| trials.iter().map(|at| at.case).collect();
        let matching = Matching::new([&[baseline], &[candidate]], by);
        matching.rows.iter().map(|[one, other]| (cases(one), cases(other))).collect()
    }

    #[test]
    fn the_order_of_the_cases_does_not_matter() {
        let matched =
            rows(run(vec![case(1), case(2)]), run(vec![case(2), case(1), case(3)]), PairBy::Input);
        assert_eq!(matched, [(vec![0], vec![1]), (vec![1], vec![0]), (vec![], vec![2])]);
    }

    #[test]
    fn cases_with_the_same_input_are_trials_of_one_case_and_counted() {
        let runs = [run(vec![case(1), case(1), case(2)]), run(vec![case(1)])];
        let matching = Matching::new([&runs[..1], &runs[1..]], PairBy::Input);
        assert_eq!(matching.rows.len(), 2);
        assert_eq!(matching.rows[0].each_ref().map(Vec::len), [2, 1]);
        assert_eq!(matching.shared, 1);
    }

    #[test]
    fn trials_of_an_input_are_one_case() {
        let trial = |number: f64| SampledCase { trial: Some(number), ..case(1) };
        let runs = [run(vec![trial(0.0), trial(1.0)]), run(vec![trial(0.0)])];
        let matching = Matching::new([&runs[..1], &runs[1..]], PairBy::Input);
        assert_eq!(matching.rows[0].each_ref().map(Vec::len), [2, 1]);
        assert_eq!(matching.shared, 0);
    }

    #[test]
    fn cases_with_the_same_key_are_trials_and_cases_without_a_key_are_unpaired() {
        let keyed = |key: &str| SampledCase { key: Some(key.to_owned()), ..case(1) };
        let baseline = run(vec![keyed("a"), keyed("a"), case(9)]);
        let matched = rows(baseline, run(vec![case(9), keyed("a")]), PairBy::Key);
        assert_eq!(matched, [(vec![0, 1], vec![1]), (vec![2], vec![]), (vec![], vec![0])]);
    }

    #[test]
    fn the_same_key_in_two_benchmarks_is_two_cases() {
        let of = |benchmark: &str| SampledCase {
            key: Some("1".to_owned()),
            benchmark: Some(benchmark.to_owned()),
            ..case(1)
        };
        let matched = rows(run(vec![of("a"), of("b")]), run(vec![of("b"), of("a")]), PairBy::Key);
        assert_eq!(matched, [(vec![0], vec![1]), (vec![1], vec![0])]);
    }

    #[test]
    fn the_same_case_in_several_runs_of_a_side_is_one_case() {
        let of = |cases: &[u128]| run(cases.iter().map(|digest| case(*digest)).collect());
        let (before, after) = ([of(&[1, 2])], [of(&[2, 1]), of(&[1])]);
        let matching = Matching::new([&before, &after], PairBy::Input);
        let at = |run, case| At { run, case };
        assert_eq!(matching.rows[0], [vec![at(0, 0)], vec![at(0, 1), at(1, 0)]]);
        assert_eq!(matching.rows[1], [vec![at(0, 1)], vec![at(0, 0)]]);
        assert_eq!(matching.shared, 0);
    }
}
