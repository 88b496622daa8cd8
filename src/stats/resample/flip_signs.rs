//! Sums of values whose signs are drawn at random.

use super::blocks::{fill_blocks, rows_per_block};
use crate::stats::mean::{pairwise, sum_lanes};
use crate::stats::rng::Generator;

/// For each byte of draws the sign bits that its eight draws give: draw 0 is −1, draw 1 is +1.
static SIGNS: [[u64; 8]; 256] = {
    let mut signs = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut lane = 0;
        while lane < 8 {
            signs[byte][lane] = ((!byte >> lane & 1) as u64) << 63;
            lane += 1;
        }
        byte += 1;
    }
    signs
};

/// Returns `resamples` sums of the values, each value with a random sign, and moves the generator
/// on past the draws.
///
/// The signs are those of NumPy's `choice([-1, 1], size=(resamples, n))`, and the sums those of its
/// rows, bit for bit.
pub(in crate::stats) fn flip_signs(
    values: &[f64],
    generator: &mut Generator,
    resamples: usize,
    threads: usize,
) -> Vec<f64> {
    let mut sums = vec![0.0; resamples];
    let start = &*generator;
    let draws_before = |row: usize| row as u64 * values.len() as u64;
    fill_blocks(&mut sums, rows_per_block(values.len()), threads, |first, block| {
        let mut generator = start.skipped(draws_before(first));
        let mut bits = vec![];
        for sum in block {
            generator.fill_bits(values.len(), &mut bits);
            *sum = signed_sum(values, &bits);
        }
    });
    *generator = generator.skipped(draws_before(resamples));
    sums
}

/// Returns the sum of the values with the signs that the bits stand for.
fn signed_sum(values: &[f64], bits: &[u8]) -> f64 {
    pairwise(0..values.len(), &|leaf| {
        let (chunks, rest) = values[leaf.clone()].as_chunks::<8>();
        let (whole, last) = bits[leaf.start / 8..].split_at(chunks.len());
        let signed = |value: f64, sign: u64| f64::from_bits(value.to_bits() ^ sign);
        let chunks = chunks.iter().zip(whole).map(|(chunk, byte)| {
            let signs = &SIGNS[usize::from(*byte)];
            std::array::from_fn(|lane| signed(chunk[lane], signs[lane]))
        });
        let signs = last.first().map_or(&SIGNS[0], |byte| &SIGNS[usize::from(*byte)]);
        sum_lanes(chunks, rest.iter().zip(signs).map(|(value, sign)| signed(*value, *sign)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::mean::pairwise_sum;
    use proptest::prelude::*;

    /// The same sums, one draw at a time.
    fn naive(values: &[f64], generator: &mut Generator, resamples: usize) -> Vec<f64> {
        let mut row = || -> f64 {
            let signed: Vec<f64> = values
                .iter()
                .map(|value| if generator.next_below(2) == 1 { *value } else { -*value })
                .collect();
            pairwise_sum(&signed)
        };
        (0..resamples).map(|_| row()).collect()
    }

    proptest! {
        #[test]
        fn sums_and_generator_equal_the_naive_ones(
            values in prop::collection::vec(-10.0..10.0f64, 1..300),
            resamples in 1usize..20,
            seed: u64,
            kept: bool,
        ) {
            let mut slow = Generator::from_seed(seed);
            if kept {
                slow.next_u32();
            }
            let mut fast = slow.clone();
            prop_assert_eq!(flip_signs(&values, &mut fast, resamples, 1), naive(&values, &mut slow, resamples));
            prop_assert_eq!(fast, slow);
        }
    }

    #[test]
    fn threads_do_not_change_the_sums() {
        let values: Vec<f64> = (1..=50_001).map(|i| 1.0 / f64::from(i)).collect();
        let sums = |threads| flip_signs(&values, &mut Generator::from_seed(1), 12, threads);
        assert_eq!(sums(1), sums(2));
        assert_eq!(sums(1), sums(5));
    }
}
