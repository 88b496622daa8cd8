//! The mean of a few labels, improved by many scores of a judge.

use super::check;
use super::distribution::t_quantile;
use super::error::Result;
use super::interval::{Alternative, Interval};
use super::mean::{mean, sample_sd};

/// A mean of labels, with the help of predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictedMean {
    /// The mean, in units of the labels.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval.
    pub interval: Interval,
    /// The weight of the predictions, from 0 (only the labels count) to 1.
    pub lambda: f64,
    /// Labels.
    pub n_labeled: usize,
    /// Predictions without a label.
    pub n_unlabeled: usize,
}

/// Returns the mean of `labels`, those that there are and those that there would be of what has a prediction only.
///
/// λ·mean(unlabeled) + mean(labels − λ·predictions): the predictions of everything, corrected by how far they are off where
/// there is a label, so that a judge that is biased does no harm. λ is the one with the smallest variance, clipped to 0 to 1
/// (Angelopoulos, Duchi & Zrnic 2023, "PPI++: Efficient prediction-powered inference"); the standard error takes the two
/// parts as independent, and counts two corrections more than there are, the largest possible ones. The interval is Student's with as many degrees of freedom as labels, less one: labels are few, and
/// the normal one of the paper would be too narrow.
///
/// # Errors
/// If there are fewer than 2 labels or no unlabeled prediction, labels and their predictions differ in number, a number is
/// not finite, or `level` is not between 0 and 1.
pub fn prediction_powered_mean(
    labels: &[f64],
    predictions: &[f64],
    unlabeled: &[f64],
    level: f64,
) -> Result<PredictedMean> {
    check::open_unit("level", level)?;
    check::sample("labels", labels, 2)?;
    check::same_length("predictions", predictions.len(), "labels", labels.len())?;
    check::finite("predictions", predictions)?;
    check::sample("unlabeled", unlabeled, 1)?;
    let (n, big) = (labels.len() as f64, unlabeled.len() as f64);
    let lambda = lambda(labels, predictions, unlabeled);
    let rectified: Vec<f64> =
        labels.iter().zip(predictions).map(|(label, guess)| label - lambda * guess).collect();
    let scale = range(labels.iter().chain(predictions).chain(unlabeled));
    let estimate = lambda * mean(unlabeled) + mean(&rectified);
    // A single prediction has no spread of its own.
    let spread = |values: &[f64]| if values.len() < 2 { 0.0 } else { sample_sd(values) };
    let of_predictions = (lambda * spread(unlabeled)).powi(2) / big;
    let standard_error = (of_predictions + guarded_variance(&rectified, lambda * scale)).sqrt();
    let half = t_quantile(0.5 + level / 2.0, n - 1.0) * standard_error;
    let interval = Interval::around(Alternative::TwoSided, level, estimate, half);
    Ok(PredictedMean {
        estimate,
        standard_error,
        interval,
        lambda,
        n_labeled: labels.len(),
        n_unlabeled: unlabeled.len(),
    })
}

/// Returns the variance of the mean of corrections, with two more of them, one as far up and one as far down as can be: of
/// a judge that seldom differs, a few labels may show no difference at all.
fn guarded_variance(rectified: &[f64], farthest: f64) -> f64 {
    let center = mean(rectified);
    let squares: f64 = rectified.iter().map(|value| (value - center).powi(2)).sum();
    let n = rectified.len() as f64 + 2.0;
    (squares + 2.0 * farthest * farthest) / (n - 1.0) / n
}

fn range<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    high - low
}

/// Returns cov(labels, predictions)/((1 + n/N)·var(all predictions)), from 0 to 1.
fn lambda(labels: &[f64], predictions: &[f64], unlabeled: &[f64]) -> f64 {
    let n = labels.len() as f64;
    let (label_mean, prediction_mean) = (mean(labels), mean(predictions));
    let products = labels.iter().zip(predictions);
    let covariance =
        products.map(|(y, f)| (y - label_mean) * (f - prediction_mean)).sum::<f64>() / n;
    let all: Vec<f64> = predictions.iter().chain(unlabeled).copied().collect();
    let variance = sample_sd(&all).powi(2);
    if variance == 0.0 {
        return 0.0;
    }
    (covariance / ((1.0 + n / unlabeled.len() as f64) * variance)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Generator;

    fn unit(generator: &mut Generator) -> f64 {
        f64::from(generator.next_u32()) / 2f64.powi(32)
    }

    #[test]
    fn a_biased_judge_does_no_harm_and_a_good_one_narrows_the_interval() {
        let mut generator = Generator::from_seed(6);
        let (mut covered, mut narrower) = (0, 0);
        for _ in 0..400 {
            // The truth is 1 in 7 of 10 cases; the judge agrees in 9 of 10, and says 1 otherwise.
            let mut draw = || {
                let truth = f64::from(u8::from(unit(&mut generator) < 0.7));
                (truth, if unit(&mut generator) < 0.9 { truth } else { 1.0 })
            };
            let labeled: Vec<(f64, f64)> = (0..50).map(|_| draw()).collect();
            let unlabeled: Vec<f64> = (0..1_000).map(|_| draw().1).collect();
            let (labels, predictions): (Vec<f64>, Vec<f64>) = labeled.into_iter().unzip();
            let Ok(of) = prediction_powered_mean(&labels, &predictions, &unlabeled, 0.95) else {
                continue;
            };
            covered += usize::from(of.interval.contains(0.7));
            let alone = sample_sd(&labels) / 50f64.sqrt();
            narrower += usize::from(of.standard_error < alone);
        }
        // 95 % of 400 is 380; three Monte Carlo errors are 13. Without the guard it is 340.
        assert!(covered >= 367, "{covered}");
        // The judge helps in most draws; how much depends on the few labels.
        assert!(narrower > 300, "{narrower}");
    }

    #[test]
    fn an_uninformative_judge_gets_no_weight() {
        let labels = [0.0, 1.0, 1.0, 0.0];
        let of = prediction_powered_mean(&labels, &[0.5; 4], &[0.5; 10], 0.95).unwrap();
        assert_eq!((of.estimate, of.lambda), (0.5, 0.0));
    }
}
