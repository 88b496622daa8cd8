//! `runstore report export RUN --format FORMAT --out FILE`

use clap::ValueEnum;
use serde::Serialize;

use super::source::{Source, explain, output};
use crate::answer::Answer;
use crate::arguments::{ReportExport, ReportFormat};
use crate::exporting::RunExport;
use crate::failure::Failure;
use crate::paths;
use crate::session::Session;
use runstore::rows::RowSink;
use runstore_formats::new_file::replace;
use runstore_formats::run_file::{RunFileOptions, RunFileWriter};
use runstore_report::colour::Role;
use runstore_report::export::ExportFormat;
use runstore_report::sizes::bytes;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    run_id: String,
    path: String,
    bytes: u64,
}

pub(super) fn answer(arguments: &ReportExport, session: &Session<'_>) -> Result<Answer, Failure> {
    Source::read(&arguments.run, session, |source| match format_of(arguments.format) {
        Some(format) => write(format, arguments, source, session),
        None => run_file(arguments, source, session),
    })
}

/// Returns the format of those that are reports; the other one is the run file.
fn format_of(format: ReportFormat) -> Option<ExportFormat> {
    ExportFormat::of_name(format.to_possible_value()?.get_name())
}

fn write(
    format: ExportFormat,
    arguments: &ReportExport,
    source: &Source<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let mut export = RunExport::new(format);
    source.copy("export", &mut export, session)?;
    match &arguments.out {
        None => Ok(String::from_utf8_lossy(&export.finish()?).into_owned().into()),
        Some(out) => {
            let path = output(out, session)?;
            let bytes = export.finish_as(&path)?;
            written(source, &path, bytes, session)
        }
    }
}

/// Writes the run file: that of a file as it is.
fn run_file(
    arguments: &ReportExport,
    source: &Source<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    if let Source::File(from) = source {
        return copy(from, arguments, source, session);
    }
    let options = RunFileOptions { source: "CLI".to_owned(), ..RunFileOptions::default() };
    let mut writer = RunFileWriter::new(&session.environment.folder, options)?;
    source.copy("export", &mut writer as &mut dyn RowSink, session)?;
    match &arguments.out {
        Some(out) => {
            let path = output(out, session)?;
            let bytes = writer.finish_as(&path)?.bytes;
            written(source, &path, bytes, session)
        }
        None => {
            let mut text = vec![];
            writer.write_to(&mut text)?;
            Ok(String::from_utf8_lossy(&text).into_owned().into())
        }
    }
}

fn copy(
    from: &std::path::Path,
    arguments: &ReportExport,
    source: &Source<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    // Only what is a run file is passed on as one.
    runstore_formats::run_file::read_document(from, &mut |_, _| Ok(())).map_err(explain)?;
    let unread = |error| runstore::StoreError::io("read", from, &error);
    let mut file = std::fs::File::open(from).map_err(unread)?;
    match &arguments.out {
        Some(out) => {
            let path = output(out, session)?;
            let bytes = replace(&path, |to| std::io::copy(&mut file, to).map(drop))?;
            written(source, &path, bytes, session)
        }
        None => Ok(std::fs::read_to_string(from).map_err(unread)?.into()),
    }
}

fn written(
    source: &Source<'_>,
    path: &std::path::Path,
    size: u64,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let path = path.display().to_string();
    let written = Written { run_id: source.run_id(), path, bytes: size };
    session.answer(&written, |page| {
        let shown = paths::seen_from_folder(&written.path, session.environment);
        page.words("", &format!("{shown}, {}.", bytes(size)), Role::Plain);
    })
}
