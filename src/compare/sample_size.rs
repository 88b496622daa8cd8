//! The minimum detectable effect, and the number of cases that a decision needs.

use super::estimate::{Changed, Estimate};
use crate::stats::{self, ErrorRates, RunComponent};

/// A plan that needs more cases than this is not realistic, and not returned.
const MOST_CASES: f64 = 1e9;

impl Estimate {
    /// Returns the smallest difference that this number of cases detects with this power, in units of the scores;
    /// `None` if it detects none of any size.
    ///
    /// By the test of [`Estimate::p_value`]. A loss occurs in cases that did not differ before, so it adds to the
    /// spread: the more, the fewer cases differ.
    pub fn minimum_detectable_effect(&self, alpha: f64, power: f64) -> Option<f64> {
        if let Some(counts) = &self.counts {
            // One more case on either side, because an unseen loss is not impossible.
            let discordance = (counts.discordant() as f64 + 1.0) / (counts.n() as f64 + 2.0);
            return stats::mcnemar_detectable(counts.n(), discordance, alpha, power);
        }
        let rates = ErrorRates { alpha, power, one_sided: false };
        let shift = stats::detectable_shift(self.df, &rates);
        // The effect is shift standard errors, and adds to them itself: effect² = scale·(alone + by_effect·effect).
        let scale = shift * shift / self.n as f64;
        let Spread { alone, by_effect } = self.spread();
        let half = 0.5 * scale * by_effect;
        let of_cases = half + (half * half + scale * alone).sqrt();
        let of_runs = |runs: RunComponent| runs.share_of(stats::detectable_shift(runs.df, &rates));
        let effect = self.runs.map_or(of_cases, |runs| of_cases.hypot(of_runs(runs)));
        (effect > 0.0 && effect <= self.range).then_some(effect)
    }

    /// Returns how many cases are needed, with this power, to distinguish a difference from a limit at this `distance`:
    /// how many rule out a loss beyond a margin, if the true difference is that far within.
    ///
    /// The interval extends by z(1 − alpha/2)·sd/√n plus the weight of one case at the limit of the scale; if it is a
    /// bound for scores on a scale, by the weight of ln(2/alpha) cases, which is its length for n equal scores.
    pub fn cases_needed(&self, distance: f64, alpha: f64, power: f64) -> Option<f64> {
        if distance.is_nan() || distance <= 0.0 {
            return None;
        }
        let rates = ErrorRates { alpha, power, one_sided: false };
        // The difference between runs remains, however many cases they have.
        let of_runs = |runs: RunComponent| runs.share_of(stats::detectable_shift(runs.df, &rates));
        let distance = (distance * distance - self.runs.map_or(0.0, of_runs).powi(2)).sqrt();
        if distance.is_nan() || distance == 0.0 {
            return None;
        }
        let spread = self.spread().alone.sqrt();
        let unit =
            self.n as f64 / self.n_clusters.map_or(self.n as f64, |clusters| clusters as f64);
        let at_limit =
            self.range * unit * if self.method.is_guarded() { (2.0 / alpha).ln() } else { 1.0 };
        // distance·n − reach·spread·√n − limit = 0, a square equation in √n.
        let root = rates.reach() * spread;
        let roots = (root + (root * root + 4.0 * distance * at_limit).sqrt()) / (2.0 * distance);
        let needed = (roots * roots).ceil();
        // If the true difference equals the limit up to rounding, no number of cases distinguishes them.
        (needed <= MOST_CASES).then_some(needed)
    }

    /// Returns the square of the standard error, times n.
    fn spread(&self) -> Spread {
        let own = self.standard_error * self.standard_error * self.n as f64;
        let Changed { share, size } = self.changed;
        let unit = self.n as f64 / self.effective_clusters.unwrap_or(self.n as f64);
        // One more unit of the largest difference, because an unseen loss is not impossible.
        let unseen = self.range * self.range * unit / (self.n as f64 + 2.0);
        let by_effect = (1.0 - share) * size.max(self.range * (1.0 - share)) * unit;
        Spread { alone: own + unseen * (1.0 - share), by_effect }
    }
}

/// The variance per case, from the scores.
struct Spread {
    /// Without a further difference.
    alone: f64,
    /// Its increase per unit of a further difference: a rare loss occurs in cases that did not differ before.
    by_effect: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::paired_scores::PairedScores;

    #[test]
    fn the_detectable_effect_of_graded_scores_is_that_of_the_t_test() {
        let scores = PairedScores::pairing(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.95]);
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        let effect = estimate.minimum_detectable_effect(0.05, 0.8).unwrap();
        // statsmodels 0.15.0: TTestPower().solve_power(nobs=4, alpha=0.05, power=0.8), times the standard deviation.
        assert!((effect - 0.446_151_024).abs() < 1e-6, "{effect}");
    }

    #[test]
    fn a_loss_in_few_cases_adds_to_the_spread() {
        // One of 50 changed: at delta 0.1 it would be six.
        let mut candidate = vec![1.0; 50];
        candidate[0] = 0.0;
        let scores = PairedScores::pairing(&[1.0; 50], &candidate);
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        let effect = estimate.minimum_detectable_effect(0.05, 0.8).unwrap();
        let discordance = 2.0 / 52.0 + effect * (1.0 - 2.0 / 52.0);
        let power = stats::mcnemar_power(50, discordance, effect, 0.05).unwrap();
        assert!((power - 0.8).abs() < 1e-3, "{effect}: {power}");
    }

    #[test]
    fn equal_scores_on_a_scale_need_as_many_cases_as_the_bound() {
        // The bound of n equal scores reaches 1 − 0.025^(1/n): 0.02 with 183 of them.
        let scores = PairedScores::pairing(&[0.97; 50], &[0.97; 50]);
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        assert!(estimate.method.is_guarded());
        let needed = estimate.cases_needed(0.02, 0.05, 0.8).unwrap();
        assert!(needed >= 183.0, "{needed}");
    }

    #[test]
    fn the_number_of_cases_that_distinguishes_a_difference_from_the_margin() {
        let scores = PairedScores::pairing(&[0.1, 0.5, 0.3, 0.9], &[0.2, 0.4, 0.7, 0.95]);
        let estimate = Estimate::of(&scores, 0.95).unwrap();
        let needed = estimate.cases_needed(0.05, 0.05, 0.8).unwrap();
        // (1.959964 + 0.841621)·0.209662/√n + ln(40)/n = 0.05: four graded scores are bounded.
        let reach = 2.801_585 * 0.209_662 / needed.sqrt() + 40f64.ln() / needed;
        assert!((0.0498..=0.05).contains(&reach), "{needed}: {reach}");
        assert_eq!(estimate.cases_needed(0.0, 0.05, 0.8), None);
        let rounding = (0.795 - 0.775) - 0.02;
        assert!(rounding > 0.0);
        assert_eq!(estimate.cases_needed(rounding, 0.05, 0.8), None);
    }
}
