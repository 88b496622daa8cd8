//! The archive, for `entries/archive.js`. All work is done on another thread; values are passed as JSON, runs as packed
//! rows.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{Buffer, Uint8Array};
use napi_derive::napi;
use runstore::error::StoreError;
use runstore::rows::{RowSink, RowSource, decode, encode};
use runstore_archive::{
    Archive, Comparison, Items, Location, Options, Rebuilder, RunRows, RunWriter, StagedFrame,
    Vacuum, Verifier,
};

use crate::entries::{EntryColumns, columns};
use crate::frame::frame;
use crate::json::{json, parsed};
use crate::shared::{self, Copied, Returned, Shared};
use runstore::node_error::Result;

/// An open archive.
#[napi]
pub struct NativeArchive(Arc<Archive>);

/// Opens the archive of a project; nothing is read or created yet.
#[napi(catch_unwind)]
/// `variables` are the environment variables for access to an object store, as JSON.
pub fn open_archive(
    url: String,
    project: String,
    guard: bool,
    variables: String,
    timeout_ms: f64,
) -> Result<NativeArchive> {
    let open = || {
        let location = Location::parse(&url, Path::new(""), parsed(&variables)?)?;
        let location = location.with_timeout(Duration::from_secs_f64(timeout_ms / 1000.0));
        Archive::open(location, &project, Options { guard })
    };
    let archive = open().map_err(|error: StoreError| error.during("Archive.open"))?;
    Ok(NativeArchive(archive))
}

#[napi]
impl NativeArchive {
    /// Returns the entries that a query selects, as columns.
    #[napi(catch_unwind)]
    pub fn runs(&self, query: String) -> Result<Returned<Vec<EntryColumns>>> {
        self.run("queryRuns", move |archive| {
            archive.select(&parsed(&query)?, |entries| Ok(columns(entries)))
        })
    }

    /// Starts to write runs.
    #[napi(catch_unwind)]
    pub fn writer(&self) -> NativeRunWriter {
        NativeRunWriter(Shared::new(self.0.writer()))
    }

    /// Starts to compare a run with its rows in a store.
    #[napi(catch_unwind)]
    pub fn compare(&self, name: String) -> NativeComparison {
        NativeComparison(Shared::new(self.0.compare(&name)))
    }

    /// Writes scores with the verdict on them, and returns the entry, as JSON.
    #[napi(catch_unwind)]
    pub fn write_frame(
        &self,
        scores: String,
        started_at: Option<f64>,
        decision: String,
    ) -> Result<Returned<String>> {
        self.run("writeRun", move |archive| {
            json(&archive.write_frame(frame(&scores)?, started_at, parsed(&decision)?)?)
        })
    }

    /// Writes the file of scores with the verdict on them, for a writer.
    #[napi(catch_unwind)]
    pub fn stage(
        &self,
        scores: String,
        started_at: Option<f64>,
        decision: String,
    ) -> Result<Returned<NativeStagedFrame>> {
        self.run("writeRun", move |archive| {
            let staged = archive.stage(frame(&scores)?, started_at, parsed(&decision)?)?;
            Ok(NativeStagedFrame(Shared::new(staged)))
        })
    }

    /// Opens the scores of an entry, for `iterateRun` or for `loadRun`.
    #[napi(catch_unwind)]
    pub fn items(&self, name: String, iterates: bool) -> Result<Returned<NativeItems>> {
        let operation = if iterates { "iterateRun" } else { "loadRun" };
        self.run(operation, move |archive| {
            let (run, items) = archive.items(&name)?;
            Ok(NativeItems { run: json(&run)?, items: Shared::new(items), operation })
        })
    }

    /// Opens the rows of a run.
    #[napi(catch_unwind)]
    pub fn rows(&self, name: String) -> Result<Returned<NativeRunRows>> {
        self.run("importRun", move |archive| {
            let rows = archive.rows(&name)?;
            let suite = rows.suite_name().map(str::to_owned);
            Ok(NativeRunRows { suite, rows: Shared::new(rows) })
        })
    }

    /// Removes entries, and returns them as JSON.
    #[napi(catch_unwind)]
    pub fn delete(&self, name: String) -> Result<Returned<String>> {
        self.run("deleteRun", move |archive| json(&archive.delete(&name)?))
    }

    /// Starts to verify every file.
    #[napi(catch_unwind)]
    pub fn verifier(&self) -> Result<Returned<NativeVerifier>> {
        let archive = Arc::clone(&self.0);
        shared::run("verify", true, move || {
            let verifier = archive.verifier()?;
            Ok(NativeVerifier { runs: verifier.runs() as u32, state: Shared::new(verifier) })
        })
    }

    /// Looks for files that belong to no run.
    #[napi(catch_unwind)]
    pub fn vacuum(&self, grace_ms: f64) -> Result<Returned<NativeVacuum>> {
        let archive = Arc::clone(&self.0);
        shared::run("vacuum", true, move || {
            let vacuum = archive.vacuum(grace_ms)?;
            Ok(NativeVacuum { files: vacuum.files().to_vec(), state: Shared::new(vacuum) })
        })
    }

    #[napi(catch_unwind)]
    pub fn fold(&self) -> Result<Returned<()>> {
        self.run("fold", Archive::fold)
    }

    /// Begins to rewrite the manifest.
    #[napi(catch_unwind)]
    pub fn rebuilder(&self) -> Result<Returned<NativeRebuilder>> {
        let archive = Arc::clone(&self.0);
        shared::run("rebuildManifest", true, move || {
            let rebuilder = archive.rebuilder()?;
            Ok(NativeRebuilder { files: rebuilder.files() as u32, state: Shared::new(rebuilder) })
        })
    }

    #[napi(catch_unwind)]
    pub fn close(&self) -> Result<Returned<()>> {
        self.run("close", Archive::close)
    }
}

impl NativeArchive {
    fn run<
        T: napi::bindgen_prelude::ToNapiValue + napi::bindgen_prelude::TypeName + Send + 'static,
    >(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Archive) -> runstore::Result<T> + Send + 'static,
    ) -> Result<Returned<T>> {
        let archive = Arc::clone(&self.0);
        shared::run(operation, true, move || work(&archive))
    }
}

/// Scores whose file is written, until a writer takes them.
#[napi]
pub struct NativeStagedFrame(Shared<StagedFrame>);

#[napi]
impl NativeStagedFrame {
    /// Removes the file.
    #[napi(catch_unwind)]
    pub fn discard(&self) {
        self.0.drop_state();
    }
}

/// Runs that are being written to an archive.
#[napi]
pub struct NativeRunWriter(Shared<RunWriter>);

#[napi]
impl NativeRunWriter {
    /// Sets the verdict for the next run, as JSON.
    #[napi(catch_unwind)]
    pub fn decide(&self, decision: String) -> Result<Returned<()>> {
        self.0.run("writeRun", true, move |writer| {
            writer.decide(parsed(&decision)?);
            Ok(())
        })
    }

    /// Takes scores whose file is written.
    #[napi(catch_unwind)]
    pub fn put_staged(&self, staged: &NativeStagedFrame) -> Result<Returned<()>> {
        let staged = staged.0.take();
        self.0.run("writeRun", false, move |writer| {
            staged.map_or(Ok(()), |one| writer.put_staged(one))
        })
    }

    #[napi(catch_unwind)]
    pub fn put(&self, rows: Uint8Array) -> Result<Returned<()>> {
        let rows = rows.to_vec();
        self.0.run("writeRun", true, move |writer| writer.put_batch(decode(&rows)?))
    }

    /// Returns the new entries, as JSON.
    #[napi(catch_unwind)]
    pub fn commit(&self) -> Result<Returned<String>> {
        self.0.finish("writeRun", true, |mut writer| json(&writer.commit()?))
    }

    /// Discards everything that was not committed.
    #[napi(catch_unwind)]
    pub fn abort(&self) {
        self.0.drop_state();
    }
}

/// Verifies the files of an archive one by one.
#[napi]
pub struct NativeVerifier {
    runs: u32,
    state: Shared<Verifier>,
}

#[napi]
impl NativeVerifier {
    /// The number of entries.
    #[napi(catch_unwind)]
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// Verifies the next entry and returns how many are done; `null` when none is left.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Returned<Option<u32>>> {
        self.state.run("verify", true, |verifier| Ok(verifier.next_run().map(|done| done as u32)))
    }

    /// Returns the findings, as JSON.
    #[napi(catch_unwind)]
    pub fn finish(&self) -> Result<Returned<String>> {
        self.state.finish("verify", true, |verifier| json(&verifier.finish()?))
    }
}

/// Removes files that belong to no run.
#[napi]
pub struct NativeVacuum {
    files: Vec<String>,
    state: Shared<Vacuum>,
}

#[napi]
impl NativeVacuum {
    /// The paths of the files.
    #[napi(catch_unwind)]
    pub fn files(&self) -> Vec<String> {
        self.files.clone()
    }

    /// Removes the next file and returns how many were removed; `null` after the last.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Returned<Option<u32>>> {
        self.state.run("vacuum", true, |vacuum| Ok(vacuum.next_file()?.map(|gone| gone as u32)))
    }
}

/// Rebuilds the manifest.
#[napi]
pub struct NativeRebuilder {
    files: u32,
    state: Shared<Rebuilder>,
}

#[napi]
impl NativeRebuilder {
    /// The number of files that are in no entry.
    #[napi(catch_unwind)]
    pub fn files(&self) -> u32 {
        self.files
    }

    /// Reads the next file and returns how many were read; `null` after the last.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Returned<Option<u32>>> {
        self.state.run("rebuildManifest", true, |rebuilder| {
            Ok(rebuilder.next_file()?.map(|done| done as u32))
        })
    }

    /// Writes the manifest.
    #[napi(catch_unwind)]
    pub fn finish(&self) -> Result<Returned<()>> {
        self.state.finish("rebuildManifest", true, Rebuilder::finish)
    }
}

/// Compares a run of the archive with the same run of a store.
#[napi]
pub struct NativeComparison(Shared<Comparison>);

#[napi]
impl NativeComparison {
    /// Returns whether the next rows of the archive are equal to these.
    #[napi(catch_unwind)]
    pub fn put(&self, rows: Uint8Array) -> Result<Returned<bool>> {
        let rows = rows.to_vec();
        self.0.run("archiveRuns", true, move |comparison| comparison.is_next(&decode(&rows)?))
    }

    /// Returns the digest of the rows that were compared.
    #[napi(catch_unwind)]
    pub fn digest(&self) -> Result<Returned<Copied>> {
        self.0.finish("archiveRuns", false, |comparison| Ok(Copied(comparison.digest().into())))
    }
}

/// The scores of an entry.
#[napi]
pub struct NativeItems {
    run: String,
    items: Shared<Items>,
    operation: &'static str,
}

#[napi]
impl NativeItems {
    /// The entry, as JSON.
    #[napi(catch_unwind)]
    pub fn entry(&self) -> String {
        self.run.clone()
    }

    /// Returns the next items, as JSON; none at the end.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Returned<String>> {
        self.items.run(self.operation, true, |items| json(&items.next_items()?))
    }
}

/// The rows of a run, for a store.
#[napi]
pub struct NativeRunRows {
    suite: Option<String>,
    rows: Shared<RunRows>,
}

#[napi]
impl NativeRunRows {
    /// The name of the suite, if only its name is known.
    #[napi(catch_unwind)]
    pub fn suite_name(&self) -> Option<String> {
        self.suite.clone()
    }

    /// Returns the next rows, `null` after the last.
    #[napi(catch_unwind)]
    pub fn next(&self) -> Result<Returned<Option<Buffer>>> {
        self.rows.run("importRun", true, |rows| {
            let batch = rows.next_batch()?;
            batch.map(|batch| encode(&batch).map(Buffer::from)).transpose()
        })
    }

    /// Returns how much was read, and how much there is in total, in bytes or scores.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> Result<Returned<Vec<f64>>> {
        self.rows.run("importRun", true, |rows| {
            let (done, total) = rows.progress();
            Ok(vec![done as f64, total as f64])
        })
    }
}
