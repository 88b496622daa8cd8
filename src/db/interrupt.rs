//! Ending from outside what a connection is doing.

/// Interrupts the statement that a connection is running, from any thread.
pub struct Interrupter(pub(super) rusqlite::InterruptHandle);

impl Interrupter {
    /// Ends the running statement, and a wait for others; with none running, or once the connection is closed, does
    /// nothing.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}
