//! NumPy's `SeedSequence`: spreads a seed over the 256 bits that PCG64 starts from.
//!
//! After O'Neill (2015), "Developing a seed_seq alternative".

const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;
const SHIFT: u32 = 16;
const POOL: usize = 4;

/// Returns the four words of `SeedSequence(seed).generate_state(4, uint64)`.
pub fn seed_words(seed: u64) -> [u64; 4] {
    let pool = mixed_pool([seed as u32, (seed >> 32) as u32, 0, 0]);
    let mut hash = Hash { constant: INIT_B, multiplier: MULT_B };
    let mut word = |i: usize| u64::from(hash.apply(pool[i % POOL]));
    std::array::from_fn(|i| word(2 * i) | word(2 * i + 1) << 32)
}

/// Returns the pool that every word of the seed has been mixed into.
fn mixed_pool(entropy: [u32; POOL]) -> [u32; POOL] {
    let mut hash = Hash { constant: INIT_A, multiplier: MULT_A };
    let mut pool = entropy.map(|word| hash.apply(word));
    for source in 0..POOL {
        for target in (0..POOL).filter(|&target| target != source) {
            pool[target] = mix(pool[target], hash.apply(pool[source]));
        }
    }
    pool
}

/// A hash whose constant changes with every use.
struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn apply(&mut self, word: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        let word = word.wrapping_mul(self.constant);
        word ^ word >> SHIFT
    }
}

fn mix(left: u32, right: u32) -> u32 {
    let mixed = MIX_LEFT.wrapping_mul(left).wrapping_sub(MIX_RIGHT.wrapping_mul(right));
    mixed ^ mixed >> SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_numpy() {
        let expected = [0xdb2c_d7e7_b0f4_78be, 0xabf4_641a_2c71_ba49];
        assert_eq!(seed_words(0)[..2], expected);
        let expected = [0x0d86_72e1_0e3d_1a15, 0x9aef_4ada_4ecf_a161];
        assert_eq!(seed_words(1_099_511_627_783)[..2], expected);
    }
}
