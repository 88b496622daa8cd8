//! PCG64 (XSL-RR 128/64), the bit generator behind NumPy's `default_rng`.
//!
//! O'Neill (2014), "PCG: A family of simple fast space-efficient statistically good algorithms for
//! random number generation". The state follows s ← s·M + inc modulo 2^128.

use super::seed_sequence::seed_words;

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// The generator's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pcg64 {
    state: u128,
    increment: u128,
}

impl Pcg64 {
    /// Returns the generator in the state of `numpy.random.PCG64(seed)`.
    pub fn from_seed(seed: u64) -> Self {
        let words = seed_words(seed).map(u128::from);
        let increment = (words[2] << 64 | words[3]) << 1 | 1;
        let start = words[0] << 64 | words[1];
        let mut generator = Pcg64 { state: increment.wrapping_add(start), increment };
        generator.step();
        generator
    }

    /// Returns the next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.step();
        output(self.state)
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    /// Moves on by `steps` outputs, in time log(steps).
    ///
    /// `steps` steps are one step with another multiplier and increment; squaring doubles it (Brown
    /// 1994, "Random number generation with arbitrary strides").
    pub fn advance(&mut self, mut steps: u128) {
        let (mut multiplier, mut increment) = (MULTIPLIER, self.increment);
        while steps > 0 {
            if steps & 1 == 1 {
                self.state = self.state.wrapping_mul(multiplier).wrapping_add(increment);
            }
            increment = multiplier.wrapping_add(1).wrapping_mul(increment);
            multiplier = multiplier.wrapping_mul(multiplier);
            steps >>= 1;
        }
    }
}

/// Returns the output of a state: its halves xored, rotated by its six highest bits.
fn output(state: u128) -> u64 {
    let folded = (state >> 64) as u64 ^ state as u64;
    folded.rotate_right((state >> 122) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advance_equals_single_steps() {
        for steps in [0u128, 1, 2, 5, 1000] {
            let mut stepped = Pcg64::from_seed(42);
            let mut jumped = stepped.clone();
            for _ in 0..steps {
                stepped.next_u64();
            }
            jumped.advance(steps);
            assert_eq!(jumped, stepped);
        }
    }
}
