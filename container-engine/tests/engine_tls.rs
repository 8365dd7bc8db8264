//! An engine behind TLS: it is asked only where its certificate is of the authority, and it may ask for the client's.

#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by it")]

use std::{fs, path::PathBuf, sync::Arc};

use container_engine::{Engine, EngineAddress, EngineError, TlsFiles};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
};

struct Authority {
    folder: TempDir,
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), certificate.pem()).unwrap();
        Self { folder, certificate, issuer: Issuer::new(params, key) }
    }

    /// Signs a certificate for this host.
    fn sign(&self) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The files of a client.
    fn client(&self) -> TlsFiles {
        let (certificate, key) = self.sign();
        fs::write(self.path("cert.pem"), certificate.pem()).unwrap();
        fs::write(self.path("key.pem"), key.serialize_pem()).unwrap();
        let client = Some((self.path("cert.pem"), self.path("key.pem")));
        TlsFiles { authority: self.path("ca.pem"), client }
    }

    /// Serves an engine's version to clients of this authority.
    async fn serve(&self) -> u16 {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
        let (certificate, key) = self.sign();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let _ = stream.read(&mut [0; 4096]).await;
                let body = r#"{"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.24"}"#;
                let head =
                    format!("HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        port
    }
}

fn engine(port: u16, files: TlsFiles) -> Result<Engine, EngineError> {
    let address: EngineAddress = format!("tcp://127.0.0.1:{port}").parse().unwrap();
    Engine::new(address.with_tls(files))
}

#[tokio::test]
async fn an_engine_behind_tls_is_asked_when_both_recognise_each_other() {
    let authority = Authority::new();
    let port = authority.serve().await;
    let version = engine(port, authority.client()).unwrap().negotiate().await.unwrap();
    assert_eq!((version.version.as_str(), version.api.to_string()), ("28.5.2", "1.44".to_owned()));
}

#[tokio::test]
async fn strangers_are_not_asked_and_files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let port = authority.serve().await;
    let stranger = Authority::new();
    let files = TlsFiles { authority: stranger.path("ca.pem"), ..authority.client() };
    assert_eq!(engine(port, files).unwrap().negotiate().await.unwrap_err().code(), "tls");
    let nobody = TlsFiles { client: None, ..authority.client() };
    assert!(engine(port, nobody).unwrap().negotiate().await.is_err());
    let missing = TlsFiles { authority: authority.path("none.pem"), client: None };
    let error = engine(port, missing).unwrap_err();
    assert!(error.to_string().contains("none.pem"), "{error}");
    fs::write(authority.path("empty.pem"), "").unwrap();
    let empty = TlsFiles { authority: authority.path("empty.pem"), client: None };
    assert!(engine(port, empty).unwrap_err().to_string().contains("no certificate"));
}
