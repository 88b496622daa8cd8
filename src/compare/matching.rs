//! Which case of the candidate is which of the baseline: by key or content, never silently by position.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::content::Content;
use super::options::PairBy;
use crate::store::{RunSample, SampledCase};

/// A run as the comparison sees it.
pub(super) type Sample = RunSample<Content>;

/// What makes two cases the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    Key(String),
    /// Digest of the input, and its how many-th occurrence this is.
    Input(u128, usize),
    Idx(u64),
    /// A case that is like no other.
    Alone(usize),
}

/// A case with all its trials: positions in [`RunSample::cases`].
pub(super) type Trials = Vec<usize>;

/// The cases of two runs, side by side: those of the baseline in its order, then those that only the candidate has.
pub(super) struct Matching {
    pub(super) rows: Vec<(Trials, Trials)>,
}

impl Matching {
    /// Matches by anything but [`PairBy::Auto`], which the caller has decided.
    pub(super) fn new(baseline: &Sample, candidate: &Sample, by: PairBy) -> Self {
        let mut rows: Vec<(Trials, Trials)> = vec![];
        let mut places = HashMap::new();
        for (side, run) in [baseline, candidate].into_iter().enumerate() {
            let mut occurrences = HashMap::new();
            for (at, case) in run.cases.iter().enumerate() {
                // No case of one run is alone together with one of the other.
                let alone = at * 2 + side;
                let identity = identity(case, by, alone, &mut occurrences);
                let row = match places.entry(identity) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        rows.push(Default::default());
                        *new.insert(rows.len() - 1)
                    }
                };
                if side == 0 { rows[row].0.push(at) } else { rows[row].1.push(at) }
            }
        }
        Matching { rows }
    }
}

/// Times that an input was met in each trial.
type Occurrences = HashMap<(u128, Option<u64>), usize>;

fn identity(
    case: &SampledCase<Content>,
    by: PairBy,
    alone: usize,
    occurrences: &mut Occurrences,
) -> Identity {
    match by {
        PairBy::Key => case.key.clone().map_or(Identity::Alone(alone), Identity::Key),
        PairBy::Idx => Identity::Idx(case.idx.to_bits()),
        PairBy::Auto | PairBy::Input => {
            let digest = case.described.digest;
            let occurrence = occurrences.entry((digest, case.trial.map(f64::to_bits))).or_default();
            *occurrence += 1;
            Identity::Input(digest, *occurrence)
        }
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
            trial: None,
            cluster: None,
            is_errored: false,
            latency_ms: None,
            tokens_in: None,
            tokens_out: None,
            cost_usd: None,
            scores: vec![],
            described: Content { digest, slice: None },
        }
    }

    fn run(cases: Vec<SampledCase<Content>>) -> Sample {
        RunSample { cases, scorers: vec![] }
    }

    fn rows(baseline: Sample, candidate: Sample, by: PairBy) -> Vec<(Trials, Trials)> {
        Matching::new(&baseline, &candidate, by).rows
    }

    #[test]
    fn another_order_of_the_cases_changes_nothing() {
        let matched =
            rows(run(vec![case(1), case(2)]), run(vec![case(2), case(1), case(3)]), PairBy::Input);
        assert_eq!(matched, [(vec![0], vec![1]), (vec![1], vec![0]), (vec![], vec![2])]);
    }

    #[test]
    fn an_input_that_comes_twice_is_two_cases() {
        let matched = rows(run(vec![case(1), case(1)]), run(vec![case(1)]), PairBy::Input);
        assert_eq!(matched, [(vec![0], vec![0]), (vec![1], vec![])]);
    }

    #[test]
    fn trials_of_an_input_are_one_case() {
        let trial = |number: f64| SampledCase { trial: Some(number), ..case(1) };
        let matched = rows(run(vec![trial(0.0), trial(1.0)]), run(vec![trial(0.0)]), PairBy::Input);
        assert_eq!(matched, [(vec![0, 1], vec![0])]);
    }

    #[test]
    fn cases_of_one_key_are_trials_and_cases_without_a_key_are_alone() {
        let keyed = |key: &str| SampledCase { key: Some(key.to_owned()), ..case(1) };
        let baseline = run(vec![keyed("a"), keyed("a"), case(9)]);
        let matched = rows(baseline, run(vec![case(9), keyed("a")]), PairBy::Key);
        assert_eq!(matched, [(vec![0, 1], vec![1]), (vec![2], vec![]), (vec![], vec![0])]);
    }
}
