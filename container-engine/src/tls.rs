//! TLS to an engine, by the files that its owner has made.

use std::{fmt, path::Path, sync::Arc};

use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring},
};

use crate::{address::TlsFiles, error::EngineError};

/// Makes TLS connections to one engine.
#[derive(Clone)]
pub(crate) struct EngineTls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl fmt::Debug for EngineTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineTls").field("name", &self.name).finish_non_exhaustive()
    }
}

impl EngineTls {
    /// Reads the files.
    pub(crate) fn read(host: &str, files: &TlsFiles) -> Result<Self, EngineError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(&files.authority)? {
            roots.add(certificate).map_err(|error| unusable(&files.authority, &error))?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| EngineError::Tls(error.to_string()))?
            .with_root_certificates(roots);
        let config = match &files.client {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let parsed = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
                builder
                    .with_client_auth_cert(certificates(certificate)?, parsed)
                    .map_err(|error| unusable(certificate, &error))?
            }
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| EngineError::Tls(format!("{host} is no name that a certificate can have")))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    pub(crate) async fn connect(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, EngineError> {
        let connected = self.connector.connect(self.name.clone(), stream).await;
        connected.map_err(|error| EngineError::Tls(error.to_string()))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, EngineError> {
    let read = CertificateDer::pem_file_iter(path).map_err(|error| unusable(path, &error))?;
    let read: Vec<_> = read.collect::<Result<_, _>>().map_err(|error| unusable(path, &error))?;
    if read.is_empty() { Err(unusable(path, &"it has no certificate in PEM")) } else { Ok(read) }
}

fn unusable(path: &Path, why: &dyn fmt::Display) -> EngineError {
    EngineError::Tls(format!("the file {}: {why}", path.display()))
}
