//! One accepted socket: hyper reads requests from it and axum answers them. Over HTTP/1.1 a request may take the
//! socket over; over HTTP/2 it is one of many streams.

mod activity;
mod beside;
mod body;
mod http1;
mod http2;
mod hyper_io;
mod usage;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderValue, Method, header, request::Parts},
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use fanout::{Clock, SystemClock};

use super::{head::secure, socket::Socket};
use crate::gate::ApiRejection;
pub(super) use activity::Activity;
pub(super) use body::SharedBody;
pub use body::{BesideGuard, allow_long_body, answer_beside_body};
pub(super) use usage::Streams;
pub use usage::{Occupancy, Usage};

/// The peer's address, in every request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The service of a socket: its router, and the way back for a socket whose deferred response was written.
#[derive(Clone)]
pub struct Service {
    /// The router that answers requests.
    pub router: Router,
    /// Serves a socket again that was away from hyper: to be driven like one that was just accepted.
    pub return_socket: ReturnSocket,
    /// The time for which a connection is kept between two requests.
    pub idle: Duration,
    /// The counter of the connection.
    pub occupancy: Arc<dyn Occupancy>,
    /// The clock that dates the answers which are written without hyper.
    pub clock: Arc<dyn Clock>,
}

impl Service {
    /// Serves `router` on connections without a counter, by the system's clock.
    #[must_use]
    pub fn new(router: Router, return_socket: ReturnSocket) -> Self {
        Self { router, return_socket, idle: IDLE, occupancy: Arc::new(()), clock: Arc::new(SystemClock) }
    }
}

/// Serves a socket again that had left hyper.
pub type ReturnSocket = Arc<dyn Fn(Socket, SocketAddr) + Send + Sync>;

/// The default time for which a connection is kept between two requests. It is longer than proxies keep theirs (nginx
/// 60 s), so that they close first and no request meets a close.
const IDLE: Duration = Duration::from_secs(75);
/// The longest head of a request, bytes.
const HEAD_LONGEST: usize = 32 * 1024;

/// Refuses what asks for a tunnel: its target is no path, which handlers count on (RFC 9110 §9.3.6).
fn check_target(parts: &Parts) -> Option<Response> {
    if parts.method != Method::CONNECT && parts.uri.path_and_query().is_some() {
        return None;
    }
    let refusal = ApiRejection::new(ErrorCode::MethodNotAllowed, "this server opens no tunnels");
    let mut refused = refusal.into_response();
    refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST, DELETE, OPTIONS"));
    refused.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    secure(refused.headers_mut());
    Some(refused)
}

/// Serves a socket until its client leaves, or `stop` resolves and the answers under way are written, or (HTTP/1.1) a
/// request takes it over.
pub async fn serve(socket: Socket, peer: SocketAddr, service: Service, stop: impl Future<Output = ()>) {
    if socket.speaks_http2() {
        http2::serve(socket, peer, service, stop).await;
    } else {
        http1::serve(socket, peer, service, stop).await;
    }
}
