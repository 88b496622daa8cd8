//! For the live page.

pub(in crate::arguments) const VIEW: &str = "\
Examples:
  runstore view --open
  runstore view --store nightly.db --port 8080
  runstore view --presets evals/filters.json
  runstore view --archive /mnt/evals --project nightly
  runstore view --results-dir evaluar/results";
