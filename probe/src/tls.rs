//! TLS whose certificate is noted before it is judged.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
        client::{
            Resumption, WebPkiServerVerifier,
            danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        },
        crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    },
};
use url::Host;
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{
    ProbeFault,
    fault::{excerpt, excerpts},
};

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// Begins TLS; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct TlsStarter {
    provider: Arc<CryptoProvider>,
    /// `None` when no authority at all is trusted.
    verifier: Option<Arc<WebPkiServerVerifier>>,
}

/// The end of a certificate, as it was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SeenCertificate {
    /// Whole days until its end, rounded down.
    pub(crate) days_left: Option<i64>,
    /// The moment of its end, in seconds since 1970.
    pub(crate) ends: Option<i64>,
    /// It names itself as its authority.
    pub(crate) is_self_issued: bool,
}

impl TlsStarter {
    pub(crate) fn new(authorities: RootCertStore) -> Self {
        let provider = Arc::new(ring::default_provider());
        // The only error is that of a store without an authority.
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(authorities), Arc::clone(&provider))
                .build()
                .ok();
        Self { provider, verifier }
    }

    /// Begins TLS on a connection. The certificate is told with a fault, too.
    pub(crate) async fn start(
        &self,
        stream: TcpStream,
        host: &Host,
        verify: bool,
    ) -> (Result<TlsStream<TcpStream>, ProbeFault>, SeenCertificate) {
        let recorder = Arc::new(CertificateRecorder {
            provider: Arc::clone(&self.provider),
            verifier: self.verifier.clone(),
            verify,
            seen: Mutex::default(),
        });
        let result = self.handshake(stream, host, &recorder).await;
        let seen = *recorder.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let result = result.map_err(|fault| match fault {
            // A certificate of its own that is marked as an authority's, as `openssl req -x509` makes it, is refused for that mark.
            ProbeFault::CertificateRefused(_) if seen.is_self_issued => {
                ProbeFault::CertificateUnknownAuthority
            }
            fault => fault,
        });
        (result, seen)
    }

    async fn handshake(
        &self,
        stream: TcpStream,
        host: &Host,
        recorder: &Arc<CertificateRecorder>,
    ) -> Result<TlsStream<TcpStream>, ProbeFault> {
        let name = server_name(host)?;
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| ProbeFault::Internal(excerpt(&error.to_string())))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(recorder) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        // A resumed session shows no certificate.
        config.resumption = Resumption::disabled();
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .map_err(|error| tls_fault(&error, host))
    }
}

fn server_name(host: &Host) -> Result<ServerName<'static>, ProbeFault> {
    match host {
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Domain(name) => ServerName::try_from(name.clone()).map_err(|_| {
            ProbeFault::TlsFailed("the host has a name that certificates cannot have".to_owned())
        }),
    }
}

/// Translates the fault of a handshake.
fn tls_fault(error: &io::Error, host: &Host) -> ProbeFault {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return ProbeFault::of_socket(error);
    };
    let Error::InvalidCertificate(reason) = tls else {
        return ProbeFault::TlsFailed(excerpt(&tls.to_string()));
    };
    let seconds = |time: &UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match reason {
        CertificateError::ExpiredContext { not_after, .. } => {
            ProbeFault::CertificateExpired(seconds(not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            ProbeFault::CertificateNotYetValid(seconds(not_before))
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            ProbeFault::CertificateWrongName { expected: host.to_string(), presented: excerpts(presented) }
        }
        CertificateError::NotValidForName => {
            ProbeFault::CertificateWrongName { expected: host.to_string(), presented: Vec::new() }
        }
        CertificateError::UnknownIssuer => ProbeFault::CertificateUnknownAuthority,
        other => ProbeFault::CertificateRefused(excerpt(&other.to_string())),
    }
}

/// Notes the certificate of a server, and then asks the usual verifier.
#[derive(Debug)]
struct CertificateRecorder {
    provider: Arc<CryptoProvider>,
    verifier: Option<Arc<WebPkiServerVerifier>>,
    verify: bool,
    seen: Mutex<SeenCertificate>,
}

impl ServerCertVerifier for CertificateRecorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen(end_entity, now).unwrap_or_default();
        if !self.verify {
            return Ok(ServerCertVerified::assertion());
        }
        let Some(verifier) = &self.verifier else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Reads the end of a certificate, and counts whole days to it, rounded down (RFC 5280, 4.1.2.5).
fn seen(certificate: &CertificateDer<'_>, now: UnixTime) -> Option<SeenCertificate> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let ends = certificate.validity().not_after.timestamp();
    let now = i64::try_from(now.as_secs()).ok()?;
    Some(SeenCertificate {
        days_left: Some((ends - now).div_euclid(SECONDS_OF_A_DAY)),
        ends: Some(ends),
        is_self_issued: certificate.issuer() == certificate.subject(),
    })
}
