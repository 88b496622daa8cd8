//! Statistics of rows of indices drawn with replacement.

use super::blocks::{fill_blocks, rows_per_block};
use crate::stats::mean::{pairwise, sum_lanes};
use crate::stats::rng::{Generator, rejection_threshold};

/// Returns `statistic` of each of `resamples` rows of `row_length` indices below `bound`, and moves
/// the generator on.
///
/// The rows are those of NumPy's `integers(0, bound, size=(resamples, row_length))`, bit for bit.
pub(in crate::stats) fn draw_rows(
    bound: u32,
    row_length: usize,
    generator: &mut Generator,
    resamples: usize,
    threads: usize,
    statistic: impl Fn(&[u32]) -> f64 + Sync,
) -> Vec<f64> {
    let mut results = vec![0.0; resamples];
    let rows_per_block = rows_per_block(row_length);
    let fill = |generator: &mut Generator, rows: &mut [f64]| {
        let mut indices = vec![0; row_length];
        for row in rows {
            generator.fill_below(bound, &mut indices);
            *row = statistic(&indices);
        }
    };
    if threads == 1 || resamples <= rows_per_block {
        fill(generator, &mut results);
        return results;
    }
    let block_draws = (rows_per_block * row_length) as u64;
    let total = resamples as u64 * row_length as u64;
    let stream = Stream::scan(generator.clone(), bound, total, block_draws, threads);
    fill_blocks(&mut results, rows_per_block, threads, |first, rows| {
        fill(&mut stream.at(first as u64 * row_length as u64), rows);
    });
    *generator = stream.at(total);
    results
}

/// Returns the means of `resamples` samples of the values, drawn with replacement, and moves the
/// generator on.
pub(in crate::stats) fn drawn_means(
    values: &[f64],
    generator: &mut Generator,
    resamples: usize,
    threads: usize,
) -> Vec<f64> {
    let mean = |indices: &[u32]| drawn_mean(values, indices);
    draw_rows(values.len() as u32, values.len(), generator, resamples, threads, mean)
}

/// Returns the mean of the values at the indices, added in NumPy's order.
fn drawn_mean(values: &[f64], indices: &[u32]) -> f64 {
    let value = |index: u32| values[index as usize];
    let sum = pairwise(0..indices.len(), &|leaf| {
        let (chunks, rest) = indices[leaf].as_chunks::<8>();
        sum_lanes(chunks.iter().map(|chunk| chunk.map(value)), rest.iter().map(|i| value(*i)))
    });
    sum / indices.len() as f64
}

/// A stream of draws in which the rejected ones have been counted, so that any accepted draw can be
/// jumped to.
///
/// Whether Lemire's method rejects a draw depends on nothing but the draw, so the accepted ones are
/// a fixed selection of the stream.
struct Stream {
    start: Generator,
    bound: u32,
    block_draws: u64,
    /// How many draws were accepted before each block of the stream.
    accepted: Vec<u64>,
}

impl Stream {
    /// Counts the rejected draws up to about the accepted draw number `total`.
    fn scan(start: Generator, bound: u32, total: u64, block_draws: u64, threads: usize) -> Self {
        let mut rejected = vec![0; stream_blocks(bound, total, block_draws)];
        if bound > 1 && rejection_threshold(bound) > 0 {
            fill_blocks(&mut rejected, 1, threads, |number, count| {
                let block = start.skipped(number as u64 * block_draws);
                count[0] = block.count_rejected(bound, block_draws);
            });
        }
        let accepted = rejected.iter().scan(0, |sum, rejected| {
            let before = *sum;
            *sum += block_draws - rejected;
            Some(before)
        });
        Stream { accepted: accepted.collect(), start, bound, block_draws }
    }

    /// Returns the generator before the accepted draw of this number.
    fn at(&self, accepted: u64) -> Generator {
        if self.bound <= 1 {
            return self.start.clone();
        }
        let block = self.accepted.partition_point(|before| *before <= accepted).saturating_sub(1);
        let mut generator = self.start.skipped(block as u64 * self.block_draws);
        for _ in self.accepted[block]..accepted {
            generator.next_below(self.bound);
        }
        generator
    }
}

/// Returns how many blocks of draws are likely to hold `total` accepted ones.
fn stream_blocks(bound: u32, total: u64, block_draws: u64) -> usize {
    let rejected_share = f64::from(rejection_threshold(bound.max(1))) / 2f64.powi(32);
    let draws = total as f64 / (1.0 - rejected_share);
    (draws / block_draws as f64) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::mean::mean;

    /// The same rows, one draw at a time.
    fn naive(values: &[f64], generator: &mut Generator, resamples: usize) -> Vec<f64> {
        let mut draw = || values[generator.next_below(values.len() as u32) as usize];
        let mut row = || (0..values.len()).map(|_| draw()).collect::<Vec<_>>();
        (0..resamples).map(|_| mean(&row())).collect()
    }

    #[test]
    fn means_and_generator_equal_the_naive_ones_whatever_the_threads() {
        for n in [1, 2, 3, 10, 1001, 4096, 50_001] {
            let values: Vec<f64> = (1..=n).map(|i| 1.0 / f64::from(i)).collect();
            let resamples = (300_000 / values.len()).min(2000);
            let mut slow = Generator::from_seed(9);
            slow.next_u32();
            let start = slow.clone();
            let expected = naive(&values, &mut slow, resamples);
            for threads in [1, 2, 5] {
                let mut fast = start.clone();
                assert_eq!(
                    drawn_means(&values, &mut fast, resamples, threads),
                    expected,
                    "n = {n}"
                );
                assert_eq!(fast, slow, "n = {n}, {threads} threads");
            }
        }
    }

    #[test]
    fn frequent_rejections_do_not_shift_the_rows() {
        // Below this bound almost a third of the draws are rejected.
        let bound = 3_000_000_000;
        let sum = |row: &[u32]| row.iter().map(|index| f64::from(*index)).sum();
        let rows = |threads| {
            let mut generator = Generator::from_seed(5);
            let sums = draw_rows(bound, 1000, &mut generator, 600, threads, sum);
            (sums, generator)
        };
        assert_eq!(rows(1), rows(2));
        assert_eq!(rows(1), rows(3));
    }
}
