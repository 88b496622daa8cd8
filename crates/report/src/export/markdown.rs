//! A comment on a pull request.

use std::io::{Result, Write};

use runstore::model::{CaseRow, RunHead};
use runstore::scorecard::{RunScorecard, SampleScorecard};

use super::Report;
use crate::room::Room;
use crate::scorecard::{Worst, scorecard_markdown};

/// Maximum number of cases kept; as many are written as fit.
const KEPT: usize = 10_000;

pub(super) struct Markdown<W> {
    to: W,
    room: Room,
    worst: Worst,
}

impl<W: Write> Markdown<W> {
    pub(super) fn new(to: W, room: Room) -> Self {
        Markdown { to, room, worst: Worst::new(KEPT) }
    }
}

impl<W: Write> Report for Markdown<W> {
    fn begin(&mut self, _: &RunHead) -> Result<()> {
        Ok(())
    }

    fn case(&mut self, _: &CaseRow, sample: SampleScorecard) -> Result<()> {
        self.worst.add(sample);
        Ok(())
    }

    fn end(&mut self, head: &RunHead, card: &RunScorecard) -> Result<()> {
        let title = if head.run.name.is_empty() { &head.run.id } else { &head.run.name };
        let text = scorecard_markdown(card, title, &mut self.worst, self.room);
        self.to.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> Result<()> {
        self.to.flush()
    }
}
