//! TLS to the server, by rustls.

use std::{path::Path, sync::Arc};

use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use store::StoreError;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
};

use crate::address::{Address, Verification};

/// Builds what makes TLS connections as an address asks for them.
pub(crate) fn connector(address: &Address) -> Result<MakeRustlsConnect, StoreError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&format!("TLS cannot be set up: {error}")))?;
    let config = match address.verification {
        Verification::Full => {
            builder.with_root_certificates(authorities(address.authorities.as_deref())?).with_no_client_auth()
        }
        loose => {
            let by_authority = match loose {
                Verification::Authority => Some(authorities(address.authorities.as_deref())?),
                _ => None,
            };
            let inner = by_authority.map(|roots| {
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()
            });
            let inner = inner.transpose().map_err(|error| bad(&format!("TLS cannot be set up: {error}")))?;
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(LooseVerifier { inner, provider }))
                .with_no_client_auth()
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Reads the authorities of a file, or the system's.
fn authorities(file: Option<&Path>) -> Result<RootCertStore, StoreError> {
    let mut roots = RootCertStore::empty();
    let Some(path) = file else {
        // A system has some that cannot be read, and many that can.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(bad("this system has no certificate authorities: name a file as sslrootcert"));
        }
        return Ok(roots);
    };
    let unusable = |error: &dyn std::fmt::Display| bad(&format!("the file {}: {error}", path.display()));
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() { Err(unusable(&"it has no certificate in PEM")) } else { Ok(roots) }
}

/// A check that the address asked to be less than full: of the authority alone, or none.
#[derive(Debug)]
struct LooseVerifier {
    /// The check of the authority; none where nothing is checked.
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for LooseVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        match inner.verify_server_cert(certificate, others, name, ocsp, now) {
            // The name is checked last, once everything else holds.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn bad(text: &str) -> StoreError {
    StoreError::BadSettings(text.to_owned())
}
