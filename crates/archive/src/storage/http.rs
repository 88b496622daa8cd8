//! HTTP for the object stores. Each request blocks its thread, which has nothing else to do, so neither an event loop
//! nor a second HTTP library is needed.

use std::io::{ErrorKind, Read};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::{ClientConfigKey, ClientOptions};
use ureq::Timeout;
use ureq::http::{Method, Request};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// Timeout for connecting.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);

/// Number of bytes that are read from a response at once.
const CHUNK: usize = 64 << 10;

/// Creates clients.
#[derive(Debug)]
pub(super) struct Connector {
    /// Timeout for one step of a request.
    pub(super) timeout: Duration,
    /// Certificates of authorities that replace Mozilla's.
    pub(super) authorities: Option<Vec<Certificate<'static>>>,
}

/// Reads the certificates of a PEM file.
pub(super) fn authorities(pem: &[u8]) -> Result<Vec<Certificate<'static>>, ureq::Error> {
    parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        // The metadata service of a machine gets a timeout of one second: it either answers at once or does not exist.
        let of_machine = options.get_config_value(&ClientConfigKey::ConnectTimeout);
        let connect = match of_machine.as_deref() {
            Some("1s") => Duration::from_secs(1),
            _ => LONGEST_CONNECT,
        };
        let roots = self.authorities.clone().map_or(RootCerts::WebPki, RootCerts::from);
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("runstore/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(connect.min(self.timeout)))
            .timeout_recv_response(Some(self.timeout))
            .timeout_per_read(Some(self.timeout))
            .timeout_per_write(Some(self.timeout))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build()
            .new_agent();
        Ok(HttpClient::new(Service(agent)))
    }
}

#[derive(Debug)]
struct Service(ureq::Agent);

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let has_body = matches!(parts.method, Method::PUT | Method::POST) || !body.is_empty();
        let answer = match has_body {
            true => self.0.run(Request::from_parts(parts, body.as_ref())),
            false => self.0.run(Request::from_parts(parts, ())),
        };
        let (parts, body) = answer.map_err(failed)?.into_parts();
        let reader = body.into_with_config().limit(u64::MAX).reader();
        let chunks = Chunks(Mutex::new(Box::new(reader)));
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(chunks)))
    }
}

/// The body of a response, read on demand by one thread; the lock only satisfies the compiler.
struct Chunks(Mutex<Box<dyn Read + Send>>);

impl Body for Chunks {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let mut chunk = vec![0; CHUNK];
        let reader = self.0.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        Poll::Ready(match reader.read(&mut chunk) {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                Some(Ok(Frame::data(chunk.into())))
            }
            Err(error) => Some(Err(failed(ureq::Error::from(error)))),
        })
    }
}

/// Classifies a failure, which determines whether the request may be repeated.
fn failed(error: ureq::Error) -> HttpError {
    HttpError::new(kind_of(&error), error)
}

fn kind_of(error: &ureq::Error) -> HttpErrorKind {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => HttpErrorKind::Connect,
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable => HttpErrorKind::Connect,
            ErrorKind::TimedOut | ErrorKind::WouldBlock => HttpErrorKind::Timeout,
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => HttpErrorKind::Interrupted,
            _ => HttpErrorKind::Unknown,
        },
        // A closed connection leaves an incomplete response.
        ureq::Error::Protocol(_) => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    }
}
