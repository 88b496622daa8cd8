//! The sentences about groups of failed cases.

use super::in_common::{Outcomes, Shared};
use crate::compare::words::{count, percent};

/// A group of failed cases among all cases of the run.
pub(super) struct Counted<'a> {
    /// `None` for errors.
    pub(super) scorer: Option<&'a str>,
    pub(super) is_pair: bool,
    pub(super) outcomes: &'a Outcomes,
    pub(super) in_run: usize,
}

impl Counted<'_> {
    fn failed(&self) -> String {
        match (self.scorer, self.is_pair) {
            (Some(scorer), true) => format!("got worse on {scorer}"),
            (Some(scorer), false) => format!("failed on {scorer}"),
            (None, true) => "ended in an error only in the candidate".to_owned(),
            (None, false) => "ended in an error".to_owned(),
        }
    }

    /// The same of other cases, and what cases that got better did.
    fn turned(&self) -> [&'static str; 2] {
        match self.scorer {
            Some(_) => ["got worse", "got better"],
            None => ["did so", "only in the baseline"],
        }
    }
}

/// Returns metadata that failed cases have in common, with its rate beside that of the other cases.
pub(super) fn shared(shared: &Shared, of: &Counted<'_>) -> String {
    let Shared { text, all, rows, better } = shared;
    let Outcomes { failed, better: all_better } = of.outcomes;
    let [own, others] = [rows.len(), of.in_run.saturating_sub(*all)];
    let share = |part: usize, whole: usize| percent(part as f64 / whole as f64);
    let number = |number: usize| count(number as f64);
    let told = format!(
        "{} of the {} cases with {text} {} ({})",
        number(own),
        number(*all),
        of.failed(),
        share(own, *all)
    );
    let worse = share(failed.len() - own, others);
    if all_better.is_empty() {
        return format!("{told}, but {worse} of the others.");
    }
    let [got_worse, got_better] = of.turned();
    let better_others = share(all_better.len() - better, others);
    let net = failed.len().saturating_sub(all_better.len());
    let of_net = match own.saturating_sub(*better) {
        _ if net == 0 || of.scorer.is_none() => String::new(),
        all if all >= net => " That is all of the cases lost on balance.".to_owned(),
        part => format!(" That is {} of the cases lost on balance.", share(part, net)),
    };
    format!(
        "{told}, and {} {got_better}; of the others, {worse} {got_worse} and {better_others} {got_better}.{of_net}",
        number(*better)
    )
}

/// Returns the reason of many failed cases, or the error that they ended in; and how many cases with it in the baseline got
/// better.
pub(super) fn reason_of(reason: &str, own: usize, fixed: usize, of: &Counted<'_>) -> String {
    let noun = if of.scorer.is_some() { "Reason" } else { "Error" };
    let failed = of.outcomes.failed.len();
    let number = |number: usize| count(number as f64);
    let part = if own == failed { "all".to_owned() } else { format!("{} of the", number(own)) };
    let fixed = also_better(fixed, of).map(|note| format!(" ({note})")).unwrap_or_default();
    format!("{noun} of {part} {} that {}: {reason}{fixed}", number(failed), of.failed())
}

/// Returns that failed cases have nothing in common, with the number of their reasons; `has_metadata` tells whether there was any
/// to look at.
pub(super) fn nothing_in_common(reasons: usize, has_metadata: bool, of: &Counted<'_>) -> String {
    let failed = count(of.outcomes.failed.len() as f64);
    let said = match reasons {
        0 => "no metadata in common".to_owned(),
        reasons => format!(
            "{} different {}{}{}",
            count(reasons as f64),
            if of.scorer.is_some() { "reason" } else { "error" },
            if reasons == 1 { "" } else { "s" },
            if has_metadata { ", and no metadata in common" } else { "" }
        ),
    };
    format!("The {failed} cases that {} have {said}.", of.failed())
}

/// Returns what the page calls a group: all cases, those that share metadata, or those with a message.
pub(super) fn title(message: Option<&str>, is_shared: bool, of: &Counted<'_>) -> String {
    match (message, of.scorer, of.is_pair) {
        (Some(shared), ..) if is_shared => format!("With {shared}"),
        (Some(message), ..) => message.to_owned(),
        (None, None, _) => "Errors".to_owned(),
        (None, Some(scorer), true) => format!("Worse on {scorer}"),
        (None, Some(scorer), false) => format!("Failed on {scorer}"),
    }
}

/// Returns how many cases have the metadata of a group.
pub(super) fn having(all: usize) -> String {
    let noun = if all == 1 { "case" } else { "cases" };
    format!("of {} {noun} with it", count(all as f64))
}

/// Returns how many cases that got better had a reason in the baseline; `None` without one.
pub(super) fn also_better(fixed: usize, of: &Counted<'_>) -> Option<String> {
    let turned = if of.scorer.is_some() { "got better" } else { "have no error now" };
    let noun = if fixed == 1 { "case" } else { "cases" };
    (fixed > 0).then(|| format!("{} {noun} with it in the baseline {turned}", count(fixed as f64)))
}

/// Returns what the cases without a group of their own have; `None` without such cases.
pub(super) fn rest(reasons: usize, rows: usize, without: usize) -> Option<String> {
    let number = |number: usize| count(number as f64);
    let noun = if reasons == 1 { "reason" } else { "reasons" };
    let others = format!("{} for {} other {noun}", number(rows), number(reasons));
    let none = format!("{} without a reason", number(without));
    match (rows, without) {
        (0, 0) => None,
        (_, 0) => Some(others),
        (0, _) => Some(none),
        _ => Some(format!("{others}, {none}")),
    }
}
