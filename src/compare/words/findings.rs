//! Findings as sentences.

use super::Face;
use super::parts::{
    a_gain_of, a_loss_beyond, all_cases_have, gaps, lost, no_cases, told, unfinished,
};
use crate::compare::numbers::{count, counted, percent, size};
use crate::compare::reason::Finding;
use crate::compare::report::OfBoth;

pub(super) fn finding(finding: &Finding, face: Face) -> String {
    match finding {
        Finding::NothingChanged { cases } => {
            let all = all_cases_have(*cases);
            format!("nothing changed: {all} the same output and score in both runs")
        }
        Finding::EqualScores { cases } => {
            format!("{} the same score in both runs", all_cases_have(*cases))
        }
        Finding::LossRuledOut { gain, margin, established: true } => format!(
            "{}; there is a loss, but one of more than {} is ruled out",
            told(gain),
            size(*margin)
        ),
        Finding::LossRuledOut { gain, margin, established: false } => {
            format!("{}; {} is ruled out", told(gain), a_loss_beyond(*margin))
        }
        Finding::LossBeyondMargin { gain, margin, .. }
        | Finding::LossEstablished { gain, margin }
            if *margin == 0.0 =>
        {
            format!("{}; there is a loss", told(gain))
        }
        Finding::LossBeyondMargin { gain, margin, certain: true } => {
            format!("{}; it is {}", told(gain), a_loss_beyond(*margin))
        }
        Finding::LossBeyondMargin { gain, margin, certain: false } => format!(
            "{}; there is a loss, and its estimate is beyond the margin of {}",
            told(gain),
            size(*margin)
        ),
        Finding::LossEstablished { gain, margin } => format!(
            "{}; there is a loss, but it may be within the margin of {} or beyond it",
            told(gain),
            size(*margin)
        ),
        Finding::LossPossible { gain, margin } if gain.mean < -margin => {
            format!("{}; this is {} unless it is chance", told(gain), a_loss_beyond(*margin))
        }
        Finding::LossPossible { gain, margin } => {
            format!("{}; {} is still possible", told(gain), a_loss_beyond(*margin))
        }
        Finding::MissingScores { gain, worst, margin, required, baseline, candidate } => {
            let worst = worst.map_or(String::new(), |worst| {
                format!(": {} with the worst possible scores", told(&worst))
            });
            let hidden = match required {
                Some(0.0) => "that there is no gain".to_owned(),
                Some(required) => format!("a gain of less than {}", size(*required)),
                None => a_loss_beyond(*margin),
            };
            format!(
                "{} in what was scored, but {} no score, which could hide {hidden}{worst}",
                told(gain),
                lost(*baseline, *candidate),
            )
        }
        Finding::NoCases { role, run } => no_cases(*role, run),
        Finding::NoCommonCase => "no case is in both runs, so the difference is unknown".to_owned(),
        Finding::LowCoverage { scored: 0, of: 0, .. } => "neither run has a score of it".to_owned(),
        Finding::LowCoverage { scored, of, required, baseline, candidate } => {
            let scored = match scored {
                0 => format!("none of {} has", counted(*of, "case")),
                1 => format!("only one of {} has", counted(*of, "case")),
                scored => {
                    format!("only {} of {} have", count(*scored as f64), counted(*of, "case"))
                }
            };
            let gaps = gaps(*baseline, *candidate);
            let required = percent(*required);
            format!("{scored} a score in both runs, and a verdict needs {required} ({gaps})")
        }
        Finding::GainEstablished { gain, required } => {
            format!("{}; {} is established", told(gain), a_gain_of(*required))
        }
        Finding::GainRuledOut { gain, required } => {
            format!("{}; {} was required and is ruled out", told(gain), a_gain_of(*required))
        }
        Finding::GainPossible { gain, required } => {
            format!("{}; {} is possible, but not established", told(gain), a_gain_of(*required))
        }
        Finding::TooFew { clusters: Some(1), .. } => {
            "all cases are in one cluster, which counts as one observation, so chance cannot be told from a real change".to_owned()
        }
        Finding::TooFew { clusters: Some(clusters), .. } => {
            format!("{clusters} clusters are too few to estimate the spread")
        }
        Finding::TooFew { cases: 0, .. } => "no case was scored in both runs".to_owned(),
        Finding::TooFew { cases: 1, .. } => "only one case was scored in both runs".to_owned(),
        Finding::TooFew { cases, .. } => {
            format!("{cases} cases are too few to estimate the spread")
        }
        Finding::Unfinished { role, run } => unfinished(*role, run),
        Finding::SliceLoses { value, gain, margin, cases, .. } => {
            let slice = match value {
                Some(value) => format!("the slice \"{value}\""),
                None => {
                    format!("the slice without a value of {}", face.call("sliceBy", "--slice-by"))
                }
            };
            let within = match -gain.mean <= *margin {
                true => format!(", within the margin of {}", size(*margin)),
                false => String::new(),
            };
            format!("{slice} got worse by more than chance: {} over {}{within}", told(gain), counted(*cases, "case"))
        }
        Finding::NoScores { errored } => {
            format!("no case has a score in either run{}", with_errors(*errored))
        }
    }
}

fn with_errors(errored: OfBoth) -> String {
    let of = |cases: usize, role: &str| {
        (cases > 0).then(|| format!("{} of the {role}", counted(cases, "case")))
    };
    let parts = [of(errored.candidate, "candidate"), of(errored.baseline, "baseline")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let have = if errored.baseline + errored.candidate == 1 { "has" } else { "have" };
    match parts.is_empty() {
        true => String::new(),
        false => format!(" ({} {have} an error)", parts.join(" and ")),
    }
}
