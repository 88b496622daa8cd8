//! `runstore report show RUN`

use super::source::{Source, explain};
use crate::answer::Answer;
use crate::arguments::ReportShow;
use crate::failure::Failure;
use crate::session::Session;
use runstore::scorecard::{RunScorecard, get_scorecard};
use runstore_formats::run_file::read_document;
use runstore_report::scorecard::{Worst, write_scorecard};

/// Maximum number of cases shown.
const SHOWN: usize = 10;

pub(super) fn answer(arguments: &ReportShow, session: &Session<'_>) -> Result<Answer, Failure> {
    let mut worst = Worst::new(SHOWN);
    let card = Source::read(&arguments.run, session, |source| scorecard(source, &mut worst))?;
    session.answer(&card, |page| write_scorecard(page, &card, &mut worst))
}

/// Returns the scorecard of a run; for a file, the one stored in the file.
fn scorecard(source: &Source<'_>, worst: &mut Worst) -> Result<RunScorecard, Failure> {
    match source {
        Source::Store(store, id) => Ok(get_scorecard(store, id, &mut |sample| worst.add(sample))?),
        Source::File(path) => {
            let add = &mut |_: &str, sample: runstore_formats::run_file::FileSample| {
                worst.add(sample.scorecard());
                Ok(())
            };
            let (file, _) = read_document(path, add).map_err(explain)?;
            Ok(file.scorecard())
        }
    }
}
