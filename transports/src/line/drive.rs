//! One accepted socket: hyper reads requests from it and axum answers them, until one of them takes it over.

use std::{future::poll_fn, net::SocketAddr, pin::Pin, task::Poll, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower::Service;

use super::handover::Slot;

/// The address of the other end, in every request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// How long a client may take over a request's head: slower ones are holding a socket, not asking.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest head of a request, bytes.
const HEAD_LONGEST: usize = 32 * 1024;

/// Serves a socket until its client leaves, `stop` resolves and the answer under way is written, or a handler takes
/// it over; that handler's part then runs as a task of its own, so that all of hyper's memory is given back.
pub async fn drive(stream: TcpStream, peer: SocketAddr, router: Router, stop: impl Future<Output = ()>) {
    let slot = Slot::default();
    let service = service_fn({
        let slot = slot.clone();
        move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(slot.clone());
            request.extensions_mut().insert(Peer(peer));
            router.clone().call(request)
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_LONGEST)
        .serve_connection(TokioIo::new(stream), service);
    let mut stop = std::pin::pin!(stop);
    let mut stopping = false;
    let taken = poll_fn(|cx| {
        if !stopping && stop.as_mut().poll(cx).is_ready() {
            stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        let polled = Pin::new(&mut connection).poll(cx);
        // The handler runs inside this poll, so the slot is filled now or not at all.
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
        tokio::spawn(taken(parts.io.into_inner(), parts.read_buf));
    }
}
