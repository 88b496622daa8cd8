//! `runstore report html RUN`

use std::path::Path;

use serde::Serialize;

use crate::answer::Answer;
use crate::arguments::ReportHtml;
use crate::failure::Failure;
use crate::moment::Moment;
use crate::paths;
use crate::progress::Progress;
use crate::run_name;
use crate::session::Session;
use runstore::page::{ROWS_IN_BLOCK, bodies, page};
use runstore_formats::new_file::NewFile;
use runstore_report::colour::Role;
use runstore_report::html::{html_block, html_page};
use runstore_report::sizes::bytes;

const OPERATION: &str = "report html";

/// The written page.
#[derive(Serialize)]
struct Written<'a> {
    path: &'a str,
    bytes: u64,
    cases: usize,
    omitted: &'a [String],
}

pub(super) fn answer(
    arguments: &ReportHtml,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let path = paths::output(&arguments.out, "--out", session.environment)?;
    let options = arguments.options(store, session.environment)?;
    let cases = store.count_cases(&arguments.run.find(store)?.id)?;
    let mut progress = Progress::new("report", session.environment);
    if cases >= LONG {
        // All figures come before the first block of texts.
        progress.show(0, cases);
    }
    let page = page(store, &arguments.run.run, &options, OPERATION)
        .map_err(|error| run_name::hinted(store, error))?;
    let around = html_page(&page.title).ok_or_else(|| {
        Failure::bug("it was built without its page").hint("run \"npm run build\" in its checkout")
    })?;
    let mut file = NewFile::create(Path::new(&path))?;
    file.add(&around.before)?;
    file.add(&block("index", &page.index)?)?;
    file.add(around.between)?;
    for (at, ids) in page.ids.chunks(ROWS_IN_BLOCK).enumerate() {
        let bodies = bodies(store, ids, &options.redact, OPERATION)?;
        file.add(&block(&format!("block-{at}"), &bodies)?)?;
        let done = at * ROWS_IN_BLOCK + ids.len();
        if cases >= LONG {
            progress.show(done as u64, page.ids.len() as u64);
        }
    }
    drop(progress);
    file.add(around.after)?;
    let bytes = file.keep()?;
    let omitted = &page.index.omitted;
    let written = Written { path: &path, bytes, cases: page.ids.len(), omitted };
    session.answer(&written, |text| {
        let shown = paths::seen_from_folder(&path, session.environment);
        let words = format!("{shown}: {}.", page.index.headline);
        text.words("", &words, Role::Plain);
        let size = format!("{} in one file.", self::bytes(bytes));
        text.words("", &size, Role::Faint);
        for left_out in omitted {
            text.words("Left out: ", left_out, Role::Faint);
        }
    })
}

/// With fewer cases, no progress is shown.
const LONG: u64 = 5000;

fn block<T: Serialize>(id: &str, value: &T) -> Result<String, Failure> {
    let json = serde_json::to_vec(value).map_err(|error| Failure::bug(&error.to_string()))?;
    html_block(id, &json).map_err(|error| Failure::bug(&error.to_string()))
}
