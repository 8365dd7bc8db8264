//! The server that an agent reports to, as the agent sees it.

use std::time::Duration;

use axum::http::{Request, StatusCode, Uri, header, uri::Authority};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use outbound::Outbound;
use serde::{Serialize, de::DeserializeOwned};
use tokio::{net::TcpStream, time::timeout};

use super::wire::{EnrolRequest, Enrolled, ReportAnswer, ReportHead};

/// The whole of a request and its answer may take so long.
const DEADLINE: Duration = Duration::from_secs(20);
/// An answer has at most so many bytes.
const ANSWER: usize = 256 << 10;

/// A server, and the connection to it while there is one.
pub(super) struct HubClient {
    base: Uri,
    outbound: Outbound,
    connection: Option<SendRequest<Full<Bytes>>>,
}

/// Why a request to the server has failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum HubError {
    /// There is no way to it, or no answer.
    #[error("the server does not answer: {0}")]
    Away(String),
    /// It does not know the key.
    #[error("the server does not know this agent: {0}")]
    Unknown(String),
    /// It, or a proxy before it, does not take so long a request.
    #[error("the way to the server does not take {0} bytes at once")]
    TooLong(usize),
    /// It does not take the request.
    #[error("the server refuses: {0}")]
    Declined(String),
}

/// The body of an error, as every address of the server's API answers it.
#[derive(serde::Deserialize)]
struct ErrorBody {
    message: String,
}

impl HubClient {
    /// A client of the server at an address, such as `https://board.example.org/pulse/`.
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
        Ok(Self { base, outbound: Outbound::new()?, connection: None })
    }

    /// Enrols.
    pub(super) async fn enrol(&mut self, request: &EnrolRequest) -> Result<Enrolled, HubError> {
        let body = serde_json::to_vec(request).map_err(|error| HubError::Declined(error.to_string()))?;
        self.post("/api/v1/agents/enrol", None, body).await
    }

    /// Reports. `lines` are whole lines of JSON.
    pub(super) async fn report(
        &mut self,
        key: &str,
        head: &ReportHead,
        lines: &[u8],
    ) -> Result<ReportAnswer, HubError> {
        let mut body = line(head)?;
        body.extend_from_slice(lines);
        self.post("/api/v1/agents/report", Some(key), body).await
    }

    async fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        key: Option<&str>,
        body: Vec<u8>,
    ) -> Result<T, HubError> {
        let length = body.len();
        let was_open = self.connection.is_some();
        let mut done = timeout(DEADLINE, self.exchange(path, key, body.clone())).await;
        if was_open && matches!(done, Ok(Err(HubError::Away(_)))) {
            // A server or a proxy may close a connection that was kept, at any moment.
            self.connection = None;
            done = timeout(DEADLINE, self.exchange(path, key, body)).await;
        }
        let answer = done.unwrap_or(Err(HubError::TooLong(length)));
        if answer.is_err() {
            self.connection = None;
        }
        let (status, body) = answer?;
        if status.is_success() {
            let bad = |error| HubError::Declined(format!("its answer is none of Pulseboard's: {error}"));
            return serde_json::from_slice(&body).map_err(bad);
        }
        let why = serde_json::from_slice::<ErrorBody>(&body).map_or_else(
            |_| format!("status {status}, and the answer is none of Pulseboard's"),
            |body| body.message,
        );
        match status {
            StatusCode::UNAUTHORIZED => Err(HubError::Unknown(why)),
            StatusCode::PAYLOAD_TOO_LARGE => Err(HubError::TooLong(length)),
            _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(HubError::Away(why))
            }
            _ => Err(HubError::Declined(why)),
        }
    }

    async fn exchange(
        &mut self,
        path: &str,
        key: Option<&str>,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Bytes), HubError> {
        let away = |error: &dyn std::fmt::Display| HubError::Away(error.to_string());
        let host = self.base.authority().map(Authority::as_str).unwrap_or_default();
        let mut request = Request::post(format!("{}{path}", self.base.path().trim_end_matches('/')))
            .header(header::HOST, host)
            .header(
                header::CONTENT_TYPE,
                if key.is_some() { "application/x-ndjson" } else { "application/json" },
            )
            .header(header::USER_AGENT, concat!("pulseboard-agent/", env!("CARGO_PKG_VERSION")));
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|error| away(&error))?;
        let mut connection = match self.kept().await {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        let answer = connection.send_request(request).await.map_err(|error| away(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER).collect().await.map_err(|error| away(&error))?;
        self.connection = Some(connection);
        Ok((status, body.to_bytes()))
    }

    /// Takes the connection of the last request, where it is still open.
    async fn kept(&mut self) -> Option<SendRequest<Full<Bytes>>> {
        let mut kept = self.connection.take()?;
        kept.ready().await.is_ok().then_some(kept)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, HubError> {
        let away = |error: &dyn std::fmt::Display| HubError::Away(error.to_string());
        let host = self.base.host().unwrap_or_default().trim_matches(['[', ']']);
        let port =
            self.base.port_u16().unwrap_or(if self.base.scheme_str() == Some("https") { 443 } else { 80 });
        let stream = TcpStream::connect((host, port)).await.map_err(|error| away(&error))?;
        stream.set_nodelay(true).map_err(|error| away(&error))?;
        self.outbound.open(stream, &self.base).await.map_err(|error| away(&error))
    }
}

fn line(value: &impl Serialize) -> Result<Vec<u8>, HubError> {
    let mut bytes = serde_json::to_vec(value).map_err(|error| HubError::Declined(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::HubClient;

    #[test]
    fn an_address_is_a_servers_or_it_is_refused() {
        for address in ["https://board.example.org", "http://[::1]:3000/pulse/", "http://10.0.0.7:80"] {
            assert!(HubClient::new(address).is_ok(), "{address}");
        }
        for address in [
            "board",
            "ftp://board",
            "http://board:99999",
            "http://board:/x",
            "http://u@board",
            "http://board?x",
        ] {
            assert!(HubClient::new(address).is_err(), "{address}");
        }
    }
}
