//! Random numbers equal to those of NumPy's `default_rng(seed)`, bit for bit.

mod generator;
mod pcg64;
mod seed_sequence;

pub use generator::Generator;
pub(super) use generator::rejection_threshold;
pub use pcg64::Pcg64;
pub use seed_sequence::seed_words;
