//! `runstore backup OUT`

use crate::care::backup;
use crate::cli::answer::Answer;
use crate::cli::arguments::Backup;
use crate::cli::colour::Role;
use crate::cli::failure::Failure;
use crate::cli::paths;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::sizes::bytes;

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
