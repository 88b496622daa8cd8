//! One suite for all formats: random runs are converted from a store to the format and back, and everything that the
//! format promises to keep is equal. A new format is a line in [`FORMATS`].

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic)] // a failing test is meant to panic

mod content;
mod moving;
#[path = "../../../../tests/support/random_runs.rs"]
mod random_runs;
mod trips;

use content::Content;
use proptest::prelude::*;
use runstore::Store;
use runstore::db::OpenOptions;

/// A format, and what it keeps.
struct Format {
    name: &'static str,
    /// Converts a run to the format and back.
    trip: fn(&Store, &std::path::Path) -> Content,
    /// Returns what the format promises to keep of a run.
    kept: fn(Content) -> Content,
}

const FORMATS: &[Format] = &[
    Format { name: "packed rows", trip: trips::packed, kept: Content::whole },
    Format { name: "run files", trip: trips::run_file, kept: Content::json_as_value },
    Format { name: "archives", trip: trips::archive, kept: Content::whole },
    Format { name: "JSONL of cases", trip: trips::jsonl, kept: Content::cases },
    Format { name: "tinker's EvalStore", trip: trips::tinker, kept: Content::plain_trajectories },
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn each_format_keeps_what_it_promises(
        run in (random_runs::text(), random_runs::json()),
        cases in random_runs::cases(),
        trajectories in random_runs::trajectories(),
    ) {
        let store = Store::open(":memory:", &OpenOptions::default()).unwrap();
        random_runs::fill(&store, run, &cases, &trajectories);
        let content = Content::of(&mut store.export_run("run"));
        prop_assert_eq!(content.cases.len(), cases.len());
        prop_assert_eq!(content.trajectories.len(), trajectories.len());
        for Format { name, trip, kept } in FORMATS {
            let folder = tempfile::tempdir().unwrap();
            let (back, expected) = (kept(trip(&store, folder.path())), kept(content.clone()));
            prop_assert_eq!(difference(&back, &expected), None, "{}", name);
        }
    }
}

/// The first difference, as the lines around it.
fn difference<T: std::fmt::Debug>(back: &T, expected: &T) -> Option<(String, String)> {
    let (back, expected) = (format!("{back:#?}"), format!("{expected:#?}"));
    let mut pairs = back.lines().zip(expected.lines());
    let lines = pairs.find(|(one, other)| one != other);
    let others = (back != expected).then_some(("", ""));
    lines.or(others).map(|(one, other)| (one.to_owned(), other.to_owned()))
}
