//! Requests that wait for their answers outside of hyper.

use std::{
    future::{poll_fn, ready},
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    time::timeout,
};

use super::{
    head,
    linger_close::linger_close,
    poll_session::{self, Ended, PollSession},
    request_cache::CachedRequest,
    socket::Socket,
};
use crate::gate::{ApiRejection, Permit};

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

/// Answers a poll by its query: the one that hyper read, and then those on the same connection that differ in nothing
/// but their query. Each keeps the permit of the one before.
pub type PollHandler =
    Box<dyn Fn(Option<&str>, Option<Permit>) -> BoxFuture<'static, BufferedResponse> + Send>;

/// The response of a request that has left hyper, and the handler of the next ones on its connection.
pub(super) struct DeferredResponse {
    /// Its answer.
    pub(super) answer: BoxFuture<'static, BufferedResponse>,
    /// The handler of the next requests, and the request that they have to equal.
    pub(super) again: Option<(CachedRequest, PollHandler)>,
    /// The connection is kept after the response.
    pub(super) keep: bool,
    /// The time for which the connection is kept for the next request.
    pub(super) idle: Duration,
}

/// The time within which a client has to read a response.
const PATIENCE: Duration = Duration::from_secs(30);
/// The bytes that a client may send ahead while it waits.
const EARLY: usize = 4096;

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
    pub(crate) fn encode(&self, keep: bool) -> Bytes {
        let length: usize = self.body.iter().map(Bytes::len).sum();
        let mut out = BytesMut::with_capacity(length + 512);
        head::write(&mut out, self.status, self.headers.iter().map(|(name, value)| (name, value)));
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
        response.headers_mut().extend(self.headers);
        head::live(response.headers_mut());
        response
    }
}

impl From<ApiRejection> for BufferedResponse {
    fn from(refusal: ApiRejection) -> Self {
        let body = serde_json::to_vec(refusal.error()).unwrap_or_default();
        let json = HeaderValue::from_static("application/json");
        Self::new(refusal.status(), vec![body.into()]).with(header::CONTENT_TYPE, json)
    }
}

/// Waits, writes the answer, and the next one's; gives the socket back when its client asks for something else.
pub(super) async fn wait(mut socket: Socket, waiting: DeferredResponse) -> Option<Socket> {
    let DeferredResponse { mut answer, mut again, keep, idle } = waiting;
    let mut early = Vec::new();
    loop {
        let answered = poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => poll_early(&mut socket, &mut early, cx).map(|()| None),
        });
        let answered = answered.await?;
        // A stopping server has no next answer.
        let keep = keep && answered.status != StatusCode::SERVICE_UNAVAILABLE;
        let written = answered.encode(keep);
        let mut session = answered.session;
        let mut permit = answered.permit;
        let stats = match &session {
            Some(session) => Some(Arc::clone(session.stats())),
            None => permit.as_ref().map(|permit| Arc::clone(permit.stats())),
        };
        timeout(PATIENCE, write(&mut socket, &written)).await.ok()?.ok()?;
        if let Some(stats) = &stats {
            stats.record_written(written.len(), || 0);
        }
        drop(written);
        if !keep {
            linger_close(socket, Bytes::new()).await;
            return None;
        }
        if early.is_empty()
            && let Some((known, ask)) = again.take()
        {
            match session.take() {
                Some(polls) => {
                    let ended = poll_session::run(socket, known, polls, idle).await?;
                    let Ended { socket: back, known, permit: held, early: read, answer: last } = ended;
                    (socket, early, permit) = (back, read, Some(held));
                    again = Some((known, ask));
                    if let Some(last) = last {
                        answer = Box::pin(ready(BufferedResponse { permit, ..last }));
                        continue;
                    }
                }
                None => again = Some((known, ask)),
            }
        }
        permit = permit.or_else(|| session.map(PollSession::into_permit));
        if early.is_empty() {
            // The connection is kept without hyper: between two polls it costs its socket.
            match timeout(idle, poll_fn(|cx| poll_next(&mut socket, &mut early, cx))).await {
                Ok(next) => next?,
                Err(_) => {
                    linger_close(socket, Bytes::new()).await;
                    return None;
                }
            }
        }
        let next =
            again.as_ref().and_then(|(known, ask)| known.query(&early).map(|query| ask(Some(query), permit)));
        match next {
            Some(next) => answer = next,
            None => return Some(socket.with_early(early.into()).with_stats(stats)),
        }
        early.clear();
    }
}

async fn write(socket: &mut Socket, bytes: &[u8]) -> std::io::Result<()> {
    socket.write_all(bytes).await?;
    socket.flush().await
}

/// Ready when the client has left. What it sends ahead is kept, within reason.
fn poll_early(socket: &mut Socket, early: &mut Vec<u8>, cx: &mut Context<'_>) -> Poll<()> {
    while early.len() < EARLY {
        match poll_next(socket, early, cx) {
            Poll::Ready(Some(())) => {}
            Poll::Ready(None) => return Poll::Ready(()),
            Poll::Pending => return Poll::Pending,
        }
    }
    Poll::Pending
}

/// Ready with whether something came.
pub(super) fn poll_next(socket: &mut Socket, into: &mut Vec<u8>, cx: &mut Context<'_>) -> Poll<Option<()>> {
    let mut space = [MaybeUninit::uninit(); EARLY];
    let mut buffer = ReadBuf::uninit(&mut space);
    match std::task::ready!(Pin::new(socket).poll_read(cx, &mut buffer)) {
        Ok(()) if !buffer.filled().is_empty() => {
            into.extend_from_slice(buffer.filled());
            Poll::Ready(Some(()))
        }
        Ok(()) | Err(_) => Poll::Ready(None),
    }
}
