//! Access to an object store, from environment variables and the files that they name.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ObjectStore, RetryConfig};
use runstore::error::{Code, Result, StoreError};

use super::http::{Connector, authorities};

/// A supported object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    S3,
    Google,
    Azure,
}

impl Service {
    pub(super) fn of_scheme(scheme: &str) -> Option<Self> {
        [Service::S3, Service::Google, Service::Azure]
            .into_iter()
            .find(|one| one.scheme() == scheme)
    }

    pub(super) fn scheme(self) -> &'static str {
        match self {
            Service::S3 => "s3",
            Service::Google => "gs",
            Service::Azure => "az",
        }
    }
}

type Variables = BTreeMap<String, String>;

/// Creates the client of a bucket, without a request.
pub(super) fn open(
    service: Service,
    bucket: &str,
    variables: &Variables,
    timeout: Duration,
) -> Result<Box<dyn ObjectStore>> {
    let certificates = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"];
    let certificates = certificates.iter().find_map(|name| set(variables, name));
    let connector = Connector { timeout, authorities: certificates.map(read_pem).transpose()? };
    match service {
        Service::S3 => s3(bucket, variables, connector),
        Service::Google => google(bucket, variables, connector),
        Service::Azure => azure(bucket, variables, connector),
    }
}

/// How failed requests are retried: with jitter, and only as long as credentials are certainly valid.
fn retries() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(50),
        max_backoff: Duration::from_secs(5),
        base: 2.0,
    };
    RetryConfig { backoff, max_retries: 8, retry_timeout: Duration::from_secs(120) }
}

fn s3(bucket: &str, variables: &Variables, connector: Connector) -> Result<Box<dyn ObjectStore>> {
    let mut builder = AmazonS3Builder::new();
    let settings = profile_if_needed(variables)?.into_iter().chain(variables.clone());
    for (name, value) in settings.collect::<Variables>() {
        if let Some(key) = key::<AmazonS3ConfigKey>(&name, "AWS_") {
            builder = builder.with_config(key, value);
        }
    }
    let built = builder
        .with_bucket_name(bucket)
        // One by one, because not every S3 implementation supports bulk deletion.
        .with_disable_bulk_delete(true)
        .with_retry(retries())
        .with_http_connector(connector)
        .build();
    boxed(built)
}

fn google(
    bucket: &str,
    variables: &Variables,
    connector: Connector,
) -> Result<Box<dyn ObjectStore>> {
    let mut builder = GoogleCloudStorageBuilder::new();
    for (name, value) in variables {
        if let Some(key) = key::<GoogleConfigKey>(name, "GOOGLE_") {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(host) = set(variables, "STORAGE_EMULATOR_HOST") {
        let url = if host.contains("://") { host.to_owned() } else { format!("http://{host}") };
        // A fixed token, so that none is requested.
        builder = builder.with_base_url(&url).with_bearer_token("emulator");
    }
    let built = builder
        .with_bucket_name(bucket)
        .with_retry(retries())
        .with_http_connector(connector)
        .build();
    boxed(built)
}

fn azure(
    container: &str,
    variables: &Variables,
    connector: Connector,
) -> Result<Box<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::new();
    let of_connection = set(variables, "AZURE_STORAGE_CONNECTION_STRING").map(connection);
    let settings = of_connection.into_iter().flatten().chain(variables.clone());
    for (name, value) in settings.collect::<Variables>() {
        // The names of Azure's own command.
        let name = match name.as_str() {
            "AZURE_STORAGE_ACCOUNT" => "AZURE_STORAGE_ACCOUNT_NAME",
            "AZURE_STORAGE_KEY" => "AZURE_STORAGE_ACCOUNT_KEY",
            name => name,
        };
        if let Some(key) = key::<AzureConfigKey>(name, "AZURE_") {
            builder = builder.with_config(key, value);
        }
    }
    let built = builder
        .with_container_name(container)
        .with_retry(retries())
        .with_http_connector(connector)
        .build();
    boxed(built)
}

fn boxed(built: object_store::Result<impl ObjectStore>) -> Result<Box<dyn ObjectStore>> {
    match built {
        Ok(store) => Ok(Box::new(store)),
        Err(error) => Err(StoreError::new(Code::InvalidArgument, error.to_string())),
    }
}

/// Returns the setting of a variable.
fn key<K: std::str::FromStr>(name: &str, prefix: &str) -> Option<K> {
    name.starts_with(prefix).then(|| name.to_ascii_lowercase().parse().ok())?
}

/// Returns a variable that is set and not empty.
fn set<'v>(variables: &'v Variables, name: &str) -> Option<&'v str> {
    variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn read_pem(path: &str) -> Result<Vec<ureq::tls::Certificate<'static>>> {
    let pem = std::fs::read(path)
        .map_err(|error| StoreError::io("read", std::path::Path::new(path), &error))?;
    authorities(&pem).map_err(|error| {
        StoreError::new(Code::InvalidArgument, format!("{path} has no certificates: {error}"))
    })
}

/// Returns the settings of a connection string: `AccountName=…;AccountKey=…`.
fn connection(text: &str) -> Vec<(String, String)> {
    let setting = |part: &str| {
        let (name, value) = part.split_once('=')?;
        let name = match name.trim() {
            "AccountName" => "AZURE_STORAGE_ACCOUNT_NAME",
            "AccountKey" => "AZURE_STORAGE_ACCOUNT_KEY",
            "SharedAccessSignature" => "AZURE_STORAGE_SAS_TOKEN",
            "BlobEndpoint" => "AZURE_STORAGE_ENDPOINT",
            _ => return None,
        };
        Some((name.to_owned(), value.trim().trim_end_matches('/').to_owned()))
    };
    text.split(';').filter_map(setting).collect()
}

/// Returns the settings of the AWS profile, as variables, unless the variables already contain credentials.
fn profile_if_needed(variables: &Variables) -> Result<Vec<(String, String)>> {
    let others = [
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_SKIP_SIGNATURE",
    ];
    if others.iter().any(|name| set(variables, name).is_some()) {
        return Ok(vec![]);
    }
    let profile = set(variables, "AWS_PROFILE");
    let settings = profile_of(variables, profile.unwrap_or("default"));
    let has = |name: &str| settings.iter().any(|(found, _)| found == name);
    let is_absent = profile.is_some() && settings.is_empty();
    let unknown =
        ["AWS_SSO_SESSION", "AWS_SSO_START_URL", "AWS_ROLE_ARN", "AWS_CREDENTIAL_PROCESS"];
    if !has("AWS_ACCESS_KEY_ID") && (is_absent || unknown.iter().any(|name| has(name))) {
        let profile = profile.unwrap_or("default");
        let message = format!(
            "the AWS profile \"{profile}\" has no keys; \"aws configure export-credentials --profile {profile} --format env\" prints \
             variables that have"
        );
        return Err(StoreError::new(Code::InvalidArgument, message));
    }
    let is_off = set(variables, "AWS_EC2_METADATA_DISABLED").is_some_and(|value| value == "true");
    match has("AWS_ACCESS_KEY_ID") || !is_off {
        true => Ok(settings),
        false => Err(StoreError::new(
            Code::InvalidArgument,
            "there are no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        )),
    }
}

fn profile_of(variables: &Variables, profile: &str) -> Vec<(String, String)> {
    let home = ["HOME", "USERPROFILE"].iter().find_map(|name| set(variables, name));
    let file = |variable: &str, name: &str| -> String {
        let path = match (set(variables, variable), home) {
            (Some(path), _) => PathBuf::from(path),
            (None, Some(home)) => PathBuf::from(home).join(".aws").join(name),
            (None, None) => return String::new(),
        };
        // Files that are missing or unreadable are ignored.
        std::fs::read_to_string(path).unwrap_or_default()
    };
    let of_config = match profile {
        "default" => "default".to_owned(),
        named => format!("profile {named}"),
    };
    let mut settings = section(&file("AWS_CONFIG_FILE", "config"), &of_config);
    settings.extend(section(&file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), profile));
    settings
}

/// Returns the settings of a section of an AWS file, as variables.
fn section(text: &str, wanted: &str) -> Vec<(String, String)> {
    let mut is_wanted = false;
    let mut settings = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_wanted = name.trim() == wanted;
        } else if let (true, Some((name, value))) = (is_wanted, line.split_once('=')) {
            let name = name.trim().to_ascii_uppercase();
            let name = if name.starts_with("AWS_") { name } else { format!("AWS_{name}") };
            settings.push((name, value.trim().to_owned()));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn value<'s>(settings: &'s [(String, String)], name: &str) -> Option<&'s str> {
        settings.iter().rev().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_profile_is_read_from_both_files_and_variables_override_it() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        let credentials = "[default]\naws_access_key_id = A\naws_secret_access_key=S==\n[other]\naws_access_key_id=B\n";
        std::fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
        let config = "[default]\nregion = eu-west-1\n[profile other]\nregion = us-west-2\n[profile sso]\nsso_session = x\n";
        std::fs::write(home.path().join(".aws/config"), config).unwrap();
        let home = ("HOME", home.path().to_str().unwrap());

        let settings = profile_if_needed(&variables(&[home])).unwrap();
        assert_eq!(value(&settings, "AWS_ACCESS_KEY_ID"), Some("A"));
        assert_eq!(value(&settings, "AWS_SECRET_ACCESS_KEY"), Some("S=="));
        assert_eq!(value(&settings, "AWS_REGION"), Some("eu-west-1"));
        let other = profile_if_needed(&variables(&[home, ("AWS_PROFILE", "other")])).unwrap();
        assert_eq!(value(&other, "AWS_ACCESS_KEY_ID"), Some("B"));
        assert_eq!(value(&other, "AWS_REGION"), Some("us-west-2"));

        for profile in ["sso", "missing"] {
            let error =
                profile_if_needed(&variables(&[home, ("AWS_PROFILE", profile)])).unwrap_err();
            assert!(
                error.message().contains(&format!("--profile {profile}")),
                "{}",
                error.message()
            );
        }
        let given = profile_if_needed(&variables(&[home, ("AWS_ACCESS_KEY_ID", "C")])).unwrap();
        assert!(given.is_empty());
        let none = variables(&[("HOME", "/nowhere"), ("AWS_EC2_METADATA_DISABLED", "true")]);
        assert!(profile_if_needed(&none).unwrap_err().message().contains("AWS_ACCESS_KEY_ID"));
    }

    #[test]
    fn a_connection_string_contains_account_key_and_endpoint() {
        let text = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=k==;BlobEndpoint=http://127.0.0.1:1/a/;";
        let settings = connection(text);
        assert_eq!(value(&settings, "AZURE_STORAGE_ACCOUNT_NAME"), Some("a"));
        assert_eq!(value(&settings, "AZURE_STORAGE_ACCOUNT_KEY"), Some("k=="));
        assert_eq!(value(&settings, "AZURE_STORAGE_ENDPOINT"), Some("http://127.0.0.1:1/a"));
    }

    #[test]
    fn missing_credentials_are_reported_before_any_request() {
        let timeout = Duration::from_secs(1);
        for (service, pairs) in [
            (Service::Azure, &[][..]),
            (Service::S3, &[("AWS_ACCESS_KEY_ID", "a")]),
            (Service::S3, &[("AWS_CA_BUNDLE", "/nowhere/at/all")]),
            (Service::Google, &[("GOOGLE_SERVICE_ACCOUNT", "/nowhere/at/all")]),
        ] {
            assert!(open(service, "bucket", &variables(pairs), timeout).is_err(), "{service:?}");
        }
    }
}
