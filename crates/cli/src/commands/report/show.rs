//! `runstore report show RUN`

use super::source::Source;
use crate::answer::Answer;
use crate::arguments::ReportShow;
use crate::failure::Failure;
use crate::session::Session;
use runstore_report::scorecard::{Worst, write_scorecard};

/// Maximum number of cases shown.
const SHOWN: usize = 10;

pub(super) fn answer(arguments: &ReportShow, session: &Session<'_>) -> Result<Answer, Failure> {
    let mut worst = Worst::new(SHOWN);
    let add = |sample| worst.add(sample);
    let card = Source::read(&arguments.run, session, |source| source.scorecard(add, session))?;
    session.answer(&card, |page| write_scorecard(page, &card, &mut worst))
}
