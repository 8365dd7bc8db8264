//! The application behind the namespaces of a connection.

use std::task::{Context, Poll};

use serde_json::value::Value;
use tokio::time::Instant;

use super::{emitter::Emitter, event::Event};
use crate::{connections::ConnectionStats, socketio::engine::Out};

/// The application behind the namespaces of one connection.
pub trait Application: Send + 'static {
    /// The client asks for a namespace, with its handshake's JSON object if it has sent one.
    ///
    /// # Errors
    /// The error that the client gets instead.
    fn join(&mut self, namespace: &str, auth: Option<&str>, now: Instant) -> Result<Joined, ConnectError>;

    /// Returns the connection's statistics, if it has any.
    fn stats(&self) -> Option<&ConnectionStats> {
        None
    }
}

/// A namespace that was granted.
pub struct Joined {
    /// The socket's name.
    pub sid: String,
    /// The name by which it may come back.
    pub pid: Option<String>,
    /// The handler of the namespace.
    pub socket: Box<dyn SocketHandler>,
}

/// A refused namespace: the `connect_error` that the client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectError {
    /// The reason, for people.
    pub message: String,
    /// The reason, for programs.
    pub data: Option<Value>,
}

impl ConnectError {
    /// Makes the error of an unknown namespace, in the words of the official servers.
    #[must_use]
    pub fn unknown() -> Self {
        Self { message: "Invalid namespace".into(), data: None }
    }
}

/// The state of a socket after it was asked for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketAction {
    /// There may be more.
    More,
    /// The socket leaves its namespace; the connection stays.
    Leave,
    /// The socket has sent its last. Once all sockets have, the connection ends with this close code.
    Bye(u16),
}

/// The handler of one namespace of a connection. It is dropped when the connection ends or the client leaves.
pub trait SocketHandler: Send + 'static {
    /// The namespace was granted, and the client knows.
    fn on_connect(&mut self, _: &mut Emitter<'_>) {}

    /// An event; with `id` the client waits for an answer.
    fn on_event(&mut self, event: Event, id: Option<u64>, now: Instant, emitter: &mut Emitter<'_>);

    /// The answer to an event of ours.
    fn on_ack(&mut self, _id: u64, _answer: Event, _: &mut Emitter<'_>) {}

    /// Ready when something was put in `out` or the socket leaves.
    fn poll_more(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<SocketAction>;

    /// Returns the time at which to poll again although nobody woke the task.
    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// Reports that it still works on what it has received; until it is done nothing more is read.
    fn is_busy(&self) -> bool {
        false
    }

    /// Ready when it will say bye soon, whether or not the carrier can write.
    fn poll_closing(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }

    /// A ping goes behind all that was said.
    fn on_ping_sent(&mut self) {}

    /// The last ping was answered: the client has all that was said before it.
    fn on_pong(&mut self) {}

    /// The client has left the namespace on purpose.
    fn on_disconnect(&mut self) {}
}
