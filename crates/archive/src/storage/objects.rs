//! A project in a bucket.

use std::error::Error as _;
use std::fs::File;
use std::future::Future;
use std::io::{Read, Seek, SeekFrom, Write};

use futures_util::TryStreamExt;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    UpdateVersion,
};
use runstore::error::{Code, Result, StoreError};
use tempfile::{Builder, NamedTempFile};

use super::{Found, LONGEST_MANIFEST, State, Storage, Tag, pause};

/// Larger files are written in parts. All files are read in parts.
const PART: u64 = 16 << 20;

/// How often a request without a response is repeated, if object_store has not done so.
const MOST_TRIES: u32 = 4;

/// How often a change of a file is repeated because others were faster.
const MOST_CHANGES: u32 = 50;

/// Maximum number of concurrent requests.
const AT_ONCE: usize = 16;

pub(super) struct Objects {
    store: Box<dyn ObjectStore>,
    folder: Path,
}

/// The result of a conditional write.
enum Put {
    Done(Tag),
    /// The condition is not met. If a response was lost, this same write may be the reason.
    Refused,
}

impl Objects {
    pub(super) fn new(store: Box<dyn ObjectStore>, folder: &str) -> Result<Self> {
        Ok(Objects { store, folder: parsed(folder)? })
    }

    fn at(&self, path: &str) -> Result<Path> {
        match path.is_empty() {
            true => Ok(self.folder.clone()),
            false => parsed(&format!("{}/{path}", self.folder)),
        }
    }

    fn fetch(&self, path: &str, most: u64) -> Result<Option<(Vec<u8>, UpdateVersion)>> {
        let at = self.at(path)?;
        let fetched = patiently(async || {
            let found = self.store.get(&at).await?;
            let version = version_of(&found.meta);
            match found.meta.size > most {
                true => Ok(None),
                false => Ok(Some((found.bytes().await?.to_vec(), version))),
            }
        })?;
        match fetched {
            Ok(Some(found)) => Ok(Some(found)),
            Ok(None) => {
                Err(StoreError::new(Code::TooLarge, format!("{path} has more than {most} bytes")))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    /// Writes bytes under a condition, and repeats the request if there is no response.
    fn put(&self, path: &str, payload: PutPayload, mode: PutMode) -> Result<Put> {
        let at = self.at(path)?;
        let put = async || self.store.put_opts(&at, payload.clone(), mode.clone().into()).await;
        match patiently(put)? {
            Ok(put) => Ok(Put::Done(tag_of(put.e_tag, put.version))),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(Put::Refused),
            Err(error) => Err(failed("write", path, &error)),
        }
    }

    /// Writes a large file in parts. Its name is unique to this writer, so no condition is needed.
    fn upload(&self, path: &str, file: &mut File) -> Result<()> {
        let at = self.at(path)?;
        let uploaded = wait(async {
            let mut upload = self.store.put_multipart(&at).await?;
            loop {
                let mut part = Vec::new();
                let read = file.take(PART).read_to_end(&mut part);
                let sent = match read
                    .map_err(|error| Error::Generic { store: "disk", source: Box::new(error) })
                {
                    Ok(0) => return upload.complete().await.map(drop),
                    Ok(_) => upload.put_part(part.into()).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = sent {
                    // Uploaded parts cost money until they are discarded; the error explains why they remain.
                    let _ = upload.abort().await;
                    return Err(error);
                }
            }
        })?;
        uploaded.map_err(|error| failed("write", path, &error))
    }

    /// Downloads a file to the disk, part by part, all from the same state of it.
    fn download(&self, path: &str, to: &mut File) -> Result<bool> {
        let at = self.at(path)?;
        let mut state: Option<(u64, Option<String>)> = None;
        let mut start = 0;
        while state.as_ref().is_none_or(|(size, _)| start < *size) {
            let if_match = state.as_ref().and_then(|(_, tag)| tag.clone());
            let range = Some(GetRange::Bounded(start..start + PART));
            let options = GetOptions { range, if_match, ..GetOptions::default() };
            let part = patiently(async || {
                let options = options.clone();
                let found = self.store.get_opts(&at, options).await?;
                Ok((found.meta.clone(), found.bytes().await?))
            })?;
            let (meta, bytes) = match part {
                Ok(part) => part,
                Err(Error::NotFound { .. }) if state.is_none() => return Ok(false),
                Err(error) => return Err(failed("read", path, &error)),
            };
            to.write_all(&bytes).map_err(|error| on_disk(&error))?;
            start += bytes.len() as u64;
            if bytes.is_empty() && start < meta.size {
                return Err(StoreError::new(
                    Code::Io,
                    format!("cannot read {path}: it was truncated"),
                ));
            }
            state = Some((meta.size, meta.e_tag));
        }
        Ok(true)
    }
}

impl Storage for Objects {
    fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>> {
        Ok(self.fetch(path, most)?.map(|(bytes, _)| bytes))
    }

    fn read_until_missing(&self, paths: &[String], most: u64) -> Result<Vec<Vec<u8>>> {
        let mut contents = Vec::new();
        for some in paths.chunks(AT_ONCE) {
            let read = |path| self.read(path, most);
            let found: Vec<_> = std::thread::scope(|scope| {
                let waiting: Vec<_> =
                    some.iter().map(|path| scope.spawn(move || read(path))).collect();
                waiting.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(ended()))).collect()
            });
            for one in found {
                match one? {
                    Some(bytes) => contents.push(bytes),
                    None => return Ok(contents),
                }
            }
        }
        Ok(contents)
    }

    fn read_from(&self, path: &str, start: u64) -> Result<Option<Vec<u8>>> {
        let at = self.at(path)?;
        let range = Some(GetRange::Offset(start));
        let options = GetOptions { range, ..GetOptions::default() };
        let found =
            patiently(async || self.store.get_opts(&at, options.clone()).await?.bytes().await)?;
        match found {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    fn open(&self, path: &str) -> Result<Option<File>> {
        let mut file = tempfile::tempfile().map_err(|error| on_disk(&error))?;
        if !self.download(path, &mut file)? {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(0)).map_err(|error| on_disk(&error))?;
        Ok(Some(file))
    }

    fn state(&self, path: &str) -> Result<Option<State>> {
        let at = self.at(path)?;
        match patiently(async || self.store.head(&at).await)? {
            Ok(meta) => Ok(Some(State {
                bytes: meta.size,
                changed_at: meta.last_modified.timestamp_millis(),
                tag: tag_of(meta.e_tag, meta.version),
            })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", path, &error)),
        }
    }

    fn scratch(&self, _: &str) -> Result<NamedTempFile> {
        Builder::new().prefix("runstore-").tempfile().map_err(|error| on_disk(&error))
    }

    /// An existing file is assumed to result from an attempt whose response was lost: its name is unique to this writer
    /// or to its content.
    fn publish(&self, file: NamedTempFile, path: &str) -> Result<()> {
        let mut file = file.into_file();
        let size = file.seek(SeekFrom::End(0)).map_err(|error| on_disk(&error))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| on_disk(&error))?;
        if size > PART {
            return self.upload(path, &mut file);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| on_disk(&error))?;
        self.put(path, bytes.into(), PutMode::Create).map(drop)
    }

    fn put_new(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let put = self.put(path, bytes.to_vec().into(), PutMode::Create)?;
        Ok(matches!(put, Put::Done(_)))
    }

    fn change(
        &self,
        path: &str,
        change: &mut dyn FnMut(Option<Vec<u8>>) -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Tag>> {
        for tries in 0..MOST_CHANGES {
            let (old, mode) = match self.fetch(path, LONGEST_MANIFEST)? {
                Some((bytes, version)) => (Some(bytes), PutMode::Update(version)),
                None => (None, PutMode::Create),
            };
            let Some(bytes) = change(old)? else { return Ok(None) };
            match self.put(path, bytes.into(), mode)? {
                Put::Done(tag) => return Ok(Some(tag)),
                // If the response was lost, the next read finds what was written.
                Put::Refused => pause(tries),
            }
        }
        Err(StoreError::new(Code::Busy, format!("other writers keep changing {path}")))
    }

    fn list(&self, folder: &str) -> Result<Vec<Found>> {
        let at = self.at(folder)?;
        let list = async || self.store.list(Some(&at)).try_collect::<Vec<_>>().await;
        let listed = patiently(list)?;
        let listed = listed.map_err(|error| failed("list", folder, &error))?;
        let relative = |meta: ObjectMeta| {
            let path = meta.location.as_ref().strip_prefix(self.folder.as_ref())?;
            Some(Found {
                path: path.trim_start_matches('/').to_owned(),
                bytes: meta.size,
                changed_at: meta.last_modified.timestamp_millis(),
            })
        };
        let mut found: Vec<_> = listed.into_iter().filter_map(relative).collect();
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    fn has_after(&self, folder: &str, name: &str, is_meant: &dyn Fn(&str) -> bool) -> Result<bool> {
        let (at, after) = (self.at(folder)?, self.at(&format!("{folder}/{name}"))?);
        let find = async || {
            let mut later = self.store.list_with_offset(Some(&at), &after);
            while let Some(found) = later.try_next().await? {
                if found.location.filename().is_some_and(is_meant) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        patiently(find)?.map_err(|error| failed("list", folder, &error))
    }

    fn remove(&self, path: &str) -> Result<()> {
        let at = self.at(path)?;
        match patiently(async || self.store.delete(&at).await)? {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("remove", path, &error)),
        }
    }

    fn pause(&self, tries: u32) {
        pause(tries);
    }
}

/// Waits for requests on this thread. Each wait has its own runtime, which is little more than a timer: a request
/// blocks its thread, and must not delay the timers of another.
fn wait<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Ok(runtime.map_err(|error| StoreError::new(Code::Io, error.to_string()))?.block_on(work))
}

/// Makes a request, and repeats it if there is no response: object_store does so only for some requests and failures.
fn patiently<T>(
    request: impl AsyncFn() -> object_store::Result<T>,
) -> Result<object_store::Result<T>> {
    let mut tries = 0;
    loop {
        match wait(request())? {
            Err(error) if tries < MOST_TRIES && is_unanswered(&error) => pause(tries),
            answer => return Ok(answer),
        }
        tries += 1;
    }
}

fn parsed(path: &str) -> Result<Path> {
    Path::parse(path).map_err(|error| {
        let message = format!("\"{}\" is not a valid object name: {error}", path.escape_debug());
        StoreError::new(Code::InvalidArgument, message)
    })
}

fn tag_of(e_tag: Option<String>, version: Option<String>) -> Tag {
    Tag(e_tag.or(version).unwrap_or_default())
}

fn version_of(meta: &ObjectMeta) -> UpdateVersion {
    UpdateVersion { e_tag: meta.e_tag.clone(), version: meta.version.clone() }
}

/// Returns whether the connection was made but no complete response arrived: the request may have succeeded.
fn is_unanswered(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<HttpError>() {
            return error.kind() != HttpErrorKind::Connect;
        }
        source = error.source();
    }
    false
}

/// Returns whether there is no such bucket or container. A listing says so in words only.
fn lacks_bucket(error: &Error) -> bool {
    let is_named = |text: &str| text.contains("NoSuchBucket") || text.contains("ContainerNotFound");
    matches!(error, Error::NotFound { .. }) || is_named(&error.to_string())
}

fn failed(action: &str, path: &str, error: &Error) -> StoreError {
    let hint = match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            " (are the credentials right, and not expired?)"
        }
        _ if lacks_bucket(error) => {
            " (does the bucket or container exist? runstore does not create it)"
        }
        _ => "",
    };
    StoreError::new(Code::Io, format!("cannot {action} {path} in the object store{hint}: {error}"))
}

fn on_disk(error: &std::io::Error) -> StoreError {
    StoreError::io("write", &std::env::temp_dir(), error)
}

fn ended() -> StoreError {
    StoreError::new(Code::Internal, "a thread that read from the object store ended")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_do() {
        let told = |error: Error| failed("list", "_delta_log", &error).message();
        let generic = |text: &str| Error::Generic { store: "S3", source: text.into() };
        let bucket = told(generic("404 Not Found: <Error><Code>NoSuchBucket</Code></Error>"));
        assert!(bucket.contains("does the bucket or container exist?"), "{bucket}");
        let denied = told(Error::PermissionDenied { path: "p".into(), source: "x".into() });
        assert!(denied.contains("are the credentials right, and not expired?"), "{denied}");
        assert!(!told(generic("500")).contains('?'));
    }
}
