//! The command, from its arguments to its output: whole transcripts, kept in `snapshots/`.
//!
//! With RUNSTORE_UPDATE_SNAPSHOTS=1 they are rewritten; read the diff before you commit it.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod agreement;
mod archiving;
mod changing;
mod checking;
mod comparing;
mod document;
mod episodes;
mod failures;
mod fixture;
mod hostile_text;
mod inspecting;
mod json_keys;
mod maintaining;
mod naming;
mod one_moment;
mod reporting;
mod situations;
mod terminal;
mod tracking;
