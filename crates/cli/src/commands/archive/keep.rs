//! Maintenance of an archive: `runstore archive delete`, `verify`, `fold`, `vacuum`

use std::sync::Arc;

use runstore_archive::{Archive, ArchivedRun, Verification};
use runstore_report::colour::Role;
use runstore_report::numbers::{count, counted};
use runstore_report::page::Page;
use runstore_report::times::parse_duration;
use serde::Serialize;

use super::hinted;
use crate::answer::Answer;
use crate::arguments::{DeleteArchived, Fold, VacuumArchive};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::session::Session;

/// Maximum number of lines shown.
const SHOWN: usize = 20;

/// With fewer entries or files, no progress is shown.
const MANY: usize = 100;

#[derive(Serialize)]
struct Deleted {
    runs: Vec<ArchivedRun>,
}

pub(super) fn delete(
    arguments: &DeleteArchived,
    archive: &Archive,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    if !arguments.yes {
        return Err(Failure::usage("runs are removed from an archive only with --yes")
            .hint("run it again with --yes to remove them; \"runstore archive pull\" copies them into a store first"));
    }
    let mut deleted = Deleted { runs: vec![] };
    for run in &arguments.runs {
        deleted.runs.extend(archive.delete(run).map_err(hinted)?);
    }
    archive.close()?;
    session.answer(&deleted, |page| {
        let words = format!("{} removed from the archive.", counted(arguments.runs.len(), "run"));
        page.words("", &words, Role::Plain);
    })
}

pub(super) fn verify(archive: &Arc<Archive>, session: &Session<'_>) -> Result<Answer, Failure> {
    let mut progress = Progress::new("verify", session.environment);
    let found = archive.verify(&mut |done, all| {
        if all >= MANY {
            progress.show(done as u64, all as u64);
        }
        Ok(())
    })?;
    drop(progress);
    let failure = found.problems.first().map(|first| {
        let files = counted(found.problems.len(), "file");
        Failure::new(Exit::Data, format!("{files} of the archive are damaged or missing: {}: {}", first.path, first.message))
            .hint("push the runs again from a store that has them, or remove them with \"runstore archive delete\"")
    });
    session.answer_with(&found, failure, |page| write_verified(page, &found))
}

fn write_verified(page: &mut Page, found: &Verification) {
    for problem in found.problems.iter().take(SHOWN) {
        page.words("", &format!("{}: {}", problem.path, problem.message), Role::Bad);
    }
    page.more(found.problems.len() as u64, SHOWN);
    let words = format!("{} read: {} scores.", entries(found.runs), count(found.rows));
    page.words("", &words, Role::Plain);
    if !found.unlisted.is_empty() {
        let words = format!(
            "{} to no run: \"runstore archive vacuum\" removes them, \"runstore archive fold --rebuild\" adopts them.",
            match found.unlisted.len() {
                1 => "1 file belongs".to_owned(),
                files => format!("{} files belong", count(files as u64)),
            }
        );
        page.words("", &words, Role::Unsure);
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Folded {
    entries: usize,
}

pub(super) fn fold(
    arguments: &Fold,
    archive: &Arc<Archive>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    match arguments.rebuild {
        true => {
            let mut progress = Progress::new("rebuild", session.environment);
            archive.rebuild(&mut |done, all| {
                if all >= MANY {
                    progress.show(done as u64, all as u64);
                }
                Ok(())
            })?;
        }
        false => archive.fold()?,
    }
    let folded = Folded { entries: archive.runs(&runstore_archive::Query::default())?.len() };
    session.answer(&folded, |page| {
        let words = format!("The manifest lists {}.", entries(folded.entries));
        page.words("", &words, Role::Plain);
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Vacuumed {
    files: Vec<String>,
    dry_run: bool,
}

pub(super) fn vacuum(
    arguments: &VacuumArchive,
    archive: &Arc<Archive>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let grace = parse_duration(&arguments.grace, session.now()).ok_or_else(|| {
        Failure::usage(format!("--grace does not understand \"{}\"", arguments.grace))
            .hint("give it a duration with its unit (7d, 12h, 2 weeks)")
    })?;
    let mut vacuum = archive.vacuum(session.age_by_the_machine(grace) as f64)?;
    if !arguments.dry_run {
        let mut progress = Progress::new("vacuum", session.environment);
        while let Some(gone) = vacuum.next_file()? {
            if vacuum.files().len() >= MANY {
                progress.show(gone as u64, vacuum.files().len() as u64);
            }
        }
    }
    let vacuumed = Vacuumed { files: vacuum.files().to_vec(), dry_run: arguments.dry_run };
    session.answer(&vacuumed, |page| write_vacuumed(page, &vacuumed))
}

fn write_vacuumed(page: &mut Page, vacuumed: &Vacuumed) {
    for file in vacuumed.files.iter().take(SHOWN) {
        page.words("", file, Role::Faint);
    }
    page.more(vacuumed.files.len() as u64, SHOWN);
    let files = counted(vacuumed.files.len(), "file");
    let words = match (vacuumed.files.len(), vacuumed.dry_run) {
        (0, _) => "There is no file to remove.".to_owned(),
        (_, true) => format!("{files} would be removed; nothing was."),
        (_, false) => format!("{files} removed."),
    };
    page.words("", &words, Role::Plain);
}

/// Returns the number of entries in words; there is one for each scorer of a run.
fn entries(number: usize) -> String {
    match number {
        1 => "1 entry".to_owned(),
        _ => format!("{} entries", count(number as u64)),
    }
}
