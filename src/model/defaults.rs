//! What holds where a caller does not say otherwise. `lib/constants.js` has it for JavaScript.

/// A case passes when its lowest score is at least this.
pub const THRESHOLD: f64 = 0.5;

/// Name of the baseline of a suite.
pub const BASELINE: &str = "main";

/// A run that says nothing for longer is stale, in milliseconds.
pub const STALE_AFTER_MS: i64 = 24 * 60 * 60 * 1000;
