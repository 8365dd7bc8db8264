//! A kept connection, whose answers are read piece by piece.

use std::fmt;

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Body, Bytes, Incoming},
    client::conn::http1::SendRequest,
    header::{HOST, HeaderValue},
};
use tokio::net::TcpStream;

use crate::client::{ExchangeError, Outbound};

/// A connection for many requests without a body, one after another. It is closed when it is dropped, also in the middle of an answer.
pub struct KeptConnection {
    sender: SendRequest<Full<Bytes>>,
}

impl fmt::Debug for KeptConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptConnection")
    }
}

impl Outbound {
    /// Makes a connection to the host of an address, whose stream the caller has made, over TLS where the address says so.
    ///
    /// # Errors
    /// When TLS or HTTP cannot begin.
    pub async fn keep(
        &self,
        stream: TcpStream,
        address: &http::Uri,
    ) -> Result<KeptConnection, ExchangeError> {
        Ok(KeptConnection { sender: self.open(stream, address).await? })
    }
}

impl KeptConnection {
    /// Waits until the connection can take a request, and returns false where it was closed meanwhile. A body that is not read to its end and not
    /// dropped either keeps it from being ready.
    pub async fn is_ready(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    /// Sends a request, whose address is a whole one, and returns the head of the answer as soon as it is there.
    ///
    /// # Errors
    /// When the address names no host, or no head of an answer comes.
    pub async fn send(&mut self, request: Request<()>) -> Result<Response<BodyStream>, ExchangeError> {
        let (mut parts, ()) = request.into_parts();
        let authority = parts.uri.authority().ok_or(ExchangeError::NoHost)?.as_str();
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        parts.headers.insert(HOST, HeaderValue::try_from(authority).map_err(http::Error::from)?);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = path.parse().map_err(http::Error::from)?;
        let answer = self.sender.send_request(Request::from_parts(parts, Full::default())).await?;
        Ok(answer.map(|body| BodyStream { body }))
    }
}

/// The body of an answer, which is read as it comes. Nothing is kept of it here but what was read ahead, 64 KiB at most.
#[derive(Debug)]
pub struct BodyStream {
    body: Incoming,
}

impl BodyStream {
    /// Returns the length in bytes that the head announces, if it announces one.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// Waits for the next piece, and returns none at the body's end.
    ///
    /// # Errors
    /// When the body breaks off: before the length that its head tells, or in the middle of a chunk.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ExchangeError> {
        loop {
            match self.body.frame().await {
                None => return Ok(None),
                Some(Err(error)) => return Err(ExchangeError::Body(error.into())),
                Some(Ok(frame)) => {
                    // Trailers say nothing that is needed.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}
