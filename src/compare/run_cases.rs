//! The cases of one run for its report, identified in the same way as in comparisons.

use super::content::Content;
use super::matching::Matching;
use super::options::PairBy;
use super::scored_run::has_keys;
use crate::error::Result;
use crate::json;
use crate::store::{CaseTexts, CasesToRead, RunSample, SampledCase, Store};

/// One attempt at a case: a row of the run.
pub(crate) type Attempt = SampledCase<Content>;

/// The attempts of a run, and the case of each.
pub(crate) struct RunCases {
    sample: RunSample<Content>,
    /// By attempt.
    cases: Vec<usize>,
}

impl RunCases {
    /// Reads a run, or the part of it in one benchmark. A case is identified by its key if all cases of the run have
    /// one, otherwise by its input.
    pub(crate) fn read(
        store: &Store,
        run_id: &str,
        benchmark: Option<&str>,
        operation: &str,
    ) -> Result<Self> {
        let has_keys = has_keys(store, run_id, operation)?;
        let by = if has_keys { PairBy::Key } else { PairBy::Input };
        let what = CasesToRead { run_id, benchmark, input: !has_keys, metadata: true };
        let sample = store.sample_run(what, operation, |texts| Content {
            tags: tags(texts),
            ..Content::of(texts, None)
        })?;
        let cases = cases(&sample, by);
        Ok(RunCases { sample, cases })
    }

    /// Returns the attempts in the order of the dataset.
    pub(crate) fn attempts(&self) -> &[Attempt] {
        &self.sample.cases
    }

    /// Returns the number of the attempt's case.
    pub(crate) fn case_of(&self, attempt: usize) -> usize {
        self.cases[attempt]
    }

    /// Returns the names of the scorers, by number.
    pub(crate) fn scorers(&self) -> &[String] {
        &self.sample.scorers
    }
}

/// Returns the number of the case of each attempt.
fn cases(sample: &RunSample<Content>, by: PairBy) -> Vec<usize> {
    let matching = Matching::new([std::slice::from_ref(sample), &[]], by);
    let mut cases = vec![0; sample.cases.len()];
    for (number, [attempts, _]) in matching.rows.iter().enumerate() {
        attempts.iter().for_each(|at| cases[at.case] = number);
    }
    cases
}

/// Returns the distinct tags in metadata; none if `tags` is not an array.
fn tags(texts: CaseTexts<'_>) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Tagged {
        tags: Vec<serde_json::Value>,
    }
    let tagged = texts.metadata.and_then(|metadata| json::read::<Tagged>(metadata).ok());
    let tags = tagged.map(|tagged| tagged.tags).unwrap_or_default();
    let mut tags: Vec<String> =
        tags.iter().filter_map(|tag| tag.as_str()).map(str::to_owned).collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}
