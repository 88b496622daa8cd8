//! `runstore backup OUT`

use crate::answer::Answer;
use crate::arguments::Backup;
use crate::failure::Failure;
use crate::paths;
use crate::progress::Progress;
use crate::session::Session;
use runstore::maintenance::backup;
use runstore_report::colour::Role;
use runstore_report::sizes::bytes;

pub(super) fn answer(arguments: &Backup, session: &Session<'_>) -> Result<Answer, Failure> {
    let out = paths::output(&arguments.out, "OUT", session.environment)?;
    let store = session.store()?;
    let mut progress = Progress::new("backup", session.environment);
    let report = backup(store, &out, &mut |copied| {
        progress.show(copied.done_pages, copied.total_pages);
        Ok(())
    });
    drop(progress);
    let report = report?;
    let path = paths::seen_from_folder(&report.path, session.environment);
    let words = format!("{path} is a copy of the store, of {}.", bytes(report.bytes));
    session.answer(&report, |page| page.words("", &words, Role::Plain))
}
