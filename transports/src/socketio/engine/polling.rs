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
    application::{Application, End},
    refusal::Refusal,
    session::Session,
    sids::Sids,
};
use crate::line::{Answer, Handover};

/// How long a client may take to send what it brings.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// What bodies are.
const KIND: &str = "text/plain; charset=UTF-8";

/// A session as a request names it.
pub(super) struct Named<A: Application> {
    pub(super) sid: String,
    pub(super) session: Arc<Session<A>>,
    pub(super) sids: Arc<Sids<A>>,
}

impl<A: Application> Named<A> {
    fn let_go(&self) {
        self.sids.let_go(&self.sid);
    }

    fn end(&self, end: End) {
        self.session.end(end);
        self.let_go();
    }
}

/// Waits, outside of hyper, until there is something to tell.
pub(super) async fn ask<A: Application>(
    named: Named<A>,
    handover: Handover,
    headers: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, Refusal> {
    if named.session.begin_asking().is_err() {
        named.let_go();
        return Err(Refusal::Request);
    }
    let mut asking = Asking { named, answered: false };
    let answer = async move {
        let mut timer = Box::pin(sleep_until(Instant::now()));
        let body = poll_fn(|cx| asking.poll(cx, &mut timer)).await;
        let kind = HeaderValue::from_static(KIND);
        let mut answer = Answer::new(StatusCode::OK, vec![body]).with(header::CONTENT_TYPE, kind);
        answer.headers.extend(headers);
        answer
    };
    Ok(handover.later(answer).await)
}

/// The body of an answer to a poll.
pub(super) fn answer(body: Bytes) -> Response {
    // `no-transform` keeps proxies from rewriting packets.
    ([(header::CONTENT_TYPE, KIND), (header::CACHE_CONTROL, "no-store, no-transform")], body).into_response()
}

/// A request that waits. Dropped before it is answered, its client has gone.
struct Asking<A: Application> {
    named: Named<A>,
    answered: bool,
}

impl<A: Application> Asking<A> {
    fn poll(&mut self, cx: &mut Context<'_>, timer: &mut std::pin::Pin<Box<Sleep>>) -> Poll<Bytes> {
        loop {
            match self.named.session.poll_ask(cx, Instant::now()) {
                Ok((body, over)) => {
                    self.answered = true;
                    if over {
                        self.named.let_go();
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

impl<A: Application> Drop for Asking<A> {
    fn drop(&mut self) {
        if !self.answered {
            self.named.end(End::Gone);
        }
    }
}

/// Hears what a request brings.
pub(super) async fn bring<A: Application>(
    named: Named<A>,
    headers: &HeaderMap,
    body: Body,
    longest: usize,
) -> Response {
    if named.session.begin_bringing().is_err() {
        named.let_go();
        return Refusal::Request.into_response();
    }
    let mut bringing = Bringing { named, heard: false };
    match bringing.hear(headers, body, longest).await {
        Ok(()) => {
            bringing.heard = true;
            answer(Bytes::from_static(b"ok"))
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// A request that brings something. Dropped before it was heard, its client has gone or broken a rule.
struct Bringing<A: Application> {
    named: Named<A>,
    heard: bool,
}

impl<A: Application> Bringing<A> {
    async fn hear(&mut self, headers: &HeaderMap, body: Body, longest: usize) -> Result<(), Refusal> {
        // Version 4 has no binary bodies.
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/octet-stream") {
            return Err(Refusal::Request);
        }
        let body = timeout(BODY_PATIENCE, read(body, longest)).await.map_err(|_| Refusal::Request)??;
        let body = String::from_utf8(body).map_err(|_| Refusal::Request)?;
        let session = &self.named.session;
        poll_fn(|cx| session.poll_room(cx)).await;
        session.hear(&body, Instant::now()).map_err(|end| match end {
            End::Broke(close::POLICY) => Refusal::TooMany,
            _ => Refusal::Request,
        })
    }
}

impl<A: Application> Drop for Bringing<A> {
    fn drop(&mut self) {
        self.named.session.end_bringing();
        if !self.heard {
            self.named.end(End::BAD);
        }
    }
}

/// A body of at most `longest` bytes; 0 for no limit.
async fn read(body: Body, longest: usize) -> Result<Vec<u8>, Refusal> {
    let mut stream = body.into_data_stream();
    let mut all = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Refusal::Request)?;
        if longest > 0 && all.len() + piece.len() > longest {
            return Err(Refusal::TooLong);
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}
