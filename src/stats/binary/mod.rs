//! 0/1 scores: a pass rate, and the difference of two paired pass rates.

mod mcnemar;
mod newcombe;
mod paired_counts;
mod power;
mod tango;
mod wilson;

pub(crate) use mcnemar::{is_one_sided, mcnemar_careful};
pub use mcnemar::{mcnemar_chi_squared, mcnemar_exact, mcnemar_mid_p};
pub use newcombe::newcombe_interval;
pub use paired_counts::{PairedCounts, paired_counts};
pub(crate) use power::mcnemar_detectable;
pub use power::{mcnemar_power, mcnemar_required_n};
pub use tango::{tango_interval, tango_p_value};
pub use wilson::wilson_interval;
