//! Pairs of runs whose true difference is known.

use runstore::compare::PairedScores;
use runstore::stats::Clusters;
use runstore::stats::rng::Generator;

/// What the scores look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// 0 or 1, otherwise graded.
    pub is_binary: bool,
    /// Cases come in clusters of five that move together.
    pub is_clustered: bool,
}

impl Kind {
    pub const ALL: [Kind; 4] = [
        Kind { is_binary: true, is_clustered: false },
        Kind { is_binary: true, is_clustered: true },
        Kind { is_binary: false, is_clustered: false },
        Kind { is_binary: false, is_clustered: true },
    ];

    pub fn name(self) -> &'static str {
        match (self.is_binary, self.is_clustered) {
            (true, false) => "0/1",
            (true, true) => "0/1, clusters of 5",
            (false, false) => "graded",
            (false, true) => "graded, clusters of 5",
        }
    }

    /// Returns the standard deviation of the mean difference of `n` cases, from how they are made.
    pub fn standard_error(self, n: usize) -> f64 {
        let variance = if self.is_binary { 2.0 * DISCORDANT } else { SPREAD * SPREAD };
        let shared = match (self.is_clustered, self.is_binary) {
            (false, _) => 0.0,
            (true, true) => (2.0 * DISCORDANT * LEANING).powi(2),
            (true, false) => SHARED * SHARED,
        };
        let own = if self.is_binary { variance - shared } else { variance };
        let clusters = n as f64 / CLUSTER as f64;
        (own / n as f64 + shared / clusters).sqrt()
    }
}

const CLUSTER: usize = 5;
/// Share of the 0/1 cases that only one of the runs passes, for each run, when there is no difference.
const DISCORDANT: f64 = 0.1;
/// Share of the 0/1 cases that both pass.
const BOTH: f64 = 0.55;
/// How much more often a cluster changes to its side than to the other.
const LEANING: f64 = 0.9;
/// Standard deviation of a graded difference, case by case.
const SPREAD: f64 = 0.2;
/// Standard deviation of what the differences of a cluster share.
const SHARED: f64 = 0.12;

/// Returns the scores of `n` cases with this true mean difference.
pub fn simulate(kind: Kind, n: usize, delta: f64, random: &mut Random) -> PairedScores {
    let mut scores = PairedScores::default();
    let mut side = 0.0;
    let mut shared = 0.0;
    for at in 0..n {
        if at % CLUSTER == 0 {
            side = if random.uniform() < 0.5 { -LEANING } else { LEANING };
            shared = SHARED * random.normal();
        }
        let (baseline, candidate) = match (kind.is_binary, kind.is_clustered) {
            (true, is_clustered) => binary(delta, if is_clustered { side } else { 0.0 }, random),
            (false, is_clustered) => graded(delta, if is_clustered { shared } else { 0.0 }, random),
        };
        scores.baseline.push(baseline);
        scores.candidate.push(candidate);
    }
    let clusters: Vec<usize> = (0..n).map(|at| at / CLUSTER).collect();
    scores.clusters = kind.is_clustered.then(|| Clusters::from_names(&clusters));
    scores
}

fn binary(delta: f64, leaning: f64, random: &mut Random) -> (f64, f64) {
    // A difference moves cases from one side to the other, so that the spread stays about the same.
    let worse = DISCORDANT * (1.0 - leaning) - delta / 2.0;
    let better = DISCORDANT * (1.0 + leaning) + delta / 2.0;
    let (worse, better) = if worse < 0.0 {
        (0.0, better - worse)
    } else if better < 0.0 {
        (worse - better, 0.0)
    } else {
        (worse, better)
    };
    let drawn = random.uniform();
    if drawn < worse {
        (1.0, 0.0)
    } else if drawn < worse + better {
        (0.0, 1.0)
    } else if drawn < worse + better + BOTH {
        (1.0, 1.0)
    } else {
        (0.0, 0.0)
    }
}

fn graded(delta: f64, shared: f64, random: &mut Random) -> (f64, f64) {
    // Cases differ much more in difficulty than runs do: what pairing takes out.
    let difficulty = 0.5 + 0.25 * random.normal();
    let difference = delta + shared + SPREAD * random.normal();
    (difficulty - difference / 2.0, difficulty + difference / 2.0)
}

/// Random numbers from a seed.
pub struct Random(Generator);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(Generator::from_seed(seed))
    }

    /// Returns a number from 0 up to, but not, 1.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Returns whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Returns a number of the standard normal distribution (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
