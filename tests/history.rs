//! History and trend, against figures worked out by hand or by another program.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod support;

use runstore::compare::{
    Direction, HistoryOptions, HistoryRow, Trend, TrendOptions, history, trend,
};
use runstore::model::{NewCase, NewRun, NewScore, RunStatus};
use runstore::store::{OnConflict, Part};
use runstore::{Code, Store};
use support::open;

/// A case with a score of the scorer `s`.
#[derive(Clone, Copy, Default)]
struct Scored<'a> {
    input: &'a str,
    key: Option<&'a str>,
    cluster: Option<&'a str>,
    trial: Option<f64>,
    error: Option<&'a str>,
    score: Option<f64>,
}

fn scored(input: &str, score: f64) -> Scored<'_> {
    Scored { input, score: Some(score), ..Scored::default() }
}

struct Suite {
    store: Store,
    id: String,
}

impl Suite {
    fn new() -> Self {
        let store = open(":memory:").unwrap();
        let id = store.create_suite("suite").unwrap().id;
        Suite { store, id }
    }

    fn running(&self, name: &str, model: &str, cases: &[Scored<'_>]) {
        let new = NewRun { id: Some(name), suite_id: &self.id, name, model, ..NewRun::default() };
        self.store.create_run(&new).unwrap();
        let results = cases.iter().enumerate().map(|(idx, one)| {
            let mut case =
                NewCase { run_id: name, idx: idx as f64, input: one.input, ..NewCase::default() };
            case.error = one.error;
            case.more.key = one.key;
            case.more.cluster = one.cluster;
            case.more.trial = one.trial;
            let score = |score| NewScore { scorer_name: "s", score, ..NewScore::default() };
            Ok((case, one.score.map(score).into_iter().collect()))
        });
        self.store.save_results(Part::WHOLE, OnConflict::Error, results).unwrap();
    }

    fn run_of(&self, name: &str, model: &str, cases: &[Scored<'_>]) {
        self.running(name, model, cases);
        self.store.finish_run(name, RunStatus::Completed, None).unwrap();
    }

    fn run(&self, name: &str, cases: &[Scored<'_>]) {
        self.run_of(name, "m", cases);
    }

    fn history(&self, options: HistoryOptions) -> Vec<HistoryRow> {
        history(&self.store, &self.id, &options).unwrap()
    }

    fn trend(&self, options: TrendOptions) -> Trend {
        trend(&self.store, &self.id, &TrendOptions { scorer: "s".to_owned(), ..options }).unwrap()
    }
}

fn assert_close(actual: Option<f64>, expected: f64) {
    let actual = actual.unwrap();
    assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
}

fn names(rows: &[HistoryRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

const ABCD: [&str; 4] = ["\"a\"", "\"b\"", "\"c\"", "\"d\""];

fn four(scores: [f64; 4]) -> Vec<Scored<'static>> {
    ABCD.into_iter().zip(scores).map(|(input, score)| scored(input, score)).collect()
}

#[test]
fn the_mean_of_0_and_1_has_wilsons_interval() {
    let suite = Suite::new();
    suite.run("r", &four([1.0, 1.0, 0.0, 1.0]));
    let [row] = &suite.history(HistoryOptions::default())[..] else { panic!() };
    assert_eq!((row.n, row.mean, row.level), (4, Some(0.75), 0.95));
    // By the formula of Wilson (1927) with z = 1.959963984540054, in another program.
    assert_close(row.low, 0.300_641_842_582_401_84);
    assert_close(row.high, 0.954_412_739_190_299_5);
    assert_eq!((row.delta_previous, row.delta_baseline, row.is_baseline), (None, None, false));
}

#[test]
fn the_mean_of_graded_scores_has_students() {
    let suite = Suite::new();
    suite.run("r", &[scored("1", 0.2), scored("2", 0.4), scored("3", 0.6)]);
    let rows = suite.history(HistoryOptions::default());
    // 0.4 ± t(0.975; 2)·0.2/√3, with t = 4.302652729696142 of the tables.
    assert_close(rows[0].mean, 0.4);
    assert_close(rows[0].low, 0.4 - 4.302_652_729_696_142 * 0.2 / 3f64.sqrt());
    assert_close(rows[0].high, 0.4 + 4.302_652_729_696_142 * 0.2 / 3f64.sqrt());
}

#[test]
fn clusters_widen_the_interval() {
    let suite = Suite::new();
    let clusters = ["a", "a", "b", "b", "c"];
    let inputs = ["1", "2", "3", "4", "5"].into_iter();
    let alone: Vec<_> =
        inputs.zip([1., 2., 3., 4., 5.]).map(|(input, score)| scored(input, score)).collect();
    suite.run("alone", &alone);
    let cases: Vec<_> = (["1", "2", "3", "4", "5"].into_iter().zip([1., 2., 3., 4., 5.]))
        .zip(clusters)
        .map(|((input, score), cluster)| Scored { cluster: Some(cluster), ..scored(input, score) })
        .collect();
    suite.run("r", &cases);
    let rows = suite.history(HistoryOptions::default());
    assert_eq!((rows[0].mean, rows[1].mean), (Some(3.0), Some(3.0)));
    assert!(rows[1].low < rows[0].low && rows[1].high > rows[0].high, "{rows:?}");
}

#[test]
fn trials_of_a_case_are_averaged_first() {
    let suite = Suite::new();
    let trial = |input, trial, score| Scored { trial: Some(trial), ..scored(input, score) };
    suite.run(
        "r",
        &[trial("1", 0., 1.), trial("1", 1., 0.), trial("1", 2., 1.), trial("2", 0., 1.)],
    );
    let rows = suite.history(HistoryOptions::default());
    assert_eq!(rows[0].n, 2);
    // Not 3 of 4: (2/3 + 1)/2.
    assert_close(rows[0].mean, 5.0 / 6.0);
}

#[test]
fn deltas_are_paired_by_case_whatever_the_order() {
    let suite = Suite::new();
    suite.run("one", &four([0.1, 0.2, 0.3, 0.4]));
    let mut other = four([0.2, 0.4, 0.6, 0.8]);
    other.reverse();
    other.push(scored("\"new\"", 9.0));
    suite.run("two", &other);
    let rows = suite.history(HistoryOptions::default());
    assert_eq!(names(&rows), ["one", "two"]);
    let delta = rows[1].delta_previous.unwrap();
    assert_eq!(delta.n, 4);
    assert_close(Some(delta.delta), 0.25);
    // The differences are 0.1, 0.2, 0.3, 0.4: sd √(0.05/3), t(0.975; 3) = 3.182446305284263.
    let reach = 3.182_446_305_284_263 * (0.05f64 / 3.0).sqrt() / 2.0;
    // On so few cases, the bound that knows the scale may reach farther, and never less far.
    let (low, high) = (delta.low.unwrap(), delta.high.unwrap());
    assert!(low <= 0.25 - reach + 1e-9 && high >= 0.25 + reach - 1e-9, "{low} to {high}");
}

#[test]
fn keys_pair_cases_whose_input_changed() {
    let suite = Suite::new();
    let keyed = |input, key, score| Scored { key: Some(key), ..scored(input, score) };
    suite.run("one", &[keyed("1", "x", 0.0), keyed("2", "y", 0.0)]);
    suite.run("two", &[keyed("9", "y", 1.0), keyed("8", "x", 1.0)]);
    // Only one of the two runs has keys: by input.
    suite.run("three", &[scored("9", 0.0)]);
    let rows = suite.history(HistoryOptions::default());
    assert_eq!(rows[1].delta_previous.map(|delta| (delta.n, delta.delta)), Some((2, 1.0)));
    assert_eq!(rows[2].delta_previous.map(|delta| (delta.n, delta.delta)), Some((1, -1.0)));
    assert_eq!(rows[2].delta_previous.unwrap().low, None);
}

#[test]
fn unscored_and_failed_cases_are_counted_separately() {
    let suite = Suite::new();
    let failed = Scored { input: "1", error: Some("timeout"), ..Scored::default() };
    suite.run("r", &[failed, scored("2", 1.0), scored("3", f64::INFINITY), scored("4", 1.0)]);
    let row = &suite.history(HistoryOptions::default())[0];
    assert_eq!((row.n, row.mean, row.unscored, row.errored), (2, Some(1.0), 2, 1));
}

#[test]
fn a_run_has_a_row_for_each_scorer_by_name() {
    let suite = Suite::new();
    suite.run("one", &four([1.0; 4]));
    suite.run("two", &four([1.0; 4]));
    let cases = ["one-0", "two-0"];
    for (run, case_id) in ["one", "two"].into_iter().zip(cases) {
        let case = NewCase { id: Some(case_id), run_id: run, input: "0", ..NewCase::default() };
        suite.store.save_cases([Ok(case)]).unwrap();
        for scorer_name in ["z", "a"] {
            let score = NewScore { case_id, scorer_name, score: 0.5, ..NewScore::default() };
            suite.store.save_scores([Ok(score)]).unwrap();
        }
    }
    let rows = suite.history(HistoryOptions::default());
    let listed: Vec<_> =
        rows.iter().map(|row| (row.name.as_str(), row.scorer_name.as_str())).collect();
    let expected = ["one", "two"].map(|run| ["a", "s", "z"].map(|scorer| (run, scorer))).concat();
    assert_eq!(listed, expected);
    let of_one = |scorer: &str| {
        suite.history(HistoryOptions {
            scorer: Some(scorer.to_owned()),
            ..HistoryOptions::default()
        })
    };
    assert_eq!(of_one("z"), [rows[2].clone(), rows[5].clone()]);
    // A run that the scorer did not score is shown as such.
    let unknown = of_one("unknown");
    assert_eq!((unknown.len(), unknown[0].n, unknown[0].mean), (2, 0, None));
    assert_eq!((unknown[0].low, unknown[0].unscored), (None, 5));
}

#[test]
fn only_completed_runs_of_the_suite_and_the_model_are_shown() {
    let suite = Suite::new();
    let other = suite.store.create_suite("other").unwrap().id;
    let elsewhere = NewRun {
        id: Some("elsewhere"),
        suite_id: &other,
        name: "n",
        model: "m",
        ..NewRun::default()
    };
    suite.store.create_run(&elsewhere).unwrap();
    suite.store.finish_run("elsewhere", RunStatus::Completed, None).unwrap();
    suite.run("first", &four([1.0; 4]));
    suite.run_of("large", "large", &four([0.5; 4]));
    suite.running("running", "m", &four([1.0; 4]));
    suite.running("failed", "m", &four([1.0; 4]));
    suite.store.finish_run("failed", RunStatus::Failed, None).unwrap();
    suite.run("second", &four([0.75; 4]));
    let all = suite.history(HistoryOptions::default());
    assert_eq!(names(&all), ["first", "large", "second"]);
    assert_eq!(all[2].delta_previous.unwrap().delta, 0.25);
    let model = Some("m".to_owned());
    let small = suite.history(HistoryOptions { model, ..HistoryOptions::default() });
    assert_eq!(names(&small), ["first", "second"]);
    assert_eq!(small[1].delta_previous.unwrap().delta, -0.25);
    let unknown = history(&suite.store, "none", &HistoryOptions::default()).unwrap_err();
    assert_eq!(unknown.code, runstore::Code::NotFound);
}

#[test]
fn the_first_row_shown_still_has_its_delta() {
    let place = support::Place::new();
    let store = open(&place.path).unwrap();
    let id = store.create_suite("suite").unwrap().id;
    let suite = Suite { store, id };
    for (at, name) in ["one", "two", "three", "four"].into_iter().enumerate() {
        suite.run(name, &four([at as f64; 4]));
        let sql = format!("UPDATE runs SET started_at = {} WHERE id = '{name}'", (at + 1) * 1000);
        place.sqlite().execute_batch(&sql).unwrap();
    }
    let limited = suite.history(HistoryOptions { limit: 2, ..HistoryOptions::default() });
    assert_eq!(names(&limited), ["three", "four"]);
    assert_eq!(limited[0].delta_previous.unwrap().delta, 1.0);
    let since =
        |since| suite.history(HistoryOptions { since: Some(since), ..HistoryOptions::default() });
    assert_eq!(since(3000.0), limited);
    assert_eq!(names(&since(0.0)), ["one", "two", "three", "four"]);
    assert_eq!(since(0.0)[0].delta_previous, None);
    assert_eq!(since(4000.5), []);
}

#[test]
fn the_baseline_is_compared_with_from_wherever_it_is() {
    let suite = Suite::new();
    for (name, score) in [("one", 1.0), ("two", 0.5), ("three", 0.25)] {
        suite.run(name, &four([score; 4]));
    }
    let deltas = |options| {
        let rows = suite.history(options);
        rows.iter()
            .map(|row| (row.is_baseline, row.delta_baseline.map(|delta| delta.delta)))
            .collect::<Vec<_>>()
    };
    let named = |name: &str| HistoryOptions {
        baseline: Some(name.to_owned()),
        ..HistoryOptions::default()
    };
    assert_eq!(deltas(HistoryOptions::default()), [(false, None); 3]);
    suite.store.set_baseline(&suite.id, "two", "main").unwrap();
    suite.store.set_baseline(&suite.id, "one", "release").unwrap();
    let from_two = [(false, Some(0.5)), (true, None), (false, Some(-0.25))];
    assert_eq!(deltas(HistoryOptions::default()), from_two);
    assert_eq!(deltas(named("main")), from_two);
    // The baseline is older than what is shown.
    assert_eq!(deltas(HistoryOptions { limit: 1, ..named("release") }), [(false, Some(-0.75))]);
    let error = history(&suite.store, &suite.id, &named("relaese")).unwrap_err();
    assert_eq!(error.code, Code::NotFound);
    assert!(error.message().contains("has no baseline \"relaese\""), "{error}");
}

/// Inputs 0 to 99, some failing, each score 0 or 1.
fn hundred(failing: std::ops::Range<usize>) -> Vec<(String, f64)> {
    let score = |input| if failing.contains(&input) { 0.0 } else { 1.0 };
    (0..100).map(|input| (input.to_string(), score(input))).collect()
}

#[test]
fn eight_small_drops_none_significant_alone_are_seen() {
    let suite = Suite::new();
    // Each time, two cases are repaired and a few others break.
    for (at, failing) in [10, 12, 11, 13, 14, 14, 16, 17, 18].into_iter().enumerate() {
        let cases = hundred(2 * at..2 * at + failing);
        let cases: Vec<_> = cases.iter().map(|(input, score)| scored(input, *score)).collect();
        suite.run(&format!("night {at}"), &cases);
    }
    for row in &suite.history(HistoryOptions::default())[1..] {
        let delta = row.delta_previous.unwrap();
        assert!(delta.low.unwrap() < 0.0 && delta.high.unwrap() > 0.0, "{}: {delta:?}", row.name);
    }
    let trend = suite.trend(TrendOptions::default());
    assert_eq!(trend.direction, Some(Direction::Falling));
    // By the formulas of the line of least squares, with 7 degrees of freedom, in another program.
    assert_close(trend.slope, -0.009_666_666_666_666_676);
    assert_close(trend.low, -0.011_605_020_681_970_475);
    assert_close(trend.high, -0.007_728_312_651_362_877);
    assert_close(trend.p_value, 7.147_364_209_452_509e-6);
    assert_eq!((trend.n_runs, trend.first_mean, trend.last_mean), (9, Some(0.9), Some(0.82)));
    assert_eq!(trend.runs.first().map(|run| run.run_id.as_str()), Some("night 0"));
    let strict = suite.trend(TrendOptions { alpha: 1e-6, ..TrendOptions::default() });
    assert_eq!(strict.direction, Some(Direction::Flat));
}

#[test]
fn adding_harder_cases_is_not_a_fall() {
    let suite = Suite::new();
    // Each night, ten cases more that nobody passes; the hundred of the first night stay as they are.
    for night in 0..9 {
        let cases: Vec<(String, f64)> = hundred(0..10)
            .into_iter()
            .chain((100..100 + 10 * night).map(|input| (input.to_string(), 0.0)))
            .collect();
        let cases: Vec<_> = cases.iter().map(|(input, score)| scored(input, *score)).collect();
        suite.run(&format!("night {night}"), &cases);
    }
    let trend = suite.trend(TrendOptions::default());
    assert_eq!((trend.direction, trend.slope), (Some(Direction::Flat), Some(0.0)));
    assert_eq!(trend.cusum.unwrap().direction, Direction::Flat);
    assert_eq!((trend.first_mean, trend.last_mean), (Some(0.9), Some(0.5)));
    assert_eq!(trend.runs[8].delta_anchor.map(|delta| (delta.delta, delta.n)), Some((0.0, 100)));
    let rows = suite.history(HistoryOptions::default());
    assert_eq!(rows[8].delta_first.map(|delta| (delta.delta, delta.n)), Some((0.0, 100)));
    assert_eq!(rows[0].delta_first, None);
}

#[test]
fn a_trend_is_measured_from_the_baseline_or_from_the_oldest_run() {
    let suite = Suite::new();
    for (name, score) in [("old", 0.9), ("one", 0.5), ("two", 0.4), ("three", 0.3)] {
        suite.run(name, &four([score; 4]));
    }
    let last = TrendOptions { last: 3, ..TrendOptions::default() };
    let from_oldest = suite.trend(last.clone());
    assert_eq!(from_oldest.anchor_run_id.as_deref(), Some("one"));
    assert_close(from_oldest.runs[2].delta_anchor.map(|delta| delta.delta), -0.2);
    suite.store.set_baseline(&suite.id, "old", "main").unwrap();
    let from_main = suite.trend(last.clone());
    assert_eq!(from_main.anchor_run_id.as_deref(), Some("old"));
    assert_close(from_main.runs[2].delta_anchor.map(|delta| delta.delta), -0.6);
    assert_close(from_main.slope, -0.1);
    let baseline = Some("release".to_owned());
    let options = TrendOptions { scorer: "s".to_owned(), baseline, ..last };
    assert_eq!(trend(&suite.store, &suite.id, &options).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_run_of_other_cases_is_set_apart() {
    let suite = Suite::new();
    for name in ["one", "two", "three"] {
        suite.run(name, &four([1.0, 0.0, 1.0, 0.0]));
    }
    suite.run("other", &[scored("\"x\"", 0.0)]);
    let trend = suite.trend(TrendOptions::default());
    assert_eq!((trend.n_runs, trend.n_apart, trend.direction), (3, 1, Some(Direction::Flat)));
}

#[test]
fn a_step_down_adds_up_in_the_sums() {
    let suite = Suite::new();
    // From the sixth night on, eight more of a hundred fail: neighbours differ once, and a line says little.
    for (night, failing) in [10, 11, 10, 9, 10, 18, 18, 19, 18].into_iter().enumerate() {
        let cases = hundred(3 * night..3 * night + failing);
        let cases: Vec<_> = cases.iter().map(|(input, score)| scored(input, *score)).collect();
        suite.run(&format!("night {night}"), &cases);
    }
    let cusum = suite.trend(TrendOptions::default()).cusum.unwrap();
    assert_eq!(cusum.direction, Direction::Falling, "{cusum:?}");
    assert!(cusum.falling > cusum.limit && cusum.rising < 1.0, "{cusum:?}");
    assert!(
        ["night 6", "night 7", "night 8"].contains(&cusum.run_id.as_deref().unwrap()),
        "{cusum:?}"
    );
}

#[test]
fn a_trend_looks_at_the_last_runs_that_were_scored() {
    let suite = Suite::new();
    for (name, score) in [("old", 9.0), ("one", 0.1), ("two", 0.2), ("three", 0.3)] {
        suite.run(name, &[scored("1", score)]);
    }
    suite.run("unscored", &[Scored { input: "1", ..Scored::default() }]);
    suite.run_of("large", "large", &[scored("1", 0.4)]);
    let of_m = |last| {
        suite.trend(TrendOptions { model: Some("m".to_owned()), last, ..TrendOptions::default() })
    };
    let trend = of_m(4);
    assert_eq!(trend.n_runs, 3);
    assert_close(trend.slope, 0.1);
    assert_eq!(trend.direction, Some(Direction::Rising));
    assert_eq!(suite.trend(TrendOptions { last: 5, ..TrendOptions::default() }).n_runs, 4);
}

#[test]
fn a_trend_of_fewer_than_three_runs_says_nothing() {
    let suite = Suite::new();
    let nothing = suite.trend(TrendOptions::default());
    assert_eq!((nothing.n_runs, nothing.first_mean, nothing.direction), (0, None, None));
    suite.run("one", &[scored("1", 0.5)]);
    suite.run("two", &[scored("1", 0.1)]);
    let trend = suite.trend(TrendOptions::default());
    assert_eq!((trend.slope, trend.low, trend.p_value, trend.direction), (None, None, None, None));
    assert_eq!((trend.n_runs, trend.first_mean, trend.last_mean), (2, Some(0.5), Some(0.1)));
}

#[test]
fn a_trend_of_equal_means_is_flat() {
    let suite = Suite::new();
    for name in ["one", "two", "three"] {
        suite.run(name, &four([1.0, 0.0, 1.0, 0.0]));
    }
    let trend = suite.trend(TrendOptions::default());
    assert_eq!((trend.slope, trend.p_value), (Some(0.0), Some(1.0)));
    assert_eq!(trend.direction, Some(Direction::Flat));
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let suite = Suite::new();
    let refused = |options: TrendOptions, says: &str| {
        let error = trend(&suite.store, &suite.id, &options).unwrap_err();
        assert_eq!(error.code, Code::InvalidArgument);
        assert!(
            error.message().starts_with("trend: ") && error.message().contains(says),
            "{error}"
        );
    };
    refused(TrendOptions { last: 2, ..TrendOptions::default() }, "options.last must be at least 3");
    for alpha in [0.0, 1.0, f64::NAN] {
        refused(TrendOptions { alpha, ..TrendOptions::default() }, "options.alpha");
    }
    let options = HistoryOptions { limit: 0, ..HistoryOptions::default() };
    let error = history(&suite.store, &suite.id, &options).unwrap_err();
    assert!(error.message().starts_with("history: options.limit must be at least 1"), "{error}");
}
