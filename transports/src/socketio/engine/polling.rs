//! The carrier that gets through every proxy: a GET waits until there is something to tell, a POST brings messages.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use common::close;
use futures_util::StreamExt;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::{
    application::{DisconnectReason, EngineApplication},
    error::EngineError,
    session::Session,
    session_table::SessionTable,
};
use crate::conn::{BufferedResponse, ConnectionTakeover};

/// The time within which a client has to send a body.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// The type of bodies.
const KIND: &str = "text/plain; charset=UTF-8";

/// A session as a request names it.
pub(super) struct NamedSession<A: EngineApplication> {
    pub(super) sid: String,
    pub(super) session: Arc<Session<A>>,
    pub(super) sessions: Arc<SessionTable<A>>,
}

impl<A: EngineApplication> NamedSession<A> {
    fn remove(&self) {
        self.sessions.remove(&self.sid);
    }

    fn end(&self, end: DisconnectReason) {
        self.session.end(end);
        self.remove();
    }
}

/// Waits, outside of hyper, until there is something to tell.
pub(super) async fn ask<A: EngineApplication>(
    named: NamedSession<A>,
    takeover: ConnectionTakeover,
    headers: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, EngineError> {
    if named.session.begin_poll().is_err() {
        named.remove();
        return Err(EngineError::Request);
    }
    let mut polling = PollRequest { named, answered: false };
    let answer = async move {
        let mut timer = Box::pin(sleep_until(Instant::now()));
        let body = poll_fn(|cx| polling.poll(cx, &mut timer)).await;
        let mut answer = whole(body);
        answer.headers.extend(headers);
        answer
    };
    Ok(takeover.respond_later(answer).await)
}

/// The body of an answer to a poll.
pub(super) fn answer(body: Bytes) -> Response {
    whole(body).into_response()
}

fn whole(body: Bytes) -> BufferedResponse {
    BufferedResponse::new(StatusCode::OK, vec![body])
        .with(header::CONTENT_TYPE, HeaderValue::from_static(KIND))
}

/// A request that waits. Dropped before it is answered, its client has gone.
struct PollRequest<A: EngineApplication> {
    named: NamedSession<A>,
    answered: bool,
}

impl<A: EngineApplication> PollRequest<A> {
    fn poll(&mut self, cx: &mut Context<'_>, timer: &mut std::pin::Pin<Box<Sleep>>) -> Poll<Bytes> {
        loop {
            match self.named.session.poll_body(cx, Instant::now()) {
                Ok((body, over)) => {
                    self.answered = true;
                    if over {
                        self.named.remove();
                    }
                    return Poll::Ready(body);
                }
                Err(again_at) => {
                    if timer.deadline() != again_at {
                        timer.as_mut().reset(again_at);
                    }
                    if timer.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl<A: EngineApplication> Drop for PollRequest<A> {
    fn drop(&mut self) {
        if !self.answered {
            self.named.end(DisconnectReason::Gone);
        }
    }
}

/// Handles a POST with packets.
pub(super) async fn post_body<A: EngineApplication>(
    named: NamedSession<A>,
    headers: &HeaderMap,
    body: Body,
    longest: usize,
) -> Response {
    if named.session.begin_post().is_err() {
        named.remove();
        return EngineError::Request.into_response();
    }
    let mut posting = PostRequest { named, heard: false };
    match posting.receive(headers, body, longest).await {
        Ok(()) => {
            posting.heard = true;
            answer(Bytes::from_static(b"ok"))
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// A POST under way. If it is dropped before its packets were handled, the client has gone or broken a rule.
struct PostRequest<A: EngineApplication> {
    named: NamedSession<A>,
    heard: bool,
}

impl<A: EngineApplication> PostRequest<A> {
    async fn receive(&mut self, headers: &HeaderMap, body: Body, longest: usize) -> Result<(), EngineError> {
        // Version 4 has no binary bodies.
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/octet-stream") {
            return Err(EngineError::Request);
        }
        let body = timeout(BODY_PATIENCE, read(body, longest)).await.map_err(|_| EngineError::Request)??;
        let body = String::from_utf8(body).map_err(|_| EngineError::Request)?;
        let session = &self.named.session;
        poll_fn(|cx| session.poll_room(cx)).await;
        session.on_payload(&body, Instant::now()).map_err(|end| match end {
            DisconnectReason::Broke(close::POLICY) => EngineError::TooMany,
            _ => EngineError::Request,
        })
    }
}

impl<A: EngineApplication> Drop for PostRequest<A> {
    fn drop(&mut self) {
        self.named.session.end_post();
        if !self.heard {
            self.named.end(DisconnectReason::BAD);
        }
    }
}

/// A body of at most `longest` bytes; 0 for no limit.
async fn read(body: Body, longest: usize) -> Result<Vec<u8>, EngineError> {
    let mut stream = body.into_data_stream();
    let mut all = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| EngineError::Request)?;
        if longest > 0 && all.len() + piece.len() > longest {
            return Err(EngineError::TooLong);
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}
