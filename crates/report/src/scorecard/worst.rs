//! Selects the worst cases.

use std::cmp::Ordering;

use runstore::scorecard::{Grade, GradeReason, SampleScorecard};

/// Keeps the worst of many cases, and counts those that do not pass.
#[derive(Debug)]
pub struct Worst {
    most: usize,
    kept: Vec<SampleScorecard>,
    not_passed: u64,
}

impl Worst {
    /// Keeps at most `most` cases.
    pub fn new(most: usize) -> Self {
        Worst { most, kept: vec![], not_passed: 0 }
    }

    /// Adds a case.
    pub fn add(&mut self, sample: SampleScorecard) {
        if sample.card.verdict == Grade::Pass && sample.errors.is_empty() {
            return;
        }
        self.not_passed += 1;
        self.kept.push(sample);
        if self.kept.len() >= 2 * self.most.max(64) {
            self.drop_better();
        }
    }

    /// Returns the kept cases, worst first.
    pub fn cases(&mut self) -> &[SampleScorecard] {
        self.drop_better();
        &self.kept
    }

    /// Returns the first of them, and the total number.
    pub fn first(&mut self, most: usize) -> Worst {
        let kept = self.cases().iter().take(most).cloned().collect();
        Worst { most, kept, not_passed: self.not_passed }
    }

    /// Returns the number of cases that do not pass, kept or not.
    pub fn not_passed(&self) -> u64 {
        self.not_passed
    }

    /// The sort is stable: equally bad cases stay in order.
    fn drop_better(&mut self) {
        self.kept.sort_by(by_badness);
        self.kept.truncate(self.most);
    }
}

/// Errors first, then failures, by how far they miss their limit.
fn by_badness(one: &SampleScorecard, other: &SampleScorecard) -> Ordering {
    let badness = |sample: &SampleScorecard| match (sample.errors.is_empty(), sample.card.verdict) {
        (false, _) => 0,
        (_, Grade::Fail) => 1,
        (_, Grade::Warn) => 2,
        _ => 3,
    };
    badness(one).cmp(&badness(other)).then_with(|| shortfall(other).total_cmp(&shortfall(one)))
}

fn shortfall(sample: &SampleScorecard) -> f64 {
    let by = |reason: &GradeReason| match reason {
        GradeReason::BelowFloor { value, floor, .. } => floor - value,
        GradeReason::AboveCeiling { value, ceiling, .. } => value - ceiling,
        _ => 0.0,
    };
    sample.card.reasons.iter().map(by).fold(0.0, f64::max)
}
