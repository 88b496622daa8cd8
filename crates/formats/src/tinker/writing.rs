//! Writes the files and folders of a run so that it appears complete or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::db::DbRun;
use super::fields::Fields;
use super::folder::{Folder, INDEX, METADATA, RESULT, SUMMARY, TRAJECTORIES};
use super::lines::{LineText, Lines};
use super::python_json::{ascii, canonical};
use super::run_file::RunFile;
use runstore::error::{Code, Result, StoreError};
use runstore::maintenance::sync_folder;

/// A run in a temporary folder.
pub(super) struct NewRun {
    folder: NewFolder,
    /// The file of the current benchmark.
    open: Option<(String, NewFile)>,
}

impl NewRun {
    pub(super) fn begin(folder: &Folder) -> Result<Self> {
        Ok(NewRun { folder: NewFolder::begin(folder)?, open: None })
    }

    /// Appends a line to the trajectories of a benchmark; those of one benchmark must be consecutive.
    pub(super) fn put_line(&mut self, benchmark: &str, line: &[u8]) -> Result<()> {
        match &mut self.open {
            Some((name, file)) if name == benchmark => file.put(line),
            _ => {
                self.finish_file()?;
                let mut file = self.folder.file(&format!("{benchmark}/{TRAJECTORIES}"))?;
                file.put(line)?;
                self.open = Some((benchmark.to_owned(), file));
                Ok(())
            }
        }
    }

    fn finish_file(&mut self) -> Result<()> {
        self.open.take().map_or(Ok(()), |(_, file)| file.finish())
    }

    /// Writes everything but the trajectories.
    pub(super) fn finish(&mut self, run: &DbRun) -> Result<()> {
        self.finish_file()?;
        for result in &run.results {
            self.folder.write(&format!("{}/{RESULT}", result.name), result.written().as_bytes())?;
        }
        if let Some(summary) = &run.summary {
            self.folder.write(SUMMARY, ascii(summary).as_bytes())?;
        }
        self.folder.write(METADATA, run.file.written().as_bytes())
    }

    /// Moves the run to its place, and replaces what is there if that was requested.
    pub(super) fn publish(self, place: &Place) -> Result<()> {
        place.refuse_others()?;
        self.folder.publish(place)
    }
}

/// The place of a run.
pub(super) struct Place {
    path: PathBuf,
}

impl Place {
    pub(super) fn of(folder: &Folder, run_id: &str) -> Self {
        Place { path: folder.run(run_id).path }
    }

    /// Returns whether something exists there, even an empty folder.
    pub(super) fn is_taken(&self) -> Result<bool> {
        match fs::symlink_metadata(&self.path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("read", &self.path, &error)),
        }
    }

    /// Returns the error for a run that exists with other content.
    pub(super) fn is_another(&self, run_id: &str, file: &str) -> StoreError {
        let place = self.path.join(file);
        let place = place.display();
        let message =
            format!("run \"{run_id}\" is there already with another content, see {place}");
        StoreError::new(Code::Exists, message)
    }

    /// Refuses to replace a folder that contains anything but a run.
    pub(super) fn refuse_others(&self) -> Result<()> {
        if !self.is_taken()? {
            return Ok(());
        }
        let found = fs::symlink_metadata(&self.path).is_ok_and(|found| found.is_dir());
        let other = match found {
            true => other_than_a_run(&self.path)?,
            false => Some(self.path.clone()),
        };
        let Some(other) = other else { return Ok(()) };
        let message = format!("{} does not belong to the run, and would be lost", other.display());
        Err(StoreError::new(Code::Exists, message))
    }
}

fn other_than_a_run(path: &Path) -> Result<Option<PathBuf>> {
    for entry in entries(path)? {
        let is_folder = fs::symlink_metadata(&entry).is_ok_and(|found| found.is_dir());
        let other = match is_folder {
            true => {
                entries(&entry)?.into_iter().find(|file| !is_called(file, &[RESULT, TRAJECTORIES]))
            }
            false => Some(entry).filter(|file| !is_called(file, &[METADATA, SUMMARY])),
        };
        if other.is_some() {
            return Ok(other);
        }
    }
    Ok(None)
}

fn entries(path: &Path) -> Result<Vec<PathBuf>> {
    let read = || fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect();
    let entries: std::io::Result<_> = read();
    entries.map_err(|error| StoreError::io("read the directory", path, &error))
}

fn is_called(path: &Path, names: &[&str]) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| names.contains(&name))
}

/// A temporary folder beside `runs`, where EvalStore does not look. Dropping it before it is published removes it.
struct NewFolder {
    path: PathBuf,
}

impl NewFolder {
    fn begin(folder: &Folder) -> Result<Self> {
        let path = folder.path.join(format!(".{}.partial", uuid::Uuid::new_v4().simple()));
        let made = fs::create_dir(&path);
        made.map_err(|error| StoreError::io("create the directory", &path, &error))?;
        Ok(NewFolder { path })
    }

    fn file(&self, name: &str) -> Result<NewFile> {
        let path = self.path.join(name);
        let made =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create_new(&path));
        let file = made.map_err(|error| StoreError::io("make", &path, &error))?;
        Ok(NewFile { writer: BufWriter::with_capacity(1 << 18, file), path })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.file(name)?;
        file.put(bytes)?;
        file.finish()
    }

    /// Moves the folder to its place, and removes what was there.
    fn publish(self, place: &Place) -> Result<()> {
        let failed = |error| StoreError::io("put in place", &place.path, &error);
        for benchmark in entries(&self.path)?.iter().filter(|path| path.is_dir()) {
            sync_folder(&benchmark.join(RESULT)).map_err(failed)?;
        }
        sync_folder(&self.path.join(METADATA)).map_err(failed)?;
        let old = self.path.with_extension("old");
        let is_taken = place.is_taken()?;
        if is_taken {
            fs::rename(&place.path, &old).map_err(failed)?;
        }
        if let Err(error) = fs::rename(&self.path, &place.path) {
            if is_taken {
                let _ = fs::rename(&old, &place.path);
            }
            return Err(failed(error));
        }
        sync_folder(&place.path).map_err(failed)?;
        if is_taken {
            fs::remove_dir_all(&old).map_err(|error| StoreError::io("remove", &old, &error))?;
        }
        Ok(())
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        // After it was moved, there is nothing to remove.
        let _ = fs::remove_dir_all(&self.path);
    }
}

struct NewFile {
    writer: BufWriter<File>,
    path: PathBuf,
}

impl NewFile {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let put = self.writer.write_all(bytes);
        put.map_err(|error| StoreError::io("write", &self.path, &error))
    }

    /// Syncs the file to the disk.
    fn finish(mut self) -> Result<()> {
        let flushed = self.writer.flush().and_then(|()| self.writer.get_ref().sync_all());
        flushed.map_err(|error| StoreError::io("write", &self.path, &error))
    }
}

/// Adds a run to the index, once.
pub(super) fn list(folder: &Folder, run: &RunFile) -> Result<()> {
    if is_listed(folder, run)? {
        return Ok(());
    }
    let path = folder.path.join(INDEX);
    let line = run.index_line();
    append(&path, &line).map_err(|error| StoreError::io("write", &path, &error))
}

fn is_listed(folder: &Folder, run: &RunFile) -> Result<bool> {
    let Some(file) = folder.open(INDEX)? else { return Ok(false) };
    let mut lines = Lines::of(file);
    let failed = |error| StoreError::io("read", &folder.path.join(INDEX), &error);
    while let Some(line) = lines.next().map_err(failed)? {
        let LineText::Text(text) = line else { continue };
        let Ok(made) = canonical(&text) else { continue };
        let id = Fields::of(&made.json).and_then(|fields| fields.text("run_id"));
        if id.is_ok_and(|id| id == run.run_id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Appends a line; after an incomplete line, starts a new one.
fn append(path: &Path, line: &str) -> std::io::Result<()> {
    let mut file = File::options().create(true).read(true).append(true).open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let line = if last == [b'\n'] { line.to_owned() } else { format!("\n{line}") };
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
