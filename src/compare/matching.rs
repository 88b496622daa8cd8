//! Which case of the candidate is which of the baseline: by key or content, never silently by position.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::content::Content;
use super::options::PairBy;
use crate::store::{RunSample, SampledCase};

/// A run as the comparison sees it.
pub(super) type Sample = RunSample<Content>;

/// What makes two cases the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    Key(String),
    /// Digest of the input.
    Input(u128),
    Idx(u64),
    /// A case that is like no other: the run it is in, and its place there.
    Alone(usize, usize),
}

impl Identity {
    /// Returns by what a case is known, for anything but [`PairBy::Auto`], which the caller has decided.
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
    /// The run, among those of its side.
    pub(super) run: usize,
    /// Position in [`RunSample::cases`].
    pub(super) case: usize,
}

/// A case with all its trials, run by run.
pub(super) type Trials = Vec<At>;

/// The cases of both sides: those of the baseline in its order, then those that only the candidate has.
pub(super) struct Matching {
    pub(super) rows: Vec<[Trials; 2]>,
    /// Cases that count as a trial of another one because they have its input, though nothing says that they are trials.
    pub(super) shared_inputs: usize,
}

impl Matching {
    /// Matches by anything but [`PairBy::Auto`], which the caller has decided.
    pub(super) fn new(sides: [&[Sample]; 2], by: PairBy) -> Self {
        let names_benchmarks = |run: &Sample| run.cases.iter().any(|case| case.benchmark.is_some());
        // A benchmark tells cases apart only where every run names it.
        let by_benchmark = sides.into_iter().flatten().all(names_benchmarks);
        let mut rows: Vec<[Trials; 2]> = vec![];
        let mut places = HashMap::new();
        let mut shared_inputs = 0;
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
                    shared_inputs += usize::from(by == PairBy::Input && !is_new);
                    rows[row][side].push(At { run, case });
                }
            }
            runs_so_far += runs.len();
        }
        Matching { rows, shared_inputs }
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

    /// The positions of the cases of two runs, side by side.
    fn rows(baseline: Sample, candidate: Sample, by: PairBy) -> Vec<(Vec<usize>, Vec<usize>)> {
        let cases = |trials: &Trials| trials.iter().map(|at| at.case).collect();
        let matching = Matching::new([&[baseline], &[candidate]], by);
        matching.rows.iter().map(|[one, other]| (cases(one), cases(other))).collect()
    }

    #[test]
    fn another_order_of_the_cases_changes_nothing() {
        let matched =
            rows(run(vec![case(1), case(2)]), run(vec![case(2), case(1), case(3)]), PairBy::Input);
        assert_eq!(matched, [(vec![0], vec![1]), (vec![1], vec![0]), (vec![], vec![2])]);
    }

    #[test]
    fn cases_of_one_input_are_trials_of_one_case_and_counted() {
        let runs = [run(vec![case(1), case(1), case(2)]), run(vec![case(1)])];
        let matching = Matching::new([&runs[..1], &runs[1..]], PairBy::Input);
        assert_eq!(matching.rows.len(), 2);
        assert_eq!(matching.rows[0].each_ref().map(Vec::len), [2, 1]);
        assert_eq!(matching.shared_inputs, 1);
    }

    #[test]
    fn trials_of_an_input_are_one_case() {
        let trial = |number: f64| SampledCase { trial: Some(number), ..case(1) };
        let runs = [run(vec![trial(0.0), trial(1.0)]), run(vec![trial(0.0)])];
        let matching = Matching::new([&runs[..1], &runs[1..]], PairBy::Input);
        assert_eq!(matching.rows[0].each_ref().map(Vec::len), [2, 1]);
        assert_eq!(matching.shared_inputs, 0);
    }

    #[test]
    fn cases_of_one_key_are_trials_and_cases_without_a_key_are_alone() {
        let keyed = |key: &str| SampledCase { key: Some(key.to_owned()), ..case(1) };
        let baseline = run(vec![keyed("a"), keyed("a"), case(9)]);
        let matched = rows(baseline, run(vec![case(9), keyed("a")]), PairBy::Key);
        assert_eq!(matched, [(vec![0, 1], vec![1]), (vec![2], vec![]), (vec![], vec![0])]);
    }

    #[test]
    fn cases_of_one_key_in_two_benchmarks_are_two_cases() {
        let of = |benchmark: &str| SampledCase {
            key: Some("1".to_owned()),
            benchmark: Some(benchmark.to_owned()),
            ..case(1)
        };
        let matched = rows(run(vec![of("a"), of("b")]), run(vec![of("b"), of("a")]), PairBy::Key);
        assert_eq!(matched, [(vec![0], vec![1]), (vec![1], vec![0])]);
    }

    #[test]
    fn a_case_of_several_runs_of_a_side_is_one() {
        let of = |cases: &[u128]| run(cases.iter().map(|digest| case(*digest)).collect());
        let (before, after) = ([of(&[1, 2])], [of(&[2, 1]), of(&[1])]);
        let matching = Matching::new([&before, &after], PairBy::Input);
        let at = |run, case| At { run, case };
        assert_eq!(matching.rows[0], [vec![at(0, 0)], vec![at(0, 1), at(1, 0)]]);
        assert_eq!(matching.rows[1], [vec![at(0, 1)], vec![at(0, 0)]]);
        assert_eq!(matching.shared_inputs, 0);
    }
}
