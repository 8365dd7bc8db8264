//! HTTP/2 (RFC 9113): many requests at once on one socket, so a live connection is one of its streams.

use std::{future::poll_fn, net::SocketAddr, pin::Pin, task::Poll, time::Duration};

use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::time::interval;
use tower::Service as _;

use super::{HEAD_LONGEST, Peer, Service, body::SharedBody, check_target, usage::Streams};
use crate::conn::socket::Socket;

/// Streams at once on one connection: all the tabs of a person's browser share it.
const STREAMS: u32 = 256;
/// The time without a byte after which the server pings.
const PING: Duration = Duration::from_secs(30);
/// The time without an answer to a ping after which the connection ends.
const PONG: Duration = Duration::from_secs(20);

pub(super) async fn serve(
    socket: Socket,
    peer: SocketAddr,
    service: Service,
    stop: impl Future<Output = ()>,
) {
    let Service { router, idle, occupancy, .. } = service;
    let streams = Streams::new(occupancy);
    let answer = service_fn({
        let streams = streams.clone();
        move |request: hyper::Request<Incoming>| {
            let (mut parts, body) = request.into_parts();
            // Whatever is left of it is its stream's.
            let (_, body) = SharedBody::of(&mut parts, body);
            parts.extensions.insert(streams.clone());
            parts.extensions.insert(Peer(peer));
            let refused = check_target(&parts);
            let (answered, open) =
                (router.clone().call(hyper::Request::from_parts(parts, body)), streams.request());
            async move {
                let answered = match refused {
                    Some(refused) => Ok(refused),
                    None => answered.await,
                };
                drop(open);
                answered
            }
        }
    });
    let mut connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_LONGEST as u32)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG)
        .serve_connection(TokioIo::new(socket), answer);
    let mut stop = std::pin::pin!(stop);
    let mut idle = interval(idle);
    let (mut stopping, mut was_idle) = (false, false);
    let ended = poll_fn(|cx| {
        let mut close = !stopping && stop.as_mut().poll(cx).is_ready();
        while idle.poll_tick(cx).is_ready() {
            let is_idle = streams.is_idle();
            close |= is_idle && was_idle && !stopping;
            was_idle = is_idle;
        }
        if close {
            stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        match Pin::new(&mut connection).poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(outcome),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}
