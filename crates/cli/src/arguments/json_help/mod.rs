//! The text below the help of each command: examples, and the shape of its JSON. One file for each file of arguments.

mod archive;
mod changing;
mod comparing;
mod episodes;
mod inspecting;
mod maintaining;
mod reporting;
mod thresholds;
mod tracking;
mod viewing;

pub(super) use archive::*;
pub(super) use changing::*;
pub(super) use comparing::*;
pub(super) use episodes::*;
pub(super) use inspecting::*;
pub(super) use maintaining::*;
pub(super) use reporting::*;
pub(super) use thresholds::*;
pub(super) use tracking::*;
pub(super) use viewing::*;

pub(crate) const EXIT_CODES: &str = "\
Exit codes:
   0  done; gate: ALLOW; check: pass, or warn
   1  gate: REJECT; check: fail
   2  gate: INCONCLUSIVE; check --warn-as-failure: warn
  64  wrong usage
  65  the content of the store does not allow it
  66  no such file, suite, run or prompt
  70  a bug in runstore
  74  the operating system or another process prevents it";
