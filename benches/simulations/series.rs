//! What a trend sees of runs that follow each other.

use runstore::Store;
use runstore::compare::{Direction, Trend, TrendOptions, trend};
use runstore::db::OpenOptions;
use runstore::model::{MoreOfCase, NewCase, NewRun, NewScore, RunStatus};
use runstore::store::{OnConflict, Part};
use serde::Serialize;

use super::rates::share;
use super::truth::Random;

/// Pass rate of the first run.
const RATE: f64 = 0.9;
/// Pass rate of cases that are added later.
const HARD_RATE: f64 = 0.5;
const SCORER: &str = "exact";

/// A series of runs.
#[derive(Clone, Copy, Debug)]
pub struct Series {
    pub name: &'static str,
    pub runs: usize,
    /// Cases of the first run.
    pub n: usize,
    /// What the pass rate falls by from one run to the next.
    pub step: f64,
    /// Harder cases that each run adds.
    pub added: usize,
}

/// How often a trend says something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub name: &'static str,
    pub runs: usize,
    pub n: usize,
    pub repetitions: usize,
    /// The line falls.
    pub line: Option<f64>,
    /// The sum of falls passes its limit first.
    pub cusum: Option<f64>,
    /// Either does.
    pub either: Option<f64>,
    /// Either rises.
    pub rising: Option<f64>,
}

/// Returns the series that are looked at.
pub fn all() -> Vec<Series> {
    let of = |name, runs, n, step, added| Series { name, runs, n, step, added };
    vec![
        of("equal runs", 9, 100, 0.0, 0),
        of("equal runs", 9, 300, 0.0, 0),
        of("equal runs", 20, 100, 0.0, 0),
        of("eight drops of one point", 9, 100, 0.01, 0),
        of("eight drops of one point", 9, 300, 0.01, 0),
        of("equal, but each run adds 10 harder cases", 9, 100, 0.0, 10),
    ]
}

/// Returns what is seen of so many repetitions of a series.
pub fn row(series: &Series, repetitions: usize, seed: u64) -> Row {
    let mut random = Random::new(seed);
    let trends: Vec<Trend> = (0..repetitions).map(|_| series.trend(&mut random)).collect();
    let line = |trend: &Trend| trend.direction;
    let cusum = |trend: &Trend| trend.cusum.as_ref().map(|cusum| cusum.direction);
    let goes = |way: Direction, of: &dyn Fn(&Trend) -> [Option<Direction>; 2]| {
        share(trends.iter().map(|trend| of(trend).contains(&Some(way))))
    };
    let falling = Direction::Falling;
    Row {
        name: series.name,
        runs: series.runs,
        n: series.n,
        repetitions,
        line: goes(falling, &|trend| [line(trend); 2]),
        cusum: goes(falling, &|trend| [cusum(trend); 2]),
        either: goes(falling, &|trend| [line(trend), cusum(trend)]),
        rising: goes(Direction::Rising, &|trend| [line(trend), cusum(trend)]),
    }
}

impl Series {
    fn trend(&self, random: &mut Random) -> Trend {
        let store = Store::open(":memory:", &OpenOptions::default()).expect("a store in memory");
        let suite_id = store.create_suite("suite").expect("a suite").id;
        for number in 0..self.runs {
            self.save(&store, &suite_id, number, random);
        }
        let options = TrendOptions { scorer: SCORER.to_owned(), ..TrendOptions::default() };
        trend(&store, &suite_id, &options).expect("runs with scores")
    }

    fn save(&self, store: &Store, suite_id: &str, number: usize, random: &mut Random) {
        let new = NewRun { suite_id, name: "run", model: "model", ..NewRun::default() };
        let run = store.create_run(&new).expect("a run");
        let keys: Vec<String> =
            (0..self.n + number * self.added).map(|case| case.to_string()).collect();
        let results = keys.iter().enumerate().map(|(at, key)| {
            let rate = if at < self.n { RATE } else { HARD_RATE };
            let passed = random.happens(rate - self.step * number as f64);
            let score = f64::from(u8::from(passed));
            let score = NewScore { scorer_name: SCORER, score, ..NewScore::default() };
            let case = NewCase {
                run_id: &run,
                idx: at as f64,
                input: "1",
                more: MoreOfCase { key: Some(key), ..MoreOfCase::default() },
                ..NewCase::default()
            };
            Ok((case, vec![score]))
        });
        store.save_results(Part::WHOLE, OnConflict::Error, results).expect("results");
        store.finish_run(&run, RunStatus::Completed, None).expect("a run that ends");
    }
}
