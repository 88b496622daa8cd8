//! Default values. `lib/constants.js` has them for JavaScript.

/// A case passes when its lowest score is at least this.
pub const THRESHOLD: f64 = 0.5;

/// Name of the baseline of a suite.
pub const BASELINE: &str = "main";

/// A run whose last heartbeat is older is stale, in milliseconds.
pub const STALE_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

/// Level of intervals.
pub const LEVEL: f64 = 0.95;

/// Probability of reporting a difference where there is none.
pub const ALPHA: f64 = 0.05;

/// Probability of detecting a difference that is there.
pub const POWER: f64 = 0.8;

/// Path of the store, relative to the folder of a project.
pub const STORE_PATH: &str = ".evals/store.db";

/// Maximum number of runs, cases or trajectories per request of a host.
pub const LARGEST_PAGE: u32 = 10_000;

/// Default number of trajectories per page.
pub const TRAJECTORIES_PAGE: u32 = 100;
