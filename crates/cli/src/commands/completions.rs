//! `runstore completions`

use crate::answer::Answer;
use crate::arguments::{Completions, definitions};
use crate::failure::Failure;

pub(super) fn answer(arguments: &Completions) -> Result<Answer, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut definitions(), "runstore", &mut script);
    String::from_utf8(script).map(Answer::from).map_err(|error| Failure::bug(&error.to_string()))
}
