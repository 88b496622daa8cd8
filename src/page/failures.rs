//! Groups of failed cases, by the scorer that failed them and its reason. On a page of two runs, groups of the cases
//! that got worse.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::group_words::{self as words, Counted};
use super::in_common::{Outcomes, Shared, in_common};
use super::messages::{self, Examples};
use super::options::Field;
use super::searched::Searched;
use super::shown::gain_by;
use crate::error::Result;
use crate::store::{Remark, Store};

/// Number of messages per scorer that form a group of their own; the rest count for the scorer only.
const MESSAGES: usize = 12;
/// Failed cases of which it is worth saying that they have nothing in common.
const MANY: usize = 20;

/// Cases that failed for the same reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureGroup {
    /// The scorer that failed them; `None` for errors.
    pub scorer: Option<String>,
    /// The reason, without the parts that differ from case to case, with an example if little else is left; or the metadata that
    /// the cases share, as `key=value`; `None` for all cases of the scorer.
    pub message: Option<String>,
    /// Number of cases.
    pub count: usize,
    /// Of a group by metadata: the number of all cases that have it, failed or not.
    pub all: Option<usize>,
    /// What the page calls the group.
    pub title: String,
    /// What to weigh the number with: how many cases have the metadata, or got better that had the reason; of all cases of a
    /// scorer, those that are in no group of their own.
    pub note: Option<String>,
}

/// The groups, and what they say.
pub(super) struct Failures {
    pub(super) groups: Vec<FailureGroup>,
    /// The rows of each group.
    pub(super) rows: Vec<Vec<usize>>,
    /// What the failed cases have in common, in sentences.
    pub(super) in_common: Vec<String>,
}

/// The rows by scorer (`None` for errors), then by message.
type Groups = BTreeMap<Option<usize>, Messages>;

/// Returns the groups: the scorer that decides, then errors, then the scorers with the most failed cases, each followed by what
/// its cases have in common, and by its messages.
pub(super) fn failures(
    store: &Store,
    run_ids: &[&str],
    of: &Searched<'_>,
    operation: &str,
) -> Result<Failures> {
    let mut search = Search { examples: Examples::new(), of };
    // The baseline comes first.
    let (before, after) = match *run_ids {
        [before, after] => (search.read(store, before, Turn::Better, operation)?, after),
        _ => (Groups::new(), run_ids[0]),
    };
    let by_scorer = in_order(search.read(store, after, Turn::Failed, operation)?, of);
    let outcomes: Vec<Outcomes> = by_scorer
        .iter()
        .map(|(scorer, messages)| Outcomes {
            failed: all(messages),
            better: search.better(*scorer),
        })
        .collect();
    let mut shared = in_common(store, after, of, &outcomes, operation)?.into_iter();
    let groups = by_scorer.into_iter().zip(outcomes).map(|((scorer, messages), outcomes)| {
        let shared = shared.next();
        Group { scorer, messages, outcomes, shared }
    });
    Ok(listed(groups.collect(), &search, &before))
}

/// The cases that failed by a scorer, or by an error.
struct Group {
    scorer: Option<usize>,
    messages: Messages,
    outcomes: Outcomes,
    /// `None` if no metadata was looked at.
    shared: Option<Vec<Shared>>,
}

/// What a case did.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// It failed; on a page of two runs, it got worse.
    Failed,
    /// It got better.
    Better,
}

struct Search<'a> {
    examples: Examples,
    of: &'a Searched<'a>,
}

impl Search<'_> {
    /// Returns the rows that failed, or got better, with what one run says of them.
    fn read(&mut self, store: &Store, run_id: &str, turn: Turn, operation: &str) -> Result<Groups> {
        let mut first: HashMap<(Option<usize>, usize), Option<String>> = HashMap::new();
        store.each_remark(run_id, self.below(), operation, &mut |remark| {
            let Some((row, _)) = self.of.places.get(remark.case_id) else { return };
            let scorers = &self.of.table.scorers;
            let scorer = remark.scorer.map(|name| scorers.iter().position(|one| one == name));
            // A scorer that is not on the page.
            let Some(scorer) = scorer.map_or(Some(None), |place| place.map(Some)) else { return };
            if self.is(turn, scorer, *row) {
                // The first trial that has a reason.
                let said = first.entry((scorer, *row)).or_default();
                if said.is_none() {
                    *said = self.message(&remark);
                }
            }
        })?;
        let mut groups = Groups::new();
        for ((scorer, row), message) in first {
            groups.entry(scorer).or_default().entry(message).or_default().push(row);
        }
        Ok(groups)
    }

    /// A case that got worse, or better, may have any score.
    fn below(&self) -> f64 {
        match self.of.table.baseline {
            Some(_) => f64::INFINITY,
            None => self.of.limits.iter().map(|one| one.below()).fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Returns whether a row failed, or got better, by a scorer or by an error.
    fn is(&self, turn: Turn, scorer: Option<usize>, row: usize) -> bool {
        let table = self.of.table;
        let (after, before) = (&table.candidate, table.baseline.as_ref());
        match (scorer, before) {
            (None, None) => turn == Turn::Failed && after.errored[row] > 0,
            (None, Some(before)) => {
                let [before, after] = [before.errored[row] > 0, after.errored[row] > 0];
                before != after && after == (turn == Turn::Failed)
            }
            (Some(scorer), Some(_)) => {
                let lower = &self.of.options.gate.comparison.lower_is_better;
                let lower = lower.contains(&table.scorers[scorer]);
                let gain = gain_by(table, scorer, lower, row).unwrap_or_default();
                if turn == Turn::Failed { gain < 0.0 } else { gain > 0.0 }
            }
            (Some(scorer), None) => {
                let score = after.scores[scorer][row];
                let fails = score.is_some_and(|score| self.of.limits[scorer].fails(score));
                turn == Turn::Failed && fails
            }
        }
    }

    /// Returns the rows that got better by a scorer, or lost an error.
    fn better(&self, scorer: Option<usize>) -> Vec<usize> {
        (0..self.of.table.keys.len()).filter(|row| self.is(Turn::Better, scorer, *row)).collect()
    }

    fn message(&mut self, remark: &Remark<'_>) -> Option<String> {
        let field = if remark.scorer.is_some() { Field::Reason } else { Field::Error };
        let text = remark.text.filter(|_| !self.of.options.leaves_out(field))?;
        messages::of(&String::from_utf8_lossy(text), &mut self.examples)
    }
}

/// The rows of a scorer by message.
type Messages = HashMap<Option<String>, Vec<usize>>;

fn in_order(groups: Groups, of: &Searched<'_>) -> Vec<(Option<usize>, Messages)> {
    let mut by_scorer: Vec<_> = groups.into_iter().collect();
    let decides = |scorer: &Option<usize>| {
        scorer.is_some_and(|scorer| Some(of.table.scorers[scorer].as_str()) == of.deciding)
    };
    let size = |messages: &Messages| messages.values().map(Vec::len).sum::<usize>();
    by_scorer.sort_by_key(|(scorer, messages)| {
        (!decides(scorer), scorer.is_some(), usize::MAX - size(messages))
    });
    by_scorer
}

fn all(messages: &Messages) -> Vec<usize> {
    let mut rows: Vec<usize> = messages.values().flatten().copied().collect();
    rows.sort_unstable();
    rows
}

fn listed(groups: Vec<Group>, search: &Search<'_>, before: &Groups) -> Failures {
    let Searched { table, .. } = search.of;
    let mut found = Failures { groups: vec![], rows: vec![], in_common: vec![] };
    let in_run = table.candidate.ids.iter().filter(|ids| !ids.is_empty()).count();
    // Of the scorers, the page sums up the first.
    let first = groups.iter().find_map(|group| group.scorer);
    for Group { scorer, messages, outcomes, shared } in groups {
        let name = scorer.map(|scorer| table.scorers[scorer].clone());
        let is_pair = table.baseline.is_some();
        let of = Counted { scorer: name.as_deref(), is_pair, outcomes: &outcomes, in_run };
        let mut said = vec![];
        let mut add = |message: Option<String>, mut rows: Vec<usize>, all: Option<usize>, note| {
            rows.sort_unstable();
            let title = words::title(message.as_deref(), all.is_some(), &of);
            let (scorer, count) = (name.clone(), rows.len());
            found.groups.push(FailureGroup { scorer, message, count, all, title, note });
            found.rows.push(rows);
        };
        let has_metadata = shared.is_some();
        let reasons = messages.keys().flatten().count();
        let (frequent, rest) = by_net_count(messages, before.get(&scorer));
        add(None, outcomes.failed.clone(), None, rest);
        for one in shared.into_iter().flatten() {
            said.push(words::shared(&one, &of));
            add(Some(one.text), one.rows, Some(one.all), Some(words::having(one.all)));
        }
        for Reason { message, rows, fixed } in frequent {
            let text = messages::told(message, &search.examples, rows.len());
            if outcomes.is_telling(rows.len(), fixed) {
                said.push(words::reason_of(&text, rows.len(), fixed, &of));
            }
            add(Some(text), rows, None, words::also_better(fixed, &of));
        }
        if said.is_empty() && (has_metadata || reasons > 1) && outcomes.failed.len() >= MANY {
            said.push(words::nothing_in_common(reasons, has_metadata, &of));
        }
        if scorer.is_none() || scorer == first {
            found.in_common.extend(said);
        }
    }
    found
}

/// Cases that failed for the same reason.
struct Reason {
    message: String,
    rows: Vec<usize>,
    /// Cases that got better, and had this reason in the baseline.
    fixed: usize,
}

/// Returns the most frequent reasons, those first that grew most since the baseline, and what is said of the others.
fn by_net_count(messages: Messages, before: Option<&Messages>) -> (Vec<Reason>, Option<String>) {
    let (mut without, mut reasons) = (0, vec![]);
    for (message, rows) in messages {
        let fixed = before.and_then(|before| before.get(&message)).map_or(0, Vec::len);
        match message {
            Some(message) => reasons.push(Reason { message, rows, fixed }),
            None => without += rows.len(),
        }
    }
    reasons.sort_by(|one, other| {
        let net = |reason: &Reason| reason.rows.len() as i64 - reason.fixed as i64;
        let size = |reason: &Reason| (net(reason), reason.rows.len());
        size(other).cmp(&size(one)).then_with(|| one.message.cmp(&other.message))
    });
    let others = reasons.split_off(reasons.len().min(MESSAGES));
    let rows = others.iter().map(|reason| reason.rows.len()).sum();
    let rest = if reasons.is_empty() { None } else { words::rest(others.len(), rows, without) };
    (reasons, rest)
}
