//! HTTP/1.1 (RFC 9112): one request at a time, until one of them takes the socket.

use std::{
    cell::Cell, convert::Infallible, future::poll_fn, net::SocketAddr, pin::Pin, sync::Arc, task::Poll,
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderValue, Version, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use common::{frame::ErrorCode, status::ExactStatus};
use hyper::{body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tower::Service as _;

use super::{
    HEAD_LONGEST, Peer, Service, Usage,
    activity::{Deadline, Phase},
    beside::BesideBody,
    body::SharedBody,
    check_target,
    hyper_io::HyperIo,
};
use crate::{
    conn::{
        buffered_response::BufferedResponse,
        head::secure,
        linger_close::linger_close,
        request_cache::RequestHead,
        socket::Socket,
        takeover::{TakeoverSlot, TakeoverTask},
    },
    gate::ApiRejection,
};

/// The ways in which hyper's part of a connection ends.
enum Outcome {
    /// A handler takes the socket.
    Taken(TakeoverTask),
    /// The head did not come in time, or is none of HTTP/1.
    Refused(BufferedResponse),
    Over,
}

/// The part of a handler that took the socket runs as a task of its own, so that all of hyper's memory is given back.
pub(super) async fn serve(
    mut socket: Socket,
    peer: SocketAddr,
    service: Service,
    stop: impl Future<Output = ()>,
) {
    let Service { router, return_socket, idle, occupancy, clock } = service;
    let slot = TakeoverSlot::new(idle, Arc::clone(&clock));
    let answer = service_fn({
        let slot = slot.clone();
        // Bytes that were read before belong to the first request.
        let head = Cell::new(RequestHead::of(socket.early()));
        let stats = Cell::new(socket.take_stats());
        move |request: hyper::Request<Incoming>| {
            slot.activity().begin();
            let (mut parts, body) = request.into_parts();
            let (unread, body) = SharedBody::of(&mut parts, body);
            slot.set_body(unread.clone());
            let refused = check(&parts);
            parts.extensions.insert(slot.clone());
            head.take().map(|head| parts.extensions.insert(head));
            stats.take().map(|stats| parts.extensions.insert(stats));
            parts.extensions.insert(Peer(peer));
            let answering = router.clone().call(hyper::Request::from_parts(parts, body));
            let slot = slot.clone();
            async move {
                let mut answer = match refused {
                    Some(refused) => refused,
                    None => answering.await?,
                };
                if unread.as_ref().is_some_and(SharedBody::is_answered_beside) {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                    return Ok(answer.map(|body| Body::new(BesideBody::new(body, slot))));
                }
                if let Some(unread) = unread
                    && !unread.drain().await
                {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                slot.set_body(None);
                slot.activity().done();
                Ok::<_, Infallible>(answer)
            }
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // It would run between two requests, too.
        .header_read_timeout(None::<Duration>)
        .max_buf_size(HEAD_LONGEST)
        .serve_connection(TokioIo::new(HyperIo::new(socket, slot.clone())), answer);
    let mut stop = std::pin::pin!(stop);
    let mut deadline = Deadline::new();
    let (mut stopping, mut usage) = (false, Usage::Idle);
    let outcome = poll_fn(|cx| {
        loop {
            let polled = Pin::new(&mut connection).poll(cx);
            // The handler runs inside this poll. What hyper has not yet written of earlier answers goes first: it would be lost
            // with hyper.
            if let Some(taken) = slot.take() {
                return Poll::Ready(Outcome::Taken(taken));
            }
            if let Poll::Ready(ended) = polled {
                return Poll::Ready(ended.map_or_else(|error| broken(peer, &error), |()| Outcome::Over));
            }
            if slot.activity().release_eof() {
                continue;
            }
            if !stopping && stop.as_mut().poll(cx).is_ready() {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
                deadline.close();
                continue;
            }
            let phase = slot.activity().phase();
            let used = match phase {
                // It has a limit of its own, and nothing comes after it.
                _ if slot.activity().is_live() => Usage::Live,
                Phase::Answering | Phase::Blocked(_) => Usage::Busy,
                _ => Usage::Idle,
            };
            if used != usage {
                usage = used;
                occupancy.set_usage(used);
            }
            if deadline.poll(phase, idle, cx).is_pending() {
                return Poll::Pending;
            }
            match phase {
                Phase::Fresh | Phase::Idle(_) if !stopping => {
                    stopping = true;
                    Pin::new(&mut connection).graceful_shutdown();
                    deadline.close();
                }
                Phase::Head(_) if !stopping => {
                    let message = "the head of the request did not come in time";
                    return Poll::Ready(Outcome::Refused(
                        ApiRejection::exact(ExactStatus::RequestTimeout, message).into(),
                    ));
                }
                _ => return Poll::Ready(Outcome::Over),
            }
        }
    })
    .await;
    match outcome {
        Outcome::Taken(taken) => {
            let parts = connection.into_parts();
            let socket = parts.io.into_inner().into_socket().with_early(parts.read_buf);
            tokio::spawn(async move {
                if let Some(socket) = taken(socket).await {
                    return_socket(socket, peer);
                }
            });
        }
        Outcome::Refused(answer) => {
            let socket = connection.into_parts().io.into_inner().into_socket().with_early(Bytes::new());
            linger_close(socket, answer.encode(false, &*clock)).await;
        }
        Outcome::Over => {}
    }
}

/// A request of HTTP/1.1 names its host, once (RFC 9112 §3.2): two recipients may go by different ones.
fn check(parts: &Parts) -> Option<Response> {
    if let Some(refused) = check_target(parts) {
        return Some(refused);
    }
    if parts.version != Version::HTTP_11 || parts.headers.get_all(header::HOST).iter().count() == 1 {
        return None;
    }
    let mut refused =
        ApiRejection::new(ErrorCode::BadRequest, "a request names its Host, once").into_response();
    secure(refused.headers_mut());
    Some(refused)
}

/// hyper itself answers what it cannot parse, but for one: HTTP/2 without TLS.
fn broken(peer: SocketAddr, error: &hyper::Error) -> Outcome {
    tracing::debug!(%peer, %error, "a connection ended early");
    if error.is_parse() && error.to_string().contains("HTTP2 preface") {
        let message = "this address speaks HTTP/1.1; HTTP/2 needs TLS";
        let refusal = ApiRejection::exact(ExactStatus::VersionNotSupported, message);
        return Outcome::Refused(refusal.into());
    }
    Outcome::Over
}
