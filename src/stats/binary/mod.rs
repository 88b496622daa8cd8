//! 0/1 scores: a pass rate, and the difference of two paired pass rates.

mod mcnemar;
mod newcombe;
mod paired_counts;
mod tango;
mod wilson;

pub use mcnemar::{mcnemar_chi_squared, mcnemar_exact, mcnemar_mid_p};
pub use newcombe::newcombe_interval;
pub use paired_counts::{PairedCounts, paired_counts};
pub use tango::tango_interval;
pub use wilson::wilson_interval;
