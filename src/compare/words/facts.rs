//! Notes as sentences.

use super::parts::{a_newer_run, all_cases_have, cases_do, lost, no_cases, unfinished};
use super::{Face, reduced};
use crate::compare::missing::Missing;
use crate::compare::note::Fact;
use crate::compare::numbers::{count, counted};

/// Returns a fact as a sentence, starting with the scorer's name.
pub fn fact(fact: &Fact, face: Face) -> String {
    let sentence = unnamed_fact(fact, face);
    match fact.scorer() {
        Some(scorer) => format!("{scorer}: {sentence}"),
        None => sentence,
    }
}

/// Returns a fact as a sentence.
pub fn unnamed_fact(fact: &Fact, face: Face) -> String {
    match fact {
        Fact::Unfinished { role, run } => unfinished(*role, run),
        Fact::NewerRunIncomplete { role, run } => format!(
            "the {} is the latest completed run; {}",
            role.name(),
            a_newer_run(run)
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
        Fact::OneCluster { .. } => {
            "all cases are in one cluster, which counts as one observation".to_owned()
        }
        Fact::SingleRuns => format!(
            "one run per side: the intervals do not include how much a repeated run would differ; compare several runs per side, or see {}",
            face.call("calibrate()", "\"runstore calibrate\"")
        ),
        Fact::FewCases { cases: 1, .. } => "only 1 case, which says little about others".to_owned(),
        Fact::FewCases { cases, .. } => {
            format!("only {cases} cases, which say little about others")
        }
        Fact::MissingScores { baseline, candidate, counted, .. } => {
            let counted = match (counted, baseline.trials + candidate.trials) {
                (Missing::Worst, 1) => "the verdict must hold whatever its score would be",
                (Missing::Worst, _) => "the verdict must hold whatever their scores would be",
                (Missing::Fail, 1) => "it counts as a failure",
                (Missing::Fail, _) => "they count as failures",
                (Missing::Ignore, 1) => "it is left out",
                (Missing::Ignore, _) => "they are left out",
            };
            format!("{} no score; {counted}", lost(*baseline, *candidate))
        }
        Fact::Unseen { cases, outputs_stored, .. } => {
            let all = all_cases_have(*cases);
            let outputs = match outputs_stored {
                true => "although outputs differ",
                false => "and not all outputs are stored, so whether anything changed is unknown",
            };
            format!("{all} the same score in both runs, {outputs}")
        }
    }
}
