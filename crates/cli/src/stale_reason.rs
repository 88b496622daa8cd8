//! Explains why a run does not seem to be running any more.

use runstore::maintenance::StaleReason;
use runstore_report::times::ago;

/// Returns the reason; if it is the age of the last heartbeat, with its time.
pub(super) fn words(reason: StaleReason, last_heartbeat_at: i64, now: i64) -> String {
    let last = || ago(last_heartbeat_at as f64, now);
    match reason {
        StaleReason::Gone => "its process has ended".to_owned(),
        StaleReason::Rebooted => "its machine was restarted".to_owned(),
        StaleReason::Silent => format!("last heartbeat {}", last()),
        StaleReason::Idle => format!("its process is alive, last write {}", last()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_words() {
        let said = |reason| words(reason, 1_795_262_400_000, 1_795_269_600_000);
        assert_eq!(said(StaleReason::Gone), "its process has ended");
        assert_eq!(said(StaleReason::Rebooted), "its machine was restarted");
        assert_eq!(said(StaleReason::Silent), "last heartbeat 2 h ago");
        assert_eq!(said(StaleReason::Idle), "its process is alive, last write 2 h ago");
    }
}
