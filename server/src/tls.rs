//! TLS: a certificate of the owner's, or one made here for trying it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring},
};

use transports::gate::HostName;

use crate::{certificates::Certificates, config::Tls, private_file};

/// The result of setting up TLS.
pub(crate) struct TlsSetup {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) certificates: Certificates,
}

/// Sets up TLS; returns `None` if the settings ask for none.
///
/// # Errors
/// When a file cannot be read, does not hold what it should, or the key is not the certificate's.
pub(crate) fn acceptor(tls: &Tls, data_dir: &Path, hosts: &[HostName]) -> anyhow::Result<Option<TlsSetup>> {
    let (cert, key) = match (&tls.cert, &tls.key, tls.self_signed) {
        (None, None, false) => return Ok(None),
        (Some(cert), Some(key), false) => (cert.clone(), key.clone()),
        (None, None, true) => self_signed(data_dir, hosts)?,
        (_, _, true) => bail!("tls: give either a certificate and its key, or self_signed, not both"),
        _ => bail!("tls: a certificate and its key go together: give both --tls-cert and --tls-key"),
    };
    let certificates = Certificates::open(cert, key)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("no version of TLS is to be had")?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(certificates.clone()));
    // HTTP/2 first: over it, twenty tabs share one connection (RFC 7301).
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsSetup { acceptor: TlsAcceptor::from(Arc::new(config)), certificates }))
}

/// The file of the certificate that these settings show; none without TLS.
pub(crate) fn certificate_file(tls: &Tls, data_dir: &Path) -> Option<PathBuf> {
    if tls.self_signed { Some(self_signed_files(data_dir).0) } else { tls.cert.clone() }
}

/// As certificates have it: an IPv6 address without brackets.
fn bare(host: &HostName) -> String {
    host.as_str().trim_matches(['[', ']']).to_owned()
}

/// The folder of a certificate that was made here.
const SELF_SIGNED: &str = "tls";

fn self_signed_files(data_dir: &Path) -> (PathBuf, PathBuf) {
    let folder = data_dir.join(SELF_SIGNED);
    (folder.join("self-signed.pem"), folder.join("self-signed.key"))
}

/// Kept from one start to the next, so that a browser need be told only once.
fn self_signed(data_dir: &Path, hosts: &[HostName]) -> anyhow::Result<(PathBuf, PathBuf)> {
    let (cert, key) = self_signed_files(data_dir);
    if cert.exists() && key.exists() {
        return Ok((cert, key));
    }
    let names = ["localhost", "127.0.0.1", "::1"].map(ToOwned::to_owned);
    let names: Vec<String> = names.into_iter().chain(hosts.iter().map(bare)).collect();
    let made = rcgen::generate_simple_self_signed(names).context("cannot make a certificate")?;
    let folder = data_dir.join(SELF_SIGNED);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    private_file::write(&key, &made.signing_key.serialize_pem())?;
    private_file::write(&cert, &made.cert.pem())?;
    Ok((cert, key))
}
