//! The driver's own end of a request's body. Bytes that a handler does not read still belong to its request: they are read to
//! their end or the connection closes, and are never taken for the next request (RFC 9112 §9.3).

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use axum::{body::Body, http::Extensions};
use bytes::Bytes;
use hyper::{
    body::{Body as HttpBody, Frame, Incoming, SizeHint},
    header,
    http::request::Parts,
};
use parking_lot::Mutex;
use tokio::time::{Sleep, sleep, timeout};

use super::usage::{OpenStream, Streams};

/// A body that the handler and the driver can both read.
#[derive(Clone)]
pub(in crate::conn) struct SharedBody(Arc<Mutex<BodyState>>);

struct BodyState {
    body: Incoming,
    /// The client waits for `100 Continue`, which hyper sends when the body is first read.
    expects: bool,
    read: bool,
    ended: bool,
    /// True if the body broke off.
    broken: bool,
    /// The deadline of the body, from its first read.
    due: Option<Pin<Box<Sleep>>>,
    /// The longest silence within it, where it may come for as long as it likes.
    silence: Option<Duration>,
    /// True if the answer goes on beside it, and its handler reads on.
    answered_beside: bool,
    /// Whoever reads it waits for more.
    reader: Option<Waker>,
    /// A part that came while its reader was not there to take it.
    part: Option<Option<BodyPart>>,
}

/// A part of a body, or its failure.
type BodyPart = Result<Frame<Bytes>, BodyError>;

/// The error of a body that does not come to its end.
#[derive(Debug, thiserror::Error)]
pub(in crate::conn) enum BodyError {
    #[error(transparent)]
    Broken(#[from] hyper::Error),
    #[error("the body did not come in time")]
    Late,
}

/// The bytes that the server reads of a body that its handler left; a longer one closes the connection.
const DRAIN_LIMIT: usize = 64 * 1024;
/// The time for which the server reads them.
const DRAIN_TIME: Duration = Duration::from_secs(1);
/// The time within which a client has to send a body; handlers may have shorter limits.
const BODY_TIME: Duration = Duration::from_secs(60);
/// The time within which a client has to show that a body of unknown length is empty.
const EMPTY_TIME: Duration = Duration::from_secs(10);

impl SharedBody {
    /// Splits off the driver's end; `None` where the request has no body.
    pub(super) fn of(parts: &mut Parts, body: Incoming) -> (Option<Self>, Body) {
        if body.is_end_stream() {
            return (None, Body::empty());
        }
        let expects = parts.headers.contains_key(header::EXPECT);
        let shared = Self(Arc::new(Mutex::new(BodyState {
            body,
            expects,
            read: false,
            ended: false,
            broken: false,
            due: None,
            silence: None,
            answered_beside: false,
            reader: None,
            part: None,
        })));
        parts.extensions.insert(shared.clone());
        (Some(shared.clone()), Body::new(shared))
    }

    /// Reports whether the answer goes on beside it.
    pub(super) fn is_answered_beside(&self) -> bool {
        self.0.lock().answered_beside
    }

    /// Reports whether its reader waits for a part that has not come: at the end of the connection's input it never will.
    pub(in crate::conn) fn is_starved(&self) -> bool {
        let mut state = self.0.lock();
        let state = &mut *state;
        let Some(reader) = state.reader.clone().filter(|_| !state.ended && state.part.is_none()) else {
            return false;
        };
        match Pin::new(&mut state.body).poll_frame(&mut Context::from_waker(&reader)) {
            Poll::Pending => true,
            Poll::Ready(part) => {
                state.part = Some(part.map(|part| part.map_err(BodyError::Broken)));
                reader.wake();
                false
            }
        }
    }

    /// Reports whether the body turns out to have no bytes. A request whose length says otherwise, or that waits to be told
    /// to go on, is not read for that.
    pub(in crate::conn) async fn is_empty(&mut self) -> bool {
        {
            let state = self.0.lock();
            if state.expects || state.body.size_hint().lower() > 0 {
                return false;
            }
        }
        let first = poll_fn(|cx| self.poll_data(cx));
        matches!(timeout(EMPTY_TIME, first).await, Ok(None))
    }

    /// Reads what the handler left and reports whether that was all of it. If not, the connection cannot carry another request.
    pub(super) async fn drain(mut self) -> bool {
        {
            let state = self.0.lock();
            if state.ended {
                return !state.broken;
            }
            if state.expects && !state.read {
                return false;
            }
        }
        let mut left = DRAIN_LIMIT;
        let draining = async {
            while let Some(data) = poll_fn(|cx| self.poll_data(cx)).await {
                match left.checked_sub(data.len()) {
                    Some(less) => left = less,
                    None => return false,
                }
            }
            !self.0.lock().broken
        };
        let drained = timeout(DRAIN_TIME, pin!(draining)).await;
        drained.unwrap_or(false)
    }

    /// Ready with the next bytes, or `None` at the body's end. A body that breaks off ends, too: hyper closes its connection.
    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            match std::task::ready!(Pin::new(&mut *self).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(data)),
                    _ => {}
                },
                Some(Err(_)) | None => return Poll::Ready(None),
            }
        }
    }
}

/// Lets a request's body come for as long as it is never silent for longer than this, instead of within a minute: for a handler that takes
/// each part of it when it is there.
pub fn allow_long_body(extensions: &Extensions, silence: Duration) {
    if let Some(body) = extensions.get::<SharedBody>() {
        body.0.lock().silence = Some(silence);
    }
}

/// An answer that goes on beside the body of its request: a connection of HTTP/2 counts it as live for as long as this is kept.
#[must_use]
pub struct BesideGuard {
    _stream: Option<OpenStream>,
}

/// Does that, and lets the answer go on while the body comes. A connection of HTTP/1.1 ends with the answer.
pub fn answer_beside_body(extensions: &Extensions, silence: Duration) -> BesideGuard {
    allow_long_body(extensions, silence);
    if let Some(body) = extensions.get::<SharedBody>() {
        body.0.lock().answered_beside = true;
    }
    BesideGuard { _stream: extensions.get::<Streams>().map(Streams::live) }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut state = self.0.lock();
        let state = &mut *state;
        if state.ended {
            return Poll::Ready(None);
        }
        state.read = true;
        let polled = match state.part.take() {
            Some(part) => Poll::Ready(part),
            None => Pin::new(&mut state.body)
                .poll_frame(cx)
                .map(|next| next.map(|frame| frame.map_err(BodyError::Broken))),
        };
        state.reader = polled.is_pending().then(|| cx.waker().clone());
        let next = match polled {
            Poll::Ready(next) => {
                if state.silence.is_some() {
                    state.due = None;
                }
                next
            }
            Poll::Pending => {
                let longest = state.silence.unwrap_or(BODY_TIME);
                let due = state.due.get_or_insert_with(|| Box::pin(sleep(longest)));
                std::task::ready!(due.as_mut().poll(cx));
                Some(Err(BodyError::Late))
            }
        };
        state.broken = matches!(next, Some(Err(_)));
        state.ended = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        let state = self.0.lock();
        state.ended || state.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().body.size_hint()
    }
}
