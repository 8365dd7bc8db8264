//! A whole answer, and what answers the next polls on its connection.

use std::{
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use fanout::{Clock, Disconnect, Receiver, Wake};

use super::head;
use crate::{
    connections::ConnectionStats,
    gate::{ApiRejection, Permit},
};

/// The time within which a client has to read a response.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A whole answer.
pub struct BufferedResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its header fields, besides those of every live answer and those that say how long it is.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Its body; written as it stands.
    pub body: Vec<Bytes>,
    /// The client's permit, held for as long as its connection is kept for the next request.
    pub permit: Option<Permit>,
    /// Answers the next polls on the connection, and holds the permit meanwhile.
    pub(crate) session: Option<Box<dyn PollSession>>,
}

/// The session of a client's polls on one connection, with the subscription that they share.
pub(crate) trait PollSession: Send {
    /// The client's statistics.
    fn stats(&self) -> &Arc<ConnectionStats>;
    /// Ends the session and returns the client's permit.
    fn into_permit(self: Box<Self>) -> Permit;
    /// Has `receiver` deliver what is new.
    fn set_receiver(&self, receiver: Weak<dyn Receiver>);
    /// Begins the next poll and returns how long it waits; `None` where it has to be asked anew.
    fn begin(&mut self, query: &str) -> Option<Duration>;
    /// Returns the whole answer of the poll that waits, if there is something new.
    fn answer(&mut self) -> Option<Bytes>;
    /// Returns the whole answer of a poll that has waited long enough.
    fn timed_out(&mut self) -> Bytes;
    /// Returns the answer of a poll whose subscription ends.
    fn ended(&mut self, disconnect: Disconnect) -> BufferedResponse;
    /// The subscription is to end, and no poll waits that could be told.
    fn disconnected(&mut self, disconnect: Disconnect);
    /// Ready when there may be something new, or the subscription is to end.
    fn poll_wake(&mut self, cx: &mut Context<'_>) -> Poll<Wake>;
    /// Ready when the subscription is to end.
    fn poll_disconnect(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect>;
}

impl BufferedResponse {
    /// An answer without header fields of its own.
    #[must_use]
    pub fn new(status: StatusCode, body: Vec<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body, permit: None, session: None }
    }

    /// Adds a header field.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Holding its client's place.
    #[must_use]
    pub fn with_permit(mut self, permit: Permit) -> Self {
        self.permit = Some(permit);
        self
    }

    /// With what answers the next polls.
    #[must_use]
    pub(crate) fn with_session(mut self, session: Box<dyn PollSession>) -> Self {
        self.session = Some(session);
        self
    }

    /// Encodes the response for HTTP/1.1. 204 and 304 have no body and say no length (RFC 9110 §8.6).
    pub(crate) fn encode(&self, keep: bool, clock: &dyn Clock) -> Bytes {
        let length: usize = self.body.iter().map(Bytes::len).sum();
        let mut out = BytesMut::with_capacity(length + 512);
        head::write(&mut out, self.status, &self.headers, clock);
        if !matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            head::line(&mut out, "content-length", length.to_string().as_bytes());
        }
        if !keep {
            head::line(&mut out, "connection", b"close");
        }
        out.extend_from_slice(b"\r\n");
        self.body.iter().for_each(|piece| out.extend_from_slice(piece));
        out.freeze()
    }
}

impl IntoResponse for BufferedResponse {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body.concat()));
        *response.status_mut() = self.status;
        head::fill(response.headers_mut(), &self.headers);
        response
    }
}

impl From<ApiRejection> for BufferedResponse {
    fn from(refusal: ApiRejection) -> Self {
        let (status, headers, body) = refusal.into_parts();
        Self { headers, ..Self::new(status, vec![body]) }
    }
}
