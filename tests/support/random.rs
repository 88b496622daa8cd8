//! Random numbers from a seed that a failing test prints.

/// The usual seed.
const SEED: u64 = 20_261_121;

pub struct Random(u64);

impl Random {
    /// Starts from the seed in `RUNSTORE_SEED`, or else from the same one each time, so that a commit passes or fails
    /// whenever it is tested. With more rounds than usual, from a random one: they are there to find something new.
    pub fn new() -> (Random, u64) {
        let given = std::env::var("RUNSTORE_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| match std::env::var_os("RUNSTORE_ROUNDS") {
            Some(_) => uuid::Uuid::new_v4().as_u128() as u64,
            None => SEED,
        });
        (Random(seed | 1), seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    /// Returns true so many times of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Returns how many rounds to run: `usual` of them, or as many times more as `RUNSTORE_ROUNDS` says.
pub fn rounds(usual: usize) -> usize {
    let times = std::env::var("RUNSTORE_ROUNDS").ok().and_then(|times| times.parse().ok());
    usual * times.unwrap_or(1)
}
