//! The draws that NumPy's `Generator` makes from PCG64.

use super::pcg64::Pcg64;

/// How many draws are handled at once, from four 64-bit outputs.
const GROUP: usize = 8;

/// A generator of bounded integers. Its 32-bit draws take the low half of a 64-bit output first and
/// keep the high half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator {
    source: Pcg64,
    kept: Option<u32>,
}

impl Generator {
    /// Returns the generator in the state of `numpy.random.default_rng(seed)`.
    pub fn from_seed(seed: u64) -> Self {
        Generator { source: Pcg64::from_seed(seed), kept: None }
    }

    /// Returns the generator that draws from this source.
    pub(in crate::stats) fn from_source(source: Pcg64) -> Self {
        Generator { source, kept: None }
    }

    /// Returns the next 64 bits. A kept half stays kept.
    pub fn next_u64(&mut self) -> u64 {
        self.source.next_u64()
    }

    /// Returns the next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if let Some(kept) = self.kept.take() {
            return kept;
        }
        let word = self.source.next_u64();
        self.kept = Some((word >> 32) as u32);
        word as u32
    }

    /// Returns an integer below `bound`, all of them equally likely. A bound of 0 or 1 gives 0 and
    /// draws nothing.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval".
    pub fn next_below(&mut self, bound: u32) -> u32 {
        if bound <= 1 {
            return 0;
        }
        let threshold = rejection_threshold(bound);
        loop {
            let product = u64::from(self.next_u32()) * u64::from(bound);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Fills `indices` with integers below `bound`, as [`Generator::next_below`] gives them one
    /// after the other.
    pub fn fill_below(&mut self, bound: u32, indices: &mut [u32]) {
        if bound <= 1 {
            indices.fill(0);
            return;
        }
        let mut filled = 0;
        while filled < indices.len() {
            let left = &mut indices[filled..];
            filled += if self.kept.is_some() || left.len() < GROUP {
                left[0] = self.next_below(bound);
                1
            } else {
                self.fill_from_groups(bound, left)
            };
        }
    }

    /// Fills indices from as many groups as cannot overflow them; returns how many were not
    /// rejected.
    fn fill_from_groups(&mut self, bound: u32, indices: &mut [u32]) -> usize {
        let threshold = rejection_threshold(bound);
        let accepted = |product: &u64| *product as u32 >= threshold;
        let mut filled = 0;
        for _ in 0..indices.len() / GROUP {
            let products = self.next_group().map(|draw| u64::from(draw) * u64::from(bound));
            let left = &mut indices[filled..filled + GROUP];
            // Rejections are rare: a group is looked at one by one only if it holds one.
            if products.iter().fold(true, |all, product| all & accepted(product)) {
                left.copy_from_slice(&products.map(|product| (product >> 32) as u32));
                filled += GROUP;
                continue;
            }
            for product in products.iter().filter(|product| accepted(product)) {
                indices[filled] = (product >> 32) as u32;
                filled += 1;
            }
        }
        filled
    }

    /// Returns the next draws of 32 bits; to be called when no half is kept.
    fn next_group(&mut self) -> [u32; GROUP] {
        let words: [u64; GROUP / 2] = std::array::from_fn(|_| self.source.next_u64());
        std::array::from_fn(|i| (words[i / 2] >> (32 * (i % 2))) as u32)
    }

    /// Fills `bits` with one bit per draw below 2, eight to a byte, lowest first, for `draws`
    /// draws.
    ///
    /// Below 2 the method of Lemire never rejects and takes the top bit of the 32.
    pub(in crate::stats) fn fill_bits(&mut self, draws: usize, bits: &mut Vec<u8>) {
        bits.clear();
        if draws == 0 {
            return;
        }
        let carried = self.kept.take();
        let fresh = draws - usize::from(carried.is_some());
        bits.resize(fresh / 8, 0);
        for byte in bits.iter_mut() {
            *byte = top_bits(self.next_group());
        }
        if !fresh.is_multiple_of(8) {
            let rest = (0..fresh % 8).map(|i| ((self.next_u32() >> 31) as u8) << i);
            bits.push(rest.sum());
        }
        if let Some(kept) = carried {
            shift_in(kept >> 31 == 1, bits);
        }
    }

    /// Returns this generator moved on by `draws` draws of 32 bits.
    pub(in crate::stats) fn skipped(&self, draws: u64) -> Self {
        let mut skipped = self.clone();
        if draws == 0 {
            return skipped;
        }
        let fresh = draws - u64::from(skipped.kept.take().is_some());
        skipped.source.advance(u128::from(fresh / 2));
        if fresh % 2 == 1 {
            skipped.next_u32();
        }
        skipped
    }

    /// Returns how many of the next `draws` draws of 32 bits the method of Lemire rejects below
    /// `bound`.
    pub(in crate::stats) fn count_rejected(mut self, bound: u32, draws: u64) -> u64 {
        let threshold = rejection_threshold(bound);
        let rejected = |draw: u32| u64::from(draw.wrapping_mul(bound) < threshold);
        let mut count = 0;
        let mut left = draws;
        while left > 0 && (self.kept.is_some() || !left.is_multiple_of(GROUP as u64)) {
            count += rejected(self.next_u32());
            left -= 1;
        }
        for _ in 0..left / GROUP as u64 {
            count += self.next_group().map(rejected).iter().sum::<u64>();
        }
        count
    }

    /// Shuffles the values as NumPy's `Generator.shuffle` does (Fisher & Yates, from the last place
    /// down).
    ///
    /// There the places are drawn not by Lemire's method, but by masking draws and rejecting those
    /// beyond the place.
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            let place = self.next_masked(last as u32);
            values.swap(last, place as usize);
        }
    }

    /// Returns an integer up to `max`, the first draw whose low bits do not exceed it.
    fn next_masked(&mut self, max: u32) -> u32 {
        let mask = u32::MAX >> max.leading_zeros();
        loop {
            let draw = self.next_u32() & mask;
            if draw <= max {
                return draw;
            }
        }
    }
}

/// Returns 2^32 mod `bound`: products whose low half is smaller are drawn again.
pub(in crate::stats) fn rejection_threshold(bound: u32) -> u32 {
    bound.wrapping_neg() % bound
}

/// Returns a byte of the highest bits of eight draws.
fn top_bits(draws: [u32; GROUP]) -> u8 {
    draws.iter().rev().fold(0, |byte, draw| byte << 1 | (draw >> 31) as u8)
}

/// Moves all bits up by one place and puts `first` into the place that becomes free.
fn shift_in(first: bool, bits: &mut Vec<u8>) {
    bits.push(0);
    let mut carry = u8::from(first);
    for byte in bits {
        let out = *byte >> 7;
        *byte = *byte << 1 | carry;
        carry = out;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A generator that has drawn `draws` times, so that a half may be kept.
    fn drawn(seed: u64, draws: u64) -> Generator {
        let mut generator = Generator::from_seed(seed);
        for _ in 0..draws {
            generator.next_u32();
        }
        generator
    }

    #[test]
    fn shuffle_is_that_of_numpy() {
        // numpy 2.4.6: rng = np.random.default_rng(3); rng.shuffle(np.arange(10)), twice.
        let mut generator = Generator::from_seed(3);
        let mut values: Vec<u32> = (0..10).collect();
        generator.shuffle(&mut values);
        assert_eq!(values, [9, 6, 0, 2, 1, 4, 7, 5, 3, 8]);
        generator.shuffle(&mut values);
        assert_eq!(values, [5, 1, 2, 4, 9, 3, 8, 7, 6, 0]);
    }

    proptest! {
        #[test]
        fn skipping_equals_drawing(seed: u64, start in 0u64..3, draws in 0u64..50) {
            prop_assert_eq!(drawn(seed, start).skipped(draws), drawn(seed, start + draws));
        }

        #[test]
        fn filling_equals_drawing_one_by_one(
            seed: u64,
            start in 0u64..3,
            bound in prop_oneof![1u32..5000, 3_000_000_000u32..],
            length in 0usize..100,
        ) {
            let mut filled = vec![0; length];
            let mut one_by_one = drawn(seed, start);
            let mut at_once = one_by_one.clone();
            at_once.fill_below(bound, &mut filled);
            let expected: Vec<u32> = (0..length).map(|_| one_by_one.next_below(bound)).collect();
            prop_assert_eq!(filled, expected);
            prop_assert_eq!(at_once, one_by_one);
        }

        #[test]
        fn bits_are_the_draws_below_2(seed: u64, start in 0u64..3, draws in 0usize..400) {
            let mut one_by_one = drawn(seed, start);
            let mut at_once = one_by_one.clone();
            let mut bits = vec![];
            at_once.fill_bits(draws, &mut bits);
            for i in 0..draws {
                prop_assert_eq!(u32::from(bits[i / 8] >> (i % 8) & 1), one_by_one.next_below(2));
            }
            prop_assert_eq!(at_once, one_by_one);
        }

        #[test]
        fn rejected_draws_are_counted(seed: u64, start in 0u64..3, draws in 0u64..100) {
            // Of the draws below this bound, almost a third are rejected.
            let bound = 3_000_000_000u32;
            let mut one_by_one = drawn(seed, start);
            let rejected = (0..draws)
                .filter(|_| one_by_one.next_u32().wrapping_mul(bound) < rejection_threshold(bound))
                .count();
            prop_assert_eq!(drawn(seed, start).count_rejected(bound, draws), rejected as u64);
        }
    }
}
