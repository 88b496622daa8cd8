//! The error of the statistics: the argument, and what is wrong with it.

use std::fmt;

use crate::error::number;

/// An argument that a statistic cannot be computed from.
///
/// The text is `argument` + a blank + [`StatsError::reason`]. Where arguments have other names, for
/// instance in JavaScript, [`StatsError::reason_naming`] gives the rest.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StatsError {
    /// An element of a slice is NaN or infinite.
    NotFinite {
        /// The argument's name.
        argument: &'static str,
        /// Where the element is, from 0.
        index: usize,
        /// The element.
        value: f64,
    },
    /// An element of a slice of 0/1 scores is neither 0 nor 1.
    NotBinary {
        /// The argument's name.
        argument: &'static str,
        /// Where the element is, from 0.
        index: usize,
        /// The element.
        value: f64,
    },
    /// A number is outside its range.
    OutOfRange {
        /// The argument's name.
        argument: &'static str,
        /// The range in words, to follow "must be".
        expected: &'static str,
        /// The number.
        value: f64,
    },
    /// A slice is too short.
    TooFew {
        /// The argument's name.
        argument: &'static str,
        /// How many values are needed.
        needed: usize,
        /// How many there are.
        got: usize,
    },
    /// Two slices that belong together differ in length.
    LengthMismatch {
        /// The argument's name.
        argument: &'static str,
        /// The argument it has to match.
        other: &'static str,
        /// The length of that one.
        expected: usize,
        /// The length of this one.
        got: usize,
    },
    /// A slice lacks what the method needs.
    Unsuitable {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong, to follow the name.
        reason: &'static str,
    },
}

impl StatsError {
    /// Returns the name of the argument at fault, in snake case.
    pub fn argument(&self) -> &'static str {
        match self {
            StatsError::NotFinite { argument, .. }
            | StatsError::NotBinary { argument, .. }
            | StatsError::OutOfRange { argument, .. }
            | StatsError::TooFew { argument, .. }
            | StatsError::LengthMismatch { argument, .. }
            | StatsError::Unsuitable { argument, .. } => argument,
        }
    }

    /// Returns what is wrong, worded to follow the argument's name.
    pub fn reason(&self) -> String {
        self.reason_naming(&str::to_owned)
    }

    /// Returns what is wrong as [`Self::reason`] does, with other names for the other arguments.
    pub fn reason_naming(&self, named: &dyn Fn(&'static str) -> String) -> String {
        match self {
            StatsError::NotFinite { index, value, .. } => {
                format!("must hold only finite numbers, but element {index} is {}", number(*value))
            }
            StatsError::NotBinary { index, value, .. } => {
                format!("must hold only 0 and 1, but element {index} is {}", number(*value))
            }
            StatsError::OutOfRange { expected, value, .. } => {
                format!("must be {expected}, but is {}", number(*value))
            }
            StatsError::TooFew { needed, got, .. } => {
                format!("must hold at least {needed} values, but holds {got}")
            }
            StatsError::LengthMismatch { other, expected, got, .. } => {
                let other = named(other);
                format!("must hold {expected} values, as many as {other}, but holds {got}")
            }
            StatsError::Unsuitable { reason, .. } => (*reason).to_owned(),
        }
    }
}

impl fmt::Display for StatsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.argument(), self.reason())
    }
}

impl std::error::Error for StatsError {}

/// The result of a statistic.
pub type Result<T> = std::result::Result<T, StatsError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_begins_with_the_argument() {
        let error = StatsError::OutOfRange {
            argument: "level",
            expected: "between 0 and 1, both excluded",
            value: 1.5,
        };
        assert_eq!(error.argument(), "level");
        assert_eq!(error.to_string(), "level must be between 0 and 1, both excluded, but is 1.5");
    }
}
