//! `runstore report export RUN… --format FORMAT --out FILE`

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::source::{Source, how_many, output, read_scorecards};
use crate::answer::Answer;
use crate::arguments::{ReportExport, ReportFormat};
use crate::exporting::RunExport;
use crate::failure::Failure;
use crate::paths;
use crate::session::Session;
use runstore_formats::new_file::replace;
use runstore_formats::run_file::{RunFileOptions, RunFileWriter};
use runstore_report::colour::Role;
use runstore_report::export::ExportFormat;
use runstore_report::sizes::bytes;

#[derive(Serialize)]
struct Written {
    runs: Vec<String>,
    path: String,
    bytes: u64,
}

pub(super) fn answer(arguments: &ReportExport, session: &Session<'_>) -> Result<Answer, Failure> {
    let out = arguments.out.as_ref().map(|out| output(out, session)).transpose()?;
    Source::read_all(&arguments.runs, &arguments.place, session, |sources| {
        let export = Export { sources, out, session };
        match arguments.format {
            ReportFormat::Report(format) => export.write(format),
            ReportFormat::RunFile => match sources {
                [Source::File(from)] => export.copy(from),
                _ => export.write_run_file(),
            },
        }
    })
}

/// An export of runs to one file, or to stdout.
struct Export<'s, 'm, 'a> {
    sources: &'s [Source<'m>],
    out: Option<PathBuf>,
    session: &'s Session<'a>,
}

impl Export<'_, '_, '_> {
    fn write(&self, format: ExportFormat) -> Result<Answer, Failure> {
        let mut export = RunExport::new(format, how_many(self.sources, self.session)?)?;
        for source in self.sources {
            source.copy("export", &mut export, self.session)?;
        }
        match &self.out {
            None => Ok(text(export.finish()?)),
            Some(out) => self.written(export.finish_as(out)?),
        }
    }

    fn write_run_file(&self) -> Result<Answer, Failure> {
        let options = RunFileOptions {
            source: "CLI".to_owned(),
            now: self.session.now(),
            random: uuid::Uuid::new_v4().as_fields().0,
            ..RunFileOptions::default()
        };
        let mut writer = RunFileWriter::new(&self.session.environment.folder, options)?;
        for source in self.sources {
            source.copy("export", &mut writer, self.session)?;
        }
        if let Some(out) = &self.out {
            return self.written(writer.finish_as(out)?.bytes);
        }
        let mut bytes = vec![];
        writer.write_to(&mut bytes)?;
        Ok(text(bytes))
    }

    /// Copies a run file unchanged.
    fn copy(&self, from: &Path) -> Result<Answer, Failure> {
        // Only a valid run file is passed on as one.
        read_scorecards(from, "export", &mut |_, _| Ok(()), self.session)?;
        let unread = |error| runstore::StoreError::io("read", from, &error);
        let Some(out) = &self.out else {
            return Ok(std::fs::read_to_string(from).map_err(unread)?.into());
        };
        let mut file = std::fs::File::open(from).map_err(unread)?;
        self.written(replace(out, |to| std::io::copy(&mut file, to).map(drop))?)
    }

    fn written(&self, size: u64) -> Result<Answer, Failure> {
        let path = self.out.iter().map(|out| out.display().to_string()).collect();
        let runs = self.sources.iter().map(Source::run_id).collect();
        let written = Written { runs, path, bytes: size };
        self.session.answer(&written, |page| {
            let shown = paths::seen_from_folder(&written.path, self.session.environment);
            page.words("", &format!("{shown}, {}.", bytes(size)), Role::Plain);
        })
    }
}

fn text(bytes: Vec<u8>) -> Answer {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
