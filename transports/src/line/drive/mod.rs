//! One accepted socket: hyper reads requests from it and axum answers them. Over HTTP/1.1 a request may take the
//! socket over; over HTTP/2 it is one of many streams.

mod body;
mod http1;
mod http2;
mod wire;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;

use super::socket::Socket;
pub(super) use body::SharedBody;

/// The address of the other end, in every request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What serves a socket, and takes one back whose waiting request was answered.
#[derive(Clone)]
pub struct Service {
    /// What answers requests.
    pub router: Router,
    /// Serves a socket again that was away from hyper: to be driven like one that was just accepted.
    pub again: Again,
}

/// Where sockets go back to.
pub type Again = Arc<dyn Fn(Socket, SocketAddr) + Send + Sync>;

/// How long a client may take over a request's head: slower ones are holding a socket, not asking.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest head of a request, bytes.
const HEAD_LONGEST: usize = 32 * 1024;

/// Serves a socket until its client leaves, or `stop` resolves and the answers under way are written, or (HTTP/1.1) a
/// request takes it over.
pub async fn drive(socket: Socket, peer: SocketAddr, service: Service, stop: impl Future<Output = ()>) {
    if socket.speaks_http2() {
        http2::drive(socket, peer, service.router, stop).await;
    } else {
        http1::drive(socket, peer, service, stop).await;
    }
}
