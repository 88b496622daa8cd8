//! Which run a person means: an id, the first characters of one, `latest`, `baseline`, or a name.

use super::failure::{Exit, Failure};
use runstore::model::Run;
use runstore::store::Store;
use runstore_report::run_label::ShortIds;
use runstore_report::times::date_time;

/// How a run is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming<'t> {
    /// The completed run that was started last, of one model if there is one.
    Latest(Option<&'t str>),
    /// A baseline, by its name.
    Baseline(&'t str),
    /// An id, the first characters of an id, or a name.
    Text(&'t str),
}

impl<'t> Naming<'t> {
    fn of(text: &'t str) -> Self {
        match text.split_once(':') {
            None if text == "latest" => Naming::Latest(None),
            None if text == "baseline" => Naming::Baseline("main"),
            Some(("latest", model)) => Naming::Latest(Some(model)),
            Some(("baseline", name)) => Naming::Baseline(name),
            _ => Naming::Text(text),
        }
    }
}

/// Returns the run that is meant; with `suite_id`, only runs of that suite are.
pub(super) fn find(store: &Store, text: &str, suite_id: Option<&str>) -> Result<Run, Failure> {
    match Naming::of(text) {
        Naming::Latest(model) => latest(store, suite_id, model),
        Naming::Baseline(name) => baseline(store, suite_id, name),
        Naming::Text(text) => named(store, text, suite_id),
    }
}

/// Returns both runs of a comparison. Where one is named by what it is in its suite (`latest`, `baseline`), the suite is
/// that of the other.
pub(super) fn find_both(
    store: &Store,
    baseline: &str,
    candidate: &str,
    suite_id: Option<&str>,
) -> Result<(Run, Run), Failure> {
    let is_definite = |text| matches!(Naming::of(text), Naming::Text(_));
    if is_definite(baseline) && !is_definite(candidate) {
        let before = find(store, baseline, suite_id)?;
        let after = find(store, candidate, Some(&before.suite_id))?;
        return Ok((before, after));
    }
    let after = find(store, candidate, suite_id)?;
    let narrowed = if is_definite(baseline) { suite_id } else { Some(after.suite_id.as_str()) };
    Ok((find(store, baseline, narrowed)?, after))
}

fn latest(store: &Store, suite_id: Option<&str>, model: Option<&str>) -> Result<Run, Failure> {
    store.latest_completed_run(suite_id, model)?.ok_or_else(|| {
        let of_model = model.map_or(String::new(), |model| format!(" of model \"{model}\""));
        Failure::new(Exit::Missing, format!("there is no completed run{of_model}"))
            .hint("\"runstore runs\" lists those that there are, with their models and states")
    })
}

/// Returns the run of a baseline; where no suite is named, only one may have such a baseline.
fn baseline(store: &Store, suite_id: Option<&str>, name: &str) -> Result<Run, Failure> {
    let suites = match suite_id {
        Some(suite_id) => vec![suite_id.to_owned()],
        None => store.list_suites()?.into_iter().map(|suite| suite.id).collect(),
    };
    let mut found = vec![];
    for suite_id in &suites {
        found.extend(store.get_baseline(suite_id, name)?);
    }
    match (found.pop(), found.is_empty()) {
        (Some(baseline), true) => Ok(baseline.run),
        (Some(_), false) => {
            let message = format!("several suites have a baseline \"{name}\"");
            Err(Failure::new(Exit::Data, message).hint("name the suite with --suite"))
        }
        (None, _) => Err(Failure::new(Exit::Missing, format!("there is no baseline \"{name}\""))
            .hint(
                "\"runstore baseline set RUN\" makes one; \"runstore baseline list\" lists them",
            )),
    }
}

fn named(store: &Store, text: &str, suite_id: Option<&str>) -> Result<Run, Failure> {
    let mut found = store.find_runs(text, suite_id)?;
    if let Some(at) = found.iter().position(|run| run.id == text) {
        return Ok(found.swap_remove(at));
    }
    match (found.pop(), found.is_empty()) {
        (Some(run), true) => Ok(run),
        (Some(run), false) => {
            found.push(run);
            Err(ambiguous(text, &found))
        }
        (None, _) => Err(missing(text, suite_id)),
    }
}

fn ambiguous(text: &str, found: &[Run]) -> Failure {
    let short = ShortIds::among(found.iter().map(|run| run.id.as_str()));
    let shown = found.iter().rev().take(5).map(|run| {
        let started = date_time(run.started_at);
        format!("{} ({}, {}, {started})", short.of(&run.id), run.name, run.model)
    });
    let shown: Vec<String> = shown.collect();
    let more = found.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Failure::new(Exit::Data, format!("{} runs may be meant by \"{text}\"", found.len()))
        .hint(format!("name one by its id: {}{more}", shown.join(", ")))
}

fn missing(text: &str, suite_id: Option<&str>) -> Failure {
    let place = if suite_id.is_some() { " in this suite" } else { "" };
    Failure::new(Exit::Missing, format!("there is no run \"{text}\"{place}")).hint(
        "a run is named by its id, its first four or more characters, its name, latest, latest:MODEL, baseline or \
         baseline:NAME; \"runstore runs\" lists them",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_run_is_named() {
        assert_eq!(Naming::of("latest"), Naming::Latest(None));
        assert_eq!(Naming::of("latest:gpt:4"), Naming::Latest(Some("gpt:4")));
        assert_eq!(Naming::of("baseline"), Naming::Baseline("main"));
        assert_eq!(Naming::of("baseline:v1"), Naming::Baseline("v1"));
        assert_eq!(Naming::of("later:x"), Naming::Text("later:x"));
        assert_eq!(Naming::of("latest run"), Naming::Text("latest run"));
    }
}
