//! `pulseboard health`: asks the server of these settings whether it lives, as containers and service managers do. It is one request for
//! `/healthz` over loopback or the unix socket.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    },
};
use transports::gate::TrustedProxies;

use crate::{config::Config, listen::ListenAddress, tls};

/// An answer takes at most this long, or the server is not well.
const PATIENCE: Duration = Duration::from_secs(3);

/// The longest head that is read.
const HEAD: u64 = 8 << 10;

/// The line of a proxy that speaks for itself (the PROXY protocol, version 1).
const OWN_WORD: &str = "PROXY UNKNOWN\r\n";

/// Asks the server of these settings.
///
/// # Errors
/// When it does not answer in time, or with anything but 200.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    timeout(PATIENCE, ask(config)).await.map_err(|_| anyhow::anyhow!("no answer within {PATIENCE:?}"))?
}

async fn ask(config: &Config) -> anyhow::Result<()> {
    let address = config.listen.iter().next().context("the settings name no address")?;
    let context = || format!("{address} does not answer");
    match address {
        ListenAddress::Unix(path) => {
            let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            ask_over(UnixStream::connect(path).await.with_context(context)?, config, local).await
        }
        ListenAddress::Tcp(listen) => {
            let own = reachable(*listen);
            let mut stream = TcpStream::connect(own).await.with_context(context)?;
            let Some(certificate) = tls::certificate_file(&config.tls, &config.data_dir) else {
                return ask_over(stream, config, own).await;
            };
            introduce(&mut stream, config, own).await?;
            let connector = TlsConnector::from(Arc::new(only(certificate)?));
            let stream = connector.connect(ServerName::from(own.ip()), stream).await.with_context(context)?;
            request(stream).await
        }
    }
}

/// Whoever listens on all addresses is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask_over(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    config: &Config,
    own: SocketAddr,
) -> anyhow::Result<()> {
    introduce(&mut stream, config, own).await?;
    request(stream).await
}

/// Speaks the PROXY protocol where the server waits for it from this address.
async fn introduce(
    stream: &mut (impl AsyncWrite + Unpin),
    config: &Config,
    own: SocketAddr,
) -> anyhow::Result<()> {
    let proxies = TrustedProxies::new(config.trusted_proxies.iter().copied(), config.proxy_protocol);
    if config.proxy_protocol && proxies.trust(own.ip()) {
        stream.write_all(OWN_WORD.as_bytes()).await?;
    }
    Ok(())
}

async fn request(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> anyhow::Result<()> {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut head = Vec::new();
    stream.take(HEAD).read_to_end(&mut head).await?;
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    match line.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => bail!("the server answers {line:?}"),
    }
}

/// Takes the certificate of this file alone, whatever names stand in it: the server shows it to everyone.
fn only(file: PathBuf) -> anyhow::Result<ClientConfig> {
    let certificate = CertificateDer::from_pem_file(&file)
        .with_context(|| format!("cannot read a certificate from {}", file.display()))?;
    let provider = Arc::new(ring::default_provider());
    let verifier = OneCertificate { certificate, provider: Arc::clone(&provider) };
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("no version of TLS is to be had")?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

#[derive(Debug)]
struct OneCertificate {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OneCertificate {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if *shown == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(TlsError::InvalidCertificate(CertificateError::UnknownIssuer))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_on_loopback() {
        for (listen, own) in
            [("0.0.0.0:3000", "127.0.0.1:3000"), ("[::]:80", "[::1]:80"), ("10.0.0.7:3000", "10.0.0.7:3000")]
        {
            assert_eq!(reachable(listen.parse().expect("an address")).to_string(), own);
        }
    }
}
