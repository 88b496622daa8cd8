//! Who works on a run.

/// The process that works on a run, or did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RunOwner {
    /// Id of the run.
    pub run_id: String,
    /// Its number.
    pub pid: i64,
    /// Name of its machine.
    pub host: String,
    /// The last heartbeat of the run, in milliseconds since the epoch.
    pub heartbeat_at: i64,
    /// Whether it lives; `None` where that cannot be told from here.
    pub alive: Option<bool>,
}
