//! The spread of scores, which determines the smallest detectable difference.

use serde::Serialize;

use super::estimate::Estimate;
use super::paired_scores::PairedScores;
use super::reducer::Reducer;
use super::scored_run::{ScoredRun, has_keys};
use crate::error::Result;
use crate::model::LEVEL;
use crate::stats::{self, Alternative};
use crate::store::Store;

const OPERATION: &str = "mde";
/// The spread of one scorer's scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The scorer.
    pub scorer: String,
    /// Cases; trials of a case are averaged and count once.
    pub n: usize,
    /// Standard error of the mean · √n, in units of the scores: the standard deviation, unless clusters enlarge it.
    pub sd: f64,
}

/// Returns the spread of a run's scores, by scorer; scorers with fewer than two cases are left out.
pub fn spreads(store: &Store, run_id: &str) -> Result<Vec<Spread>> {
    of_pairs(store, run_id, run_id, |scores| {
        let values = &scores.baseline;
        let error = match &scores.clusters {
            Some(clusters) => {
                let two_sided = Alternative::TwoSided;
                let mean = stats::clustered_mean_interval(values, clusters, two_sided, LEVEL);
                mean.ok()?.standard_error
            }
            None => stats::mean_interval(values, LEVEL).ok()?.standard_error,
        };
        Some(error)
    })
}

/// Returns the spread of the differences of two runs, case by case, by scorer; scorers with fewer than two cases scored
/// in both runs are left out.
pub fn difference_spreads(store: &Store, one: &str, other: &str) -> Result<Vec<Spread>> {
    of_pairs(store, one, other, |scores| Some(Estimate::of(scores, LEVEL)?.standard_error))
}

fn of_pairs(
    store: &Store,
    one: &str,
    other: &str,
    standard_error: impl Fn(&PairedScores) -> Option<f64>,
) -> Result<Vec<Spread>> {
    let texts = !(has_keys(store, one, OPERATION)? && has_keys(store, other, OPERATION)?);
    let before = ScoredRun::read(store, one, texts, Reducer::Mean, OPERATION)?;
    let after = ScoredRun::read(store, other, texts, Reducer::Mean, OPERATION)?;
    let mut scorers = before.scorers();
    scorers.retain(|scorer| after.scorers().contains(scorer));
    let spread = |(scorer, scores): (String, PairedScores)| {
        let n = scores.baseline.len();
        let sd = standard_error(&scores)? * (n as f64).sqrt();
        Some(Spread { scorer, n, sd })
    };
    let pairs = after.paired_with(&before, &scorers);
    Ok(scorers.into_iter().zip(pairs).filter_map(spread).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::OpenOptions;
    use crate::model::{MoreOfCase, NewCase, NewRun, NewScore};
    use crate::store::refuse;

    /// A store with a run of these cases: key, cluster, and the scores of its trials.
    fn store(run: &str, cases: &[(&str, Option<&str>, &[f64])]) -> Store {
        let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
        let suite_id = store.create_suite("suite").unwrap().id;
        add(&store, &suite_id, run, cases);
        store
    }

    fn add(store: &Store, suite_id: &str, run_id: &str, cases: &[(&str, Option<&str>, &[f64])]) {
        let run = NewRun { id: Some(run_id), suite_id, name: "n", model: "m", ..NewRun::default() };
        store.create_run(&run).unwrap();
        for (key, cluster, trials) in cases {
            for (trial, score) in trials.iter().enumerate() {
                let id = format!("{run_id} {key} {trial}");
                let trial = Some(trial as f64);
                let more = MoreOfCase {
                    key: Some(key),
                    cluster: *cluster,
                    trial,
                    ..MoreOfCase::default()
                };
                let case =
                    NewCase { id: Some(&id), run_id, input: "1", more, ..NewCase::default() };
                store.save_cases([Ok(case)]).unwrap();
                let score = NewScore {
                    case_id: &id,
                    scorer_name: "s",
                    score: *score,
                    ..NewScore::default()
                };
                store.save_scores([Ok(score)]).unwrap();
            }
        }
    }

    #[test]
    fn trials_of_a_case_are_averaged_before_the_spread_is_taken() {
        let store = store("run", &[("a", None, &[1.0, 0.0]), ("b", None, &[1.0, 1.0])]);
        let [spread] = spreads(&store, "run").unwrap().try_into().unwrap();
        // Of 0.5 and 1: √(2·0.25²).
        assert_eq!((spread.scorer.as_str(), spread.n), ("s", 2));
        assert!((spread.sd - 0.125_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn clusters_that_move_together_enlarge_the_spread() {
        let (one, two): (&[f64], &[f64]) = (&[1.0], &[0.0]);
        let alone = [("a", None, one), ("b", None, one), ("c", None, two), ("d", None, two)];
        let together = [
            ("a", Some("x"), one),
            ("b", Some("x"), one),
            ("c", Some("y"), two),
            ("d", Some("y"), two),
        ];
        let sd = |cases| spreads(&store("run", cases), "run").unwrap()[0].sd;
        assert!(sd(&together) > 1.2 * sd(&alone));
    }

    #[test]
    fn a_common_difference_between_cases_does_not_add_to_the_spread() {
        let store = store("one", &[("a", None, &[0.0]), ("b", None, &[0.5]), ("c", None, &[1.0])]);
        let suite_id = store.get_run("one", &refuse).unwrap().unwrap().suite_id;
        add(
            &store,
            &suite_id,
            "two",
            &[("a", None, &[0.1]), ("b", None, &[0.6]), ("c", None, &[1.1])],
        );
        add(&store, &suite_id, "three", &[("a", None, &[0.0]), ("b", None, &[0.5])]);
        let sd = |other| difference_spreads(&store, "one", other).unwrap()[0].sd;
        assert!(sd("two") < 1e-9);
        assert_eq!(difference_spreads(&store, "one", "three").unwrap()[0].n, 2);
        assert!(spreads(&store, "one").unwrap()[0].sd > 0.4);
    }
}
