//! `runstore vacuum`

use crate::answer::Answer;
use crate::failure::Failure;
use crate::session::Session;
use runstore::maintenance::vacuum;
use runstore_report::sizes::bytes;

pub(super) fn answer(session: &Session<'_>) -> Result<Answer, Failure> {
    let report = vacuum(session.writable_store()?)?;
    let given_back = report.bytes_before.saturating_sub(report.bytes_after);
    let words = match given_back {
        0 => format!(
            "There was no free space to return: the store takes {}.",
            bytes(report.bytes_after)
        ),
        _ => format!(
            "{} returned to the disk: the store takes {}.",
            bytes(given_back),
            bytes(report.bytes_after)
        ),
    };
    session.answer(&report, |page| page.line(&[words.into()]))
}
