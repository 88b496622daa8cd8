//! The agreement of raters, such as a judge and a person.

use super::binary::wilson_interval;
use super::check;
use super::distribution::{normal_quantile, t_quantile};
use super::error::{Result, StatsError};
use super::interval::Interval;

/// A coefficient of agreement, at most 1; 0 is the agreement by chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The coefficient.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its interval, cut at the limits of the coefficient.
    pub interval: Interval,
    /// Number of units that both rated.
    pub n: usize,
}

/// Returns the share of ratings in which two raters agree, with Wilson's interval.
///
/// # Errors
/// If the lengths differ, there is no rating, one is not finite, or `level` is not between 0 and 1.
pub fn rater_agreement(one: &[f64], other: &[f64], level: f64) -> Result<Agreement> {
    check::open_unit("level", level)?;
    check::sample("one", one, 1)?;
    check::same_length("other", other.len(), "one", one.len())?;
    check::finite("other", other)?;
    let n = one.len();
    let agreed = one.iter().zip(other).filter(|(one, other)| one == other).count();
    let estimate = agreed as f64 / n as f64;
    let standard_error = (estimate * (1.0 - estimate) / n as f64).sqrt();
    let interval = wilson_interval(agreed as u64, n as u64, level)?;
    Ok(Agreement { estimate, standard_error, interval, n })
}

/// How much two different categories agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KappaWeights {
    /// Not at all: Cohen's kappa.
    #[default]
    None,
    /// The less, the more categories lie between them.
    Linear,
    /// The less, the larger the square of that.
    Quadratic,
}

named!(KappaWeights {
    None = "none",
    Linear = "linear",
    Quadratic = "quadratic",
});

impl KappaWeights {
    fn of(self, one: usize, other: usize, categories: usize) -> f64 {
        let apart = one.abs_diff(other) as f64 / (categories.max(2) - 1) as f64;
        match self {
            KappaWeights::None => f64::from(u8::from(one == other)),
            KappaWeights::Linear => 1.0 - apart,
            KappaWeights::Quadratic => 1.0 - apart * apart,
        }
    }
}

/// Returns Cohen's kappa of two raters, or the weighted one, over the categories that either used, in their order.
///
/// Cohen (1960, 1968); the interval is that of the asymptotic standard error of Fleiss, Cohen & Everitt (1969), "Large
/// sample standard errors of kappa and weighted kappa", which needs some fifty ratings.
///
/// # Errors
/// If the lengths differ, there are fewer than 2 ratings, one is not finite, `level` is not between 0 and 1, or both raters
/// used the same one category only, where kappa is not defined.
pub fn cohens_kappa(
    one: &[f64],
    other: &[f64],
    weights: KappaWeights,
    level: f64,
) -> Result<Agreement> {
    check::open_unit("level", level)?;
    check::sample("one", one, 2)?;
    check::same_length("other", other.len(), "one", one.len())?;
    check::finite("other", other)?;
    let table = Confusion::of(one, other);
    let k = table.rows.len();
    if k < 2 {
        let reason = "must not be all of one category: kappa is not defined there";
        return Err(StatsError::Unsuitable { argument: "one", reason });
    }
    let weight = |i, j| weights.of(i, j, k);
    let observed = table.sum(|i, j| weight(i, j) * table.shares[i][j]);
    let by_chance = table.sum(|i, j| weight(i, j) * table.rows[i] * table.columns[j]);
    let estimate = (observed - by_chance) / (1.0 - by_chance);
    let of_row = table.each(|i, j| weight(i, j) * table.columns[j]);
    let of_column = table.each(|j, i| weight(i, j) * table.rows[i]);
    let squares = table.sum(|i, j| {
        let term = weight(i, j) - (of_row[i] + of_column[j]) * (1.0 - estimate);
        table.shares[i][j] * term * term
    });
    let n = one.len();
    let variance = (squares - (estimate - by_chance * (1.0 - estimate)).powi(2))
        / (n as f64 * (1.0 - by_chance).powi(2));
    let standard_error = variance.max(0.0).sqrt();
    let half = normal_quantile(0.5 + level / 2.0) * standard_error;
    let (low, high) = ((estimate - half).max(-1.0), (estimate + half).min(1.0));
    Ok(Agreement { estimate, standard_error, interval: Interval { low, high, level }, n })
}

/// How often each pair of categories was given, as shares.
struct Confusion {
    shares: Vec<Vec<f64>>,
    /// The sums of the rows, which are the shares of the first rater.
    rows: Vec<f64>,
    /// Those of the second.
    columns: Vec<f64>,
}

impl Confusion {
    fn of(one: &[f64], other: &[f64]) -> Self {
        let categories = distinct(one.iter().chain(other).copied());
        let k = categories.len();
        let mut shares = vec![vec![0.0; k]; k];
        for (a, b) in one.iter().zip(other) {
            shares[place(&categories, *a)][place(&categories, *b)] += 1.0;
        }
        // Counts first, because sums of 1/n are not exact, and zero agreement would become a tiny number.
        shares.iter_mut().flatten().for_each(|count| *count /= one.len() as f64);
        let rows = shares.iter().map(|row| row.iter().sum()).collect();
        let columns = (0..k).map(|j| shares.iter().map(|row| row[j]).sum()).collect();
        Confusion { shares, rows, columns }
    }

    /// Returns the sum of a term over all cells.
    fn sum(&self, term: impl Fn(usize, usize) -> f64) -> f64 {
        let k = self.rows.len();
        let cells = (0..k).flat_map(|i| (0..k).map(move |j| (i, j)));
        cells.map(|(i, j)| term(i, j)).sum()
    }

    /// Returns, for each category of one rater, the sum of a term over those of the other.
    fn each(&self, term: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let k = self.rows.len();
        (0..k).map(|i| (0..k).map(|j| term(i, j)).sum()).collect()
    }
}

/// How far apart two ratings are, for [`krippendorffs_alpha`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distance {
    /// All different ratings are equally far apart.
    #[default]
    Nominal,
    /// By the ratings between them.
    Ordinal,
    /// By the square of their difference.
    Interval,
}

named!(Distance {
    Nominal = "nominal",
    Ordinal = "ordinal",
    Interval = "interval",
});

/// Returns Krippendorff's alpha of several raters; `ratings` are those of each rater, NaN where it has none. Units with
/// fewer than two ratings do not count.
///
/// Krippendorff (2011), "Computing Krippendorff's alpha-reliability". The standard error is that of the jackknife, which
/// leaves out one unit at a time, and the interval Student's with as many degrees of freedom as units, less one.
///
/// # Errors
/// If there are fewer than 2 raters, they have different lengths, a rating is infinite, fewer than 2 units have two
/// ratings, all ratings are equal, or `level` is not between 0 and 1.
pub fn krippendorffs_alpha(
    ratings: &[&[f64]],
    distance: Distance,
    level: f64,
) -> Result<Agreement> {
    check::open_unit("level", level)?;
    let units = rated_units(ratings)?;
    let values = distinct(units.iter().flatten().copied());
    let counts: Vec<Vec<f64>> = units.iter().map(|unit| count(unit, &values)).collect();
    let mut total = vec![0.0; values.len()];
    counts.iter().for_each(|unit| add(&mut total, unit, 1.0));
    let Some(estimate) = alpha(&counts, &total, &values, distance, None) else {
        return Err(unsuitable("must not be all equal: alpha is not defined there"));
    };
    let without = |unit: usize| {
        let mut rest = total.clone();
        add(&mut rest, &counts[unit], -1.0);
        alpha(&counts, &rest, &values, distance, Some(unit))
    };
    let left_out: Vec<f64> = (0..counts.len()).filter_map(without).collect();
    let n = left_out.len() as f64;
    let mean = left_out.iter().sum::<f64>() / n;
    let squares: f64 = left_out.iter().map(|value| (value - mean).powi(2)).sum();
    let standard_error = ((n - 1.0) / n * squares).sqrt();
    let half = t_quantile(0.5 + level / 2.0, n - 1.0) * standard_error;
    let (low, high) = (estimate - half, (estimate + half).min(1.0));
    let interval = Interval { low, high, level };
    Ok(Agreement { estimate, standard_error, interval, n: units.len() })
}

fn unsuitable(reason: &'static str) -> StatsError {
    StatsError::Unsuitable { argument: "ratings", reason }
}

/// Returns the units that count.
///
/// # Errors
/// If alpha is not defined for these ratings.
fn rated_units(ratings: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
    let Some(first) = ratings.first().filter(|_| ratings.len() > 1) else {
        return Err(unsuitable("must be of two raters or more"));
    };
    if ratings.iter().any(|rater| rater.len() != first.len()) {
        return Err(unsuitable("must be equally many of each rater"));
    }
    if ratings.iter().copied().flatten().any(|rating| rating.is_infinite()) {
        return Err(unsuitable("must be finite"));
    }
    let units = units(ratings);
    match units.len() {
        0 | 1 => Err(unsuitable("must have two units or more that two raters rated")),
        _ => Ok(units),
    }
}

/// Returns the ratings of each unit that has two or more.
fn units(ratings: &[&[f64]]) -> Vec<Vec<f64>> {
    let unit =
        |at: usize| ratings.iter().map(move |rater| rater[at]).filter(|rating| !rating.is_nan());
    let units = (0..ratings[0].len()).map(|at| unit(at).collect::<Vec<f64>>());
    units.filter(|unit| unit.len() > 1).collect()
}

fn count(unit: &[f64], values: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.0; values.len()];
    unit.iter().for_each(|rating| counts[place(values, *rating)] += 1.0);
    counts
}

fn add(total: &mut [f64], unit: &[f64], sign: f64) {
    total.iter_mut().zip(unit).for_each(|(total, count)| *total += sign * count);
}

/// Returns 1 − observed/expected disagreement, without one of the units if asked; `None` where nothing is expected.
fn alpha(
    units: &[Vec<f64>],
    total: &[f64],
    values: &[f64],
    distance: Distance,
    without: Option<usize>,
) -> Option<f64> {
    let apart = |i: usize, j: usize| squared_distance(i, j, values, total, distance);
    let pairs = |counts: &[f64]| -> f64 {
        let present: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] > 0.0).collect();
        let cells = present.iter().flat_map(|i| present.iter().map(move |j| (*i, *j)));
        cells.filter(|(i, j)| i != j).map(|(i, j)| counts[i] * counts[j] * apart(i, j)).sum()
    };
    let kept = units.iter().enumerate().filter(|(at, _)| Some(*at) != without);
    let observed: f64 = kept.map(|(_, unit)| pairs(unit) / (unit.iter().sum::<f64>() - 1.0)).sum();
    let n: f64 = total.iter().sum();
    let expected = pairs(total) / (n - 1.0);
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

fn squared_distance(i: usize, j: usize, values: &[f64], total: &[f64], distance: Distance) -> f64 {
    match distance {
        Distance::Nominal => 1.0,
        Distance::Interval => (values[i] - values[j]).powi(2),
        Distance::Ordinal => {
            let (low, high) = (i.min(j), i.max(j));
            let between: f64 = total[low..=high].iter().sum();
            (between - (total[low] + total[high]) / 2.0).powi(2)
        }
    }
}

/// Returns the different values in ascending order.
fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    // −0 is 0.
    let mut values: Vec<f64> = values.map(|value| value + 0.0).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    values
}

fn place(values: &[f64], value: f64) -> usize {
    values.partition_point(|known| *known < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_by_chance_gives_0() {
        // Each rater says 1 half of the time, without regard to the other.
        let (one, other) = ([0., 0., 1., 1.], [0., 1., 0., 1.]);
        assert_eq!(rater_agreement(&one, &other, 0.95).unwrap().estimate, 0.5);
        let kappa = cohens_kappa(&one, &other, KappaWeights::None, 0.95).unwrap();
        assert_eq!(kappa.estimate, 0.0);
    }

    #[test]
    fn kappa_and_alpha_are_undefined_for_a_single_category() {
        let same = [1.0; 5];
        assert_eq!(
            cohens_kappa(&same, &same, KappaWeights::None, 0.95).unwrap_err().argument(),
            "one"
        );
        let alpha = krippendorffs_alpha(&[&same, &same], Distance::Nominal, 0.95);
        assert_eq!(alpha.unwrap_err().argument(), "ratings");
    }

    #[test]
    fn two_raters_who_always_agree_give_1() {
        let ratings = [1., 2., 3., 2., 1.];
        let kappa = cohens_kappa(&ratings, &ratings, KappaWeights::Linear, 0.95).unwrap();
        assert!((kappa.estimate - 1.0).abs() < 1e-12 && kappa.interval.high <= 1.0);
        let alpha = krippendorffs_alpha(&[&ratings, &ratings], Distance::Interval, 0.95).unwrap();
        assert_eq!((alpha.estimate, alpha.interval.high), (1.0, 1.0));
    }
}
