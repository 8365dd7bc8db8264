//! Endpoints over TLS.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use scrape::{ScrapeError, TargetSpec};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::{
    failure,
    stub::{Reply, Stub, redirect, text},
    target_of, value_of,
};

/// Starts an endpoint whose certificate nobody knows, and returns it with the certificate in PEM.
async fn start(names: &[&str]) -> (Stub, String) {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("a certificate")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate");
    (Stub::with_tls([Reply::Send(text("a 1\n")), Reply::Send(text("a 2\n"))], Some(config)).await, cert.pem())
}

#[tokio::test]
async fn a_strangers_certificate_is_refused_unless_it_is_trusted() {
    let (stub, pem) = start(&["127.0.0.1"]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let mut spec = TargetSpec::new(format!("https://127.0.0.1:{}/metrics", stub.port));
    let (error, said) = failure(&mut target_of(spec.clone())).await;
    assert!(matches!(error, ScrapeError::Tls { .. }), "{error:?}");
    assert!(said.contains("certificate"), "{said}");

    spec.ca_file = Some(file.path().to_owned());
    assert_eq!(value_of(&target_of(spec.clone()).scrape().await.unwrap(), "a", ""), Some(1.0));

    spec.ca_file = None;
    spec.verify = false;
    assert_eq!(value_of(&target_of(spec).scrape().await.unwrap(), "a", ""), Some(2.0));
}

#[tokio::test]
async fn a_trusted_certificate_of_another_host_is_refused() {
    let (stub, pem) = start(&["db1.example.org"]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let mut spec = TargetSpec::new(format!("https://127.0.0.1:{}/metrics", stub.port));
    spec.ca_file = Some(file.path().to_owned());
    let (error, _) = failure(&mut target_of(spec)).await;
    assert!(matches!(error, ScrapeError::Tls { .. }), "{error:?}");
}

#[tokio::test]
async fn a_redirect_may_lead_to_tls_of_the_same_host_and_not_back() {
    let (secure, _) = start(&["127.0.0.1"]).await;
    let plain =
        Stub::start([Reply::Send(redirect(&format!("https://127.0.0.1:{}/metrics", secure.port)))]).await;
    let mut spec = TargetSpec::new(plain.url());
    spec.verify = false;
    assert_eq!(value_of(&target_of(spec).scrape().await.unwrap(), "a", ""), Some(1.0));
}

#[tokio::test]
async fn plain_http_asked_for_tls_is_told() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    });
    let (error, _) =
        failure(&mut target_of(TargetSpec::new(format!("https://127.0.0.1:{port}/metrics")))).await;
    assert!(matches!(error, ScrapeError::Tls { .. }), "{error:?}");
}
