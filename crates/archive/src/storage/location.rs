//! The location of an archive, from its URL.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use runstore::error::{Code, Result, StoreError};

use super::Storage;
use super::credentials::{self, Service};
use super::local::Local;
use super::objects::Objects;

/// Default timeout of each step of a request to an object store, after which the request is repeated.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// The location of an archive: a folder, or a prefix of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// On a disk.
    Folder(PathBuf),
    /// In an object store.
    Bucket(Bucket),
}

/// A prefix of a bucket in an object store.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    service: Service,
    name: String,
    /// Without leading or trailing `/`; may be empty.
    prefix: String,
    variables: BTreeMap<String, String>,
    timeout: Duration,
}

impl std::fmt::Debug for Bucket {
    /// Leaves out the variables, which contain secrets.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.url())
    }
}

impl From<PathBuf> for Location {
    fn from(folder: PathBuf) -> Self {
        Location::Folder(folder)
    }
}

impl Location {
    /// Parses a path, relative to `folder`, or a URL of `file:`, `s3:`, `gs:` or `az:`. Credentials are taken from
    /// environment variables, and from the files that they name.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(url: &str, folder: &Path, variables: BTreeMap<String, String>) -> Result<Self> {
        // A scheme has at least two characters; C: is a drive.
        let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
            scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        match (scheme, scheme.and_then(Service::of_scheme)) {
            (_, Some(service)) => Bucket::parse(service, url, variables).map(Location::Bucket),
            (Some("file"), _) => Ok(Location::Folder(path_of(url)?)),
            (None, _) if !url.is_empty() => Ok(Location::Folder(folder.join(url))),
            _ => Err(unreadable(url)),
        }
    }

    /// Sets the timeout after which requests are repeated, by default 30 seconds. A local disk has no timeout.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        if let Location::Bucket(bucket) = &mut self {
            bucket.timeout = timeout;
        }
        self
    }

    /// Returns the path or URL of a project in the form that engines accept.
    pub fn of_project(&self, project: &str) -> String {
        match self {
            Location::Folder(folder) => folder.join(project).to_string_lossy().into_owned(),
            Location::Bucket(bucket) => format!("{}/{project}", bucket.url()),
        }
    }

    pub(crate) fn open(&self, project: &str) -> Result<Box<dyn Storage>> {
        match self {
            Location::Folder(folder) => Ok(Box::new(Local::new(folder.join(project)))),
            Location::Bucket(bucket) => bucket.open(project),
        }
    }
}

impl Bucket {
    fn parse(service: Service, url: &str, variables: BTreeMap<String, String>) -> Result<Self> {
        let (_, rest) = url.split_once("://").ok_or_else(|| unreadable(url))?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_odd = |part: &str| matches!(part, "" | "." | "..");
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match is_name(name) && (prefix.is_empty() || !prefix.split('/').any(is_odd)) {
            true => Ok(Bucket {
                service,
                name: name.to_owned(),
                prefix: prefix.to_owned(),
                variables,
                timeout: TIMEOUT,
            }),
            false => Err(unreadable(url)),
        }
    }

    fn url(&self) -> String {
        let url = format!("{}://{}/{}", self.service.scheme(), self.name, self.prefix);
        url.trim_end_matches('/').to_owned()
    }

    fn open(&self, project: &str) -> Result<Box<dyn Storage>> {
        let store = credentials::open(self.service, &self.name, &self.variables, self.timeout)?;
        let folder = format!("{}/{project}", self.prefix);
        Ok(Box::new(Objects::new(store, folder.trim_start_matches('/'))?))
    }
}

fn path_of(url: &str) -> Result<PathBuf> {
    let path = url.strip_prefix("file:").unwrap_or(url);
    let path = path.strip_prefix("//localhost").unwrap_or(path);
    let path = path.strip_prefix("//").unwrap_or(path);
    match percent_decode_str(path).decode_utf8() {
        Ok(path) if path.starts_with('/') => Ok(PathBuf::from(path.into_owned())),
        _ => Err(unreadable(url)),
    }
}

fn unreadable(url: &str) -> StoreError {
    let message = format!(
        "an archive is in a folder, given by its path or a file: URL, or in a bucket: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, \
         az://CONTAINER/PREFIX; \"{}\" is none of these",
        url.escape_debug()
    );
    StoreError::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    fn parsed(url: &str) -> Result<Location> {
        Location::parse(url, Path::new("/work"), BTreeMap::new())
    }

    #[test]
    fn a_path_is_relative_to_the_folder_and_urls_are_parsed() {
        for (url, project) in [
            ("evals", "/work/evals/p"),
            ("/evals", "/evals/p"),
            ("file:///a%20b", "/a b/p"),
            ("file://localhost/a", "/a/p"),
            ("a b:c/d", "/work/a b:c/d/p"),
            ("s3://bucket", "s3://bucket/p"),
            ("s3://bucket/", "s3://bucket/p"),
            ("gs://bucket/a/b/", "gs://bucket/a/b/p"),
            ("az://container/a b", "az://container/a b/p"),
        ] {
            assert_eq!(parsed(url).unwrap().of_project("p"), project, "{url}");
        }
    }

    #[test]
    fn an_invalid_location_is_refused() {
        for url in [
            "",
            "http://bucket",
            "s3:bucket",
            "s3://",
            "s3:///a",
            "s3://a/../b",
            "s3://a//b",
            "s3://key:secret@bucket/a",
            "file://host/a",
        ] {
            assert_eq!(parsed(url).unwrap_err().code, Code::InvalidArgument, "{url}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let variables = [("AWS_SECRET_ACCESS_KEY".to_owned(), "hidden".to_owned())].into();
        let location = Location::parse("s3://bucket/a", Path::new("/"), variables).unwrap();
        assert_eq!(format!("{location:?}"), "Bucket(s3://bucket/a)");
    }
}
