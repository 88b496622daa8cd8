//! The recorded part of a gate's report.

use super::gate::{GateReport, ScorerVerdict};
use crate::model::{NewVerdict, VerdictScorer};

impl From<&GateReport> for NewVerdict {
    fn from(report: &GateReport) -> Self {
        NewVerdict {
            baseline_run_id: report.comparison.baseline.id.clone(),
            candidate_run_id: report.comparison.candidate.id.clone(),
            decision: report.decision,
            alpha: report.alpha,
            scorers: report.scorers.iter().map(VerdictScorer::from).collect(),
        }
    }
}

impl From<&ScorerVerdict> for VerdictScorer {
    fn from(scorer: &ScorerVerdict) -> Self {
        VerdictScorer {
            scorer_name: scorer.scorer.clone(),
            decision: scorer.decision,
            delta: scorer.delta,
            low: scorer.interval.map(|ends| ends.low),
            high: scorer.interval.map(|ends| ends.high),
            p_value: scorer.p_value,
            method: scorer.method.map(|method| format!("{}/{}", method.test, method.interval)),
            margin: scorer.margin,
            n: scorer.n as u64,
        }
    }
}
