//! `runstore view` in the binary without Node.

use crate::answer::Answer;
use crate::arguments::View;
use crate::failure::{Exit, Failure};
use crate::presets;
use crate::session::Session;
use crate::viewing::source;

/// Reports what is wrong with the arguments; otherwise, that serving it takes Node.
pub(super) fn answer(arguments: &View, session: &Session<'_>) -> Result<Answer, Failure> {
    source(arguments, session.store_name(), session.environment)?;
    presets::read(arguments.presets.as_deref(), session.environment)?;
    Err(Failure::new(Exit::Usage, "the page is served by Node, and this command runs without it")
        .hint(
            "run \"npx runstore view\", or write the page to a file with \"runstore report html\"",
        ))
}
