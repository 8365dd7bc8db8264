//! TLS, with certificates of an own authority: good ones, and those that a browser refuses.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use probe::{HttpProbe, ProbeFault, ProbeKind, ProbeOutcome, Prober};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};
use tokio::io::AsyncWriteExt;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, version::TLS12},
};

use crate::support::{LONG, SHORT, Server, answer, code, read_head, run_with};

/// An authority, and a prober that trusts it.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        // Two authorities of one name would be told by their signatures only.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("Authority {}", COUNT.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("signed");
        Self { issuer }
    }

    pub(crate) fn prober(&self) -> Prober {
        Prober::with_authorities(self.issuer.pem().as_bytes()).expect("an authority")
    }

    pub(crate) fn sign(&self, params: &CertificateParams, key: &KeyPair) -> rcgen::Certificate {
        params.signed_by(key, &self.issuer).expect("signed")
    }
}

/// Parameters for `localhost` and 127.0.0.1, valid for some days from now.
pub(crate) fn valid_for(days: i64) -> CertificateParams {
    let mut params = CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).expect("names");
    // Half a day more, so that it stays `days` when rounded down.
    params.not_after = OffsetDateTime::now_utc() + Duration::days(days) + Duration::hours(12);
    params
}

async fn serve(certificate: CertificateDer<'static>, key: &KeyPair, is_tls12: bool) -> Server {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = if is_tls12 {
        builder.with_protocol_versions(&[&TLS12])
    } else {
        builder.with_safe_default_protocol_versions()
    };
    let config = builder
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Server::start(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let path = read_head(&mut stream).await;
            let answer = match path.split_once("/to/") {
                Some((_, rest)) => {
                    let to = rest.split(' ').next().expect("a path");
                    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
                }
                None => answer("200 OK", "ready"),
            };
            stream.write_all(answer.as_bytes()).await.ok();
            stream.shutdown().await.ok();
        }
    })
    .await
}

async fn serve_signed(authority: &Authority, params: &CertificateParams) -> Server {
    let key = KeyPair::generate().expect("a key");
    serve(authority.sign(params, &key).der().clone(), &key, false).await
}

fn https(server: &Server) -> HttpProbe {
    HttpProbe { keyword: Some("ready".into()), ..HttpProbe::of(format!("https://{}/", server.address)) }
}

async fn run(prober: &Prober, http: HttpProbe) -> ProbeOutcome {
    run_with(prober, ProbeKind::Http(http), LONG, 0).await
}

#[tokio::test]
async fn a_good_certificate_is_up_and_its_days_are_told() {
    let authority = Authority::new();
    let prober = authority.prober();
    let key = KeyPair::generate().expect("a key");
    for is_tls12 in [false, true] {
        let server = serve(authority.sign(&valid_for(30), &key).der().clone(), &key, is_tls12).await;
        let by_name =
            HttpProbe { url: format!("https://localhost:{}/", server.address.port()), ..https(&server) };
        for http in [https(&server), by_name] {
            let outcome = run(&prober, http).await;
            assert_eq!((code(&outcome), outcome.certificate_days_left), ("up", Some(30)));
            assert!(outcome.timings.tls_ms.is_some());
        }
    }
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_down() {
    let authority = Authority::new();
    let server = serve_signed(&authority, &valid_for(10)).await;
    for (fewest, result) in [(0, "up"), (10, "up"), (11, "certificate_ends_soon")] {
        let outcome = run(&authority.prober(), HttpProbe { days_left: Some(fewest), ..https(&server) }).await;
        assert_eq!((code(&outcome), outcome.certificate_days_left), (result, Some(10)), "{fewest}");
    }
}

#[tokio::test]
async fn an_expired_certificate_is_down_and_says_since_when() {
    let authority = Authority::new();
    let mut params = valid_for(1);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2021, 3, 1);
    let server = serve_signed(&authority, &params).await;
    let outcome = run(&authority.prober(), https(&server)).await;
    assert_eq!(outcome.why.expect("a fault").to_string(), "The certificate has expired on 2021-03-01.");
    assert!(outcome.certificate_days_left.is_some_and(|days| days < -1000));
    // Not verified, it is up, unless its days are asked for.
    let http = HttpProbe { verify: false, ..https(&server) };
    assert_eq!(code(&run(&authority.prober(), http.clone()).await), "up");
    let http = HttpProbe { days_left: Some(0), ..http };
    let outcome = run(&authority.prober(), http).await;
    assert_eq!(code(&outcome), "certificate_expired", "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_of_the_future_is_down() {
    let authority = Authority::new();
    let mut params = valid_for(3000);
    params.not_before = OffsetDateTime::now_utc() + Duration::days(2);
    let server = serve_signed(&authority, &params).await;
    let outcome = run(&authority.prober(), https(&server)).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("certificate_not_yet_valid", Some(3000)));
}

#[tokio::test]
async fn a_certificate_of_another_name_is_down_and_says_of_which() {
    let authority = Authority::new();
    let mut params = CertificateParams::new(vec!["other.example".into()]).expect("a name");
    params.not_after = valid_for(20).not_after;
    let server = serve_signed(&authority, &params).await;
    let outcome = run(&authority.prober(), https(&server)).await;
    assert_eq!(outcome.certificate_days_left, Some(20));
    let Some(ProbeFault::CertificateWrongName { expected, presented }) = outcome.why else {
        panic!("{outcome:?}");
    };
    assert_eq!(expected.parse::<IpAddr>().expect("an address"), server.address.ip());
    assert!(presented.len() == 1 && presented[0].contains("other.example"), "{presented:?}");
    assert_eq!(code(&run(&authority.prober(), HttpProbe { verify: false, ..https(&server) }).await), "up");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_down() {
    let key = KeyPair::generate().expect("a key");
    let itself = valid_for(40).self_signed(&key).expect("signed");
    let server = serve(itself.der().clone(), &key, false).await;
    let outcome = run(&Prober::new(), https(&server)).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("certificate_unknown_authority", Some(40)));
    // An authority that the prober was not given is nobody, too.
    let server = serve_signed(&Authority::new(), &valid_for(40)).await;
    let outcome = run(&Authority::new().prober(), https(&server)).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("certificate_unknown_authority", Some(40)));
    // `openssl req -x509` marks a certificate of its own as that of an authority.
    let mut params = valid_for(40);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let itself = params.self_signed(&key).expect("signed");
    let own = serve(itself.der().clone(), &key, false).await;
    for prober in [Prober::new(), Authority::new().prober()] {
        let outcome = run(&prober, https(&own)).await;
        assert_eq!(
            (code(&outcome), outcome.certificate_days_left),
            ("certificate_unknown_authority", Some(40)),
            "{outcome:?}"
        );
    }
    let outcome = run(&Prober::new(), HttpProbe { verify: false, ..https(&server) }).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("up", Some(40)));
}

#[tokio::test]
async fn redirects_keep_to_tls() {
    let authority = Authority::new();
    let (long, short) =
        (serve_signed(&authority, &valid_for(90)).await, serve_signed(&authority, &valid_for(5)).await);
    let plain = Server::answering(answer("200 OK", "ready")).await;
    let to = |from: &Server, url: String| HttpProbe {
        url: format!("https://{}/to/{url}", from.address),
        ..https(from)
    };
    let outcome = run(&authority.prober(), to(&long, plain.url("/"))).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("insecure_redirect", Some(90)));
    // The certificate that ends first counts.
    for (from, there) in [(&long, &short), (&short, &long)] {
        let outcome = run(&authority.prober(), to(from, format!("https://{}/", there.address))).await;
        assert_eq!((code(&outcome), outcome.certificate_days_left), ("up", Some(5)));
    }
    let plain =
        Server::answering(format!("HTTP/1.1 301 Moved\r\nlocation: https://{}/\r\n\r\n", short.address))
            .await;
    let http = HttpProbe { days_left: Some(6), ..HttpProbe::of(plain.url("/")) };
    assert_eq!(code(&run(&authority.prober(), http).await), "certificate_ends_soon");
}

#[tokio::test]
async fn a_server_without_tls_is_told() {
    let server = Server::answering("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    // The greeting of TLS has no end of a head, so that this one answers at once.
    let at_once = Server::start(|mut stream, _| async move {
        stream.write_all(b"220 mail.example ESMTP\r\n").await.ok();
        read_bytes(&mut stream).await;
    })
    .await;
    let outcome = run(&Prober::new(), https(&at_once)).await;
    assert_eq!(code(&outcome), "tls_failed", "{outcome:?}");
    let outcome = run_with(&Prober::new(), ProbeKind::Http(https(&server)), SHORT, 0).await;
    assert_eq!(outcome.why.expect("a fault").to_string(), "TLS did not begin in time.");
    let closes = Server::start(|stream, _| async move { drop(stream) }).await;
    let outcome = run(&Prober::new(), https(&closes)).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("connection_closed", None));
}

async fn read_bytes(stream: &mut tokio::net::TcpStream) {
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(stream, &mut bytes).await.ok();
}

#[test]
fn authorities_that_cannot_be_read_are_refused() {
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Prober::with_authorities(pem.as_bytes()).is_err(), "{pem}");
    }
}
