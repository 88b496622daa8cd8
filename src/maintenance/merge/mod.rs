//! Merges several stores, for instance of the shards of a CI matrix.

mod report;
mod rows;

use std::path::Path;

pub use report::{Conflict, MergeOptions, MergeReport, MergedFile, TableCount};

use super::Findings;
use super::new_file::NewFile;
use crate::Store;
use crate::db::{Connection, OpenOptions, Transaction, snapshot};
use crate::error::{Argument, Code, Result, StoreError};
use crate::schema;
use rows::Merging;

/// Adds all rows of the stores `inputs` to the store `out`, which is created if necessary.
///
/// A row that exists already with the same key and content is kept once. Different content is a conflict: the report
/// lists it, and nothing is written. All or nothing; the inputs are only read.
pub fn merge(out: &str, inputs: &[&str], options: &MergeOptions) -> Result<MergeReport> {
    refuse_itself(out, inputs).map_err(|error| error.during("merge"))?;
    let merged = if Path::new(out).exists() {
        merge_into(out, out, inputs, options).map(|(report, _)| report)
    } else {
        merge_anew(out, inputs, options)
    };
    merged.map_err(|error| error.during("merge"))
}

fn refuse_itself(out: &str, inputs: &[&str]) -> Result<()> {
    if inputs.is_empty() {
        return Err(StoreError::unsuitable(Argument::new("inputs"), "must not be empty"));
    }
    let real = |path: &str| std::fs::canonicalize(path).ok();
    let itself = inputs.iter().find(|input| real(out).is_some_and(|out| real(input) == Some(out)));
    itself.map_or(Ok(()), |input| {
        let words = format!("{input} is both an input and the output");
        Err(StoreError::new(Code::InvalidArgument, words))
    })
}

fn merge_anew(out: &str, inputs: &[&str], options: &MergeOptions) -> Result<MergeReport> {
    let file = NewFile::at(Path::new(out))?;
    let (report, store) = merge_into(file.path()?, out, inputs, options)?;
    store.close()?;
    if report.written {
        file.publish()?;
    }
    Ok(report)
}

fn merge_into(
    path: &str,
    out: &str,
    inputs: &[&str],
    options: &MergeOptions,
) -> Result<(MergeReport, Store)> {
    let store = Store::open(path, &OpenOptions::default())?;
    let mut report = MergeReport {
        out: out.to_owned(),
        written: false,
        files: Vec::new(),
        conflicts: Findings::default(),
    };
    store.run("merge", |db| {
        let open = Transaction::begin(db)?;
        let added = add_all(db, inputs, options, &mut report);
        if added.is_err() || !report.conflicts.is_empty() {
            open.rollback(db);
            return added;
        }
        open.commit(db)?;
        report.written = true;
        Ok(())
    })?;
    Ok((report, store))
}

fn add_all(
    db: &dyn Connection,
    inputs: &[&str],
    options: &MergeOptions,
    report: &mut MergeReport,
) -> Result<()> {
    let tables = schema::tables()?;
    let read_only = OpenOptions { read_only: true, ..OpenOptions::default() };
    for input in inputs {
        let source = Store::open(input, &read_only)?;
        let mut merging = Merging::new(db, input, options, &mut report.conflicts);
        let added = source.run("read", |from| {
            snapshot(from, || tables.iter().map(|table| merging.add(from, table)).collect())
        })?;
        report.files.push(MergedFile { path: (*input).to_owned(), tables: added });
    }
    Ok(())
}
