//! The formats of `runstore report export`: the run file, and every [`ExportFormat`].

use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use runstore_report::export::ExportFormat;

/// A format of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReportFormat {
    /// The run file.
    RunFile,
    /// A report.
    Report(ExportFormat),
}

impl ValueEnum for ReportFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ReportFormat>> = LazyLock::new(|| {
            let reports = ExportFormat::ALL.map(ReportFormat::Report);
            [ReportFormat::RunFile].into_iter().chain(reports).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            ReportFormat::RunFile => PossibleValue::new("json")
                .help("The run file, from which the run can be imported without loss"),
            ReportFormat::Report(format) => PossibleValue::new(format.name()).help(format.about()),
        })
    }
}
