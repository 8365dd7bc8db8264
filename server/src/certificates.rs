//! The certificate that TLS shows, and reading it anew while the server runs.

use std::{
    fmt, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use parking_lot::RwLock;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::rustls::{
    crypto::ring,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::tasks::Task;

/// The files are looked at this often.
const LOOK: Duration = Duration::from_secs(2);

/// A certificate and its key, of two files.
#[derive(Clone)]
pub(crate) struct Certificates(Arc<Inner>);

struct Inner {
    cert: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

/// A certificate, and the state of the files that it was read from.
struct Current {
    certified: Arc<CertifiedKey>,
    files: Stamps,
}

/// The state of both files: who renews a certificate writes them anew, or turns a link to others.
type Stamps = [Option<(u64, i64, i64, u64)>; 2];

impl Certificates {
    /// Reads both files.
    ///
    /// # Errors
    /// When a file cannot be read, does not hold what it should, or the key is not the certificate's.
    pub(crate) fn open(cert: PathBuf, key: PathBuf) -> anyhow::Result<Self> {
        let current = RwLock::new(read(&cert, &key)?);
        Ok(Self(Arc::new(Inner { cert, key, current })))
    }

    /// Reads both files again, for the connections that come from now on.
    ///
    /// # Errors
    /// As for [`Certificates::open`]; then what was read before stays.
    pub(crate) fn reload(&self) -> anyhow::Result<()> {
        let Inner { cert, key, current } = &*self.0;
        let files = stamps(cert, key);
        match read(cert, key) {
            Ok(read) => *current.write() = read,
            Err(error) => {
                // It is not read again until it has changed once more.
                current.write().files = files;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Reads both files again if one of them is another than what was read last, and says so in the log.
    fn reload_changed(&self) {
        let Inner { cert, key, current } = &*self.0;
        if current.read().files == stamps(cert, key) {
            return;
        }
        match self.reload() {
            Ok(()) => tracing::info!("the certificate has changed and was read anew"),
            Err(error) => tracing::error!("the certificate has changed, and stays as it was: {error:#}"),
        }
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("cert", &self.0.cert).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.current.read().certified))
    }
}

/// The task that looks whether the files have changed.
pub(crate) fn watch(certificates: &Certificates) -> Task {
    let certificates = certificates.clone();
    Task::new("certificates", move || watch_files(certificates.clone()))
}

async fn watch_files(certificates: Certificates) {
    let mut due = tokio::time::interval(LOOK);
    let mut before = stamps(&certificates.0.cert, &certificates.0.key);
    loop {
        due.tick().await;
        let looked = certificates.clone();
        let now = tokio::task::spawn_blocking(move || stamps(&looked.0.cert, &looked.0.key))
            .await
            .unwrap_or_default();
        // Both files change one after the other: they are read once they rest.
        if now == before {
            let looked = certificates.clone();
            let _ = tokio::task::spawn_blocking(move || looked.reload_changed()).await;
        }
        before = now;
    }
}

fn stamps(cert: &Path, key: &Path) -> Stamps {
    [cert, key].map(|file| {
        let metadata = fs::metadata(file).ok()?;
        Some((metadata.ino(), metadata.mtime(), metadata.mtime_nsec(), metadata.len()))
    })
}

fn read(cert: &Path, key: &Path) -> anyhow::Result<Current> {
    // Before they are read: what is written meanwhile is another state.
    let files = stamps(cert, key);
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read certificates from {}", cert.display()))?;
    if chain.is_empty() {
        bail!("{} holds no certificate: it must be PEM, the server's own first", cert.display());
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("cannot read a private key from {}", key.display()))?;
    let certified = CertifiedKey::from_der(chain, secret, &ring::default_provider())
        .with_context(|| format!("{} is not the key of {}", key.display(), cert.display()))?;
    Ok(Current { certified: Arc::new(certified), files })
}
