//! The client: a connection for one request, or for many.

use std::{
    fmt, io,
    sync::{Arc, OnceLock},
};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response,
    body::{Body, Bytes, Incoming},
    client::conn::http1,
    header::{HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, crypto::ring},
};

use crate::unverified::AnyCertificate;

/// The most bytes of an answer's head, and of what is read ahead of its body.
const LONGEST_HEAD: usize = 64 << 10;

/// Why a request to another server has failed.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The address names no host, or its host has no name for TLS.
    #[error("the address names no host")]
    NoHost,
    /// TLS cannot be had.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The connection could not be made, or broke.
    #[error("{0}")]
    Connection(#[from] io::Error),
    /// The answer is none of HTTP.
    #[error("{0}")]
    Http(#[from] hyper::Error),
    /// The answer is longer than any should be.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    /// The request could not be made.
    #[error("{0}")]
    Request(#[from] http::Error),
    /// The body broke off.
    #[error("the answer broke off: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
}

/// Why authorities cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The text is no PEM, or has a damaged section.
    #[error("it is no PEM: {0}")]
    Pem(#[from] rustls_pki_types::pem::Error),
    /// A section is no certificate of an authority.
    #[error("it has a certificate that cannot be used: {0}")]
    Certificate(#[from] rustls::Error),
    /// The text has no certificate at all.
    #[error("it has no certificate")]
    None,
}

/// Asks other servers; cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    /// The system's authorities are read when they are first needed, if no others are given: they take some hundred kilobytes.
    tls: Arc<OnceLock<TlsConnector>>,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbound")
    }
}

impl Outbound {
    /// Makes one that trusts the system's authorities.
    ///
    /// # Errors
    /// When TLS cannot be had.
    pub fn new() -> Result<Self, rustls::Error> {
        versions()?;
        Ok(Self { tls: Arc::default() })
    }

    /// Makes one that trusts these authorities and none of the system's: certificates in PEM. A server's own certificate is trusted where it signs itself.
    ///
    /// # Errors
    /// When the text has no certificates, or one that cannot be used.
    pub fn with_authorities(pem: &[u8]) -> Result<Self, AuthorityError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate?)?;
        }
        if roots.is_empty() {
            return Err(AuthorityError::None);
        }
        Ok(Self::of(versions()?.with_root_certificates(roots).with_no_client_auth()))
    }

    /// Makes one that believes every certificate. Whoever is on the way can read and change what is said: it is for networks that are trusted.
    ///
    /// # Errors
    /// When TLS cannot be had.
    pub fn without_verification() -> Result<Self, rustls::Error> {
        let verifier = Arc::new(AnyCertificate::default());
        Ok(Self::of(versions()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
    }

    fn of(config: ClientConfig) -> Self {
        Self { tls: Arc::new(TlsConnector::from(Arc::new(config)).into()) }
    }

    fn tls(&self) -> Result<&TlsConnector, rustls::Error> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls);
        }
        let config = versions()?.with_root_certificates(system_authorities()).with_no_client_auth();
        Ok(self.tls.get_or_init(|| TlsConnector::from(Arc::new(config))))
    }

    /// Makes a connection to a host for many requests, over TLS where the address says so. It is open for as long as the sender is kept, or
    /// what an answer has upgraded it to.
    ///
    /// # Errors
    /// When TLS or HTTP cannot begin.
    pub async fn open<B>(
        &self,
        stream: TcpStream,
        address: &http::Uri,
    ) -> Result<http1::SendRequest<B>, ExchangeError>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        if address.scheme_str() != Some("https") {
            return keep(stream).await;
        }
        let host = address.host().ok_or(ExchangeError::NoHost)?.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| ExchangeError::NoHost)?;
        keep(self.tls()?.connect(name, stream).await?).await
    }

    /// Sends a request, whose address is a whole one, on a connection that the caller has made to its host, and reads the answer, of at most
    /// `longest` bytes.
    ///
    /// # Errors
    /// When there is no whole answer, or a longer one.
    pub async fn send(
        &self,
        stream: TcpStream,
        request: Request<Vec<u8>>,
        longest: usize,
    ) -> Result<Response<Vec<u8>>, ExchangeError> {
        if request.uri().scheme_str() != Some("https") {
            return exchange(stream, request, longest).await;
        }
        let host = request.uri().host().ok_or(ExchangeError::NoHost)?.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| ExchangeError::NoHost)?;
        exchange(self.tls()?.connect(name, stream).await?, request, longest).await
    }
}

fn versions() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
}

async fn keep<B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<http1::SendRequest<B>, ExchangeError>
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let (sender, connection) =
        http1::Builder::new().max_buf_size(LONGEST_HEAD).handshake(TokioIo::new(stream)).await?;
    // It ends when the sender is dropped, or the other side hangs up.
    tokio::spawn(connection.with_upgrades());
    Ok(sender)
}

/// Reads the certificates of the authorities that this system trusts. There may be none.
#[must_use]
pub fn system_authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // A system has some that cannot be read, and many that can. Without any, nobody is believed by https.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Sends a request on a connection and reads the answer, of at most `longest` bytes.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Vec<u8>>,
    longest: usize,
) -> Result<Response<Vec<u8>>, ExchangeError> {
    exchange_with(stream, request, async |response| {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, longest).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                ExchangeError::TooLong(longest)
            } else {
                ExchangeError::Body(error)
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
    })
    .await
}

/// Sends a request, whose address is a whole one, on a connection of any stream, and has the answer read by `read` for as far as that wants
/// it. The connection is over with it.
///
/// # Errors
/// When the request cannot be sent, no head of an answer comes, or `read` fails.
pub async fn exchange_with<T>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Vec<u8>>,
    read: impl AsyncFnOnce(Response<Incoming>) -> Result<T, ExchangeError>,
) -> Result<T, ExchangeError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().ok_or(ExchangeError::NoHost)?.as_str();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    parts.headers.insert(HOST, HeaderValue::try_from(authority).map_err(http::Error::from)?);
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = path.parse().map_err(http::Error::from)?;
    let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
    let answer = async { read(sender.send_request(request).await?).await };
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
