//! The server that an agent reports to: its address, and the way to a connection.

use std::{io, net::SocketAddr, time::Duration};

use axum::http::{Method, Request, StatusCode, Uri, header, request::Builder, uri::Authority};
use common::{api::ApiError, frame::ErrorCode};
use futures_util::{StreamExt, stream::FuturesUnordered};
use hyper::{body::Body, client::conn::http1::SendRequest};
use outbound::Outbound;
use tokio::{
    net::{TcpStream, lookup_host},
    time::{sleep, timeout},
};

/// Looking the name up, a connection, and TLS have to be there within this, each.
const CONNECT: Duration = Duration::from_secs(5);
/// Of several addresses each next one is tried this much later, beside those before it (RFC 8305 §5).
const STAGGER: Duration = Duration::from_millis(250);
/// The most addresses that are tried.
const MOST_ADDRESSES: usize = 8;

/// A server; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Hub {
    base: Uri,
    outbound: Outbound,
}

/// Why the server has not taken what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum HubError {
    /// There is no way to it, or no answer.
    #[error("the server does not answer: {0}")]
    Away(String),
    /// It does not know the key.
    #[error("the server does not know this agent: {0}")]
    Unknown(String),
    /// It, or a proxy before it, does not take so long a report.
    #[error("the way to the server does not take {0} bytes at once")]
    TooLong(usize),
    /// It does not take the report.
    #[error("the server refuses: {0}")]
    Declined(String),
}

impl Hub {
    /// The server at an address, such as `https://board.example.org/pulse/`.
    ///
    /// # Errors
    /// When that is no address of a server.
    pub(super) fn new(address: &str) -> anyhow::Result<Self> {
        let base: Uri = address.trim_end_matches('/').parse()?;
        if !matches!(base.scheme_str(), Some("http" | "https"))
            || base.host().is_none()
            || base.query().is_some()
            || base.authority().is_some_and(|authority| authority.as_str().contains('@'))
            // `Uri` says of a port beyond 65535 that there is none.
            || (base.port_u16().is_none() && base.authority().map(Authority::as_str) != base.host())
        {
            anyhow::bail!("{address:?} is no server's address: it is like https://board.example.org");
        }
        Ok(Self { base, outbound: Outbound::new()? })
    }

    /// Returns its address.
    pub(super) fn address(&self) -> &Uri {
        &self.base
    }

    /// Returns its host and its port.
    pub(super) fn place(&self) -> (&str, u16) {
        let host = self.base.host().unwrap_or_default().trim_matches(['[', ']']);
        (host, self.base.port_u16().unwrap_or(if self.is_encrypted() { 443 } else { 80 }))
    }

    /// Says if TLS is spoken with it.
    pub(super) fn is_encrypted(&self) -> bool {
        self.base.scheme_str() == Some("https")
    }

    /// Looks its addresses up.
    ///
    /// # Errors
    /// When it has none.
    pub(super) async fn addresses(&self) -> Result<Vec<SocketAddr>, HubError> {
        let found = in_time("looking up its name", lookup_host(self.place())).await?;
        Ok(found.take(MOST_ADDRESSES).collect())
    }

    /// Makes a connection to the first of its addresses that answers.
    ///
    /// # Errors
    /// When there is no way to it.
    pub(super) async fn connect(&self) -> Result<TcpStream, HubError> {
        let addresses = self.addresses().await?;
        let stream = in_time("connecting", first_of(&addresses)).await?;
        stream.set_nodelay(true).map_err(away)?;
        Ok(stream)
    }

    /// Begins HTTP on a connection.
    ///
    /// # Errors
    /// When TLS or HTTP cannot begin.
    pub(super) async fn begin<B>(&self, stream: TcpStream) -> Result<SendRequest<B>, HubError>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        in_time("TLS", self.outbound.open(stream, &self.base)).await
    }

    /// Begins a request to one of its paths, with a key where there is one.
    pub(super) fn request(&self, method: Method, path: &str, key: &str) -> Builder {
        let host = self.base.authority().map(Authority::as_str).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base.path().trim_end_matches('/')))
            .header(header::HOST, host)
            .header(header::USER_AGENT, concat!("pulseboard-agent/", env!("CARGO_PKG_VERSION")));
        match key {
            "" => request,
            key => request.header(header::AUTHORIZATION, format!("Bearer {key}")),
        }
    }
}

impl HubError {
    /// The error that a status and the body beside it tell; `length` is that of what was sent.
    pub(super) fn of_status(status: StatusCode, body: &[u8], length: usize) -> Self {
        let why = serde_json::from_slice::<ApiError>(body).map_or_else(
            |_| format!("status {status}, and the answer is none of Pulseboard's"),
            |error| error.message,
        );
        match status {
            StatusCode::UNAUTHORIZED => Self::Unknown(why),
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLong(length),
            _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => Self::Away(why),
            _ => Self::Declined(why),
        }
    }

    /// The error that the server tells on a live connection.
    pub(super) fn of_error(error: ApiError, length: usize) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match error.code {
            ErrorCode::NotSignedIn => Self::Unknown(error.message),
            _ => Self::of_status(status, &serde_json::to_vec(&error).unwrap_or_default(), length),
        }
    }
}

/// Connects to the first of some addresses that answers.
async fn first_of(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut tries: FuturesUnordered<_> = (0_u32..)
        .zip(addresses)
        .map(|(place, address)| async move {
            sleep(STAGGER * place).await;
            TcpStream::connect(address).await
        })
        .collect();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its name has no address");
    while let Some(tried) = tries.next().await {
        match tried {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn in_time<T, E: std::fmt::Display>(
    what: &str,
    doing: impl Future<Output = Result<T, E>>,
) -> Result<T, HubError> {
    match timeout(CONNECT, doing).await {
        Ok(done) => done.map_err(away),
        Err(_) => Err(HubError::Away(format!("{what} took longer than {} s", CONNECT.as_secs()))),
    }
}

/// The error of a way that is not there.
pub(super) fn away(error: impl std::fmt::Display) -> HubError {
    HubError::Away(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_is_dead_or_refuses_does_not_hide_one_that_answers() {
        let there = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let there = there.local_addr().expect("an address");
        let refusing =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        // Nobody answers there (RFC 5737), or the system knows no way.
        let dead = "192.0.2.1:9".parse().expect("an address");
        let stream = first_of(&[dead, refusing, there]).await.expect("one answers");
        assert_eq!(stream.peer_addr().expect("an address"), there);
        assert!(first_of(&[refusing]).await.is_err());
        assert!(first_of(&[]).await.is_err());
    }

    #[test]
    fn an_address_is_a_servers_or_it_is_refused() {
        for address in ["https://board.example.org", "http://[::1]:3000/pulse/", "http://10.0.0.7:80"] {
            assert!(Hub::new(address).is_ok(), "{address}");
        }
        for address in [
            "board",
            "ftp://board",
            "http://board:99999",
            "http://board:/x",
            "http://u@board",
            "http://board?x",
        ] {
            assert!(Hub::new(address).is_err(), "{address}");
        }
    }
}
