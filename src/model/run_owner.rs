//! The owner of a run.

/// The current or last process that works on a run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RunOwner {
    /// Id of the run.
    pub run_id: String,
    /// Id of the process.
    pub pid: i64,
    /// Name of its machine.
    pub host: String,
    /// The last heartbeat of the run, in milliseconds since the epoch.
    pub heartbeat_at: i64,
    /// Whether it is alive; `None` if that cannot be determined from here.
    pub alive: Option<bool>,
}
