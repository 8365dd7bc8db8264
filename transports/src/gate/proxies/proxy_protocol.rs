//! The PROXY protocol, versions 1 and 2 (haproxy.org, proxy-protocol.txt): what a proxy of sockets writes before its client's first byte.
//!
//! It is not guessed whether it is there: with `proxy_protocol` set, every connection of a trusted proxy begins with it, and no other one may.

use std::{io, net::SocketAddr, time::Duration};

use proxy_header::{ParseConfig, ProxyHeader};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    time::timeout,
};

use super::TrustedProxies;

/// The time within which a proxy has to send it: it is the first thing that it writes.
const PATIENCE: Duration = Duration::from_secs(5);
/// The bytes that both versions have at least, and that tell them apart.
const BEGIN: usize = 12;
/// The begin of a header of version 2.
const SIGNATURE: &[u8; BEGIN] = b"\r\n\r\n\0\r\nQUIT\n";
/// A line of version 1 has at most so many bytes.
const LINE: usize = 107;
/// A header of version 2 has at most so many bytes here: addresses, and what proxies tell of TLS.
const LONGEST: usize = 2048;

/// The reason for which a trusted proxy's connection is not served.
#[derive(Debug, thiserror::Error)]
pub enum BadProxyHeader {
    /// The connection ended, or broke.
    #[error("the connection ended within the PROXY header: {0}")]
    Ended(#[from] io::Error),
    /// The first bytes are a header of neither version.
    #[error(
        "the connection of a trusted proxy does not begin with a PROXY header, which `proxy_protocol` asks for"
    )]
    Missing,
    /// The header cannot be parsed.
    #[error("the PROXY header cannot be read: {0}")]
    Malformed(proxy_header::Error),
    /// The header is longer than any that a proxy writes.
    #[error("the PROXY header is longer than {LONGEST} bytes")]
    TooLong,
    /// The header did not come in time.
    #[error("the PROXY header did not come within 5 s")]
    Late,
}

impl TrustedProxies {
    /// Reads the header of a connection, if it has to have one, and not a byte more; returns the client's address. It
    /// is called before TLS.
    ///
    /// # Errors
    /// When a connection that has to have one begins with something else: it is to be closed.
    pub async fn read_proxy_header(
        &self,
        stream: &mut (impl AsyncRead + Unpin),
        peer: SocketAddr,
    ) -> Result<SocketAddr, BadProxyHeader> {
        if !self.proxy_protocol || !self.trust(peer.ip()) {
            return Ok(peer);
        }
        let source = timeout(PATIENCE, read(stream)).await.map_err(|_| BadProxyHeader::Late)??;
        // Without an address the proxy speaks for itself, as when it looks whether the server is well.
        Ok(source.map_or(peer, |source| SocketAddr::new(source.ip().to_canonical(), source.port())))
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<SocketAddr>, BadProxyHeader> {
    let mut header = vec![0; BEGIN];
    stream.read_exact(&mut header).await?;
    if header == SIGNATURE {
        header.resize(BEGIN + 4, 0);
        stream.read_exact(&mut header[BEGIN..]).await?;
        let rest = usize::from(u16::from_be_bytes([header[BEGIN + 2], header[BEGIN + 3]]));
        if header.len() + rest > LONGEST {
            return Err(BadProxyHeader::TooLong);
        }
        let begin = header.len();
        header.resize(begin + rest, 0);
        stream.read_exact(&mut header[begin..]).await?;
    } else if header.starts_with(b"PROXY ") {
        // A byte at a time: what stands behind the line is the client's.
        while !header.ends_with(b"\r\n") {
            if header.len() == LINE {
                return Err(BadProxyHeader::TooLong);
            }
            header.push(stream.read_u8().await?);
        }
    } else {
        return Err(BadProxyHeader::Missing);
    }
    let config = ParseConfig { include_tlvs: false, ..ParseConfig::default() };
    let (parsed, length) = ProxyHeader::parse(&header, config).map_err(BadProxyHeader::Malformed)?;
    if length != header.len() {
        return Err(BadProxyHeader::Malformed(proxy_header::Error::Invalid));
    }
    Ok(parsed.proxied_address().map(|address| address.source))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "127.0.0.1:9";

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(["127.0.0.1".parse().expect("an address")], true)
    }

    async fn told(mut bytes: &[u8]) -> (Result<String, BadProxyHeader>, usize) {
        let told = proxies().read_proxy_header(&mut bytes, PEER.parse().expect("an address")).await;
        (told.map(|address| address.to_string()), bytes.len())
    }

    fn version_2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).expect("short").to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    #[tokio::test]
    async fn both_versions_tell_the_client_and_what_follows_is_left() {
        let v4 = [192, 0, 2, 7, 127, 0, 0, 1, 0x12, 0x67, 0, 80];
        for (header, client) in [
            (b"PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n".to_vec(), "192.0.2.7:4711"),
            (b"PROXY TCP6 2001:db8::7 ::1 4711 80\r\n".to_vec(), "[2001:db8::7]:4711"),
            (b"PROXY UNKNOWN\r\n".to_vec(), PEER),
            (version_2(0x21, 0x11, &v4), "192.0.2.7:4711"),
            (version_2(0x20, 0x00, &[]), PEER),
            // With a TLV of the proxy's behind the addresses.
            (version_2(0x21, 0x11, &[&v4[..], &[0x04, 0, 2, 1, 2]].concat()), "192.0.2.7:4711"),
        ] {
            let (told, left) = told(&[&header[..], b"GET / HTTP/1.1\r\n"].concat()).await;
            assert_eq!((told.expect("read"), left), (client.to_owned(), 16), "{header:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_header_ends_the_connection() {
        for bytes in [
            b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
            b"PROXY TCP4 not-an-address 127.0.0.1 1 2\r\n".to_vec(),
            b"PROXY TCP4 192.0.2.7 127.0.0.1 99999 80\r\n".to_vec(),
            [b"PROXY TCP4 ", &[b'1'; 200][..]].concat(),
            b"PROXY".to_vec(),
            Vec::new(),
            SIGNATURE.to_vec(),
            version_2(0x31, 0x11, &[0; 12]),
            version_2(0x21, 0x11, &[0; 4]),
            version_2(0x21, 0x11, &[0; 4000]),
            version_2(0x21, 0x77, &[0; 12]),
        ] {
            assert!(told(&bytes).await.0.is_err(), "{bytes:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_does_not_come_is_not_waited_for_and_others_are_not_read() {
        let (mut silent, _held) = tokio::io::duplex(16);
        let peer = PEER.parse().expect("an address");
        assert!(matches!(proxies().read_proxy_header(&mut silent, peer).await, Err(BadProxyHeader::Late)));
        let header = b"PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n";
        let stranger: SocketAddr = "192.0.2.99:5".parse().expect("an address");
        for proxies in [proxies(), TrustedProxies::new(["127.0.0.1".parse().expect("an address")], false)] {
            let mut bytes = &header[..];
            assert_eq!(proxies.read_proxy_header(&mut bytes, stranger).await.expect("not read"), stranger);
            assert_eq!(bytes.len(), header.len());
        }
    }
}
