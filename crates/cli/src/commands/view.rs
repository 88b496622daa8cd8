//! `runstore view`, where it is not Node that runs the command.

use crate::answer::Answer;
use crate::failure::{Exit, Failure};
use crate::session::Session;

/// Says what is wrong with the store, and otherwise who can serve it.
pub(super) fn answer(session: &Session<'_>) -> Result<Answer, Failure> {
    session.store_path()?;
    Err(Failure::new(Exit::Usage, "the page is served by Node, and this command runs without it")
        .hint(
            "run \"npx runstore view\", or write the page to a file with \"runstore report html\"",
        ))
}
