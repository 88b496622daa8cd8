//! `runstore report archive RUN --out FILE.zip`

use super::source::{Source, output};
use crate::answer::Answer;
use crate::arguments::ReportArchive;
use crate::exporting::RunArchive;
use crate::failure::Failure;
use crate::paths;
use crate::session::Session;
use runstore_formats::run_file::RunFileOptions;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::sizes::bytes;
use runstore_report::table::{Column, Table};

pub(super) fn answer(arguments: &ReportArchive, session: &Session<'_>) -> Result<Answer, Failure> {
    let options = RunFileOptions { source: "CLI".to_owned(), ..RunFileOptions::default() };
    let mut archive = RunArchive::new(options)?;
    Source::read(&arguments.run, session, |source| source.copy("archive", &mut archive, session))?;
    let written = archive.finish_as(&output(&arguments.out, session)?)?;
    session.answer(&written, |page| {
        let mut table = Table::new([
            Column::text("file").cut_to(12),
            Column::number("size"),
            Column::text("SHA-256").cut_to(12).left_out(1),
        ]);
        for file in &written.files {
            table.row([
                Cell::from(&file.name),
                bytes(file.bytes).into(),
                Cell::new(&file.sha256, Role::Faint),
            ]);
        }
        page.table(&table);
        page.blank();
        let path = written.path.display().to_string();
        let shown = paths::seen_from_folder(&path, session.environment);
        page.words("", &format!("{shown}, {}.", bytes(written.bytes)), Role::Plain);
    })
}
