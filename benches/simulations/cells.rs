//! Pairs of runs whose true difference is known, in the shapes that suites have.

use runstore::compare::PairedScores;
use runstore::stats::Clusters;

use super::truth::Random;

/// How scores come about.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(dead_code)] // tests draw some of them only
pub enum Scores {
    /// Passed or not, with this pass rate in the baseline.
    Pass(f64),
    /// Near 1, and once in a while 0: a judge of an assistant that sometimes fails altogether.
    Catastrophes,
    /// Equal in 95 of 100 cases, otherwise half a point up or down.
    Sparse,
    /// Graded, with many small steps, and a tail of bad answers.
    Skewed,
    /// Whole numbers from 1 to 5.
    Likert,
    /// Normal differences of cases that differ in difficulty, beyond 0 and 1.
    Normal,
}

/// How cases hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Grouping {
    /// They do not.
    Independent,
    /// So many clusters of equal size.
    Clusters(usize),
    /// Clusters of five.
    OfFive,
    /// One cluster of half the cases; the others by twos.
    Unequal,
    /// Two cases in one cluster, all others alone.
    OnePair,
}

/// How many trials a case has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trials {
    /// So many in the baseline and in the candidate.
    Of(usize, usize),
    /// One to five, by case.
    Mixed,
}

/// A shape of suite.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub scores: Scores,
    pub grouping: Grouping,
    pub trials: Trials,
    pub n: usize,
}

/// Of two cases in one cluster, how often the second repeats the first.
const ALIKE: f64 = 0.5;

impl Cell {
    /// Returns how large a margin of so many hundredths of the scale is.
    pub fn margin(&self, share: f64) -> f64 {
        if self.scores == Scores::Likert { 4.0 * share } else { share }
    }

    /// Whether the scores can lose so much.
    #[allow(dead_code)]
    pub fn can_lose(&self, loss: f64) -> bool {
        match self.scores {
            Scores::Pass(rate) => rate >= loss,
            Scores::Sparse => loss <= 0.45,
            _ => true,
        }
    }

    pub fn name(&self) -> String {
        let scores = match self.scores {
            Scores::Pass(rate) => format!("0/1, {rate}"),
            Scores::Catastrophes => "rare catastrophes".to_owned(),
            Scores::Sparse => "sparse".to_owned(),
            Scores::Skewed => "skewed".to_owned(),
            Scores::Likert => "Likert 1–5".to_owned(),
            Scores::Normal => "normal".to_owned(),
        };
        let grouping = match self.grouping {
            Grouping::Independent => String::new(),
            Grouping::Clusters(clusters) => format!(", {clusters} clusters"),
            Grouping::OfFive => ", clusters of 5".to_owned(),
            Grouping::Unequal => ", half in one cluster".to_owned(),
            Grouping::OnePair => ", one pair clustered".to_owned(),
        };
        let trials = match self.trials {
            Trials::Of(1, 1) => String::new(),
            Trials::Of(baseline, candidate) if baseline == candidate => {
                format!(", {baseline} trials")
            }
            Trials::Of(baseline, candidate) => format!(", {baseline} against {candidate} trials"),
            Trials::Mixed => ", 1 to 5 trials".to_owned(),
        };
        format!("{scores}{grouping}{trials}")
    }

    /// Returns the scores of a baseline and of a candidate that is worse by `loss`.
    pub fn draw(&self, loss: f64, random: &mut Random) -> PairedScores {
        let clusters = self.clusters();
        let mut scores = PairedScores {
            is_averaged: self.trials != Trials::Of(1, 1),
            is_uneven: match self.trials {
                Trials::Of(before, after) => before != after,
                Trials::Mixed => true,
            },
            ..PairedScores::default()
        };
        let mut shared = (0, Case::draw(self.scores, random));
        for at in 0..self.n {
            let mut case = Case::draw(self.scores, random);
            if let Some(clusters) = &clusters {
                if at == 0 || clusters[at] != shared.0 {
                    shared = (clusters[at], case);
                } else if random.happens(ALIKE) {
                    case = shared.1;
                }
            }
            let (before, after) = match self.trials {
                Trials::Of(before, after) => (before, after),
                Trials::Mixed => (1 + at % 5, 1 + (at / 5) % 5),
            };
            scores.baseline.push(case.mean(self.scores, 0, 0.0, before, random));
            scores.candidate.push(case.mean(self.scores, 1, loss, after, random));
        }
        scores.clusters = clusters.map(|names| Clusters::from_names(&names));
        scores
    }

    /// Returns the cluster of each case; those of one cluster stand together.
    fn clusters(&self) -> Option<Vec<usize>> {
        let name = |at: usize| match self.grouping {
            Grouping::Independent => at,
            Grouping::Clusters(clusters) => at * clusters / self.n,
            Grouping::OfFive => at / 5,
            Grouping::Unequal if at < self.n / 2 => 0,
            Grouping::Unequal => 1 + (at - self.n / 2) / 2,
            Grouping::OnePair => at.max(1),
        };
        (self.grouping != Grouping::Independent).then(|| (0..self.n).map(name).collect())
    }
}

/// What a case has in common in both runs, and, where cases are alike, with others: uniform numbers and a difficulty,
/// from which the scores of a first trial follow.
#[derive(Clone, Copy)]
struct Case {
    fate: [f64; 2],
    difficulty: f64,
    difference: f64,
}

impl Case {
    fn draw(scores: Scores, random: &mut Random) -> Self {
        let difficulty = random.normal();
        let difference = if scores == Scores::Normal { 0.2 * random.normal() } else { 0.0 };
        Case { fate: [random.uniform(), random.uniform()], difficulty, difference }
    }

    /// Returns the mean over the trials of one side, which loses so much.
    fn mean(
        &self,
        scores: Scores,
        side: usize,
        loss: f64,
        trials: usize,
        random: &mut Random,
    ) -> f64 {
        let first = self.score(scores, loss, self.fate[side], side);
        let others: f64 =
            (1..trials).map(|_| self.score(scores, loss, random.uniform(), side)).sum();
        (first + others) / trials as f64
    }

    fn score(&self, scores: Scores, loss: f64, fate: f64, side: usize) -> f64 {
        match scores {
            Scores::Pass(rate) => f64::from(u8::from(fate < rate - loss)),
            // 0.98 on average, unless it fails: with probability loss/0.98 more often than never.
            Scores::Catastrophes => {
                if fate < loss / 0.98 {
                    0.0
                } else {
                    0.96 + 0.04 * ((fate * 1e4).fract())
                }
            }
            Scores::Sparse if side == 0 => 0.5,
            Scores::Sparse if fate < 0.025 + 2.0 * loss => 0.0,
            Scores::Sparse if fate > 0.975 => 1.0,
            Scores::Sparse => 0.5,
            Scores::Skewed => {
                // Mean 0.8 of a power of a uniform number; a loss is a share of answers that are worth nothing.
                let share = loss / 0.8;
                if fate < share { 0.0 } else { ((fate - share) / (1.0 - share)).powf(0.25) }
            }
            Scores::Likert => {
                // Mean 4; a loss takes one point from so many.
                let own = (fate * 1e3).fract();
                let grade = match own {
                    own if own < 0.05 => 1.0,
                    own if own < 0.1 => 2.0,
                    own if own < 0.25 => 3.0,
                    own if own < 0.6 => 4.0,
                    _ => 5.0,
                };
                let down = fate < loss / 0.95;
                if down && grade > 1.0 { grade - 1.0 } else { grade }
            }
            Scores::Normal => {
                let half = if side == 0 { -0.5 } else { 0.5 };
                0.5 + 0.25 * self.difficulty + half * self.difference - loss
            }
        }
    }
}
