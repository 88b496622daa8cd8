//! Switching a file to WAL mode while others may be doing the same.

use std::time::{Duration, Instant};

use crate::error::{Code, Result};

/// Switches a file to WAL mode by `turn`. SQLite does not wait for others here, so this function does.
pub(super) fn use_wal(timeout: Duration, turn: impl Fn() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match turn() {
            Err(error) if error.code == Code::Busy && start.elapsed() < timeout => {}
            turned => return turned,
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
