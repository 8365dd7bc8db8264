//! The links to the server: the transports by which an agent reports, each a file and a line in the registry.

mod post;
mod stream;
mod web_socket;

use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Limited};
use hyper::{
    body::{Bytes, Incoming},
    http::Response,
};
use tokio::net::TcpStream;

pub(super) use post::PostLink;

use super::{
    hub::{Hub, HubError},
    transport::AgentTransport,
    wire::{LiveAnswer, ReportAnswer},
};

/// An answer has at most so many bytes.
const ANSWER: usize = 256 << 10;

/// A connection on which reports are answered.
pub(super) trait Link: Send {
    /// Sends a report, and returns the server's answer to it.
    fn report<'a>(&'a mut self, report: &'a Bytes) -> BoxFuture<'a, Result<ReportAnswer, LinkError>>;
}

/// Why a link has not done what it is for.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    /// Something on the way does not let this transport through.
    #[error("{0}")]
    Blocked(String),
    /// The connection broke.
    #[error("{0}")]
    Broken(String),
    /// A proxy did not get an answer for it, which may be the transport's doing, or the server is away.
    #[error("{0}")]
    Unclear(String),
    /// The server was reached, or cannot be by any transport.
    #[error(transparent)]
    Hub(#[from] HubError),
}

type Opened<'a> = BoxFuture<'a, Result<Box<dyn Link>, LinkError>>;
type OpenFn = for<'a> fn(&'a Hub, &'a str, TcpStream) -> Opened<'a>;

/// A transport, and its way to make a link.
pub(super) struct LinkEntry {
    pub(super) transport: AgentTransport,
    /// Makes a link to a server on a new connection, for the agent with this key.
    pub(super) open: OpenFn,
}

/// Every transport, in the order in which they are tried. The last one works where anything does.
pub(super) static REGISTRY: [LinkEntry; 3] = [
    LinkEntry { transport: AgentTransport::WebSocket, open: web_socket::open },
    LinkEntry { transport: AgentTransport::Stream, open: stream::open },
    LinkEntry { transport: AgentTransport::Post, open: post::open },
];

/// The error of an answer that is not what opens a live link.
async fn not_opened(answer: Response<Incoming>) -> LinkError {
    let status = answer.status();
    let body = Limited::new(answer.into_body(), ANSWER).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    match HubError::of_status(status, &body, 0) {
        // A proxy may ask for a proof of its own, too: it says nothing in our words.
        error @ HubError::Unknown(_) if status == StatusCode::UNAUTHORIZED && body.starts_with(b"{") => {
            LinkError::Hub(error)
        }
        _ if status.is_server_error() => LinkError::Unclear(format!("it is answered with status {status}")),
        _ => LinkError::Blocked(format!("it is answered with status {status}")),
    }
}

/// Reads the server's word on a report of this length.
fn read_answer(text: &[u8], length: usize) -> Result<ReportAnswer, LinkError> {
    match serde_json::from_slice(text) {
        Ok(LiveAnswer::Answer(answer)) => Ok(answer),
        Ok(LiveAnswer::Error(error)) => Err(HubError::of_error(error, length).into()),
        Err(error) => Err(LinkError::Blocked(format!("an answer is none of Pulseboard's: {error}"))),
    }
}
