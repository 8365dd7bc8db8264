//! The socket as hyper sees it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use crate::line::{
    handover::Slot,
    leave::{LINGER, poll_hang_up},
    socket::Socket,
};

/// A socket that tells its driver whether hyper still has bytes to write, and that is shut gently.
pub(super) struct Wire {
    socket: Socket,
    slot: Slot,
    shut: bool,
    lingers: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(super) fn new(socket: Socket, slot: Slot) -> Self {
        Self { socket, slot, shut: false, lingers: None }
    }

    pub(super) fn into_socket(self) -> Socket {
        self.socket
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.slot.set_unwritten(true);
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.set_unwritten(true);
        Pin::new(&mut self.socket).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    /// hyper flushes only when it has written all that it holds.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.slot.set_unwritten(false);
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    /// Closes the way out and waits for the peer to close its own, within limits: a socket that is dropped with unread input
    /// resets the connection, and the peer may lose the answer (RFC 9112 §9.6).
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { socket, shut, lingers, .. } = &mut *self;
        let lingers = lingers.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + LINGER)));
        if lingers.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        poll_hang_up(socket, shut, cx).map(Ok)
    }
}
