//! What holds where a caller does not say otherwise. `lib/constants.js` has it for JavaScript.

/// A case passes when its lowest score is at least this.
pub const THRESHOLD: f64 = 0.5;

/// Name of the baseline of a suite.
pub const BASELINE: &str = "main";

/// A run that says nothing for longer is stale, in milliseconds.
pub const STALE_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

/// Level of an interval.
pub const LEVEL: f64 = 0.95;

/// Where the store is, seen from the folder of a project.
pub const STORE_PATH: &str = ".evals/store.db";

/// How many runs, cases or trajectories hosts may ask for at once.
pub const LARGEST_PAGE: u32 = 10_000;

/// How many trajectories hosts get at once.
pub const TRAJECTORIES_PAGE: u32 = 100;
