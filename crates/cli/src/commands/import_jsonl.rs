//! `runstore import jsonl FILE`

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::report::{Watched, imported_answer};
use crate::answer::Answer;
use crate::arguments::ImportJsonl;
use crate::failure::Failure;
use crate::session::Session;
use crate::suite_name;
use runstore::error::{Code, StoreError};
use runstore::store::RowImport;
use runstore_formats::jsonl::{OfRun, read_rows};
use uuid::Uuid;

pub(super) fn answer(arguments: &ImportJsonl, session: &Session<'_>) -> Result<Answer, Failure> {
    let path = session.environment.folder.join(&arguments.file);
    let store = session.store_to_fill()?;
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let of = OfRun {
        suite: suite_name::find_or_new(&arguments.suite, session)?,
        run_id: arguments.run_id.clone().unwrap_or_else(|| Uuid::new_v4().to_string()),
        name: arguments.name.clone().or_else(stem).unwrap_or_default(),
        model: arguments.model.clone(),
        now: session.now(),
    };
    let mut sink = store.row_sink(RowImport::default());
    let read = Arc::new(AtomicU64::new(0));
    let mut watched = Watched::new(&path, read.clone(), "import", &mut sink, session);
    let done = read_rows(&path, &of, &read, &mut watched);
    drop(watched);
    done.map_err(explain)?;
    imported_answer(&sink.imported().to_vec(), session)
}

/// Adds a hint to errors about an invalid file: the usual hints are about stores.
fn explain(error: StoreError) -> Failure {
    let hint = match error.code {
        Code::NotFound => "give FILE the path of a file with a line of JSON for each case",
        Code::Corrupt => {
            "repair the line, and import the file again; \"runstore import jsonl --help\" lists the names"
        }
        Code::Constraint => {
            "import into another file with --store, or remove the ids from the lines"
        }
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}
