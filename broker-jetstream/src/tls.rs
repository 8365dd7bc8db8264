//! TLS to NATS: its files are looked at before they are used, and what fails is told in a line.

use std::{error::Error, io, path::Path};

use async_nats::{
    ConnectError, ServerAddr,
    rustls::{
        AlertDescription, CertificateError, Error as TlsError,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};
use broker::BrokerError;

use crate::settings::TlsFiles;

/// True if no connection may be made without TLS. A cluster tells addresses of its other servers, and tells them before TLS begins:
/// where one address asks for TLS, no other may do without it, and neither may who has a certificate to check or to show.
pub(crate) fn is_required(files: &TlsFiles, servers: &[ServerAddr]) -> bool {
    files.required
        || files.ca.is_some()
        || files.client.is_some()
        || servers.iter().any(ServerAddr::tls_required)
}

/// Reads the files, so that one that is of no use is named. The library reads them again for each connection, and so takes new ones.
pub(crate) fn check(files: &TlsFiles) -> Result<(), BrokerError> {
    if let Some(ca) = &files.ca {
        certificates(ca)?;
    }
    if let Some((certificate, key)) = &files.client {
        certificates(certificate)?;
        PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, "private key", &error))?;
    }
    Ok(())
}

fn certificates(path: &Path) -> Result<(), BrokerError> {
    let what = "certificate";
    let found = CertificateDer::pem_file_iter(path).map_err(|error| unusable(path, what, &error))?;
    let read = found.collect::<Result<Vec<_>, _>>().map_err(|error| unusable(path, what, &error))?;
    if read.is_empty() {
        return Err(BrokerError::Unusable(format!("the file {} has no {what} in PEM", path.display())));
    }
    Ok(())
}

fn unusable(path: &Path, what: &str, error: &impl std::fmt::Display) -> BrokerError {
    BrokerError::Unusable(format!("the file {} cannot be used as a {what}: {error}", path.display()))
}

/// Says what an operator can do where TLS failed; none where it was something else.
pub(crate) fn explain(error: &ConnectError) -> Option<String> {
    Some(match tls_error(error)? {
        // A bad signature is that of an authority which has the name of a known one and another key.
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "its certificate is signed by an authority that this node does not know: name the authority's file as `ca`".to_owned()
        }
        TlsError::InvalidCertificate(
            why @ (CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }),
        ) => {
            format!("its certificate is not for the name in its address: {why}")
        }
        TlsError::InvalidCertificate(why) => format!("its certificate is refused: {why}"),
        TlsError::AlertReceived(AlertDescription::CertificateRequired) => {
            "it asks for a certificate of this node: set `cert` and `key`".to_owned()
        }
        TlsError::AlertReceived(alert) => {
            format!("it refuses TLS with this node, and says {alert:?}: check `cert` and `key`")
        }
        TlsError::InvalidMessage(_) => {
            "it does not speak TLS: give it a `tls` block, or its address without `tls://`".to_owned()
        }
        other => format!("TLS fails: {other}"),
    })
}

/// The error of TLS behind an error of the library, which takes it for one of the socket.
fn tls_error(error: &ConnectError) -> Option<&TlsError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(tls) = inner.downcast_ref()
        {
            return Some(tls);
        }
        cause = error.source();
    }
    None
}
