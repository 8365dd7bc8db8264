//! HTTP/1.1 (RFC 9112): one request at a time, until one of them takes the socket.

use std::{cell::Cell, future::poll_fn, net::SocketAddr, pin::Pin, task::Poll};

use axum::http::HeaderValue;
use hyper::{body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tower::Service as _;

use super::{HEAD_LONGEST, HEAD_TIMEOUT, Peer, Service, body::SharedBody, wire::Wire};
use crate::line::{handover::Slot, known::Head, socket::Socket};

/// The part of a handler that took the socket runs as a task of its own, so that all of hyper's memory is given back.
pub(super) async fn drive(
    mut socket: Socket,
    peer: SocketAddr,
    service: Service,
    stop: impl Future<Output = ()>,
) {
    let Service { router, again } = service;
    let slot = Slot::default();
    let answer = service_fn({
        let slot = slot.clone();
        // What was read before is the first request's.
        let head = Cell::new(Head::of(socket.early()));
        let meter = Cell::new(socket.take_meter());
        move |request: hyper::Request<Incoming>| {
            let (mut parts, body) = request.into_parts();
            let (unread, body) = SharedBody::of(&mut parts, body);
            parts.extensions.insert(slot.clone());
            head.take().map(|head| parts.extensions.insert(head));
            meter.take().map(|meter| parts.extensions.insert(meter));
            parts.extensions.insert(Peer(peer));
            let answering = router.clone().call(hyper::Request::from_parts(parts, body));
            async move {
                let mut answer = answering.await?;
                if let Some(unread) = unread
                    && !unread.drain().await
                {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, std::convert::Infallible>(answer)
            }
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_LONGEST)
        // Who has closed only its own half still reads: what it asked for is answered.
        .half_close(true)
        .serve_connection(TokioIo::new(Wire::new(socket, slot.clone())), answer);
    let mut stop = std::pin::pin!(stop);
    let mut stopping = false;
    let taken = poll_fn(|cx| {
        if !stopping && stop.as_mut().poll(cx).is_ready() {
            stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        let polled = Pin::new(&mut connection).poll(cx);
        // The handler runs inside this poll, so the slot is filled now or not at all. What hyper has not yet written of earlier
        // answers goes first: it would be lost with hyper.
        match (slot.take(), polled) {
            (Some(taken), _) => Poll::Ready(Some(taken)),
            (None, Poll::Ready(outcome)) => {
                if let Err(error) = outcome {
                    tracing::debug!(%peer, %error, "a connection ended early");
                }
                Poll::Ready(None)
            }
            (None, Poll::Pending) => Poll::Pending,
        }
    })
    .await;
    if let Some(taken) = taken {
        let parts = connection.into_parts();
        let socket = parts.io.into_inner().into_socket().with_early(parts.read_buf);
        tokio::spawn(async move {
            if let Some(socket) = taken(socket).await {
                again(socket, peer);
            }
        });
    }
}
