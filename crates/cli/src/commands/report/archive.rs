//! `runstore report archive RUN… --out FILE.zip`

use super::source::{LONG_FILE, Source, how_many, output};
use crate::answer::Answer;
use crate::arguments::ReportArchive;
use crate::exporting::RunArchive;
use crate::failure::Failure;
use crate::paths;
use crate::progress::Progress;
use crate::session::Session;
use runstore_formats::run_file::RunFileOptions;
use runstore_report::cell::Cell;
use runstore_report::colour::Role;
use runstore_report::sizes::bytes;
use runstore_report::table::{Column, Table};

pub(super) fn answer(arguments: &ReportArchive, session: &Session<'_>) -> Result<Answer, Failure> {
    let options = RunFileOptions {
        run_id: arguments.run_id.clone(),
        source: "CLI".to_owned(),
        ..RunFileOptions::default()
    };
    let out = output(&arguments.out, session)?;
    let written = Source::read_all(&arguments.runs, &arguments.place, session, |sources| {
        let mut progress = Progress::new("compress", session.environment);
        let compressed = |done, total| {
            if total >= LONG_FILE {
                progress.show(done, total);
            }
        };
        let mut archive = RunArchive::new(options, how_many(sources, session)?, compressed)?;
        for source in sources {
            source.copy("archive", &mut archive, session)?;
        }
        Ok(archive.finish_as(&out)?)
    })?;
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
