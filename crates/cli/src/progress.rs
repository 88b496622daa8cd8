//! Shows the progress of long work on stderr, if that is a terminal.

use super::environment::{Environment, Stream};

/// Width of the bar.
const BAR: u64 = 30;

/// A progress bar on one line, which is erased at the end.
pub(super) struct Progress<'e> {
    stream: Option<&'e Stream<'e>>,
    what: &'static str,
    /// The last percentage shown.
    percent: Option<u64>,
}

impl<'e> Progress<'e> {
    pub(super) fn new(what: &'static str, environment: &'e Environment<'e>) -> Self {
        let is_dumb = environment.variable("TERM").is_some_and(|term| term == "dumb");
        let stream = Some(&environment.stderr).filter(|stream| stream.is_terminal && !is_dumb);
        Progress { stream, what, percent: None }
    }

    /// Shows the progress of one of several tasks of about the same size.
    pub(super) fn show_part(&mut self, at: usize, of: usize, (done, total): (u64, u64)) {
        const STEPS: u64 = 1000;
        let share = done.min(total).saturating_mul(STEPS) / total.max(1);
        self.show(at as u64 * STEPS + share, of as u64 * STEPS);
    }

    /// Shows the progress. No bar is shown for work that is done at once.
    pub(super) fn show(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100) / total.max(1);
        let is_news = self.percent != Some(percent) && (self.percent.is_some() || done < total);
        if let Some(stream) = self.stream.filter(|_| is_news) {
            self.percent = Some(percent);
            let full = (percent * BAR / 100).min(BAR);
            let bar = "█".repeat(full as usize) + &"░".repeat((BAR - full) as usize);
            // If stderr is closed, the work continues.
            let _ = stream.write(&format!("\r{} {bar} {percent:>3}%", self.what));
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.filter(|_| self.percent.is_some()) {
            let width = self.what.len() + BAR as usize + 6;
            let _ = stream.write(&format!("\r{}\r", " ".repeat(width)));
        }
    }
}
