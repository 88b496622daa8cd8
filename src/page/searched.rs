//! What groups of failed cases are made from.

use super::limits::Limits;
use super::options::PageOptions;
use super::rows::Places;
use crate::compare::CaseTable;

/// What is searched for failed cases.
pub(super) struct Searched<'a> {
    pub(super) table: &'a CaseTable,
    pub(super) places: &'a Places<'a>,
    /// The scorer of the headline.
    pub(super) deciding: Option<&'a str>,
    pub(super) limits: &'a [Limits],
    pub(super) options: &'a PageOptions,
}
