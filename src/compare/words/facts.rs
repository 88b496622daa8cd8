//! Notes as sentences.

use super::parts::{all_cases_have, cases_do, lost, no_cases, unfinished};
use super::{Face, reduced};
use crate::compare::missing::Missing;
use crate::compare::note::Fact;
use crate::compare::numbers::{count, counted, size};

/// Returns a fact as a sentence.
pub fn fact(fact: &Fact, face: Face) -> String {
    match fact {
        Fact::Unfinished { role, run } => unfinished(*role, run),
        Fact::NewerRunIncomplete { role, run } => format!(
            "the {} is the latest completed run; a newer one, \"{}\" ({}), is {}",
            role.name(),
            run.name,
            run.id,
            run.status
        ),
        Fact::DifferentSuites => "the runs belong to different suites".to_owned(),
        Fact::SomeKeys => {
            "some cases have a key and others not, so cases were paired by their input".to_owned()
        }
        Fact::SharedInputs { cases } => format!(
            "{} as another trial of it; if they are different cases, give each a key",
            cases_do(*cases, "has the input of another and counts", "have the input of another and count")
        ),
        Fact::SharedKeys { cases } => format!(
            "{} as another trial of it; give trials a number, and different cases different keys",
            cases_do(*cases, "has the key of another and counts", "have the key of another and count")
        ),
        Fact::NoCases { role, run } => no_cases(*role, run),
        Fact::NoCommonCase { by_key: true } => {
            "the runs have no case in common: no key is in both".to_owned()
        }
        Fact::NoCommonCase { by_key: false } => {
            "the runs have no case in common: no input is in both; if inputs changed, give cases a key".to_owned()
        }
        Fact::PartialCoverage { both, of } => format!(
            "only {} of {} {} in both runs; the others are not compared",
            count(*both as f64),
            counted(*of, "case"),
            if *both == 1 { "is" } else { "are" }
        ),
        Fact::Reduced { reducer } => reduced(*reducer),
        Fact::InfiniteScores { scores: 1 } => "one score is infinite and counts as missing".to_owned(),
        Fact::InfiniteScores { scores } => {
            format!("{} scores are infinite and count as missing", count(*scores as f64))
        }
        Fact::TornClusters { cases } => format!(
            "{} in another cluster in the candidate; the baseline's counts",
            cases_do(*cases, "is", "are")
        ),
        Fact::SomeClusters { with, without } => {
            let others = match without {
                1 => "the other one counts".to_owned(),
                without => format!("each of the other {} counts", count(*without as f64)),
            };
            format!("only {} a cluster; {others} as a cluster of its own", cases_do(*with, "has", "have"))
        }
        Fact::OneCluster { scorer } => {
            format!("{scorer}: all cases are in one cluster, so the spread is unknown")
        }
        Fact::SingleRuns => format!(
            "one run per side: the intervals do not cover how much equal runs differ; compare several runs per side, or see {}",
            face.call("calibrate()", "\"runstore calibrate\"")
        ),
        Fact::FewCases { scorer, cases } => {
            format!("{scorer}: only {}, so the figures are not reliable", counted(*cases, "case"))
        }
        Fact::MissingScores { scorer, baseline, candidate, counted } => {
            let counted = match (counted, baseline.trials + candidate.trials) {
                (Missing::Worst, 1) => "a verdict must hold for any score in its place",
                (Missing::Worst, _) => "a verdict must hold for any scores in their place",
                (Missing::Fail, 1) => "it counts as a failure",
                (Missing::Fail, _) => "they count as failures",
                (Missing::Ignore, 1) => "it is left out",
                (Missing::Ignore, _) => "they are left out",
            };
            format!("{scorer}: {} no score; {counted}", lost(*baseline, *candidate))
        }
        Fact::Unseen { scorer, cases, outputs_stored } => {
            let all = all_cases_have(*cases);
            let outputs = match outputs_stored {
                true => "but outputs differ: this scorer does not see what changed",
                false => "but not all outputs are stored, so nobody knows whether anything changed",
            };
            format!("{scorer}: {all} the same score in both runs, {outputs}")
        }
        Fact::MarginAllowsAll { scorer, scale, margin } => format!(
            "{scorer}: the margin of {} allows any loss, because scores only go from {} to {}",
            size(*margin),
            size(scale.low),
            size(scale.high)
        ),
        Fact::DefaultMargin { scorer, scale, margin } => format!(
            "{scorer}: scores go from {} to {}, and the default margin of {} is meant for scores from 0 to 1; give it a \
             margin of its own{}",
            size(scale.low),
            size(scale.high),
            size(*margin),
            face.call("", " with --margin")
        ),
    }
}
