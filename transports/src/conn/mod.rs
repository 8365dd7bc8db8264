//! The line under a live connection. A request comes through hyper and axum like any other; once its transport has
//! accepted it, the socket leaves hyper (`takeover`), and from then on an idle connection costs a socket, a place in the log and
//! a timer (`pump`).

mod buffered_response;
mod deferred_response;
mod early_bytes;
mod framer;
mod head;
mod linger_close;
mod liveness;
mod outbox;
mod pipe;
mod poll_connection;
mod pump;
mod request_cache;
mod serve;
mod socket;
mod sockopt;
mod takeover;

pub use crate::wire::{coded, end};
pub use buffered_response::BufferedResponse;
pub(crate) use buffered_response::PollSession;
pub use deferred_response::PollHandler;
pub use framer::{CloseReason, Framer, Incoming, InitialWrite};
pub use head::{fill_stream, secure};
pub(crate) use linger_close::{LINGER, ends_with_close, poll_linger_close, poll_read_until};
pub use linger_close::{linger_close, linger_close_websocket};
pub(crate) use outbox::Outbox;
pub(crate) use pump::BATCH;
pub use pump::Pump;
pub use request_cache::bypass_request_cache;
pub use serve::{
    BesideGuard, Occupancy, Peer, ReturnSocket, Service, Usage, allow_long_body, answer_beside_body, serve,
};
pub use socket::Socket;
pub(crate) use sockopt::set_socket_options;
pub use takeover::ConnectionTakeover;
