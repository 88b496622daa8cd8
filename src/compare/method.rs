//! The test and the interval of a comparison.

use serde::Serialize;

/// The test and the interval, and the reason for their choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Method {
    /// The test.
    pub test: &'static str,
    /// The interval.
    pub interval: &'static str,
    /// The reason.
    pub reason: &'static str,
}

const BOUNDED: &str = "bounded_mean";
const CLUSTERED_BOUNDED: &str = "clustered_bounded_mean";

/// 0/1 scores of independent cases.
pub(super) const BINARY: Method = Method {
    test: "mcnemar_mid_p",
    interval: "tango",
    reason: "all scores are 0 or 1: only the cases that changed sides carry information",
};
/// The same if all cases that changed sides did so in the same direction.
pub(super) const BINARY_ONE_SIDED: Method = Method {
    test: "mcnemar_exact",
    reason: "all scores are 0 or 1, and every case that changed sides did so in the same direction",
    ..BINARY
};
pub(super) const GRADED: Method = Method {
    test: "sign_flip_permutation",
    interval: "paired_t",
    reason: "scores are graded: the differences, case by case, are what is tested",
};
pub(super) const AVERAGED: Method = Method {
    reason: "scores are means of several trials of a case, so they are treated as graded",
    ..GRADED
};
pub(super) const CLUSTERED: Method = Method {
    test: "clustered_sign_flip_permutation",
    interval: "clustered_t",
    reason: "cases come in clusters that move together, so the clusters are what is independent",
};

impl Method {
    /// Whether a difference of exactly the observed size counts half in the p-value.
    pub fn is_mid_p(self) -> bool {
        self.test == BINARY.test
    }

    /// Whether the interval is widened by the bound for scores on a scale.
    pub(super) fn is_guarded(self) -> bool {
        [BOUNDED, CLUSTERED_BOUNDED].contains(&self.interval)
    }

    /// Returns the same with the interval widened by the bound for scores on a scale.
    pub(super) fn guarded(self) -> Self {
        let interval =
            if self.interval == CLUSTERED.interval { CLUSTERED_BOUNDED } else { BOUNDED };
        Method { interval, ..self }
    }
}
