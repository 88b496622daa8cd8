//! `runstore prompts`

use crate::answer::Answer;
use crate::arguments::Prompts;
use crate::failure::{Exit, Failure};
use crate::moment::Moment;
use crate::session::Session;
use runstore::model::Prompt;
use runstore_report::cell::Cell;
use runstore_report::numbers::count;
use runstore_report::page::Page;
use runstore_report::table::{Column, Table};
use runstore_report::times::ago;

/// Maximum number of characters of a text in a table.
const EXCERPT: usize = 200;

pub(super) fn answer(
    arguments: &Prompts,
    store: &Moment<'_>,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let mut prompts = store.list_prompts()?;
    let Some(name) = &arguments.name else {
        return session.answer(&prompts, |page| write_all(page, &prompts, session.now()));
    };
    let names = names(&prompts);
    prompts.retain(|prompt| prompt.name == *name);
    if prompts.is_empty() {
        return Err(missing(name, &names));
    }
    let newest = prompts.first().map(|prompt| prompt.version);
    if let Some(version) = arguments.version {
        prompts.retain(|prompt| prompt.version == version);
    }
    match prompts.first() {
        Some(shown) => session.answer(&prompts, |page| {
            write_one(page, shown, &prompts, session.now());
        }),
        None => Err(Failure::new(
            Exit::Missing,
            format!(
                "the prompt \"{name}\" has no version {}",
                arguments.version.unwrap_or_default()
            ),
        )
        .hint(format!("its newest version is {}", newest.unwrap_or_default()))),
    }
}

/// Returns the names without duplicates; the prompts are sorted by name.
fn names(prompts: &[Prompt]) -> Vec<String> {
    let mut names: Vec<String> = prompts.iter().map(|prompt| prompt.name.clone()).collect();
    names.dedup();
    names
}

fn missing(name: &str, names: &[String]) -> Failure {
    let hint = match names {
        [] => "the store has no prompt yet".to_owned(),
        some => {
            format!("there are: {}", some.iter().take(10).cloned().collect::<Vec<_>>().join(", "))
        }
    };
    Failure::new(Exit::Missing, format!("there is no prompt \"{name}\"")).hint(hint)
}

fn write_all(page: &mut Page, prompts: &[Prompt], now: i64) {
    if prompts.is_empty() {
        return page.line(&["The store has no prompt yet.".into()]);
    }
    let mut table = Table::new([
        Column::text("name").cut_to(12),
        Column::number("versions"),
        Column::text("newest").left_out(1),
        Column::text("text").cut_to(12),
    ]);
    for name in names(prompts) {
        let mut versions = prompts.iter().filter(|prompt| prompt.name == name);
        let Some(newest) = versions.next() else { continue };
        table.row([
            Cell::from(&name),
            count(versions.count() + 1).into(),
            ago(newest.created_at as f64, now).into(),
            excerpt(&newest.content),
        ]);
    }
    page.table(&table);
}

fn write_one(page: &mut Page, shown: &Prompt, versions: &[Prompt], now: i64) {
    let mut table = Table::new([
        Column::number("version"),
        Column::text("made"),
        Column::text("id").left_out(1),
        Column::text("text").cut_to(12),
    ]);
    for version in versions {
        table.row([
            version.version.to_string().into(),
            ago(version.created_at as f64, now).into(),
            Cell::from(&version.id),
            excerpt(&version.content),
        ]);
    }
    page.table(&table);
    page.blank();
    page.title(&format!("{}, version {}", shown.name, shown.version));
    page.verbatim("", &shown.content);
}

fn excerpt(text: &str) -> Cell {
    text.chars().take(EXCERPT).collect::<String>().into()
}
