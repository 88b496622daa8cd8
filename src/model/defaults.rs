//! What holds where a caller does not say otherwise.

/// A case passes when its lowest score is at least this.
pub const THRESHOLD: f64 = 0.5;
