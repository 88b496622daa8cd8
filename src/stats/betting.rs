//! Bets against a mean of bounded values: an interval that stays valid after every value, for any distribution and
//! from the first value on.

use super::check;
use super::error::{Result, StatsError};
use super::interval::{Alternative, Interval};
use super::sequential::ConfidenceSequence;
use crate::model::ALPHA;

/// Shares of the capital that are bet, from bold to timid: the best share depends on the spread, which is unknown.
const BETS: [f64; 16] = [
    0.95, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09, 0.0625, 0.045, 0.03, 0.022, 0.015, 0.011,
    0.0078, 0.0039,
];

/// The options of a sequential gate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateOptions {
    /// The probability that the gate ever stops wrongly, between 0 and 1; with one side, half of it.
    pub alpha: f64,
    /// The claim about the mean difference: above −margin, below it, or either.
    pub alternative: Alternative,
    /// The loss that is accepted, in units of the differences; not negative.
    pub margin: f64,
    /// The smallest and the largest possible difference.
    pub range: (f64, f64),
    /// The minimum number of values before the gate stops.
    pub min_n: usize,
}

impl Default for GateOptions {
    fn default() -> Self {
        GateOptions {
            alpha: ALPHA,
            alternative: Alternative::Greater,
            margin: 0.0,
            range: (-1.0, 1.0),
            min_n: 1,
        }
    }
}

impl GateOptions {
    fn check(&self, differences: &[f64]) -> Result<()> {
        check::open_unit("alpha", self.alpha)?;
        check::not_negative("margin", self.margin)?;
        check::finite("range", &[self.range.0, self.range.1])?;
        let unsuitable = |argument, reason| Err(StatsError::Unsuitable { argument, reason });
        let (low, high) = self.range;
        if low >= high {
            return unsuitable("range", "must be [smallest, largest]");
        }
        if !(low < -self.margin && -self.margin < high) {
            return unsuitable("margin", "must lie within the range");
        }
        check::finite("differences", differences)?;
        // Differences of scores may be off by rounding.
        let rounding = 1e-9 * (high - low);
        let is_within = |difference: &f64| (low - rounding..=high + rounding).contains(difference);
        match differences.iter().all(is_within) {
            true => Ok(()),
            false => unsuitable("differences", "must lie within options.range"),
        }
    }

    /// Returns where a difference lies in the range, from 0 to 1.
    fn share(&self, difference: f64) -> f64 {
        ((difference - self.range.0) / (self.range.1 - self.range.0)).clamp(0.0, 1.0)
    }
}

/// Returns the state at the first of the `differences` from number `min_n` on at which the interval of their mean excludes
/// −margin in the direction of `alternative`, or after the last. `stopped` tells which.
///
/// The interval is that of a capital which is bet on the next value (Waudby-Smith & Ramdas 2024, "Estimating means of
/// bounded random variables by betting", their grid of bets, in equal shares): with the true mean no bet gains on average,
/// and a capital that grows to 2/alpha, which happens with a probability of alpha/2 at most (Ville 1939), rules the mean
/// out. It holds at every n at once, for any distribution within the range, and does not wait for a normal one.
///
/// # Errors
/// If a difference is not finite or outside of the range, or an option is out of range.
pub fn sequential_gate(differences: &[f64], options: &GateOptions) -> Result<ConfidenceSequence> {
    options.check(differences)?;
    let values: Vec<f64> = differences.iter().map(|value| options.share(*value)).collect();
    let stop = first_stop(&values, options);
    let seen = stop.unwrap_or(values.len());
    let state = state(&values[..seen], options);
    Ok(ConfidenceSequence { stopped: stop.is_some(), ..state })
}

/// Returns after how many values the gate stops.
fn first_stop(values: &[f64], options: &GateOptions) -> Option<usize> {
    let accepted = options.share(-options.margin);
    let (mut above, mut below) = (Capital::against(accepted), Capital::against(1.0 - accepted));
    let rules_out = 2.0 / options.alpha;
    for (before, value) in values.iter().enumerate() {
        above.bet(*value);
        below.bet(1.0 - value);
        let is_out = |capital: &Capital| capital.total() >= rules_out;
        let stops = match options.alternative {
            Alternative::Greater => is_out(&above),
            Alternative::Less => is_out(&below),
            Alternative::TwoSided => is_out(&above) || is_out(&below),
        };
        if stops && before + 1 >= options.min_n {
            return Some(before + 1);
        }
    }
    None
}

/// Returns the interval after these values.
fn state(values: &[f64], options: &GateOptions) -> ConfidenceSequence {
    let (low, high) = options.range;
    let scale = high - low;
    let rules_out = 2.0 / options.alpha;
    let mirrored: Vec<f64> = values.iter().map(|value| 1.0 - value).collect();
    let ends = (lowest(values, rules_out), 1.0 - lowest(&mirrored, rules_out));
    let interval = Interval {
        low: low + scale * ends.0,
        high: low + scale * ends.1,
        level: 1.0 - options.alpha,
    };
    let n = values.len();
    let mean = if n == 0 { 0.0 } else { low + scale * values.iter().sum::<f64>() / n as f64 };
    let half_width = (interval.high - interval.low) / 2.0;
    ConfidenceSequence { n, delta: mean, half_width, interval, stopped: false }
}

/// Returns the smallest mean of values from 0 to 1 that is not ruled out.
fn lowest(values: &[f64], rules_out: f64) -> f64 {
    // The larger the mean, the less is gained by betting on values above it.
    let is_ruled_out = |mean: f64| {
        let mut capital = Capital::against(mean);
        values.iter().for_each(|value| capital.bet(*value));
        capital.total() >= rules_out
    };
    let (mut out, mut within) = (0.0, 1.0);
    // After 40 halvings, the error is smaller than any printed digit.
    for _ in 0..40 {
        let middle = (out + within) / 2.0;
        match is_ruled_out(middle) {
            true => out = middle,
            false => within = middle,
        }
    }
    out
}

/// The capital that remains of 1 after bets, in equal parts of different boldness, on values above a mean.
struct Capital {
    mean: f64,
    /// The capital of each part; it may grow to infinity.
    parts: [f64; BETS.len()],
}

impl Capital {
    fn against(mean: f64) -> Self {
        Capital { mean, parts: [1.0; BETS.len()] }
    }

    fn bet(&mut self, value: f64) {
        for (part, share) in self.parts.iter_mut().zip(BETS) {
            *part *= 1.0 - share + share * value / self.mean;
        }
    }

    /// Returns all parts together.
    fn total(&self) -> f64 {
        self.parts.iter().sum::<f64>() / BETS.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Generator;

    fn unit(generator: &mut Generator) -> f64 {
        f64::from(generator.next_u32()) / 2f64.powi(32)
    }

    /// Returns the share of streams of differences at which a gate that looks after every value stops.
    fn stops(draw: impl Fn(f64) -> f64, options: &GateOptions, streams: usize, n: usize) -> f64 {
        let mut generator = Generator::from_seed(13);
        let stopped = (0..streams).filter(|_| {
            let stream: Vec<f64> =
                (0..n).map(|_| options.share(draw(unit(&mut generator)))).collect();
            first_stop(&stream, options).is_some()
        });
        stopped.count() as f64 / streams as f64
    }

    #[test]
    fn worked_by_hand() {
        // Three differences of 1 against a mean of 0, the middle of the range: each bet of a share gains by 1 + share.
        let grown: f64 = BETS.iter().map(|share| (1.0 + share).powi(3)).sum::<f64>() / 16.0;
        let mut capital = Capital::against(0.5);
        [1.0; 3].into_iter().for_each(|value| capital.bet(value));
        assert!((capital.total() - grown).abs() < 1e-12);
        let state = sequential_gate(&[1.0; 3], &GateOptions::default()).unwrap();
        assert_eq!((state.n, state.delta, state.stopped), (3, 1.0, grown >= 40.0));
    }

    #[test]
    fn an_end_of_the_interval_is_the_mean_that_is_just_not_ruled_out() {
        let differences: Vec<f64> = (0..200).map(|at| f64::from(at % 3 - 1) * 0.4 + 0.1).collect();
        let state = sequential_gate(&differences, &GateOptions::default()).unwrap();
        let stops_at = |margin: f64| {
            let options = GateOptions { margin, ..GateOptions::default() };
            sequential_gate(&differences[..state.n], &options).unwrap().stopped
        };
        assert!(state.interval.low < 0.1 && state.interval.high > 0.1);
        if state.interval.low < 0.0 {
            assert!(stops_at(-state.interval.low + 1e-6));
        }
    }

    /// True mean at the limit: at most alpha/2 of the streams may stop, for skewed differences and from the first value on.
    #[test]
    fn seldom_stops_wrongly_for_skewed_differences_and_few_values() {
        type Draw = fn(f64) -> f64;
        let skewed: [(&str, f64, Draw); 3] = [
            // 95 % small gains, 5 % large losses; mean 0.
            ("rare losses", 0.0, |u| if u < 0.95 { 0.05 } else { -0.95 }),
            // The same with a loss of 0.02 on average, which is the margin.
            ("a loss of the margin", 0.02, |u| if u < 0.95 { 0.05 - 0.02 / 0.95 } else { -0.95 }),
            ("coin", 0.0, |u| if u < 0.5 { 1.0 } else { -1.0 }),
        ];
        for (name, margin, draw) in skewed {
            for min_n in [1, 5] {
                let options = GateOptions { margin, min_n, ..GateOptions::default() };
                let wrong = stops(draw, &options, 500, 200);
                // 2.5 % and three Monte Carlo errors.
                assert!(wrong <= 0.025 + 3.0 * 0.007, "{name}, {min_n}: {wrong}");
            }
        }
    }

    #[test]
    fn finds_a_difference_that_is_there() {
        let draw = |u: f64| {
            if u < 0.3 {
                1.0
            } else if u < 0.8 {
                0.0
            } else {
                -1.0
            }
        };
        // A mean of 0.1 and a standard deviation of 0.7 take some 400 cases.
        assert!(stops(draw, &GateOptions::default(), 40, 1_500) > 0.9);
        let no_loss = |u: f64| {
            if u < 0.05 {
                1.0
            } else if u < 0.95 {
                0.0
            } else {
                -1.0
            }
        };
        let with_margin = GateOptions { margin: 0.05, ..GateOptions::default() };
        assert!(stops(no_loss, &with_margin, 40, 1_500) > 0.9);
    }

    #[test]
    fn options_out_of_range_are_refused() {
        let name = |differences: &[f64], options: GateOptions| {
            sequential_gate(differences, &options).unwrap_err().argument()
        };
        let fine = GateOptions::default();
        assert_eq!(name(&[1.5], fine), "differences");
        assert_eq!(name(&[f64::NAN], fine), "differences");
        assert_eq!(name(&[], GateOptions { range: (1.0, 0.0), ..fine }), "range");
        assert_eq!(name(&[], GateOptions { margin: 2.0, ..fine }), "margin");
        assert_eq!(name(&[], GateOptions { alpha: 1.0, ..fine }), "alpha");
    }
}
