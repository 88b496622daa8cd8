//! The agreement of a judge with people, over the attempts of a run that both scored.

use serde::{Deserialize, Serialize};

use super::options::in_open_unit;
use super::reducer::Reducer;
use crate::error::{Argument, Code, Result, StoreError};
use crate::model::{LEVEL, THRESHOLD};
use crate::stats::{self, Agreement, Distance, KappaWeights, PredictedMean};
use crate::store::{CasesToRead, HUMAN, RunSample, Store};

const OPERATION: &str = "judgeAgreement";
/// With more distinct values than this, scores are measures instead of categories.
const MOST_CATEGORIES: usize = 20;

/// The two scorers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JudgeOptions {
    /// The reference scorer, usually people.
    pub human: String,
    /// The scorer to evaluate.
    pub judge: String,
    /// The level of all intervals.
    #[serde(default = "default_level")]
    pub level: f64,
    /// Counts scores of at least this as 1 and others as 0, on both sides; `None` leaves them unchanged.
    #[serde(default)]
    pub threshold: Option<f64>,
}

fn default_level() -> f64 {
    LEVEL
}

/// A figure with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimated {
    /// The figure.
    pub estimate: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

impl From<Agreement> for Estimated {
    fn from(agreement: Agreement) -> Self {
        let Agreement { estimate, interval, .. } = agreement;
        Estimated { estimate, low: interval.low, high: interval.high }
    }
}

/// The number of each pair of scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confusion {
    /// The distinct scores, in ascending order.
    pub categories: Vec<f64>,
    /// Number of attempts by the human's score, then by the judge's.
    pub counts: Vec<Vec<usize>>,
}

/// The estimated mean of the human's scores, had people scored everything.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HumanMean {
    /// From the attempts that only people scored.
    pub human_only: Estimated,
    /// With the help of the judge, prediction-powered; `None` if the judge scored no other attempts.
    pub with_judge: Option<Estimated>,
    /// The weight of the judge in it, from 0 to 1.
    pub lambda: Option<f64>,
}

/// The agreement of a judge with people.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgeAgreement {
    /// The run.
    pub run_id: String,
    /// The reference scorer.
    pub human: String,
    /// The scorer to evaluate.
    pub judge: String,
    /// Attempts that both scored; several scores of a scorer on one attempt are averaged.
    pub n: usize,
    /// Attempts that only the human scored.
    pub only_human: usize,
    /// Attempts that only the judge scored.
    pub only_judge: usize,
    /// Level of all intervals.
    pub level: f64,
    /// Scores of at least this counted as 1 and others as 0; `None` if they were unchanged.
    pub threshold: Option<f64>,
    /// Share of attempts with the same score, with Wilson's interval; `None` for measures.
    pub agreement: Option<Estimated>,
    /// Cohen's kappa, with its asymptotic interval; `None` for measures, and if all scores are equal.
    pub kappa: Option<Estimated>,
    /// The same with quadratic weights: near scores agree partially.
    pub weighted_kappa: Option<Estimated>,
    /// Krippendorff's alpha by squared distance, with the jackknife interval; `None` if all scores are equal.
    pub alpha: Option<Estimated>,
    /// Mean of judge − human, with Student's interval; `None` with fewer than two attempts.
    pub bias: Option<Estimated>,
    /// The number of each pair of scores; `None` for measures.
    pub confusion: Option<Confusion>,
    /// The mean of the human's scores; `None` with fewer than two of them.
    pub human_mean: Option<HumanMean>,
}

/// Returns the agreement of a judge with people over the attempts of a run, which are treated as independent.
///
/// ```
/// use runstore::compare::{JudgeOptions, judge_agreement};
/// use runstore::db::OpenOptions;
///
/// let store = runstore::Store::open(":memory:", &OpenOptions::default())?;
/// let options = JudgeOptions { human: "person".into(), judge: "model".into(), level: 0.95, threshold: None };
/// assert!(judge_agreement(&store, "no such run", &options).is_err());
/// # Ok::<(), runstore::StoreError>(())
/// ```
///
/// # Errors
/// If there is no such run, or one of the two scored nothing in it.
pub fn judge_agreement(
    store: &Store,
    run_id: &str,
    options: &JudgeOptions,
) -> Result<JudgeAgreement> {
    in_open_unit(Argument::option("level"), options.level).map_err(|e| e.during(OPERATION))?;
    let what = CasesToRead { run_id, ..CasesToRead::default() };
    let run = store.at_one_moment(OPERATION, || {
        store.needed_run(OPERATION, run_id)?;
        store.sample_run(what, OPERATION, |_| ())
    })?;
    let scores = Scores::of(&run, options).map_err(|error| error.during(OPERATION))?;
    Ok(scores.agreement(run_id, options))
}

/// Returns the agreement of the scorers of a run with each person who scored the same attempts (a scorer `human:NAME`),
/// and of people with each other; empty if no person scored any.
///
/// If a person only says pass or fail, a scorer passes at 0.5 and above. That makes no sense for the scorers in
/// `lower_is_better`, which are then left out.
///
/// # Errors
/// If the run cannot be read. Errors name `operation`.
pub fn agreement_with_people(
    store: &Store,
    run_id: &str,
    lower_is_better: &[String],
    level: f64,
    operation: &str,
) -> Result<Vec<JudgeAgreement>> {
    let what = CasesToRead { run_id, ..CasesToRead::default() };
    let run = store.sample_run(what, operation, |_| ())?;
    let mut names = run.scorers.clone();
    names.sort_unstable();
    let is_human = |name: &String| name.starts_with(HUMAN);
    let mut found = vec![];
    for human in names.iter().filter(|name| is_human(name)) {
        // Each pair of people is compared once.
        let others = names.iter().filter(|judge| !is_human(judge) || *judge > human);
        for judge in others {
            let mut options =
                JudgeOptions { human: human.clone(), judge: judge.clone(), level, threshold: None };
            let mut scores = Scores::of(&run, &options)?;
            if scores.needs_threshold() {
                if lower_is_better.contains(judge) {
                    continue;
                }
                options.threshold = Some(THRESHOLD);
                scores = Scores::of(&run, &options)?;
            }
            if !scores.human.is_empty() {
                found.push(scores.agreement(run_id, &options));
            }
        }
    }
    Ok(found)
}

/// The scores of attempts, by scorer.
#[derive(Default)]
struct Scores {
    human: Vec<f64>,
    judge: Vec<f64>,
    only_human: Vec<f64>,
    only_judge: Vec<f64>,
}

impl Scores {
    fn of(run: &RunSample<()>, options: &JudgeOptions) -> Result<Self> {
        let number = |option: &'static str, name: &str| {
            let known = run.scorers.iter().position(|scorer| scorer == name);
            known.ok_or_else(|| {
                let expected = format!("a scorer of the run ({})", run.scorers.join(", "));
                StoreError::value(Argument::option(option), expected, format_args!("\"{name}\""))
            })
        };
        let (human, judge) = (number("human", &options.human)?, number("judge", &options.judge)?);
        if human == judge {
            let words = format!("\"{}\" cannot be compared with itself", options.judge);
            return Err(StoreError::new(Code::InvalidArgument, words));
        }
        let mut scores = Scores::default();
        let counted = |score: f64| match options.threshold {
            Some(threshold) => f64::from(u8::from(score >= threshold)),
            None => score,
        };
        for attempt in &run.cases {
            let given = Reducer::Mean.of_trial_by_scorer(&attempt.scores);
            let of = |scorer| {
                given.iter().find(|(by, _)| *by == scorer).map(|(_, score)| counted(*score))
            };
            match (of(human), of(judge)) {
                (Some(human), Some(judge)) => {
                    scores.human.push(human);
                    scores.judge.push(judge);
                }
                (Some(human), None) => scores.only_human.push(human),
                (None, Some(judge)) => scores.only_judge.push(judge),
                (None, None) => {}
            }
        }
        Ok(scores)
    }

    /// Whether a person said pass or fail, and the judge gave other scores.
    fn needs_threshold(&self) -> bool {
        let says_pass_or_fail =
            |scores: &[f64]| scores.iter().all(|score| [0.0, 1.0].contains(score));
        says_pass_or_fail(&self.human) && !says_pass_or_fail(&self.judge)
    }

    fn agreement(&self, run_id: &str, options: &JudgeOptions) -> JudgeAgreement {
        let level = options.level;
        let (human, judge) = (self.human.as_slice(), self.judge.as_slice());
        let confusion = self.confusion();
        let is_categorical = confusion.is_some();
        let kappa = |weights| {
            let kappa = is_categorical.then(|| stats::cohens_kappa(human, judge, weights, level));
            kappa.and_then(|kappa| kappa.ok()).map(Estimated::from)
        };
        let alpha = stats::krippendorffs_alpha(&[human, judge], Distance::Interval, level);
        JudgeAgreement {
            run_id: run_id.to_owned(),
            human: options.human.clone(),
            judge: options.judge.clone(),
            n: human.len(),
            only_human: self.only_human.len(),
            only_judge: self.only_judge.len(),
            level,
            threshold: options.threshold,
            agreement: is_categorical
                .then(|| stats::rater_agreement(human, judge, level))
                .and_then(|agreement| agreement.ok())
                .map(Estimated::from),
            kappa: kappa(KappaWeights::None),
            weighted_kappa: kappa(KappaWeights::Quadratic),
            alpha: alpha.ok().map(Estimated::from),
            bias: self.bias(level),
            confusion,
            human_mean: self.human_mean(level),
        }
    }

    fn confusion(&self) -> Option<Confusion> {
        let mut categories: Vec<f64> = self.human.iter().chain(&self.judge).copied().collect();
        categories.sort_unstable_by(f64::total_cmp);
        categories.dedup();
        if categories.is_empty() || categories.len() > MOST_CATEGORIES {
            return None;
        }
        let place = |score: f64| categories.partition_point(|known| *known < score);
        let mut counts = vec![vec![0; categories.len()]; categories.len()];
        for (human, judge) in self.human.iter().zip(&self.judge) {
            counts[place(*human)][place(*judge)] += 1;
        }
        Some(Confusion { categories, counts })
    }

    fn bias(&self, level: f64) -> Option<Estimated> {
        let differences: Vec<f64> =
            self.judge.iter().zip(&self.human).map(|(judge, human)| judge - human).collect();
        mean(&differences, level)
    }

    fn human_mean(&self, level: f64) -> Option<HumanMean> {
        let all: Vec<f64> = self.human.iter().chain(&self.only_human).copied().collect();
        let human_only = mean(&all, level)?;
        let helped: Option<PredictedMean> =
            stats::prediction_powered_mean(&self.human, &self.judge, &self.only_judge, level).ok();
        let with_judge = helped.map(|mean| Estimated {
            estimate: mean.estimate,
            low: mean.interval.low,
            high: mean.interval.high,
        });
        Some(HumanMean { human_only, with_judge, lambda: helped.map(|mean| mean.lambda) })
    }
}

/// Returns a mean with Student's interval; `None` with fewer than two values.
fn mean(values: &[f64], level: f64) -> Option<Estimated> {
    let mean = stats::mean_interval(values, level).ok()?;
    Some(Estimated { estimate: mean.mean, low: mean.interval.low, high: mean.interval.high })
}
