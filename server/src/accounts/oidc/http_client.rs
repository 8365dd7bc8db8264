//! Requests to a provider: one connection each, over TLS unless the provider is on this machine, with a deadline and a bound. Redirects
//! are not followed: a provider's addresses are those of its own document.

use std::{fmt, io, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response,
    body::Bytes,
    client::conn::http1,
    header::{HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, url::Url};
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring},
};

use super::settings::is_safe;

/// A request that takes longer has failed: a person waits for it.
const DEADLINE: Duration = Duration::from_secs(5);
/// The most bytes of an answer. Documents and tokens have a few thousand.
const LONGEST: usize = 1 << 20;

/// Why a request to a provider has failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
    /// The address is not one that may be asked.
    #[error("the address {0} is neither https nor on this machine")]
    Address(String),
    /// It took too long.
    #[error("no answer within {} seconds", DEADLINE.as_secs())]
    Late,
    /// The connection could not be made, or broke.
    #[error("{0}")]
    Connection(#[from] io::Error),
    /// The answer is none of HTTP.
    #[error("{0}")]
    Http(#[from] hyper::Error),
    /// The answer is longer than any should be.
    #[error("the answer has more than {LONGEST} bytes")]
    TooLong,
    /// The request could not be made.
    #[error("{0}")]
    Request(#[from] openidconnect::http::Error),
    /// The body broke off.
    #[error("the answer broke off: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
}

/// Asks a provider; cheap to clone.
#[derive(Clone)]
pub(super) struct HttpClient {
    tls: TlsConnector,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

impl HttpClient {
    /// Makes one that trusts the system's authorities.
    ///
    /// # Errors
    /// When TLS cannot be had.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        // A system has some that cannot be read, and many that can. Without any, a provider by https is not believed.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    async fn ask(self, request: HttpRequest) -> Result<HttpResponse, RequestError> {
        let text = request.uri().to_string();
        let bad = || RequestError::Address(text.chars().take(200).collect());
        let url = Url::parse(&text).map_err(|_| bad())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(bad());
        };
        if !is_safe(&url) {
            return Err(bad());
        }
        let host = host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, port)).await?;
        if url.scheme() == "https" {
            let name = ServerName::try_from(host.to_owned()).map_err(|_| bad())?;
            exchange(self.tls.connect(name, stream).await?, &url, request).await
        } else {
            exchange(stream, &url, request).await
        }
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = RequestError;
    type Future = BoxFuture<'c, Result<HttpResponse, RequestError>>;

    /// Sends a request and reads the whole answer.
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let answer = timeout(DEADLINE, self.clone().ask(request));
        Box::pin(async { answer.await.map_err(|_| RequestError::Late)? })
    }
}

/// Sends a request on a connection and reads the answer. The connection is over with it.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    url: &Url,
    request: HttpRequest,
) -> Result<HttpResponse, RequestError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let (mut parts, body) = request.into_parts();
    parts.uri = url[openidconnect::url::Position::BeforePath..openidconnect::url::Position::AfterQuery]
        .parse()
        .map_err(openidconnect::http::Error::from)?;
    let authority = &url[openidconnect::url::Position::BeforeHost..openidconnect::url::Position::AfterPort];
    parts.headers.insert(HOST, HeaderValue::try_from(authority).map_err(openidconnect::http::Error::from)?);
    let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
    let answer = async {
        let (parts, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { RequestError::TooLong } else { RequestError::Body(error) }
        })?;
        Ok::<HttpResponse, RequestError>(Response::from_parts(parts, body.to_bytes().to_vec()))
    };
    tokio::pin!(answer, connection);
    // The connection moves bytes for as long as the answer needs it, and is dropped with it: no task outlives the request.
    let mut is_open = true;
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            _ = &mut connection, if is_open => is_open = false,
        }
    }
}
