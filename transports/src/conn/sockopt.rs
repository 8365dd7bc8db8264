//! The socket options of a live connection.

use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

use super::socket::Socket;

/// The kernel's send buffer for one connection. Left to itself the kernel holds megabytes for a reader that has
/// stopped, all of them stale.
const SEND_BUFFER: usize = 64 * 1024;
/// The time without a byte after which the kernel probes the peer.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// A system that cannot do one of these still serves; it holds more for slow readers and notices dead ones later.
pub(crate) fn set_socket_options(io: &Socket) {
    let Some(io) = io.tcp() else { return };
    let socket = SockRef::from(io);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE / 3);
    let tuned = socket.set_send_buffer_size(SEND_BUFFER).and_then(|()| socket.set_tcp_keepalive(&keepalive));
    if let Err(error) = tuned {
        tracing::debug!(%error, "a socket keeps its own settings");
    }
}
