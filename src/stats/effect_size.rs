//! The size of a difference, independent of the unit of the scores.

use super::check;
use super::error::Result;
use super::mean::{differences, mean, sample_sd, sample_variance};

/// A rule-of-thumb word for the size of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Magnitude {
    /// Below the threshold of small.
    Negligible,
    /// |d| ≥ 0.2, or |Cliff's delta| ≥ 0.147.
    Small,
    /// |d| ≥ 0.5, or |Cliff's delta| ≥ 0.33.
    Medium,
    /// |d| ≥ 0.8, or |Cliff's delta| ≥ 0.474.
    Large,
}

impl Magnitude {
    /// Returns the word: `negligible`, `small`, `medium` or `large`.
    pub fn name(self) -> &'static str {
        match self {
            Magnitude::Negligible => "negligible",
            Magnitude::Small => "small",
            Magnitude::Medium => "medium",
            Magnitude::Large => "large",
        }
    }

    fn of(value: f64, [small, medium, large]: [f64; 3]) -> Self {
        match value.abs() {
            size if size >= large => Magnitude::Large,
            size if size >= medium => Magnitude::Medium,
            size if size >= small => Magnitude::Small,
            _ => Magnitude::Negligible,
        }
    }
}

/// The thresholds of Cohen (1988) for d.
const COHEN: [f64; 3] = [0.2, 0.5, 0.8];
/// The thresholds of Romano et al. (2006) for Cliff's delta.
const ROMANO: [f64; 3] = [0.147, 0.33, 0.474];
/// A standard deviation below this share of the mean's size is rounding, not spread.
const ROUNDING: f64 = 1e-12;

/// An effect size. Positive values favour the candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSize {
    /// The value; ±∞ for a difference without any spread (JSON: null).
    pub value: f64,
    /// Its word.
    pub magnitude: Magnitude,
}

impl EffectSize {
    /// Returns the effect of a difference in units of a standard deviation: 0 if there is neither.
    fn standardized(difference: f64, sd: f64) -> Self {
        let value = if sd > ROUNDING * difference.abs() {
            difference / sd
        } else if difference == 0.0 {
            0.0
        } else {
            f64::INFINITY.copysign(difference)
        };
        EffectSize { value, magnitude: Magnitude::of(value, COHEN) }
    }
}

/// Returns Cohen's d, the difference of the means over the pooled standard deviation (Cohen 1988,
/// 2.2).
///
/// # Errors
/// If a run has fewer than 2 values or a value is not finite.
pub fn cohens_d(baseline: &[f64], candidate: &[f64]) -> Result<EffectSize> {
    check::sample("baseline", baseline, 2)?;
    check::sample("candidate", candidate, 2)?;
    let weighted = |run: &[f64]| (run.len() - 1) as f64 * sample_variance(run);
    let df = (baseline.len() + candidate.len() - 2) as f64;
    let pooled = ((weighted(baseline) + weighted(candidate)) / df).sqrt();
    Ok(EffectSize::standardized(mean(candidate) - mean(baseline), pooled))
}

/// Returns the paired d, the mean difference over the standard deviation of the differences (Cohen
/// 1988, d_z).
///
/// # Errors
/// If the lengths differ, there are fewer than 2 pairs, or a score is not finite.
pub fn cohens_d_paired(baseline: &[f64], candidate: &[f64]) -> Result<EffectSize> {
    let differences = differences(baseline, candidate, 2)?;
    Ok(EffectSize::standardized(mean(&differences), sample_sd(&differences)))
}

/// Returns Cliff's delta, P(candidate > baseline) − P(candidate < baseline) over all pairs of
/// values, from −1 to 1.
///
/// Cliff (1993), "Dominance statistics: ordinal analyses to answer ordinal questions"; in time n
/// log n. Unchanged by any monotone change of the scale.
///
/// # Errors
/// If a run is empty or a value is not finite.
pub fn cliffs_delta(baseline: &[f64], candidate: &[f64]) -> Result<EffectSize> {
    check::sample("baseline", baseline, 1)?;
    check::sample("candidate", candidate, 1)?;
    let mut sorted = baseline.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let dominance: i128 = candidate.iter().map(|value| dominance(&sorted, *value)).sum();
    let value = dominance as f64 / (baseline.len() as f64 * candidate.len() as f64);
    Ok(EffectSize { value, magnitude: Magnitude::of(value, ROMANO) })
}

/// Returns how many of the sorted values are below `value`, less how many are above.
fn dominance(sorted: &[f64], value: f64) -> i128 {
    let below = sorted.partition_point(|other| *other < value);
    let up_to = sorted.partition_point(|other| *other <= value);
    below as i128 - (sorted.len() - up_to) as i128
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn worked_by_hand() {
        // Means 2 and 4, variances 1 and 4 over 3 values each: 2/√2.5.
        let d = cohens_d(&[1., 2., 3.], &[2., 4., 6.]).unwrap();
        assert!((d.value - 2.0 / 2.5f64.sqrt()).abs() < 1e-15);
        assert_eq!(d.magnitude, Magnitude::Large);
        // Differences 1, 2, 3: mean 2, sd 1.
        assert_eq!(cohens_d_paired(&[1., 2., 3.], &[2., 4., 6.]).unwrap().value, 2.0);
        // Of the nine pairs 2 wins one, ties one and loses one; 4 wins three; 1.5 wins one and
        // loses two.
        let delta = cliffs_delta(&[1., 2., 3.], &[2., 4., 1.5]).unwrap();
        assert_eq!((delta.value, delta.magnitude), (2.0 / 9.0, Magnitude::Small));
    }

    #[test]
    fn thresholds_belong_to_the_larger_word() {
        let word = |value| Magnitude::of(value, COHEN).name();
        assert_eq!(
            [word(0.19), word(-0.2), word(0.5), word(0.8)],
            ["negligible", "small", "medium", "large"]
        );
    }

    #[test]
    fn a_shift_without_spread_is_infinite_and_no_shift_is_0() {
        let shift = cohens_d_paired(&[0.1, 0.2, 0.7], &[0.0, 0.1, 0.6]).unwrap();
        assert_eq!((shift.value, shift.magnitude), (f64::NEG_INFINITY, Magnitude::Large));
        let same = cohens_d_paired(&[0.1, 0.2], &[0.1, 0.2]).unwrap();
        assert_eq!((same.value, same.magnitude), (0.0, Magnitude::Negligible));
    }

    #[test]
    fn empty_runs_are_refused() {
        assert_eq!(cliffs_delta(&[], &[1.0]).unwrap_err().argument(), "baseline");
        assert_eq!(cohens_d(&[1.0, 2.0], &[1.0]).unwrap_err().argument(), "candidate");
    }

    proptest! {
        #[test]
        fn cliffs_delta_equals_the_count_over_all_pairs(
            a in prop::collection::vec(0..6i32, 1..30), b in prop::collection::vec(0..6i32, 1..30),
        ) {
            let wins: i32 = a.iter().flat_map(|x| b.iter().map(move |y| (y - x).signum())).sum();
            let float = |v: &[i32]| v.iter().map(|x| f64::from(*x)).collect::<Vec<_>>();
            let expected = f64::from(wins) / (a.len() * b.len()) as f64;
            prop_assert_eq!(cliffs_delta(&float(&a), &float(&b)).unwrap().value, expected);
        }
    }
}
