//! `runstore report save RUN…`

use std::path::PathBuf;

use super::source::Source;
use crate::answer::Answer;
use crate::arguments::ReportSave;
use crate::failure::Failure;
use crate::paths;
use crate::session::Session;
use runstore_formats::run_file::{DEFAULT_FOLDER, RunFileOptions, RunFileWriter};
use runstore_report::colour::Role;
use runstore_report::sizes::bytes;

pub(super) fn answer(arguments: &ReportSave, session: &Session<'_>) -> Result<Answer, Failure> {
    let folder = arguments.results_dir.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FOLDER));
    let options = RunFileOptions {
        run_id: arguments.run_id.clone(),
        source: "CLI".to_owned(),
        definition_path: arguments.definition_path.clone(),
        now: session.now(),
        random: uuid::Uuid::new_v4().as_fields().0,
        ..RunFileOptions::default()
    };
    let mut writer = RunFileWriter::new(&session.environment.folder.join(folder), options)?;
    session.at_one_moment(|store| {
        let runs = arguments.runs.find(store)?;
        runs.into_iter()
            .try_for_each(|run| Source::Store(store, run.id).copy("save", &mut writer, session))
    })?;
    let written = writer.finish()?;
    session.answer(&written, |page| {
        let path = written.path.display().to_string();
        let shown = paths::seen_from_folder(&path, session.environment);
        let words = format!("{shown}, {}: {}.", bytes(written.bytes), written.verdict.name());
        page.words("", &words, Role::Plain);
    })
}
