//! HTTP to an engine: one connection for each call, with a bound on time and size of all that is no stream.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    body::Incoming,
    client::conn::http1,
    header::{HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    task::AbortHandle,
    time::timeout,
};

use crate::{address::EngineAddress, error::EngineError, json::Json, text, tls::EngineTls};

/// The time for a connection, and for an answer's head where it is no stream.
const PATIENCE: Duration = Duration::from_secs(10);
/// The bound on an answer's head. hyper refuses more than 100 headers besides.
const MAX_HEAD: usize = 64 * 1024;
/// The bound on the sentence of an error.
const MAX_ERROR: usize = 64 * 1024;

/// Calls one engine.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    address: EngineAddress,
    tls: Option<EngineTls>,
}

/// The head of an answer, and its body as it comes. The connection ends with this value.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    status: StatusCode,
    body: Incoming,
    _connection: ConnectionTask,
}

/// The task that moves a connection's bytes.
#[derive(Debug)]
struct ConnectionTask(AbortHandle);

impl Drop for ConnectionTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl HttpClient {
    pub(crate) fn new(address: EngineAddress) -> Result<Self, EngineError> {
        let tls = match &address {
            EngineAddress::Tcp { host, tls: Some(files), .. } => Some(EngineTls::read(host, files)?),
            _ => None,
        };
        Ok(Self { address, tls })
    }

    pub(crate) fn address(&self) -> &EngineAddress {
        &self.address
    }

    /// Sends a request and reads the whole answer, within a time and of at most so many bytes.
    pub(crate) async fn get(
        &self,
        target: &str,
        longest: usize,
        patience: Duration,
    ) -> Result<(HeaderMap, Bytes), EngineError> {
        let exchange = async {
            let answer = self.send(Method::GET, target).await?.success().await?;
            let body = collect(answer.body, longest).await?;
            Ok((answer.headers, body))
        };
        timeout(patience, exchange).await.unwrap_or(Err(EngineError::TimedOut(patience.as_secs())))
    }

    /// Asks for something to be done, within a time. Returns false where there was nothing to do: the engine answers 304.
    pub(crate) async fn post(&self, target: &str, patience: Duration) -> Result<bool, EngineError> {
        let exchange = async {
            let answer = self.send(Method::POST, target).await?;
            if answer.status == StatusCode::NOT_MODIFIED {
                return Ok(false);
            }
            answer.success().await.map(|_| true)
        };
        timeout(patience, exchange).await.unwrap_or(Err(EngineError::TimedOut(patience.as_secs())))
    }

    /// Sends a request and waits for the head of its answer, which Podman may hold back until there is a body.
    pub(crate) async fn send(&self, method: Method, target: &str) -> Result<Answer, EngineError> {
        let connecting = async {
            match &self.address {
                EngineAddress::Unix(path) => {
                    let stream = UnixStream::connect(path).await;
                    self.over(stream.map_err(|error| EngineError::connecting(&self.address, &error))?).await
                }
                EngineAddress::Tcp { host, port, .. } => {
                    let stream = TcpStream::connect((host.as_str(), *port)).await;
                    let stream = stream.map_err(|error| EngineError::connecting(&self.address, &error))?;
                    match &self.tls {
                        Some(tls) => self.over(tls.connect(stream).await?).await,
                        None => self.over(stream).await,
                    }
                }
            }
        };
        let connected = timeout(PATIENCE, connecting).await;
        let (mut sender, connection) = connected.unwrap_or(Err(EngineError::TimedOut(PATIENCE.as_secs())))?;
        let request = Request::builder().method(method).uri(target).header(HOST, self.host());
        let request = request.body(Empty::<Bytes>::new());
        let request = request.map_err(|error| EngineError::malformed(error.to_string()))?;
        let response = sender.send_request(request).await.map_err(|error| self.broken(&error))?;
        let (head, body) = response.into_parts();
        Ok(Answer { headers: head.headers, status: head.status, body, _connection: connection })
    }

    /// Begins HTTP on a connection.
    async fn over(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<(http1::SendRequest<Empty<Bytes>>, ConnectionTask), EngineError> {
        let handshake = http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(|error| self.broken(&error))?;
        // Its error is the request's or the body's, too.
        let task = tokio::spawn(async move { drop(connection.await) });
        Ok((sender, ConnectionTask(task.abort_handle())))
    }

    fn host(&self) -> HeaderValue {
        let host = match &self.address {
            EngineAddress::Unix(_) => None,
            EngineAddress::Tcp { host, port, .. } if host.contains(':') => Some(format!("[{host}]:{port}")),
            EngineAddress::Tcp { host, port, .. } => Some(format!("{host}:{port}")),
        };
        // The name means nothing on a socket, but HTTP/1.1 asks for one.
        host.and_then(|host| HeaderValue::try_from(host).ok())
            .unwrap_or(HeaderValue::from_static("localhost"))
    }

    fn broken(&self, error: &hyper::Error) -> EngineError {
        if error.is_parse() || error.is_parse_too_large() {
            return EngineError::malformed(error.to_string());
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return EngineError::Cut;
        }
        EngineError::Connection { address: self.address.to_string(), why: error.to_string() }
    }
}

impl Answer {
    /// Returns the answer where it is none of an error.
    pub(crate) async fn success(self) -> Result<Self, EngineError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let status = self.status.as_u16();
        let body = timeout(PATIENCE, collect(self.body, MAX_ERROR)).await;
        Err(EngineError::Status {
            status,
            message: sentence(&body.ok().and_then(Result::ok).unwrap_or_default()),
        })
    }

    /// The next bytes of the body; nothing after its end. No bytes are lost when the future is dropped.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, EngineError> {
        while let Some(frame) = self.body.frame().await {
            // An end without the last chunk is a restart of the engine, or a lost link.
            let frame = frame.map_err(|_| EngineError::Cut)?;
            if let Ok(bytes) = frame.into_data()
                && !bytes.is_empty()
            {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

async fn collect(body: Incoming, longest: usize) -> Result<Bytes, EngineError> {
    let collected = Limited::new(body, longest).collect().await;
    let collected = collected.map_err(|error| {
        if error.is::<LengthLimitError>() { EngineError::TooLarge(longest) } else { EngineError::Cut }
    })?;
    Ok(collected.to_bytes())
}

/// The engine's sentence about an error: JSON of either product, or plain text.
fn sentence(body: &[u8]) -> String {
    let value = serde_json::from_slice(body).ok();
    let json = Json(value.as_ref());
    let plain = String::from_utf8_lossy(body);
    let message = json.any(&["message", "cause"]).word().unwrap_or(plain.trim());
    text::clean(message, text::SENTENCE)
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn errors_of_all_engines_are_read() {
        let cases = [
            (r#"{"message":"client version 1.99 is too new"}"#, "client version 1.99 is too new"),
            ("client version 1.11 is too old\n", "client version 1.11 is too old"),
            (r#"{"cause":"no such container","message":"no container","response":404}"#, "no container"),
            ("", ""),
        ];
        for (body, wanted) in cases {
            assert_eq!(sentence(body.as_bytes()), wanted);
        }
        assert_eq!(sentence(&[0xff; 3]), "\u{fffd}\u{fffd}\u{fffd}");
    }
}
