//! Single questions of users: how large a loss must be, what choosing and repeating runs costs, whether a minimum
//! detectable effect is detected, how often a gate that looks after every case stops wrongly.

use runstore::compare::{Decision, Estimate, PairedScores};
use runstore::stats::{GateOptions, sequential_gate};
use serde::Serialize;

use super::cells::{Cell, Grouping, Scores, Trials};
use super::grid::verdict;
use super::rates::share;
use super::truth::Random;

const ALPHA: f64 = 0.05;
const POWER: f64 = 0.8;
/// Candidates that are tried one after the other.
const TRIES: usize = 5;
/// Equal runs of which the best becomes the baseline.
const CHOICE: usize = 10;
/// Values that a gate looks at, one after the other.
const STREAM: usize = 300;

/// A question.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// A loss of this share of the margin: is it rejected?
    LossWithin(f64),
    /// A loss as large as the margin, tried five times: is it allowed once?
    Reruns,
    /// An equal candidate, if the baseline is the best of ten runs: is it rejected?
    BestOfTen,
    /// A loss as large as the minimum detectable effect of a first pair: is it significant?
    Detected,
    /// Differences without a mean, each looked at: does the gate stop, from this number of values on?
    Stops(usize),
}

/// A question about a suite.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub question: Question,
    /// Pass rate of the baseline.
    pub rate: f64,
    pub n: usize,
    pub margin: f64,
}

/// How often the answer is yes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub question: String,
    pub scores: String,
    pub n: usize,
    pub margin: Option<f64>,
    /// What is promised: at most, or at least.
    pub promised: Option<String>,
    pub repetitions: usize,
    pub yes: Option<f64>,
}

/// Returns the questions.
pub fn all() -> Vec<Asked> {
    let of = |question, rate, n, margin| Asked { question, rate, n, margin };
    vec![
        of(Question::LossWithin(0.5), 0.9, 1000, 0.02),
        of(Question::LossWithin(0.8), 0.9, 1000, 0.02),
        of(Question::Reruns, 0.9, 300, 0.05),
        of(Question::BestOfTen, 0.9, 300, 0.0),
        of(Question::Detected, 0.9, 50, 0.0),
        of(Question::Detected, 0.9, 200, 0.0),
        of(Question::Detected, 0.99, 50, 0.0),
        of(Question::Detected, 0.99, 200, 0.0),
        of(Question::Stops(1), 0.95, STREAM, 0.0),
        of(Question::Stops(5), 0.95, STREAM, 0.0),
        of(Question::Stops(20), 0.95, STREAM, 0.0),
    ]
}

/// Asks a question so many times.
pub fn row(asked: &Asked, repetitions: usize, seed: u64) -> Row {
    let mut random = Random::new(seed);
    let answers: Vec<Option<bool>> = (0..repetitions).map(|_| asked.answer(&mut random)).collect();
    let known = || answers.iter().flatten().copied();
    Row {
        question: asked.words(),
        scores: asked.scores(),
        n: asked.n,
        margin: asked.has_margin().then_some(asked.margin),
        promised: asked.promised(),
        repetitions: known().count(),
        yes: share(known()),
    }
}

impl Asked {
    fn cell(&self) -> Cell {
        let (grouping, trials) = (Grouping::Independent, Trials::Of(1, 1));
        Cell { scores: Scores::Pass(self.rate), grouping, trials, n: self.n }
    }

    /// Returns the answer; `None` if the question does not arise.
    fn answer(&self, random: &mut Random) -> Option<bool> {
        let margin = self.margin;
        match self.question {
            Question::LossWithin(share) => {
                let scores = self.cell().draw(share * margin, random);
                Some(verdict(&scores, margin).decision == Decision::Reject)
            }
            Question::Reruns => {
                let baseline = self.cell().draw(0.0, random).baseline;
                let is_allowed = |_| {
                    let candidate = self.cell().draw(margin, random).candidate;
                    verdict(&pair(&baseline, candidate), margin).decision == Decision::Allow
                };
                Some((0..TRIES).any(is_allowed))
            }
            Question::BestOfTen => {
                let runs = (0..CHOICE).map(|_| self.cell().draw(0.0, random).baseline);
                let passed = |run: &Vec<f64>| run.iter().sum::<f64>();
                let best = runs.max_by(|one, other| passed(one).total_cmp(&passed(other)))?;
                let candidate = self.cell().draw(0.0, random).candidate;
                Some(verdict(&pair(&best, candidate), margin).decision == Decision::Reject)
            }
            Question::Detected => {
                let first = self.cell().draw(0.0, random);
                let estimate = Estimate::of(&first, 1.0 - ALPHA)?;
                let effect = estimate.minimum_detectable_effect(ALPHA, POWER)?;
                let second = self.cell().draw(effect.min(self.rate), random);
                let seen = verdict(&second, 0.0);
                Some(seen.delta? < 0.0 && seen.p_value? < ALPHA)
            }
            Question::Stops(min_n) => {
                // Small gains, and once in a while a large loss; 0 on average.
                let draw = |_| if random.happens(self.rate) { 0.05 } else { -0.95 };
                let differences: Vec<f64> = (0..self.n).map(draw).collect();
                let options = GateOptions { min_n, ..GateOptions::default() };
                Some(sequential_gate(&differences, &options).ok()?.stopped)
            }
        }
    }

    fn words(&self) -> String {
        match self.question {
            Question::LossWithin(share) => format!("a loss of {share} margins, rejected"),
            Question::Reruns => format!("a loss of the margin, allowed in one of {TRIES} tries"),
            Question::BestOfTen => {
                format!("equal to a baseline that is the best of {CHOICE}, rejected")
            }
            Question::Detected => "a loss of the minimum detectable effect, detected".to_owned(),
            Question::Stops(1) => "`sequentialGate` stops wrongly".to_owned(),
            Question::Stops(min_n) => format!("`sequentialGate` stops wrongly, `minN` {min_n}"),
        }
    }

    fn scores(&self) -> String {
        match self.question {
            Question::Stops(_) => "+0.05, and −0.95 in 1 of 20".to_owned(),
            _ => self.cell().name(),
        }
    }

    fn has_margin(&self) -> bool {
        !matches!(self.question, Question::Detected | Question::Stops(_))
    }

    fn promised(&self) -> Option<String> {
        match self.question {
            Question::LossWithin(_) | Question::Reruns | Question::BestOfTen => None,
            Question::Detected => Some("80".to_owned()),
            Question::Stops(_) => Some("at most 2.5".to_owned()),
        }
    }
}

fn pair(baseline: &[f64], candidate: Vec<f64>) -> PairedScores {
    PairedScores { baseline: baseline.to_vec(), candidate, ..PairedScores::default() }
}
