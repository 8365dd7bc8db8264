//! The application behind a connection.

use std::task::{Context, Poll};

use common::close;
use tokio::time::Instant;

use super::{carrier::Out, packet::Message};
use crate::connections::ConnectionStats;

/// The reason for which a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisconnectReason {
    /// The peer said so.
    Closed,
    /// The peer closed its WebSocket with this code.
    Left(Option<u16>),
    /// The line broke, or a request was given up in the middle.
    Gone,
    /// The peer sent no pong in time, or no request for too long.
    Silent,
    /// A rule was broken; the code says which, as a WebSocket's close codes do.
    Broke(u16),
    /// The application ends it, with this close code.
    Over(u16),
}

impl DisconnectReason {
    /// A packet, a handshake or an order of them that the protocol does not know.
    pub const BAD: Self = Self::Broke(close::BAD_FRAME);

    /// The WebSocket close code that says it.
    #[must_use]
    pub fn code(self) -> Option<u16> {
        match self {
            Self::Left(code) => code,
            Self::Broke(code) | Self::Over(code) => Some(code),
            Self::Closed | Self::Gone | Self::Silent => Some(close::NORMAL),
        }
    }
}

/// The state of an application after it was asked for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// There may be more.
    More,
    /// The connection ends behind what was said.
    End(DisconnectReason),
}

/// The application behind a connection. It receives the peer's messages, and is polled for its own when the carrier
/// can write. It is dropped with its connection.
pub trait EngineApplication: Send + 'static {
    /// A message.
    ///
    /// # Errors
    /// Why the connection is to end.
    fn on_message(&mut self, message: Message, now: Instant) -> Result<(), DisconnectReason>;

    /// Ready when something was put in `out`, or the connection is to end.
    fn poll_more(&mut self, cx: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<Flow>;

    /// Returns the connection's statistics, if it has any.
    fn stats(&self) -> Option<&ConnectionStats> {
        None
    }

    /// Returns the time at which to poll again although nobody woke the task.
    fn deadline(&self) -> Option<Instant> {
        None
    }

    /// Reports that it holds so many answers that the peer should take some before more is read.
    fn is_full(&self) -> bool {
        false
    }

    /// Ready when it will end soon, whether or not the carrier can write. Only asked while it cannot.
    fn poll_closing(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }

    /// Returns the time at which it ends although the carrier cannot write: a client that joins nothing and polls for
    /// nothing is not waited for any longer.
    fn expires_at(&self) -> Option<Instant> {
        None
    }

    /// A ping goes behind all that was said.
    fn on_ping_sent(&mut self) {}

    /// The last ping was answered: the peer has all that was said before it.
    fn on_pong(&mut self) {}
}
