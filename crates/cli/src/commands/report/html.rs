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
use runstore::page::{self, PageOptions, ROWS_IN_BLOCK, bodies};
use runstore_formats::new_file::NewFile;
use runstore_report::colour::Role;
use runstore_report::html::{html_block, html_page};
use runstore_report::page::Page;
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
    let mut show = |done: u64, of: u64| {
        if cases >= LONG {
            progress.show(done, of);
        }
    };
    // All figures come before the first block of texts.
    show(0, cases);
    let page = page::page(store, &arguments.run.run, &options, OPERATION)
        .map_err(|error| run_name::hinted(store, error))?;
    let bytes = write_page(Path::new(&path), &page, &options, store, &mut show)?;
    drop(progress);
    let omitted = &page.index.omitted;
    let written = Written { path: &path, bytes, cases: page.ids.len(), omitted };
    session.answer(&written, |text| summarize(text, &written, &page.index.headline, session))
}

/// Writes the page to its file, a block of cases after the other; returns its size.
fn write_page(
    path: &Path,
    page: &page::Page,
    options: &PageOptions,
    store: &Moment<'_>,
    show: &mut impl FnMut(u64, u64),
) -> Result<u64, Failure> {
    let around = html_page(&page.title).ok_or_else(|| {
        Failure::bug("it was built without its page").hint("run \"npm run build\" in its checkout")
    })?;
    let mut file = NewFile::create(path)?;
    file.add(&around.before)?;
    file.add(&block("index", &page.index)?)?;
    file.add(around.between)?;
    for (at, ids) in page.ids.chunks(ROWS_IN_BLOCK).enumerate() {
        let bodies = bodies(store, ids, &options.redact, OPERATION)?;
        file.add(&block(&format!("block-{at}"), &bodies)?)?;
        show((at * ROWS_IN_BLOCK + ids.len()) as u64, page.ids.len() as u64);
    }
    file.add(around.after)?;
    Ok(file.keep()?)
}

fn summarize(text: &mut Page, written: &Written<'_>, headline: &str, session: &Session<'_>) {
    let shown = paths::seen_from_folder(written.path, session.environment);
    text.words("", &format!("{shown}: {headline}."), Role::Plain);
    text.words("", &format!("{} in one file.", bytes(written.bytes)), Role::Faint);
    for left_out in written.omitted {
        text.words("Left out: ", left_out, Role::Faint);
    }
}

/// With fewer cases, no progress is shown.
const LONG: u64 = 5000;

fn block<T: Serialize>(id: &str, value: &T) -> Result<String, Failure> {
    let json = serde_json::to_vec(value).map_err(|error| Failure::bug(&error.to_string()))?;
    html_block(id, &json).map_err(|error| Failure::bug(&error.to_string()))
}
